"""Events are frozen, and every one of them is one JSON object."""

from __future__ import annotations

import dataclasses
import json
import math

import pytest

from engine.training.events import (
    KINDS,
    BatchPoint,
    Changed,
    Compiled,
    Divided,
    Epoch,
    Event,
    Failed,
    Finished,
    RatePoint,
    Saved,
    Scoring,
    Searching,
    Started,
    Step,
    TrialStep,
    WarmStarted,
    flat,
    from_json,
)

STARTED = Started(1, "r/1", "cpu", 1, 42, {"train": 7, "validation": 2, "test": 1}, 3, 4, ("accuracy",), 0.01)
STEP = Step(1, 3, 4, 0.75, {"loss": 0.5}, 0.01, 1000.0, 2.5, {"fc": 0.1})
EVENTS = [
    (STARTED, "started"),
    (STEP, "step"),
    (WarmStarted(3, "r/3", "best", 7, ("conv",), {"fc": "64 × 256, was 64 × 128"}, 10, 20), "warm_started"),
    (Changed("patience", None, 4, 2, 3, 1.75), "changed"),
    (Scoring(1, 50, 100), "scoring"),
    (Epoch(1, {"loss": 0.5}, {"loss": 0.6}, 1.5, True), "epoch"),
    (Saved(1, "r/1/last"), "saved"),
    (Finished("done", 3, 2, {"loss": 0.5}, {"loss": 0.6}, {}, "r/1", 4.5), "finished"),
    (RatePoint(0.01, 0.5), "rate_point"),
    (TrialStep(3, 0.5), "trial_step"),
    (BatchPoint(32, 1500.0, 2**20), "batch_point"),
    (Divided(1, 2), "divided"),
    (Compiled("used", "compiled, 9 times as fast as before"), "compiled"),
    (Searching(2), "searching"),
    (Failed("It broke.", "Mend it.", "fc", ("clip", "go_back")), "failed"),
]


@pytest.mark.parametrize(("event", "name"), EVENTS)
def test_every_event_is_one_json_object(event: Event, name: str) -> None:
    told = event.json()
    assert next(iter(told.items())) == ("event", name)
    assert set(told) == {"event", *(field.name for field in dataclasses.fields(event))}
    assert json.loads(json.dumps(told, allow_nan=False))["event"] == name


@pytest.mark.parametrize(("event", "name"), EVENTS)
def test_what_is_written_is_read_as_the_same(event: Event, name: str) -> None:
    assert from_json(json.loads(json.dumps(event.json()))) == event
    assert KINDS[name] is type(event)


def test_all_kinds_can_be_read() -> None:
    assert set(KINDS.values()) == set(Event.__subclasses__())


def test_there_are_no_others() -> None:
    assert {type(event) for event, _ in EVENTS} == set(Event.__subclasses__())


def test_an_epoch_reads_as_designed() -> None:
    epoch = Epoch(3, {"loss": 0.5, "accuracy": 0.75}, {"loss": 0.6, "accuracy": 0.7}, 1.5, False)
    assert epoch.json() == {
        "event": "epoch",
        "epoch": 3,
        "train": {"loss": 0.5, "accuracy": 0.75},
        "validation": {"loss": 0.6, "accuracy": 0.7},
        "seconds": 1.5,
        "best": False,
    }


def test_numbers_that_json_lacks_are_null() -> None:
    event = dataclasses.replace(STEP, gradients={"fc": float("inf"), "out": float("nan"), "a": 1.0}, seen=float("-inf"))
    assert event.json()["gradients"] == {"fc": None, "out": None, "a": 1.0}
    assert event.json()["seen"] is None
    assert event.gradients["fc"] == float("inf")


def test_events_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        STEP.epoch = 2


def test_scores_in_a_line() -> None:
    assert flat({"loss": 0.071123, "accuracy": 0.971}) == "loss 0.07112, accuracy 0.971"
    assert flat({}) == ""


def test_what_json_lacked_is_read_as_no_number() -> None:
    read = from_json(json.loads(json.dumps(Epoch(3, {"loss": float("inf")}, {"loss": 0.5}, 1.5, False).json())))
    assert isinstance(read, Epoch)
    assert math.isnan(read.train["loss"])
    assert read.validation == {"loss": 0.5}
