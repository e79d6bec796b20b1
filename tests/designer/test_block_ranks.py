"""What comes first where a block is looked for."""

from __future__ import annotations

import pytest

from designer.available import available
from designer.block_ranks import FOLLOWERS, followers, forerunners, ranks
from designer.block_search import search
from engine.blocks import CATALOGUE, CATEGORIES
from engine.group import Group


@pytest.mark.parametrize(
    ("name", "category", "first"),
    [("Conv2d", "Convolution", "ReLU"), ("Flatten", "Shape", "Linear"), ("MaxPool2d", "Pooling", "Conv2d")],
)
def test_what_usually_follows(name: str, category: str, first: str) -> None:
    assert followers(name, category)[0] == first


def test_a_block_follows_as_its_name_says_and_then_as_its_category_does() -> None:
    assert followers("Flatten", "Shape") == ("Linear", "Dropout", "Conv2d", "MatMul")


@pytest.mark.parametrize(("name", "first"), [("CrossEntropyLoss", "Target"), ("ReLU", "Linear"), ("Linear", "ReLU")])
def test_what_usually_stands_in_front(name: str, first: str) -> None:
    assert first in forerunners(name)[:2]


def test_only_blocks_that_exist_are_named() -> None:
    assert set(FOLLOWERS) <= {*CATALOGUE, *CATEGORIES, Group.category}
    assert {name for names in FOLLOWERS.values() for name in names} <= set(available(inside=False))


@pytest.mark.parametrize(
    ("uses", "usual", "first"),
    [
        ({}, (), ["Linear", "Conv2d"]),
        ({}, ("GELU", "Add"), ["GELU", "Add", "Linear"]),
        ({"LSTM": 1, "GRU": 3, "gone": 9}, ("GELU",), ["GRU", "LSTM", "GELU", "Linear"]),
    ],
    ids=["common", "usual", "used"],
)
def test_the_order(uses: dict[str, int], usual: tuple[str, ...], first: list[str]) -> None:
    found = ranks(uses, usual, inside=False)
    assert list(found)[: len(first)] == first
    assert set(found) == set(available(inside=False))


def test_a_search_keeps_to_the_order() -> None:
    assert search("conv", places=ranks({"Conv1d": 2}, (), inside=False))[0] == "Conv1d"
    assert search("conv")[0] == "Conv2d"
