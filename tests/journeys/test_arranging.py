"""Two chains are drawn, put in order, taken to another window and tidied up there; then all is taken back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication

from engine.storage import dumps
from tests.designer.canvas.equality import scene_equals_project
from tests.journeys.user import CTRL, User

ALT = Qt.KeyboardModifier.AltModifier
Key = Qt.Key


def shown(user: User) -> None:
    """What is on the screen is the project, once nothing moves any more."""
    user.window.canvas.scene.rest()
    scene_equals_project(user.window.canvas, user.window.document.project)


def place(user: User, name: str) -> tuple[float, float]:
    return tuple(user.window.document.project.layout[user.key_of(name)])


def take_back(user: User) -> None:
    """One step after the other, and all of it again; there may be two windows, and the keys go to one of them."""
    stack = user.window.document.undo_stack
    while stack.canUndo():
        before = stack.index()
        user.window.actions_["undo"].trigger()
        assert stack.index() == before - 1
        shown(user)
    while stack.canRedo():
        user.window.actions_["redo"].trigger()
        shown(user)


def draw_chain(user: User, *kinds: str) -> list[str]:
    user.press(Key.Key_Escape)
    user.window.canvas.select(())
    names = []
    for kind in kinds:
        names.append(user.add(kind))
        user.window.canvas.setFocus()
    return names


def test_two_chains_put_in_order(open_user: Callable[[], User]) -> None:
    user = open_user()
    user.window.commands.new()
    canvas = user.window.canvas
    first = draw_chain(user, "Linear", "Tanh", "Linear")
    second = draw_chain(user, "Linear", "Sigmoid", "Linear")
    assert len(user.window.document.project.graph.wires) == 4
    user.window.commands.fit()
    user.move(first[1], 13, 47)
    user.move(second[2], -7, 33)

    canvas.select([user.key_of(name) for name in first])
    user.press(Key.Key_M, CTRL | ALT)
    shown(user)
    assert len({place(user, name)[1] for name in first}) == 1
    user.press(Key.Key_H, CTRL | ALT)
    shown(user)
    x = [place(user, name)[0] for name in first]
    assert abs((x[1] - x[0]) - (x[2] - x[1])) <= 1

    canvas.select([user.key_of(name) for name in first])
    user.press(Key.Key_C, CTRL)
    assert '"plexus": 1' in QGuiApplication.clipboard().text()
    other = open_user()
    other.window.commands.new()
    other.window.canvas.setFocus()
    other.window.actions_["paste"].trigger()
    other.window.actions_["paste"].trigger()
    shown(other)
    assert len(other.names) == 6
    assert len(other.window.document.project.graph.wires) == 4
    pasted = other.key_of(first[1])
    other.hand.drag(other.hand.card(pasted), other.hand.card(pasted) + QPointF(0, -40))
    other.window.canvas.select(())
    other.window.actions_["tidy"].trigger()
    shown(other)
    assert len({place(other, name)[1] for name in first}) == 1
    take_back(other)
    take_back(user)
    assert "Tidy up" in [
        other.window.document.undo_stack.text(n) for n in range(other.window.document.undo_stack.count())
    ]
    assert dumps(other.window.document.project).count("Linear") == 4
