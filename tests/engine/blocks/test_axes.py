"""Axes by number: tables of what is asked and what is meant."""

from __future__ import annotations

import pytest

from engine.blocks.axes import along, axes, axis, has, replaced, short
from engine.call import Item
from engine.problem import Misfit
from engine.tensor import AnyTensor, TensorSpec

ONE, TWO, TABLE = TensorSpec((6,)), TensorSpec((4, 6)), TensorSpec((4, 6), batched=False)


@pytest.mark.parametrize(
    ("x", "dim", "place"),
    [(ONE, 1, 0), (ONE, -1, 0), (TWO, 1, 0), (TWO, 2, 1), (TWO, -2, 0), (TABLE, 0, 0), (TABLE, 1, 1), (TABLE, -2, 0)],
)
def test_place(x: TensorSpec, dim: int, place: int) -> None:
    assert axis(x, dim) == place


@pytest.mark.parametrize(
    ("x", "dim", "words"),
    [
        (ONE, 0, "works along axis 0, which is the batch: samples stay apart"),
        (ONE, -2, "works along axis -2, which is the batch"),
        (TWO, 3, "works along axis 3, but 4 × 6 has axes 1 to 2"),
        (TWO, -4, "works along axis -4, but 4 × 6 has axes 1 to 2"),
        (TABLE, 2, "but 4 × 6 has axes 0 to 1"),
        (ONE, 2, "but 6 has only axis 1"),
        (TensorSpec(()), 1, "but one number arrives for each sample"),
        (TensorSpec((), batched=False), 0, "but one number arrives"),
    ],
)
def test_no_such_axis(x: TensorSpec, dim: int, words: str) -> None:
    with pytest.raises(Misfit) as misfit:
        axis(x, dim, param="dim1")
    assert words in misfit.value.message
    assert misfit.value.param == "dim1"


def test_several() -> None:
    assert axes(TWO, (2, 1)) == (1, 0)
    with pytest.raises(Misfit, match="reduces along axes 2, -1, of which two are the same"):
        axes(TWO, (2, -1), "reduces")


@pytest.mark.parametrize(
    ("dim", "part", "text"),
    [
        (1, 3, "x[:, 3]"),
        (2, slice(1, None), "x[:, :, 1:]"),
        (-1, slice(None, None, 2), "x[..., ::2]"),
        (-2, [0, 2], "x[..., [0, 2], :]"),
        (0, -1, "x[-1]"),
    ],
)
def test_a_part_along_an_axis(dim: int, part: object, text: str) -> None:
    assert str(Item(AnyTensor((4, 6)), along(dim, part))) == text


def test_words() -> None:
    assert has(TABLE) == "4 × 6 has axes 0 to 1"
    assert replaced((1, 2, 3), 1, 7, 8) == (1, 7, 8, 3)
    assert replaced((1, 2, 3), 0) == (2, 3)
    assert (short((1,)), short((1, 2))) == (1, (1, 2))
