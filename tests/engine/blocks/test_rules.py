"""Shape rules on their own: tables of sizes in and out."""

from __future__ import annotations

import pytest

from engine.blocks.rules import divides, in_words, window
from engine.problem import Misfit


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding", "dilation", "ceil_mode", "left"),
    [
        (28, 3, 1, 0, 1, False, 26),
        (28, 2, 2, 0, 1, False, 14),
        (13, 2, 2, 0, 1, False, 6),
        (13, 2, 2, 0, 1, True, 7),
        (5, 3, 3, 1, 1, True, 2),  # a third window would start in the padding
        (1, 2, 2, 0, 1, True, 1),
        (9, 3, 1, 0, 4, False, 1),
        (None, 3, 1, 0, 1, False, None),
    ],
)
def test_window(
    size: int | None, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool, left: int | None
) -> None:
    assert window((size,), (kernel,), (stride,), (padding,), (dilation,), ceil_mode) == (left,)


def test_window_names_both_axes() -> None:
    with pytest.raises(Misfit, match="a window 2 × 5 wide, but only 4 × 4 arrive"):
        window((4, 4), (2, 5), (1, 1), (0, 0), (1, 1))


def test_divides_offers_what_would() -> None:
    divides(3, 12, "channels", "groups")
    with pytest.raises(Misfit, match=r"12 channels into 5 groups.*1, 2, 3, 4, 6, 12$") as misfit:
        divides(5, 12, "channels", "groups")
    assert misfit.value.param == "groups"
    with pytest.raises(Misfit, match=r"1, 2, 3, 4, 5, 6 …$"):
        divides(7, 60, "channels", "groups")


def test_sizes_in_words() -> None:
    assert in_words([3, None, 5]) == "3 × n × 5"
