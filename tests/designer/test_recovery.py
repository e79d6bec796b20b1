"""Unsaved work is copied aside, offered after a crash, and forgotten once it is saved."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from designer.document import Document
from designer.recovery import Recovery
from engine.blocks import CATALOGUE
from tests.designer.drawings import classifier

CRASH = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QThreadPool, QTimer
from designer.document import Document
from designer.recovery import Recovery
from engine.blocks import CATALOGUE
application = QCoreApplication([])
document = Document()
recovery = Recovery(document, Path(sys.argv[1]))
document.change(document.project.add(CATALOGUE["Linear"](), (0, 0))[0], "Add Linear")
def crash():
    QThreadPool.globalInstance().waitForDone()  # a disk may be slow; what counts is that the copy was begun
    os.kill(os.getpid(), 9)
QTimer.singleShot(2000, crash)
application.exec()
"""


def test_a_crash_loses_at_most_two_seconds(qtbot: QtBot, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", CRASH, tmp_path], check=False)
    assert done.returncode == -9
    (found,) = Recovery(Document(), tmp_path).found()
    assert found.path is None
    assert [type(node.block).__name__ for node in found.read().graph.nodes.values()] == ["Linear"]
    found.discard()
    assert list(tmp_path.iterdir()) == []


def test_a_window_that_is_open_is_not_taken_for_a_crash(qtbot: QtBot, tmp_path: Path) -> None:
    document = Document(classifier())
    first = Recovery(document, tmp_path)
    document.change(document.project.add(CATALOGUE["Linear"](), (0, 0))[0], "Add Linear")
    qtbot.waitUntil(lambda: first.copy.exists() and not first._writing)
    assert Recovery(Document(), tmp_path).found() == []


def test_saving_and_undoing_make_the_copy_needless(qtbot: QtBot, tmp_path: Path) -> None:
    document = Document(classifier())
    recovery = Recovery(document, tmp_path / "recovery")
    document.change(document.project.add(CATALOGUE["Linear"](), (0, 0))[0], "Add Linear")
    qtbot.waitUntil(lambda: recovery.copy.exists() and not recovery._writing)
    document.save(tmp_path / "mine.plexus")
    assert list((tmp_path / "recovery").iterdir()) == []
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: recovery.copy.exists() and not recovery._writing)
    document.undo_stack.redo()
    qtbot.waitUntil(lambda: not recovery.copy.exists())
