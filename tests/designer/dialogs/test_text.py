"""Texts to read, and the tables in them."""

from __future__ import annotations

from PySide6.QtGui import QAction, QKeySequence, QTextTable

from designer.dialogs.text import TextDialog, shortcut_table


def test_the_table_of_shortcuts_has_no_grid(qtbot: object) -> None:
    save, quiet = QAction("Save"), QAction("About")
    save.setToolTip("Write the project to its file (Ctrl+S)")
    save.setShortcut(QKeySequence("Ctrl+S"))
    text = shortcut_table({"save": save, "about": quiet})
    assert "| Write the project to its file | `Ctrl+S` |" in text
    assert "About" not in text
    dialog = TextDialog("Keyboard shortcuts", text)
    qtbot.addWidget(dialog)
    (table,) = [frame for frame in dialog.text.document().rootFrame().childFrames() if isinstance(frame, QTextTable)]
    assert table.format().border() == 0
    assert table.rows() == text.count("\n")
