"""Dots at bends and labels at ends: where they are, what they say, and that both can be seen in either theme."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from designer.canvas import Canvas
from designer.canvas.wire_marks import DOT, PICKED, Dots, Labels, Slot
from designer.theme import DARK, LIGHT, Theme
from engine import decorating
from engine.graph import Wire
from engine.project import Project
from tests.designer.canvas.conftest import chain

WIRE = Wire("b", "y", "c", "x")


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_dots_are_seen_and_the_picked_one_has_a_ring(canvas: Canvas, theme: Theme) -> None:
    canvas.show_theme(theme)
    points = [(340.0, 120.0), (400.0, 120.0)]
    canvas.document.change(decorating.bend(canvas.document.project, WIRE, points), "Bend")
    canvas.scene.ways.pick(WIRE, 1)
    picture, pen = canvas.grab().toImage(), canvas.scene.wires[WIRE].pen().color()

    def colour(point: QPointF) -> QColor:
        place = canvas.view.from_scene(point) * picture.devicePixelRatio()
        return picture.pixelColor(place.toPoint())

    ground = colour(QPointF(345, 205))
    for x, y in points:
        assert colour(QPointF(x, y)) == pen
    ring = [colour(QPointF(x, 120 - PICKED)) for x, _ in points]
    assert ring[0] == ground, "only the bend in hand has a ring"
    assert ring[1] != ground


def test_dots_cover_what_they_paint(qapp: object) -> None:
    line = QGraphicsPathItem()
    dots = Dots(line)
    assert dots.boundingRect().isEmpty()
    dots.show_points((QPointF(0, 0), QPointF(100, 50)), 1)
    around = dots.boundingRect()
    assert around.left() <= -DOT
    assert around.right() >= 100 + PICKED
    assert around.bottom() >= 50 + PICKED
    assert dots.picked == 1


@pytest.fixture
def labels(canvas: Canvas) -> Labels:
    cards = canvas.scene.cards
    labels = Labels(canvas.scene.wires[WIRE], cards["b"], cards["c"])
    labels.lay(canvas.scene.inks, (Slot(), Slot()))
    return labels


def test_labels_name_the_other_end_below_their_own_card(canvas: Canvas, labels: Labels) -> None:
    cards, (out, into) = canvas.scene.cards, labels.areas
    assert labels.texts == ("→ c", "← b")
    assert out.right() == cards["b"].body.right()
    assert into.left() == cards["c"].body.left()
    assert min(out.top(), into.top()) > cards["b"].body.bottom()
    assert labels.boundingRect().contains(out)
    assert labels.boundingRect().contains(into)


@pytest.mark.parametrize(("slot", "share"), [(Slot(0, True), 1.0), (Slot(0, False), 0.5), (Slot(2, False), 0.5)])
def test_long_names_stay_within_the_place_of_the_label(
    show: Callable[[Project], Canvas], slot: Slot, share: float
) -> None:
    project = chain("Input", "Conv2d", "ReLU")
    canvas = show(project.edit(project.graph.rename("c", "a_very_long_name_that_no_label_has_room_for")))
    cards = canvas.scene.cards
    labels = Labels(canvas.scene.wires[WIRE], cards["b"], cards["c"])
    labels.lay(canvas.scene.inks, (Slot(), Slot()))
    first = labels.areas[0].top()
    labels.lay(canvas.scene.inks, (slot, Slot()))
    assert labels.areas[0].width() <= share * cards["b"].body.width()
    assert (labels.areas[0].top() > first) == (slot.row > 0)


def test_the_outline_leads_from_the_ports_to_the_labels(labels: Labels) -> None:
    start, end = QPointF(330, 30), QPointF(380, 30)
    path = labels.outline(start, end)
    assert path.pointAtPercent(0) == start
    assert path.currentPosition() == end
    assert all(path.boundingRect().adjusted(-1, -1, 1, 1).contains(area) for area in labels.areas)


def test_a_label_under_the_pointer_looks_otherwise(canvas: Canvas) -> None:
    canvas.document.change(decorating.label(canvas.document.project, [WIRE]), "Hide")
    item = canvas.scene.wires[WIRE]
    assert item.pen() != QPen()
    before = canvas.grab().toImage()
    item.show_hot(True)
    assert canvas.grab().toImage() != before
    item.show_hot(False)
    assert canvas.grab().toImage() == before
