"""The trials that can be carried out elsewhere, by their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from engine.project import Project
from engine.training.batch_size import find_batch_size
from engine.training.events import Event
from engine.training.trials import find_rate, overfit_one_batch

TRIALS: Mapping[str, Callable[[Project], Iterator[Event]]] = {
    "find_rate": find_rate,
    "overfit_one_batch": overfit_one_batch,
    "find_batch_size": find_batch_size,
}
