"""A run that stopped anywhere, of itself or by force, goes on as if it had never stopped."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import torch

import engine
from engine.problem import UserError
from engine.project import Project
from engine.storage import save
from engine.training import saving
from engine.training.events import Epoch, Event, Failed, Finished, Saved, Started, Step
from engine.training.run import EventLog, RunFolder, read_tensors
from engine.training.settings import OPTIMIZERS, SCHEDULES
from engine.training.state import load_state
from tests.engine.designs import branches
from tests.engine.drawing import block, classifier
from tests.engine.training import given
from tests.engine.training.given import of_kind, run

EPOCHS, STEPS = 4, 7  # of each run, and in each epoch


def noisy(**training: Any) -> Project:
    return given.noisy(**{"epochs": EPOCHS, **training})


def several(**training: Any) -> Project:
    """Several losses and two inputs."""
    return branches().with_(training=branches().training.change(**{"epochs": EPOCHS, "batch_size": 16, **training}))


def outcome(folder: Path) -> dict[str, Any]:
    """All that a finished run left behind, to the last bit, without the time it took."""
    metrics = RunFolder(folder).read_metrics()
    state = load_state(folder / "last")
    logged = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    return {
        "metrics": {name: metrics[name] for name in ("reason", "epochs", "best_epoch", "train", "validation", "test")},
        "history": metrics["history"],
        "epochs": [{**event, "seconds": 0} for event in logged if event["event"] == "epoch"],
        "best": bits(read_tensors(folder / "best.safetensors")),
        "network": bits(state.network),
        "learning": bits(state.learning),
        "random": state.random.tolist(),
    }


def bits(value: Any) -> Any:
    """Numbers in place of tensors, however deep they lie."""
    if isinstance(value, dict):
        return {name: bits(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [bits(inner) for inner in value]
    return value.tolist() if torch.is_tensor(value) else value


def leave_after(count: int, events: Any) -> list[Event]:
    """The first events of a run, which is then left."""
    told = list(islice(events, count))
    events.close()
    return told


SETTINGS: dict[str, dict[str, Any]] = {
    "accumulated": {"accumulate": 3, "clip_norm": 0.5, "schedule": SCHEDULES["OneCycle"]()},
    "ema": {"averaging": "ema", "warmup": 1.5, "schedule": SCHEDULES["CosineWarmRestarts"](period=1)},
    "swa": {"averaging": "swa", "swa_start": 0.25, "l1": 0.001, "clip_value": 0.1},
    "plateau": {"schedule": SCHEDULES["ReduceOnPlateau"](patience=0, threshold=0.5), "watch": "accuracy"},
    "fp16": {"precision": "fp16", "l2": 0.01, "accumulate": 2},
    "bf16": {"precision": "bf16", "deterministic": True},
    "patience": {"patience": 1, "min_delta": 0.2},
    "steps": {"max_steps": 17, "schedule": SCHEDULES["Cosine"]()},
    "target": {"target_loss": 1.0, "watch": "accuracy"},
}


@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize("name", SETTINGS)
def test_goes_on_with_all_that_was_set(name: str, tmp_path: Path) -> None:
    project = noisy(**SETTINGS[name])
    whole = run(project, tmp_path / "whole")
    generator = random.Random(name)
    for attempt in range(3):
        folder = tmp_path / str(attempt)
        left = leave_after(generator.randrange(1, len(whole)), engine.train(project, folder))
        while not isinstance(left[-1], Finished):
            left = leave_after(generator.randrange(2, len(whole)), engine.train(project, folder, resume=True))
            assert not isinstance(left[-1], Failed), left[-1]
        assert outcome(folder) == outcome(tmp_path / "whole")


@pytest.mark.usefixtures("every_step")
def test_a_run_goes_on_from_its_very_limit(tmp_path: Path) -> None:
    project = noisy(max_steps=10)
    run(project, tmp_path / "whole")
    events = engine.train(project, tmp_path / "left")
    told = leave_after(1 + STEPS + 1 + 3, events)  # the start, an epoch, three steps of the next
    assert isinstance(told[-1], Step)
    run(project, tmp_path / "left", resume=True)
    assert outcome(tmp_path / "left") == outcome(tmp_path / "whole")


OPTIMIZED = [(name, make) for name in OPTIMIZERS for make in ((noisy, several) if name == "Adam" else (noisy,))]


@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize(("name", "make"), OPTIMIZED, ids=lambda value: getattr(value, "__name__", value))
def test_goes_on_wherever_it_was_left(name: str, make: Any, tmp_path: Path) -> None:
    project = make(optimizer=OPTIMIZERS[name]())
    whole = run(project, tmp_path / "whole")
    generator = random.Random(name + make.__name__)
    for attempt in range(4):
        folder = tmp_path / str(attempt)
        left = leave_after(generator.randrange(1, len(whole)), engine.train(project, folder))
        assert RunFolder(folder).read_metrics()["reason"] == "stopped"
        while not isinstance(left[-1], Finished):
            stop = generator.randrange(2, len(whole))
            left = leave_after(stop, engine.train(project, folder, resume=True))
            assert isinstance(left[0], Started)
            assert left[0].resumed
            assert not isinstance(left[-1], Failed), left[-1]
        assert outcome(folder) == outcome(tmp_path / "whole")


@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize("stop", [1, 2, STEPS, STEPS + 1, STEPS + 2, EPOCHS * (STEPS + 1) + 1])
def test_goes_on_from_the_edges(stop: int, tmp_path: Path) -> None:
    """After the start, a first step, the last step of an epoch, the epoch itself, the first of the next, the end."""
    run(noisy(), tmp_path / "whole")
    leave_after(stop, engine.train(noisy(), tmp_path / "left"))
    run(noisy(), tmp_path / "left", resume=True)
    assert outcome(tmp_path / "left") == outcome(tmp_path / "whole")


@pytest.mark.usefixtures("every_step")
def test_a_run_goes_on_in_the_middle_of_its_scoring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.training import trainer

    run(noisy(), tmp_path / "whole")
    with monkeypatch.context() as patched:
        patched.setattr(trainer, "SCORE_BATCH", 7)
        ticks = iter(range(10**6))
        patched.setattr(trainer.time, "perf_counter", lambda: float(next(ticks)))
        events = engine.train(noisy(), tmp_path / "left")
        told = [next(events).name for _ in range(STEPS + 3)]
        events.close()
    assert told[-1] == "scoring"
    run(noisy(), tmp_path / "left", resume=True)
    assert outcome(tmp_path / "left") == outcome(tmp_path / "whole")


def test_a_longer_run_begins_with_the_shorter_one(tmp_path: Path) -> None:
    run(noisy(), tmp_path / "long", epochs=6)
    run(noisy(), tmp_path / "short", epochs=2)
    events = run(noisy(), tmp_path / "short", epochs=6, resume=True)
    assert [epoch.epoch for epoch in of_kind(Epoch, events)] == [3, 4, 5, 6]
    assert outcome(tmp_path / "short") == outcome(tmp_path / "long")


def test_a_run_that_is_over_only_tells_its_end_again(tmp_path: Path) -> None:
    ended = run(noisy(), tmp_path / "run")[-1]
    again = run(noisy(), tmp_path / "run", resume=True)
    assert [event.name for event in again] == ["started", "finished"]
    assert isinstance(ended, Finished)
    assert isinstance(again[-1], Finished)
    assert (again[-1].validation, again[-1].test) == (ended.validation, ended.test)


def test_a_run_goes_on_with_the_project_it_began_with(tmp_path: Path) -> None:
    leave_after(3, engine.train(noisy(seed=5), tmp_path / "run"))
    other = classifier(block("Linear", out_features=3), source="Wine", seed=9)
    (started, *_) = leave_after(1, engine.train(other, tmp_path / "run", resume=True, seed=9))
    assert isinstance(started, Started)
    assert started.parameters == engine.review(noisy()).plan.parameters
    assert RunFolder(tmp_path / "run").read_project().training.seed == 5


# Loads torch once; each of its children trains until a signal that nobody hears kills it, or to its end.
FORKS = """
import os, signal, sys
import engine
from engine.training import loop, saving
folder, *projects = sys.argv[1:]
projects = [engine.load(project) for project in projects]
list(engine.train(projects[0], folder + "/first", epochs=1))  # so that all is loaded that a run needs
loop.TELL_EVERY, saving.SHARE = 0.0, float("inf")
os.fsync = lambda _: None  # which is against a power cut, and takes longer than all the rest
for line in sys.stdin:
    number, run, resume, wait = line.split()
    child = os.fork()
    if not child:
        signal.setitimer(signal.ITIMER_PROF, float(wait))  # of its own time, however busy the machine is
        for _ in engine.train(projects[int(number)], run, resume=resume == "True"):
            pass
        os._exit(0)
    _, status = os.waitpid(child, 0)
    print("killed" if os.WIFSIGNALED(status) else "over", flush=True)
