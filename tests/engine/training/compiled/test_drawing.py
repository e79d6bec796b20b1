"""What is drawn, and what is refused with words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from engine.project import Project
from engine.training.compiled.drawing import CannotCompileError
from tests.engine.drawing import block, classifier
from tests.engine.training.compiled.made import drawn_of, trainer_of
from tests.engine.training.given import noisy, small

REFUSED: dict[str, tuple[Callable[[], Project], str]] = {
    "recurrent": (
        lambda: classifier(block("Unsqueeze", dim=1), block("LSTM", hidden_size=4), block("Flatten")),
        "a recurrent layer is computed as a whole already",
    ),
    "random": (lambda: classifier(block("RReLU")), "it draws random numbers in a way of its own"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_can_not_be_drawn_is_refused_with_words(name: str, tmp_path: Path) -> None:
    make, words = REFUSED[name]
    with pytest.raises(CannotCompileError, match=words):
        drawn_of(trainer_of(make(), tmp_path / "run"), 1)


def test_drawing_changes_nothing(tmp_path: Path) -> None:
    trainer = trainer_of(noisy(), tmp_path / "run")
    before = {name: value.clone() for name, value in trainer.network.state_dict().items()}
    random = torch.get_rng_state()
    what = drawn_of(trainer, 2)
    assert torch.equal(torch.get_rng_state(), random)
    assert all(torch.equal(value, before[name]) for name, value in trainer.network.state_dict().items())
    assert len(what.noise) == 1  # the dropout's
    assert [tuple(tensor.shape) for tensor in what.others] == [(), (8,), (8,)]  # of the normalisation


def test_random_numbers_are_drawn_as_ever(tmp_path: Path) -> None:
    what = drawn_of(trainer_of(noisy(), tmp_path / "run"), 1)
    torch.manual_seed(3)
    mine = what.noise[0]()
    torch.manual_seed(3)
    assert torch.equal(mine, torch.empty(mine.shape).bernoulli_(0.7))


def test_what_is_in_the_batch_is_not_told_again(tmp_path: Path) -> None:
    blueprint = drawn_of(trainer_of(small(), tmp_path / "run"), 1).blueprint
    assert len(blueprint.compared) == 2
    assert len(blueprint.told) == 1
