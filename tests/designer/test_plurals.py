"""Counts in texts read as English, and all other texts stay as they are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from designer.plurals import Plurals


@pytest.fixture
def installed(qapp: QApplication) -> Iterator[None]:
    plurals = Plurals()
    assert qapp.installTranslator(plurals)
    yield
    qapp.removeTranslator(plurals)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("text", "count", "read"),
    [
        ("Move %n block(s)", 1, "Move 1 block"),
        ("Move %n block(s)", 3, "Move 3 blocks"),
        ("%n wire(s) from {start}", 0, "0 wires from {start}"),
        ("and %n more", 2, "and 2 more"),
        ("max(s)", -1, "max(s)"),
        ("", -1, ""),
    ],
)
def test_counts_read_as_english(text: str, count: int, read: str) -> None:
    assert QCoreApplication.translate("Anywhere", text, "", count) == read
