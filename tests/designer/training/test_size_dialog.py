"""The size of batches that is proposed is told, drawn and taken over by Enter."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from designer.counts import grouped, memory
from designer.training.size_dialog import SizeDialog
from engine.problem import UserError
from engine.training.events import BatchPoint, Event

POINTS = [BatchPoint(8, 1000.0, 2**20), BatchPoint(16, 1900.0, 2**21), BatchPoint(32, 1950.0, 2**22)]


def test_the_proposal_is_taken_over_by_enter(qtbot: QtBot) -> None:
    dialog = SizeDialog(lambda: (point for point in POINTS))
    dialog.show()
    chosen: list[int] = []
    dialog.chosen.connect(chosen.append)
    qtbot.waitUntil(dialog.use.isVisible)
    assert dialog.use.text() == "Use 16"
    assert "16" in dialog.words.text()
    assert (dialog.chart.marked, dialog.memory.marked) == (1, 1)
    qtbot.keyClick(dialog.chart, Qt.Key.Key_Right)
    assert dialog.chart.reading() == f"batches of 32: {grouped(1950)} samples a second"
    qtbot.keyClick(dialog.memory, Qt.Key.Key_Left)
    assert dialog.memory.reading() == f"batches of 8: {memory(2**20)}"
    qtbot.keyClick(dialog.use, Qt.Key.Key_Return)
    assert chosen == [16]


def test_a_memory_that_is_too_small_is_told(qtbot: QtBot) -> None:
    dialog = SizeDialog(lambda: (point for point in POINTS[:0]))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.leave.text() == "Close")
    assert "too small" in dialog.words.text()
    assert not dialog.use.isVisible()


def test_where_nothing_can_be_tried_nothing_is_drawn(qtbot: QtBot) -> None:
    def refused() -> Iterator[Event]:
        raise UserError("There is no GPU.")
        yield

    dialog = SizeDialog(refused)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.leave.text() == "Close")
    assert [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()] == ["There is no GPU."]
    assert not dialog.memory.isVisible()


def test_escape_ends_the_trial(qtbot: QtBot) -> None:
    left = threading.Event()

    def endless() -> Iterator[Event]:
        try:
            while True:
                yield POINTS[0]
        finally:
            left.set()

    dialog = SizeDialog(endless)
    dialog.show()
    qtbot.waitUntil(lambda: bool(dialog.told))
    with qtbot.waitSignal(dialog.destroyed):  # not before its thread is through
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert left.is_set()
