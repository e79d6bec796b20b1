"""Texts to read, and the tables in them."""

from __future__ import annotations

from PySide6.QtGui import QTextTable
from pytestqt.qtbot import QtBot

from designer.dialogs.text import TextDialog


def test_tables_have_no_grid(qtbot: QtBot) -> None:
    text = "| Action | Keys |\n|---|---|\n| Save | `Ctrl+S` |"
    dialog = TextDialog("Shortcuts", text)
    qtbot.addWidget(dialog)
    (table,) = [frame for frame in dialog.text.document().rootFrame().childFrames() if isinstance(frame, QTextTable)]
    assert table.format().border() == 0
    assert table.rows() == 2
