"""Arguments of constructors are named as a person would name them."""

from __future__ import annotations

import pytest

from engine.printing.arguments import argument_names
from engine.printing.slots import Slot


def slots(text: str) -> list[Slot]:
    """`conv1.in_channels bn1.num_features` as the places of one argument."""
    return [Slot(1, place.partition(".")[2], place.partition(".")[0]) for place in text.split()]


TABLE: list[tuple[list[str], list[str]]] = [
    (["conv1.kernel_size"], ["kernel_size"]),
    (["fc.out_features"], ["out_features"]),
    # one number for what goes in and what comes out
    (["conv1.in_channels conv1.out_channels bn1.num_features"], ["channels"]),
    (["fc.in_features fc.out_features"], ["features"]),
    # what goes in and what comes out
    (["conv1.in_channels", "conv1.out_channels bn1.num_features"], ["in_channels", "out_channels"]),
    (["conv1.in_channels", "conv1.out_channels"], ["in_channels", "out_channels"]),
    (["fc1.in_features fc2.out_features", "fc1.out_features fc2.in_features"], ["features", "fc1_features"]),
    # widths of several layers
    (
        [
            "one.in_channels two.in_channels",
            "one.out_channels",
            "two.out_channels three.in_channels",
            "three.out_channels",
        ],
        ["in_channels", "one_channels", "two_channels", "three_channels"],
    ),
    (
        [
            "conv1.in_channels",
            "conv1.out_channels conv2.in_channels",
            "conv2.stride",
            "conv3.out_channels bn3.num_features",
        ],
        ["in_channels", "conv1_channels", "stride", "conv3_channels"],
    ),
    (["conv1.stride", "conv2.stride"], ["conv1_stride", "conv2_stride"]),
    (["conv1.out_channels", "bn1.num_features"], ["out_channels", "num_features"]),
    # names that can't be, or are there already
    (["a.type"], ["type_"]),
    (["a.class"], ["class_"]),
    (["a._qkv_size"], ["qkv_size"]),
    (["a.value", "a.value"], ["a_value", "a_value2"]),
    (["a.", "b."], ["a_value", "b_value"]),
    ([], []),
]


@pytest.mark.parametrize(("arguments", "names"), TABLE)
def test_names(arguments: list[str], names: list[str]) -> None:
    found = argument_names([slots(text) for text in arguments])
    assert found == names
    assert len(set(found)) == len(found)
