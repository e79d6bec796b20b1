"""Shape rules on their own: tables of sizes in and out."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.blocks.rules import broadcast, divides, in_words, window
from engine.problem import Misfit
from tests.engine.examples import examples


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


sizes = st.one_of(st.just(1), st.integers(1, 4))


@examples(2)
@given(st.lists(st.lists(sizes, max_size=3).map(tuple), min_size=1, max_size=4))
def test_broadcast_as_torch_does(shapes: list[tuple[int, ...]]) -> None:
    try:
        told = broadcast(shapes)
    except Misfit:
        if len({len(shape) for shape in shapes}) == 1:
            with pytest.raises(RuntimeError):
                torch.broadcast_shapes(*shapes)
    else:
        assert told == tuple(torch.broadcast_shapes(*shapes))


def test_broadcast_names_the_input_that_differs() -> None:
    with pytest.raises(Misfit, match="x1 is 4 and x3 is 5") as misfit:
        broadcast([(4,), (1,), (5,)])
    assert misfit.value.port == "x3"


def test_divides_offers_what_would() -> None:
    divides(3, 12, "channels", "groups")
    with pytest.raises(Misfit, match=r"12 channels into 5 groups.*1, 2, 3, 4, 6, 12$") as misfit:
        divides(5, 12, "channels", "groups")
    assert misfit.value.param == "groups"
    with pytest.raises(Misfit, match=r"1, 2, 3, 4, 5, 6 …$"):
        divides(7, 60, "channels", "groups")


def test_sizes_in_words() -> None:
    assert in_words([3, None, 5]) == "3 × n × 5"
