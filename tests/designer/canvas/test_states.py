"""Every state of a card is seen by its form: pictures without colours differ, near, at a distance and far away."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from designer.canvas import Canvas
from designer.theme import DARK, LIGHT, Theme
from engine.blocks import CATALOGUE
from engine.graph import Wire
from engine.problem import Problem
from engine.project import Project
from engine.weight_settings import WeightSettings

Show = Callable[[Project], Canvas]
Change = Callable[[Canvas], None]
APART = 24  # of 256 levels of grey that must lie between two pixels to be told apart


def base() -> Project:
    project, _ = Project(name="states").add(CATALOGUE["Input"](sample_shape=(3, 8, 8)), (-190, 0), "a")
    project, _ = project.add(CATALOGUE["Conv2d"](), (0, 0), "b")
    return project.edit(project.graph.connect(Wire("a", "y", "b", "x")))


def edit(change: Callable[[Project], Project]) -> Change:
    return lambda canvas: canvas.document.change(change(canvas.document.project), "Change")


def tell(canvas: Canvas, severity: Literal["error", "warning"] | None = None) -> None:
    """A problem, and nothing else that differs; or none, though the drawing is not complete."""
    card = canvas.scene.cards["b"]
    problems = (Problem(title="Odd", text="It is odd.", severity=severity, block="b"),) if severity else ()
    card.show_facts(replace(card.facts, problems=problems))
    canvas.scene.touched()


def frozen(project: Project) -> Project:
    return project.edit(project.graph.treat("b", WeightSettings(frozen=True)))


def shared(project: Project) -> Project:
    project, key = project.add(CATALOGUE["Conv2d"](), (190, 0), "c")
    nodes = {**project.graph.nodes, key: project.graph.nodes[key].with_(same_as="b")}
    return project.edit(project.graph.model_copy(update={"nodes": nodes}))


STATES: dict[str, Change] = {
    "plain": lambda canvas: None,
    "selected": lambda canvas: canvas.select(["a", "b"]),
    "inspected": lambda canvas: canvas.select(["b"]),
    "hovered": lambda canvas: canvas.scene.cards["b"].show_state(hovered=True),
    "error": lambda canvas: tell(canvas, "error"),
    "warning": lambda canvas: tell(canvas, "warning"),
    "running": lambda canvas: canvas.show_running(True),
    "frozen": edit(frozen),
    "muted": edit(lambda project: project.edit(project.graph.mute(["b"]))),
    "shared": edit(shared),
    "note": edit(lambda project: project.edit(project.graph.annotate("b", "why"))),
}
NEAR = tuple(STATES)
SMALL = ("plain", "inspected", "error", "warning", "running", "muted")
SCALES = {"near": (1.0, NEAR), "small": (0.5, SMALL), "far": (0.25, SMALL)}


def grey(canvas: Canvas) -> QImage:
    """The card and what is around it, without its colours."""
    QApplication.processEvents()
    view, body = canvas.view, canvas.scene.cards["b"].body
    area = QRectF(view.from_scene(body.topLeft()), view.from_scene(body.bottomRight())).adjusted(-5, -8, 9, 9)
    image = view.viewport().grab(area.toAlignedRect()).toImage()
    return image.convertToFormat(QImage.Format.Format_Grayscale8)


def differ(one: QImage, other: QImage) -> int:
    """How many pixels are told apart by their lightness."""
    if one.size() != other.size():
        return one.width() * one.height()
    return int((abs(lightness(one) - lightness(other)) >= APART).sum())


def lightness(image: QImage) -> np.ndarray:
    """Of each pixel of a grey picture, from 0 to 255."""
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].astype(int)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("distance", SCALES)
def test_states_differ_without_their_colours(show: Show, distance: str, theme: Theme) -> None:
    scale, names = SCALES[distance]
    pictures: dict[str, QImage] = {}
    for name in names:
        canvas = show(base())
        canvas.show_theme(theme)
        canvas.zoom_to(scale)
        canvas.view.look_at(QPointF(75, 29))
        STATES[name](canvas)
        if name not in ("error", "warning"):
            tell(canvas)
        canvas.bubble.hide()
        pictures[name] = grey(canvas)
        canvas.hide()  # or the pointer is told to be over another one
    for one, other in itertools.combinations(names, 2):
        assert differ(pictures[one], pictures[other]) >= 6, f"{one} looks like {other} from {distance}"


def test_nothing_moves_while_a_training_is_shown(canvas: Canvas) -> None:
    timers = len([timer for timer in canvas.findChildren(QTimer) if timer.isActive()])
    canvas.show_running(True)
    QApplication.processEvents()
    assert len([timer for timer in canvas.findChildren(QTimer) if timer.isActive()]) <= timers + 1, "the minimap's"
