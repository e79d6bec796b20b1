"""A blueprint crosses as text, and its name changes with everything in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.training.compiled.blueprint import Blueprint, Form, Holding
from engine.training.compiled.rules import SGDRule
from tests.engine.training.compiled.made import drawn_of, trainer_of
from tests.engine.training.given import noisy


@pytest.fixture
def blueprint(tmp_path: Path) -> Blueprint:
    return drawn_of(trainer_of(noisy(), tmp_path / "run"), 2).blueprint


def test_it_crosses_as_text(blueprint: Blueprint) -> None:
    read = Blueprint.read(blueprint.text())
    assert read.text() == blueprint.text()
    assert (read.forms, read.rule, read.holding, read.weights) == (
        *(blueprint.forms, blueprint.rule, blueprint.holding, blueprint.weights),
    )


def test_it_holds_no_numbers_of_weights(blueprint: Blueprint) -> None:
    assert len(blueprint.text()) < 10_000


def test_each_has_a_name_of_its_own(blueprint: Blueprint) -> None:
    others = [
        replace(blueprint, together=3),
        replace(blueprint, threads=2),
        replace(blueprint, rule=SGDRule()),
        replace(blueprint, holding=Holding(clip_norm=1.0)),
        replace(blueprint, calls=blueprint.calls[:-1]),
    ]
    keys = {each.key("torch", "processor") for each in (blueprint, *others)}
    assert len({*keys, blueprint.key("torch", "another")}) == len(others) + 2
    assert Blueprint.read(blueprint.text()).key("a") == blueprint.key("a")


@pytest.mark.parametrize(
    ("tensor", "fits"),
    [
        (torch.zeros(3, 1), True),
        (torch.zeros(1, 3).T, True),  # along an axis of length 1 there is no next
        (torch.zeros(3, 2)[:, :1], False),
        (torch.zeros(4, 1), False),
        (torch.zeros(3, 1, dtype=torch.float64), False),
    ],
)
def test_what_lies_alike(tensor: torch.Tensor, fits: bool) -> None:
    assert Form.of(torch.zeros(3, 1)).fits(tensor) == fits
    made = Form.of(tensor).made()
    assert made.stride() == tensor.stride()
    assert not made.any()
