"""Where numbers stop being numbers: the block, as its user drew it, and what of it is bad."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import engine
from engine.blocks import Block
from engine.group import Group, GroupInput, GroupOutput
from engine.project import Project
from engine.training import saving
from engine.training.diagnosis import Finding, first_bad
from engine.training.events import Failed, Finished
from engine.training.run import RunFolder
from engine.training.settings import OPTIMIZERS
from engine.training.state import load_state
from engine.training.step.choice import Choice
from engine.training.step.plain import PlainStep
from engine.training.trainer import Trainer
from tests.engine.drawing import block, classifier, graph
from tests.engine.training.given import of_kind, regression, run, small


def failure(project: Project, folder: Path) -> Failed:
    (failed,) = of_kind(Failed, run(project, folder))
    return failed


def in_a_group(inner: Block) -> Group:
    blocks = {"x": GroupInput(), "part": inner, "y": GroupOutput()}
    return Group(graph=graph(blocks, "x -> part -> y"))


LOG = block("Log")  # of numbers that are below 0 now and then


@pytest.mark.parametrize(
    ("layers", "named", "words"),
    [
        ((block("Linear", out_features=8), LOG), "layer2", "The output of layer2 is not finite in step 1 of epoch 1."),
        (
            (block("Linear", out_features=8), in_a_group(LOG)),
            "layer2/part",
            "The output of part in layer2 is not finite in step 1 of epoch 1.",
        ),
        (
            (block("Linear", out_features=8), block("Abs"), block("Dropout"), block("Sqrt")),
            "layer4",
            "The gradient of layer4 is not finite in step 1 of epoch 1.",
        ),
    ],
)
def test_names_the_block_of_the_first_bad_tensor(
    layers: tuple[Block, ...], named: str, words: str, tmp_path: Path
) -> None:
    failed = failure(classifier(*layers), tmp_path / "run")
    assert failed.block == named
    assert failed.message.startswith(words)
    assert failed.remedy == "Lower the learning rate, or clip the gradients."
    assert failed.ways == ("lower_rate", "clip")


def test_a_row_of_the_data_is_named_by_its_number(tmp_path: Path) -> None:
    trainer = Trainer(small(), RunFolder.create(tmp_path / "run"), False)
    trainer.data["train"]["x_in"][5, 2] = float("inf")
    found = first_bad(trainer, trainer.data["train"])
    trainer.restore_surroundings()
    row = int(trainer.rows["train"][5]) + 1
    assert found == Finding(
        f"Row {row} of the data has a value that is no number, which comes in through {{block}},", "x_in", True
    )


@pytest.mark.usefixtures("every_step")
def test_what_is_saved_is_from_before_the_bad_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps go bad one by one: found is the very step at which they do, far behind what was saved."""
    steep = regression(optimizer=OPTIMIZERS["SGD"](lr=0.6, momentum=0.0), epochs=50)
    monkeypatch.setattr(saving, "EPOCH_EVERY", 0.0)
    monkeypatch.setattr(saving, "SHARE", float("inf"))
    failed = failure(steep, tmp_path / "run")
    assert failed.ways == ("lower_rate", "clip", "go_back")
    assert failed.remedy.endswith("the state that was saved last, from before, is unharmed.")
    state = load_state(tmp_path / "run" / "last")
    assert all(bool(tensor.isfinite().all()) for tensor in state.network.values())


@pytest.mark.usefixtures("no_step")
def test_weights_that_went_bad_are_never_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last step of an epoch spoils a weight, which no loss has seen yet."""
    monkeypatch.setattr(saving, "EPOCH_EVERY", 0.0)
    monkeypatch.setattr(saving, "SHARE", float("inf"))
    step = Trainer.step

    def spoil(trainer: Trainer, samples: int, batch: dict[str, torch.Tensor]) -> None:
        step(trainer, samples, batch)
        if (trainer.progress.epoch, trainer.progress.step) == (2, 6):
            with torch.no_grad():
                next(trainer.network.parameters())[0, 0] = float("nan")

    monkeypatch.setattr(Trainer, "step", spoil)
    failed = failure(small(), tmp_path / "run")
    assert failed.block == "layer1"
    assert failed.message.startswith("The weights of layer1 grow beyond all numbers in step 7 of epoch 2.")
    monkeypatch.undo()
    state = load_state(tmp_path / "run" / "last")
    assert (state.progress.epoch, state.progress.step) == (2, 0)
    assert isinstance(run(small(), tmp_path / "run", resume=True)[-1], Finished)


@pytest.mark.usefixtures("every_step")
def test_a_search_can_be_stopped(tmp_path: Path) -> None:
    told = []
    running = engine.train(regression(optimizer=OPTIMIZERS["SGD"](lr=100.0)), tmp_path / "run")
    for event in running:
        told.append(event.name)
        if event.name == "searching":
            running.close()
    assert told[-1] == "searching"
    assert not (tmp_path / "run" / "last").exists()
    ended = RunFolder(tmp_path / "run").read_end()
    assert ended is not None
    assert (ended.reason, ended.best_epoch) == ("stopped", 0)


@pytest.mark.parametrize("traced", [True, False], ids=["traced", "plain"])
@pytest.mark.usefixtures("no_step")
def test_a_run_stops_at_the_very_step_though_it_tells_seldom(
    traced: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No step after the first whose loss is not finite, however rarely progress is told."""
    taken: list[bool] = []
    step = Trainer.step

    def noted(trainer: Trainer, samples: int, batch: dict[str, torch.Tensor]) -> None:
        assert trainer.course.traced == traced
        step(trainer, samples, batch)
        taken.append(trainer.loss_is_finite())

    monkeypatch.setattr(Trainer, "step", noted)
    if not traced:
        plain = lambda *on, **more: Choice(PlainStep(on[0], on[1]), "a test")  # noqa: E731
        monkeypatch.setattr("engine.training.course.choose", plain)
    project = regression(optimizer=OPTIMIZERS["SGD"](lr=100.0, momentum=0.0), epochs=50)
    events = run(project, tmp_path / "run")
    first = taken.index(False) + 1
    (failed,) = of_kind(Failed, events)
    assert f"in step {first} of epoch 1" in failed.message
    assert first > 1
    assert taken[:first] == taken[first:], "every step once in the run, and once more in the search"
