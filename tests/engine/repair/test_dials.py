"""The values that are tried for a parameter: what lies near, what the axes suggest, and in which order."""

from __future__ import annotations

from typing import Any

import pytest

from engine.blocks import CATALOGUE
from engine.group import Group, GroupInput, GroupOutput
from engine.repair.dials import Dial, dials, values
from engine.tensor import TensorSpec
from tests.engine.drawing import block, graph


def dial(kind: str, name: str, **chosen: Any) -> Dial:
    return next(found for found in dials(block(kind, **chosen)) if found.param.name == name)


@pytest.mark.parametrize(
    ("turned", "shape", "first"),
    [
        (dial("Conv1d", "groups", groups=4), (6, 20), [5, 3, 6]),
        (dial("Conv2d", "bias"), (6, 8, 8), [False]),
        (dial("Conv2d", "kernel_size", kernel_size=9), (1, 8, 4), [(8, 8), (10, 10), (8, 4)]),
        (dial("Conv2d", "padding", padding="same"), (1, 8, 8), [(1, 1), (0, 0)]),
        (dial("LSTM", "dropout", dropout=0.5), (3, 4), [0.0]),
        (dial("LSTM", "output"), (3, 4), ["last step"]),
        (dial("Reshape", "sample_shape", sample_shape=(16, 5)), (1, 8, 8), [(16, 4)]),
        (dial("Mean", "dim"), (3, 4), [(1,), (2,), (1, 2)]),
        (dial("Permute", "dims"), (3, 4, 5), [(0, 2, 3, 1), (0, 3, 1, 2)]),
    ],
)
def test_what_is_tried(turned: Dial, shape: tuple[int, ...], first: list[Any]) -> None:
    tried = list(values(turned, (TensorSpec(shape),)))
    assert turned.value not in [value for value in tried if type(value) is type(turned.value)]
    assert len(set(map(repr, tried))) == len(tried)
    places = [tried.index(value) for value in first]
    assert places == sorted(places)


def test_goals_come_before_the_shape_that_arrives() -> None:
    turned = dial("Linear", "out_features", out_features=64)
    tried = list(values(turned, (TensorSpec((999,)),), (TensorSpec((10,)),), numbers=frozenset({7})))
    assert {10, 63, 70} <= set(tried)
    assert 999 not in tried


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_block_has_values_to_try(name: str) -> None:
    """Whatever is tried is taken, or refused as no value for it: never an error."""
    what = CATALOGUE[name]()
    for turned in dials(what):
        for value in values(turned, (TensorSpec((6, 5, 4)), TensorSpec((None, 7)), None), fields=("pixels",)):
            other = turned.set(what, value)
            assert other is None or getattr(other, turned.param.name) == value
            assert 0 <= turned.effort(value) <= 1
            assert turned.words(value, "b1")


def test_the_parameters_that_a_group_shows() -> None:
    inner = graph({"x": GroupInput(), "fc": block("Linear"), "y": GroupOutput()}, "x -> fc -> y")
    group = Group(graph=inner, repeat=2).expose("Width", "fc", "out_features")
    repeat, width = dials(group)
    assert (repeat.param.name, width.param.label, width.value) == ("repeat", "Width", 64)
    wider = width.set(group, 9)
    assert isinstance(wider, Group)
    assert wider.exposed_value("Width") == 9
    assert width.set(group, 0) is None
    assert (repeat.words(1, "stage"), repeat.words(3, "stage")) == ("Repeat stage once", "Set repeat of stage to 3")


@pytest.mark.parametrize(
    ("turned", "value", "words", "short"),
    [
        (dial("Conv2d", "kernel_size"), (3, 1), "Set kernel size of c to 3 × 1", "Set kernel size to 3 × 1"),
        (dial("Conv2d", "bias"), False, "Switch bias of c off", "Switch bias off"),
        (dial("MaxPool2d", "stride"), None, "Leave stride of c empty", "Leave stride empty"),
        (dial("Target", "encoding"), "one-hot", "Set encoding of c to one-hot", "Set encoding to one-hot"),
    ],
)
def test_words(turned: Dial, value: Any, words: str, short: str) -> None:
    assert (turned.words(value, "c"), turned.words(value, "")) == (words, short)


def test_small_changes_count_less() -> None:
    groups, padding = dial("Conv1d", "groups", groups=4), dial("Conv2d", "padding")
    assert groups.effort(3) < groups.effort(1) < groups.effort(64)
    assert padding.effort((1, 1)) < padding.effort((3, 3))