"""
KILLS, KILLS_OF_A_RUN = 100, 5
KILLED = (
    noisy(epochs=20, save_every=0.0),
    noisy(epochs=20, save_every=0.0, optimizer=OPTIMIZERS["SGD"]()),
    several(epochs=20, save_every=0.01, optimizer=OPTIMIZERS["AdamW"]()),
)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_hundred_kills_leave_no_trace(tmp_path: Path) -> None:
    """Killed at any moment, also while it writes or before anything was written, it ends as if it had not been."""
    places = []
    for number, project in enumerate(KILLED):
        places.append(str(tmp_path / f"{number}.plexus"))
        save(project, Path(places[-1]))
        run(project, tmp_path / f"whole{number}")
    generator = random.Random(1)
    kills, midst = 0, 0
    with subprocess.Popen(
        [sys.executable, "-c", FORKS, str(tmp_path), *places], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as forks:
        for attempt in range(KILLS):
            if kills >= KILLS:
                break
            number = attempt % len(KILLED)
            folder = tmp_path / f"killed{attempt}"
            for wait in [*(generator.uniform(0.02, 0.3) for _ in range(KILLS_OF_A_RUN)), 0]:
                saved = (folder / "last" / "state.safetensors").exists()
                if not saved:
                    shutil.rmtree(folder, ignore_errors=True)  # as its user would, who is told so
                print(number, folder, saved, wait, file=forks.stdin, flush=True)
                end = forks.stdout.readline().strip()
                kills += end == "killed"
                midst += end == "killed" and is_amidst_an_epoch(folder)
                if end == "over":
                    break
            assert end == "over"
            assert outcome(folder) == outcome(tmp_path / f"whole{number}"), attempt
            assert sorted(path.name for path in folder.rglob("*")) == FILES
            shutil.rmtree(folder)
    assert kills >= KILLS
    assert midst >= KILLS / 2


FILES = [
    *("best.safetensors", "events.jsonl", "last", "metrics.json", "progress.json", "project.plexus"),
    "state.safetensors",
]


def is_amidst_an_epoch(folder: Path) -> bool:
    return (folder / "last" / "state.safetensors").exists() and load_state(folder / "last").progress.step > 0


def test_says_that_nothing_was_saved_yet(tmp_path: Path) -> None:
    RunFolder.create(tmp_path / "run").write_project(noisy())
    (failed,) = run(noisy(), tmp_path / "run", resume=True)
    assert isinstance(failed, Failed)
    assert "is missing: the run was stopped before anything was saved" in failed.message


def test_says_that_a_state_is_damaged(tmp_path: Path) -> None:
    run(noisy(), tmp_path / "run")
    place = tmp_path / "run" / "last" / "state.safetensors"
    whole = place.read_bytes()
    generator = random.Random(0)
    for _ in range(60):
        damaged = bytearray(whole)
        if generator.random() < 0.3:
            del damaged[generator.randrange(len(damaged)) :]
        else:  # in the header, where the names, shapes and the progress are
            damaged[generator.randrange(4000)] = generator.randrange(256)
        place.write_bytes(damaged)
        try:
            load_state(place.parent)
        except UserError as error:
            assert "damaged" in str(error)  # noqa: PT017 (a change may also do no harm)


def test_says_that_the_weights_are_those_of_another_network(tmp_path: Path) -> None:
    run(noisy(), tmp_path / "run")
    RunFolder(tmp_path / "run").write_project(classifier(block("Linear", out_features=5), epochs=9))
    (failed,) = run(noisy(), tmp_path / "run", resume=True)
    assert isinstance(failed, Failed)
    assert failed.message == "The saved weights do not fit the project of this run; it can't be resumed."


def test_whoever_stops_is_told_that_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = torch.get_rng_state()
    events = engine.train(noisy(), tmp_path / "run")
    next(events)
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(UserError, match=r"can't be written: No space left on device"):
        events.close()
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.usefixtures("every_step")
def test_a_disk_that_fills_up_ends_the_run_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "EPOCH_EVERY", 0.0)
    monkeypatch.setattr(saving, "SHARE", float("inf"))
    told: list[Event] = []
    for event in engine.train(noisy(), tmp_path / "run"):
        told.append(event)
        if isinstance(event, Saved):
            monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    assert isinstance(told[-1], Failed)
    assert "No space left on device" in told[-1].message
    monkeypatch.undo()
    assert load_state(tmp_path / "run" / "last").progress.epoch == 2
    run(noisy(), tmp_path / "run", resume=True)
    run(noisy(), tmp_path / "whole")
    assert outcome(tmp_path / "run") == outcome(tmp_path / "whole")


FULL = OSError(28, "No space left on device")
WRITING = (tempfile, "mkstemp"), (os, "fsync"), (os, "replace"), (EventLog, "_put")


@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize(("where", "name"), WRITING, ids=lambda value: value if isinstance(value, str) else "")
def test_a_disk_that_is_full_at_any_moment_costs_no_more_than_the_last_steps(
    where: Any, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "SHARE", float("inf"))
    project = noisy(save_every=0.0)
    run(project, tmp_path / "whole")
    generator = random.Random(name)
    whole = getattr(where, name)
    for attempt in range(5):
        folder = tmp_path / str(attempt)
        left = generator.randrange(1, 40)

        def fill_up(*values: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                raise FULL
            return whole(*values, **named)

        with monkeypatch.context() as patched:
            patched.setattr(where, name, fill_up)
            failed = run(project, folder)[-1]
        assert isinstance(failed, Failed), attempt
        assert "can't be written: No space left on device." in failed.message
        saved = (folder / "last" / "state.safetensors").exists()
        assert failed.ways == (("free_disk", "go_back") if saved else ("free_disk",))
        if not saved:
            assert failed.remedy.endswith("start the run again.")
            continue
        assert failed.remedy.endswith("it goes on from what was saved last.")
        assert not list(folder.rglob(".*"))
        run(project, folder, resume=True)
        assert outcome(folder) == outcome(tmp_path / "whole")
