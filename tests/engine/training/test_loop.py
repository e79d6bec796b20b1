"""A run as its events tell it: in order, repeatable, never leaking, and giving back what it borrowed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import engine
from engine.problem import UserError
from engine.project import Project
from engine.record import BadValue
from engine.training import loop, saving
from engine.training.events import Epoch, Event, Failed, Finished, Saved, Started, Step
from engine.training.run import RunFolder
from engine.training.settings import OPTIMIZERS
from engine.training.state import load_state
from tests.engine.designs import autoencoder, branches
from tests.engine.drawing import block, draw
from tests.engine.training.given import EPOCHS, noisy, of_kind, regression, run, same, scores, small, steps, weights


@pytest.mark.usefixtures("no_step")
def test_tells_its_story_in_order(tmp_path: Path) -> None:
    events = run(small(), tmp_path / "run")
    names = [event.name for event in events]
    assert names == ["started", *["step", "epoch"] * EPOCHS, "saved", "finished"]
    started, finished = events[0], events[-1]
    assert isinstance(started, Started)
    assert (started.device, started.threads, started.epochs, started.steps_per_epoch) == ("cpu", 1, EPOCHS, 7)
    assert started.parameters == 4 * 8 + 8 + 8 * 3 + 3
    assert started.samples == {"train": 105, "validation": 30, "test": 15}
    assert started.metrics == ("accuracy",)
    assert (started.traced, started.reason) == (True, "")
    assert isinstance(finished, Finished)
    assert (finished.reason, finished.epochs) == ("done", EPOCHS)
    assert set(finished.test) == {"loss", "accuracy"}


@pytest.mark.usefixtures("every_step")
def test_steps_count_and_lead_on(tmp_path: Path) -> None:
    told = steps(run(small(), tmp_path / "run"))
    assert [(step.epoch, step.step) for step in told] == [(e, s) for e in (1, 2, 3) for s in range(1, 8)]
    assert [step.seen for step in told] == [pytest.approx(number / 7) for number in range(1, 22)]
    assert all(step.steps == 7 and step.learning_rate == 1e-3 for step in told)
    assert all(set(step.train) == {"loss", "accuracy"} for step in told)
    assert all(set(step.gradients) == {"layer1", "scores"} for step in told)
    assert all(norm > 0 for step in told for norm in step.gradients.values())
    assert told[-1].remaining_seconds == 0
    assert all(step.samples_per_second > 0 for step in told)


@pytest.mark.usefixtures("no_step")
def test_a_fast_machine_does_not_flood(tmp_path: Path) -> None:
    assert len(steps(run(small(batch_size=1), tmp_path / "run"))) == EPOCHS


@pytest.mark.parametrize("make", [small, noisy, branches, autoencoder], ids=lambda make: make.__name__)
def test_events_are_plain(make: Any, tmp_path: Path) -> None:
    project = make().with_(training=make().training.change(epochs=2))
    events = run(project, tmp_path / "run")
    for event in events:
        assert_plain(event.json())
    logged = [json.loads(line) for line in (tmp_path / "run" / "events.jsonl").read_text().splitlines()]
    assert logged == [json.loads(json.dumps(event.json(), allow_nan=False)) for event in events]


def assert_plain(value: Any) -> None:
    """Nothing but what Python is born with: no tensor, no numpy number."""
    if type(value) is dict:
        assert all(type(key) is str for key in value)
        value = list(value.values())
    if type(value) in (list, tuple):
        for item in value:
            assert_plain(item)
    else:
        assert type(value) in (str, int, float, bool, type(None)), value


@pytest.mark.parametrize("make", [noisy, branches, autoencoder], ids=lambda make: make.__name__)
def test_a_seeded_run_repeats_to_the_last_bit(make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make().with_(training=make().training.change(epochs=2))
    first = run(project, tmp_path / "a")
    monkeypatch.setattr(loop, "TELL_EVERY", 0.0)  # however often the clock lets it tell
    torch.rand(7)  # and whatever happened before
    again, other = run(project, tmp_path / "b"), run(project, tmp_path / "c", seed=1)
    assert scores(first) == scores(again)
    assert same(weights(tmp_path / "a"), weights(tmp_path / "b"))
    assert scores(other) != scores(first)
    assert not same(weights(tmp_path / "c"), weights(tmp_path / "a"))


def test_the_caller_keeps_its_random_numbers_and_threads(tmp_path: Path) -> None:
    torch.manual_seed(99)
    random.seed(99)
    np.random.seed(99)
    threads = torch.get_num_threads()

    def surroundings() -> tuple[Any, ...]:
        return (
            torch.get_rng_state().tolist(),
            torch.get_num_threads(),
            random.getstate(),
            np.random.get_state()[1].tolist(),
        )

    before = surroundings()
    for _ in engine.train(noisy(threads=threads + 1), tmp_path / "run"):
        assert surroundings() == before
    assert surroundings() == before
    for event in engine.train(noisy(threads=threads + 1), tmp_path / "left"):
        if isinstance(event, Step):
            break
    assert surroundings() == before


def test_what_the_caller_draws_meanwhile_does_not_matter(tmp_path: Path) -> None:
    quiet = run(noisy(), tmp_path / "quiet")
    told: list[Event] = []
    for event in engine.train(noisy(), tmp_path / "loud"):
        torch.rand(3)
        torch.manual_seed(5)
        told.append(event)
    assert scores(told) == scores(quiet)


def test_gives_back_what_it_borrowed_even_when_it_cannot_begin(tmp_path: Path) -> None:
    before = torch.get_rng_state()
    events = run(small(threads=torch.get_num_threads() + 1), tmp_path / "run")
    (tmp_path / "run" / "last" / "state.safetensors").write_bytes(b"damaged")
    (failed,) = run(small(), tmp_path / "run", resume=True)
    assert isinstance(failed, Failed)
    assert "is damaged" in failed.message
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.get_num_threads() != events[0].threads


def test_several_losses_go_by_their_names(tmp_path: Path) -> None:
    project = branches().with_(training=branches().training.change(epochs=2))
    started, *_, finished = run(project, tmp_path / "run")
    assert isinstance(started, Started)
    assert isinstance(finished, Finished)
    assert started.metrics == ("ce_accuracy",)
    assert list(finished.validation) == ["loss", "ce", "mse", "ce_accuracy"]
    assert finished.validation["loss"] == pytest.approx(finished.validation["ce"] + 0.5 * finished.validation["mse"])


def test_the_best_epoch_is_the_one_that_is_kept(tmp_path: Path) -> None:
    events = run(small(optimizer=OPTIMIZERS["SGD"](lr=0.9), epochs=8), tmp_path / "run")
    epochs, finished = of_kind(Epoch, events), events[-1]
    assert isinstance(finished, Finished)
    losses = [epoch.validation["loss"] for epoch in epochs]
    assert finished.best_epoch == 1 + losses.index(min(losses))
    assert [epoch.best for epoch in epochs] == [loss == min(losses[: i + 1]) for i, loss in enumerate(losses)]
    best = epochs[finished.best_epoch - 1]
    assert (finished.train, finished.validation) == (best.train, best.validation)


def test_no_test_part_is_no_obstacle(tmp_path: Path) -> None:
    project = small()
    finished = run(project.with_(data=project.data.change(test=0)), tmp_path / "run")[-1]
    assert isinstance(finished, Finished)
    assert finished.test == {}


def until_failed(project: Project, folder: Path) -> list[Event]:
    """What a run tells that fails; whoever listens leaves with the failure."""
    told: list[Event] = []
    running = engine.train(project, folder)
    for event in running:
        told.append(event)
        if isinstance(event, Failed):
            running.close()
    assert isinstance(told[-1], Failed)
    return told


def test_a_loss_that_is_no_number_ends_the_run_with_a_remedy(tmp_path: Path) -> None:
    failed = until_failed(regression(optimizer=OPTIMIZERS["SGD"](lr=100.0), epochs=50), tmp_path / "run")[-1]
    assert failed.message == (
        "The output of loss is not finite in step 8 of epoch 1. Nothing can be learned from such numbers."
    )
    assert failed.block == "loss"
    assert failed.remedy.startswith("Lower the learning rate")
    assert not (tmp_path / "run" / "last").exists()  # nothing sound was saved, and nothing unsound is
    assert json.loads((tmp_path / "run" / "events.jsonl").read_text().splitlines()[-1])["event"] == "failed"


def test_a_run_that_diverges_keeps_what_it_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "EPOCH_EVERY", 0.0)
    monkeypatch.setattr(saving, "SHARE", float("inf"))
    steep = OPTIMIZERS["SGD"](lr=0.6, momentum=0.0)  # too steep for squares: errors grow from step to step
    epochs = of_kind(Epoch, until_failed(regression(optimizer=steep, epochs=50), tmp_path / "run"))
    assert epochs
    saved = load_state(tmp_path / "run" / "last")
    assert saved.progress.epoch == epochs[-1].epoch + 1
    assert all(bool(value.isfinite().all()) for value in saved.network.values())


def test_numbers_beyond_a_table_name_the_block(tmp_path: Path) -> None:
    blocks = {
        "kind": block("Input", field="species"),
        "table": block("Embedding", num_embeddings=2, embedding_dim=4),
        "scores": block("Linear", out_features=3),
        "label": block("Target", field="species"),
        "loss": block("CrossEntropyLoss"),
    }
    project = draw(blocks, "kind -> table -> scores -> loss.prediction", "label -> loss.target", source="Iris")
    failed = run(project, tmp_path / "run")[-1]
    assert isinstance(failed, Failed)
    assert failed.block == "table"
    assert failed.message.startswith("table can't be computed: ")
    assert failed.remedy


def test_a_full_memory_has_its_own_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.training.trainer import Trainer

    def full(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(Trainer, "step", full)
    failed = run(small(), tmp_path / "run")[-1]
    remedy = "Choose a smaller batch size or a smaller network."
    assert failed == Failed("The memory is full.", remedy, None, ("smaller_batch",))


def test_a_mistake_of_ours_is_not_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.training.trainer import Trainer

    def wrong(*_: object) -> None:
        raise IndexError("ours")

    monkeypatch.setattr(Trainer, "window", wrong)
    with pytest.raises(IndexError, match="ours"):
        run(small(), tmp_path / "run")


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"device": "cuda"}, UserError, "There is no GPU that PyTorch can use here"),
        ({"device": "tpu"}, BadValue, "Device must be “auto” or “cpu” or “cuda”"),
        ({"epochs": 0}, BadValue, "Epochs must be at least 1"),
        ({"seed": -1}, BadValue, "Seed must be at least 0"),
        ({"resume": True}, UserError, "There is no run in"),
    ],
)
def test_refuses_before_it_begins(
    options: dict[str, Any], error: type[Exception], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(error, match=words):
        engine.train(small(), tmp_path / "run", **options)
    assert not (tmp_path / "run").exists()


def test_refuses_a_design_with_errors(tmp_path: Path) -> None:
    broken = small().edit(small().graph.disconnect([small().graph.wires[0]]))
    with pytest.raises(UserError, match=r"The design can't be trained yet\. layer1 is missing an input"):
        engine.train(broken, tmp_path / "run")
    assert not (tmp_path / "run").exists()
    with pytest.raises(UserError, match="To resume, say which run"):
        engine.train(small(), resume=True)


def test_refuses_to_write_over_a_run(tmp_path: Path) -> None:
    run(small(epochs=1), tmp_path / "run")
    with pytest.raises(UserError, match="holds a run already"):
        engine.train(small(), tmp_path / "run")


def test_runs_get_numbers_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    numbers = [next(iter(engine.train(small(epochs=1)))).run for _ in range(2)]
    assert numbers == [1, 2]
    assert sorted(path.name for path in (tmp_path / "drawn.runs").iterdir()) == ["1", "2"]


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("digits 2.1", "digits 2.1.runs"),
        ("../../etc/x", "etc-x.runs"),
        ("/tmp/x", "tmp-x.runs"),
        ("a\0b\nc", "a-b-c.runs"),
        ("größe", "größe.runs"),
        ("..", "untitled.runs"),
        ("", "untitled.runs"),
        ("x" * 300, "x" * 80 + ".runs"),
    ],
)
def test_a_name_is_no_path(name: str, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    engine.train(small().with_(name=name))
    assert [path.name for path in tmp_path.iterdir()] == [folder]


def test_a_folder_holds_all_that_a_run_is(tmp_path: Path) -> None:
    events = run(small(), tmp_path / "run", epochs=2, seed=7)
    folder = RunFolder(tmp_path / "run")
    assert {path.name for path in folder.path.iterdir()} == {
        "project.plexus",
        "events.jsonl",
        "best.safetensors",
        "last",
        "metrics.json",
    }
    trained = folder.read_project()
    assert (trained.training.epochs, trained.training.seed) == (2, 7)
    assert trained.graph == small().graph
    assert folder.read_metrics()["history"] == [
        {"epoch": e.epoch, "train": e.train, "validation": e.validation} for e in of_kind(Epoch, events)
    ]
    assert folder.read_metrics()["event"] == "finished"
    assert [event.path for event in of_kind(Saved, events)] == [str(folder.path / "last")]
    engine.compile(trained).load_state_dict(folder.read_best())


def test_nothing_happens_before_the_first_event_is_asked_for(tmp_path: Path) -> None:
    events: Iterator[Event] = engine.train(small(), tmp_path / "run")
    assert list((tmp_path / "run").iterdir()) == []
    assert isinstance(next(events), Started)
    assert (tmp_path / "run" / "project.plexus").exists()
