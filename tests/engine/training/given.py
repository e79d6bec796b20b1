"""Data that a test gives by hand, projects that train in no time, and runs that are looked at."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import numpy as np
import torch

import engine
from engine.data import DataSettings, Source
from engine.field import Field
from engine.project import Project
from engine.training.events import Epoch, Event, Step
from engine.training.run import RunFolder
from tests.engine.drawing import block, classifier, draw

E = TypeVar("E", bound=Event)


class Given(Source):
    """Fields and values given by hand; `number` tells one from another, so that what is remembered does not mix."""

    held: ClassVar[dict[int, tuple[tuple[Field, ...], dict[str, Any]]]] = {}
    number: int

    def fields(self) -> tuple[Field, ...]:
        return self.held[self.number][0]

    def read(self) -> dict[str, Any]:
        return {name: values.copy() for name, values in self.held[self.number][1].items()}


_numbers = itertools.count()


def given(fields: tuple[Field, ...], **arrays: np.ndarray) -> Given:
    number = next(_numbers)
    Given.held[number] = (fields, arrays)
    return Given(number=number)


def over(project: Project, source: Source, **settings: Any) -> Project:
    """The project over other data."""
    return project.with_(data=DataSettings(source=source, **settings))


def run(project: Project, folder: Path, **options: Any) -> list[Event]:
    return list(engine.train(project, folder, **options))


def of_kind(kind: type[E], events: list[Event]) -> list[E]:
    return [event for event in events if isinstance(event, kind)]


def scores(events: list[Event]) -> list[tuple[int, dict[str, float], dict[str, float], bool]]:
    """What the epochs came to, without the time they took."""
    return [(e.epoch, dict(e.train), dict(e.validation), e.best) for e in of_kind(Epoch, events)]


def steps(events: list[Event]) -> list[Step]:
    return of_kind(Step, events)


EPOCHS = 3


def small(**training: Any) -> Project:
    """Irises through one hidden layer: 105 samples to train with, 7 steps an epoch."""
    layers = (block("Linear", out_features=8), block("ReLU"))
    return classifier(*layers, **{"epochs": EPOCHS, "batch_size": 16, **training})


def noisy(**training: Any) -> Project:
    """With dropout and batch normalisation, which hold state of their own."""
    layers = (block("Linear", out_features=8), block("BatchNorm1d"), block("ReLU"), block("Dropout", p=0.3))
    return classifier(*layers, **{"epochs": EPOCHS, "batch_size": 16, **training})


def regression(**training: Any) -> Project:
    blocks = {"x": block("Input", field="features"), "fc": block("Linear", out_features=1)}
    blocks |= {"y": block("Target", field="progression"), "loss": block("MSELoss")}
    return draw(blocks, "x -> fc -> loss.prediction", "y -> loss.target", source="Diabetes", **training)


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return RunFolder(folder).read_best()


def same(one: dict[str, torch.Tensor], two: dict[str, torch.Tensor]) -> bool:
    return one.keys() == two.keys() and all(torch.equal(one[name], two[name]) for name in one)
