"""Facts: a word and a figure on one line."""

from __future__ import annotations

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from designer.facts import Facts
from designer.style_sheet import style_sheet
from designer.theme import DARK, LIGHT, font


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


def test_they_still_do_after_a_change_of_theme_while_they_had_no_room(qtbot: QtBot, qapp: QApplication) -> None:
    facts, before = Facts(DARK), qapp.styleSheet()
    qtbot.addWidget(facts)
    facts.show_facts([("In", "32"), ("Out", "64")])
    facts.resize(200, 80)
    facts.show()
    for label in facts.findChildren(QLabel):
        label.resize(0, 0)
    qapp.setStyleSheet(style_sheet(LIGHT))
    facts.resize(200, 81)
    qtbot.wait(1)
    word, figure = facts.findChildren(QLabel)[:2]
    baselines = [label.y() + label.contentsRect().top() + label.fontMetrics().ascent() for label in (word, figure)]
    qapp.setStyleSheet(before)
    assert baselines[0] == baselines[1]


def test_a_long_figure_beside_a_short_word_takes_one_line_whatever_other_words_take(qtbot: object) -> None:
    facts, shape = Facts(DARK), "batch × 32 × 30 × 30"
    qtbot.addWidget(facts)
    facts.show_facts([("In", shape), ("Activation memory", "98 KiB / sample"), ("Gone", "1")])
    facts.show_facts([("In", shape), ("Activation memory", "98 KiB / sample")])
    facts.resize(QFontMetrics(font("code")).horizontalAdvance(shape) + 60, facts.sizeHint().height())
    facts.show()
    figures = facts.findChildren(QLabel)[1::2]
    assert figures[0].height() < 2 * QFontMetrics(font("code")).lineSpacing()
    assert figures[0].geometry().right() == figures[1].geometry().right()
