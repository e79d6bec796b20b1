"""Buttons for what may be done: they say what they do, act once pressed, and stay in place while they change."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from designer.offers import Offer, Offers


@pytest.mark.parametrize("flat", [False, True])
def test_each_button_does_what_it_says(qtbot: QtBot, flat: bool) -> None:
    view, done = Offers(flat), list[str]()
    qtbot.addWidget(view)
    view.show_offers([Offer(word, f"{word}!", lambda word=word: done.append(word)) for word in ("one", "two", "three")])
    view.show()
    kept = list(view.buttons)
    for button in kept:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == ["one", "two", "three"]
    assert [button.toolTip() for button in kept] == ["one!", "two!", "three!"]

    # the same buttons say something else, and one can't be pressed now
    later = [Offer(word, word, lambda: done.append("late"), word != "b") for word in ("a", "b", "c")]
    view.show_offers(later)
    assert view.buttons == kept
    assert [(button.text(), button.isEnabled()) for button in kept] == [("a", True), ("b", False), ("c", True)]
    QTest.mouseClick(kept[1], Qt.MouseButton.LeftButton)
    QTest.mouseClick(kept[2], Qt.MouseButton.LeftButton)
    assert done[3:] == ["late"]

    view.show_offers(())
    assert not view.isVisible()
