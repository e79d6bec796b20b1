"""What a run came to is told in one line."""

from __future__ import annotations

import pytest

from designer.training.endings import came_to
from engine.training.events import Finished


@pytest.mark.parametrize(
    ("epochs", "best", "watched", "why", "opposed", "words"),
    [
        (12, 9, "loss", "", False, "12 epochs in 3 min 20 s · best after epoch 9"),
        (1, 0, "loss", "", False, "1 epoch in 3 min 20 s"),
        (2, 2, "loss", "9 steps done", False, "2 epochs in 3 min 20 s · best after epoch 2 · 9 steps done"),
        (2, 2, "loss", "", True, "2 epochs in 3 min 20 s · the last epoch counts"),
        (2, 1, "accuracy", "", True, "2 epochs in 3 min 20 s · best after epoch 1"),
    ],
)
def test_in_one_line(epochs: int, best: int, watched: str, why: str, opposed: bool, words: str) -> None:
    event = Finished("done", epochs, best, {}, {}, {}, "", 200.0, why, watched)
    assert came_to(event, opposed) == words
