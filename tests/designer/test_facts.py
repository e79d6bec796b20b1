"""Facts: a word and a figure on one line."""

from __future__ import annotations

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel

from designer.facts import Facts
from designer.theme import DARK, font


def test_words_and_figures_stand_on_one_line(qtbot: object) -> None:
    facts = Facts(DARK)
    qtbot.addWidget(facts)
    facts.show_facts([("In", "32"), ("Out", "")])
    facts.resize(200, 80)
    facts.show()
    assert facts.shown == [("In", "32"), ("Out", "–")]
    word, figure = facts.findChildren(QLabel)[:2]
    lines = [
        label.y() + label.contentsRect().top() + QFontMetrics(font(role)).ascent()
        for label, role in ((word, "text"), (figure, "code"))
    ]
    assert lines[0] == lines[1]
