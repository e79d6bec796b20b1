"""What drifts arrives, on its way or at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from PySide6.QtCore import QObject, QPointF
from pytestqt.qtbot import QtBot

from designer.canvas.drift import MOST, Drift
from designer.motion import reduce_motion

WAY = {"a": (QPointF(0, 0), QPointF(100, 50))}


@pytest.fixture
def seen(qtbot: QtBot) -> Iterator[tuple[Drift, list[float]]]:
    places: list[float] = []
    parent = QObject()

    def carry(found: Mapping[str, QPointF]) -> None:
        places.extend(place.x() for place in found.values())

    reduce_motion(False)
    yield Drift(parent, carry), places
    reduce_motion(False)


def test_it_begins_at_the_start_and_comes_to_the_end(seen: tuple[Drift, list[float]], qtbot: QtBot) -> None:
    drift, places = seen
    drift.begin(WAY)
    assert drift.running
    assert places[0] == 0
    qtbot.waitUntil(lambda: not drift.running)
    assert places == sorted(places)
    assert places[-1] == 100


def test_it_can_be_ended_at_any_time(seen: tuple[Drift, list[float]]) -> None:
    drift, places = seen
    drift.begin(WAY)
    drift.end()
    assert places[-1] == 100
    assert not drift.running


@pytest.mark.parametrize("case", ["less motion is wanted", "too many"])
def test_at_once(seen: tuple[Drift, list[float]], case: str) -> None:
    drift, places = seen
    reduce_motion(case == "less motion is wanted")
    drift.begin(WAY if case == "less motion is wanted" else {str(n): WAY["a"] for n in range(MOST + 1)})
    assert not drift.running
    assert places == []
