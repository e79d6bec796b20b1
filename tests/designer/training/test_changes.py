"""Changes of a run, and what it began with, in words."""

from __future__ import annotations

from typing import Any

import pytest

from designer.training.changes import change_in_words, event_in_words, lasting, warm_in_words
from engine.training.changes import changeable
from engine.training.events import Changed, WarmStarted
from engine.training.optimizers import OPTIMIZERS
from engine.training.settings import TrainingSettings


@pytest.mark.parametrize(
    ("name", "before", "after", "words"),
    [
        ("lr", 1e-3, 3e-4, "Learning rate 1e-3 → 3e-4"),
        ("weight_decay", 0.0, 0.01, "Weight decay 0 → 0.01"),
        ("epochs", 10, 20, "Epochs 10 → 20"),
        ("patience", None, 4, "Stop early after never → 4"),
        ("max_minutes", 2.5, None, "Minutes at most 2.5 → no limit"),
    ],
)
def test_a_change(name: str, before: Any, after: Any, words: str) -> None:
    assert change_in_words(name, before, after) == words


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_there_are_words_for_all_that_may_be_changed(optimizer: str) -> None:
    for described in changeable(TrainingSettings(optimizer=OPTIMIZERS[optimizer]())):
        assert described.label in change_in_words(described.name, described.default, described.default)


def test_an_event() -> None:
    change = Changed("lr", 1e-3, 3e-4, 4, 12, 3.5)
    assert event_in_words(change) == "Learning rate 1e-3 → 3e-4, epoch 4, step 12"
    assert (lasting([change], "lr"), lasting([change], "epochs")) == (3e-4, None)


@pytest.mark.parametrize(
    ("kept", "fresh", "words"),
    [
        (("a", "b"), {}, "begins with the weights of run 3 · all blocks kept"),
        (("a",), {"b": "not in run 3"}, "begins with the weights of run 3 · 1 of 2 blocks kept"),
        (("a",), {"a.bias": "run 3 had none"}, "begins with the weights of run 3 · 1 of 1 blocks kept"),
    ],
)
def test_what_it_began_with(kept: tuple[str, ...], fresh: dict[str, str], words: str) -> None:
    assert warm_in_words(WarmStarted(3, "r/3", "best", 2, kept, fresh, 1, 2)) == words
