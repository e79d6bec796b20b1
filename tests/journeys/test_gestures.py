"""The same edits by mouse and by keys alone: each is one step, both lead to one network, and undo takes it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from designer.canvas.spots import spots
from designer.motion import reduce_motion
from engine import templates
from engine.project import Project
from tests.designer.canvas.equality import scene_equals_project
from tests.designer.canvas.hand import LEFT
from tests.journeys.user import CTRL, NONE, SHIFT, User

Key, ALT = Qt.Key, Qt.KeyboardModifier.AltModifier
Do = Callable[["Person"], None]


class Person:
    """What somebody does with the digits network, in their words."""

    def __init__(self, user: User) -> None:
        self.user, self.hand, self.canvas = user, user.hand, user.window.canvas

    # By keys

    def press(self, *keys: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        for key in keys:
            self.user.press(key, held)

    def type(self, text: str) -> None:
        """Letters into the field that has the focus, in place of what stands there, and Enter."""
        field = QApplication.focusWidget()
        assert isinstance(field, QLineEdit)
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Key.Key_Return)

    def go(self, name: str, *arrows: Qt.Key) -> None:
        """Find a block by its name, and select others on the way from it."""
        self.press(Key.Key_F, held=CTRL)
        self.type(name)
        self.press(Key.Key_Return, held=CTRL)
        assert self.canvas.selected() == (self.user.key_of(name),)
        self.press(*arrows, held=CTRL | SHIFT)

    def walk_to(self, wanted: str) -> None:
        """Walk what is offered for a wire, and take the one that says so."""
        for _ in range(60):
            if wanted in self.canvas._label.text():
                break
            self.press(Key.Key_Down)
        self.press(Key.Key_Return)

    # By mouse

    def port(self, name: str, side: str, port: str) -> QPointF:
        return self.hand.port(self.user.key_of(name), side, port)

    def pull(self, start: QPointF, end: QPointF, held: Qt.KeyboardModifier = NONE) -> None:
        self.hand.drag(start, (start + end) / 2, end, keys=held)

    def middle(self, source: str, target: str) -> QPointF:
        ends = self.user.key_of(source), self.user.key_of(target)
        return next(item.middle for wire, item in self.canvas.scene.wires.items() if wire[::2] == ends)

    def click(self, *names: str) -> None:
        for place, name in enumerate(names):
            self.hand.click(self.hand.card(self.user.key_of(name)), SHIFT if place else NONE)

    def double_click(self, place: QPointF) -> None:
        point = self.hand.at(place)
        for press in (QTest.mouseClick, QTest.mouseDClick, QTest.mouseRelease):
            press(self.hand.viewport, LEFT, NONE, point)

    def choose(self, action: str) -> None:
        """An entry of a menu."""
        self.user.window.actions_[action].trigger()


@dataclass(frozen=True)
class Edit:
    by_mouse: Do
    by_keys: Do


def add_behind(person: Person) -> None:
    start = person.port("logits", "out", "y")
    person.pull(start, start + QPointF(40, 90))
    person.type("gelu")


def add_behind_by_keys(person: Person) -> None:
    person.go("logits")
    person.press(Key.Key_Tab)
    person.type("gelu")


def insert(person: Person) -> None:
    person.double_click(person.middle("conv1", "relu1"))
    person.type("batchnorm2d")


def insert_by_keys(person: Person) -> None:
    person.go("conv1", Key.Key_Right)
    person.press(Key.Key_I, held=CTRL | SHIFT)
    person.type("batchnorm2d")


def take_out(person: Person) -> None:
    person.click("relu2")
    person.choose("delete_and_reconnect")


def take_out_by_keys(person: Person) -> None:
    person.go("relu2")
    person.press(Key.Key_Backspace, held=CTRL)


def cut(person: Person) -> None:
    middle = person.middle("conv1", "relu1")
    person.pull(middle + QPointF(0, -45), middle + QPointF(0, 45), ALT)


def cut_by_keys(person: Person) -> None:
    person.go("conv1", Key.Key_Right)
    person.press(Key.Key_X, held=CTRL | SHIFT)


def connect(person: Person) -> None:
    person.pull(person.port("relu1", "out", "y"), person.port("pool2", "in", "x"))


def connect_by_keys(person: Person) -> None:
    person.go("relu1")
    person.press(Key.Key_C)
    person.walk_to("→ pool2.x")


def connect_backwards_by_keys(person: Person) -> None:
    person.go("pool2")
    person.press(Key.Key_C, held=SHIFT)
    person.walk_to("relu1 → pool2.x")


def move_end(person: Person) -> None:
    person.pull(person.port("relu2", "in", "x"), person.port("pool2", "in", "x"))


def move_entry(person: Person) -> None:
    person.pull(person.port("relu2", "in", "x"), person.port("pool2", "in", "x"), SHIFT)


def move_entry_by_keys(person: Person) -> None:
    person.go("relu2")
    person.press(Key.Key_E, held=CTRL | SHIFT)
    person.type("pool2.x")


def move_output(person: Person) -> None:
    person.pull(person.port("relu1", "out", "y"), person.port("conv1", "out", "y"), SHIFT)


def move_output_by_keys(person: Person) -> None:
    person.go("relu1")
    person.press(Key.Key_M, held=CTRL | SHIFT)
    person.type("conv1.y")


def duplicate(person: Person) -> None:
    start = person.hand.card(person.user.key_of("conv2"))
    person.pull(start, start + QPointF(60, 60), ALT)


def duplicate_by_keys(person: Person) -> None:
    person.go("conv2")
    person.press(Key.Key_D, held=CTRL)


def edit(person: Person) -> None:
    card = person.canvas.scene.cards[person.user.key_of("fc1")]
    person.canvas.zoom_to(1.0)
    person.canvas.view.look_at(card.body.center())
    person.double_click(spots(card, person.canvas.zoom())["out_features"].center())
    person.type("48")


def edit_by_keys(person: Person) -> None:
    person.go("fc1")
    person.press(Key.Key_Return)
    person.type("48")


def delete(person: Person) -> None:
    person.click("relu3", "drop")
    person.choose("delete")


def delete_by_keys(person: Person) -> None:
    person.go("relu3", Key.Key_Right)
    person.press(Key.Key_Delete)


EDITS = {
    "a block behind another": Edit(add_behind, add_behind_by_keys),
    "a block on a wire": Edit(insert, insert_by_keys),
    "a block taken out of its chain": Edit(take_out, take_out_by_keys),
    "a wire cut": Edit(cut, cut_by_keys),
    "a wire drawn": Edit(connect, connect_by_keys),
    "a wire drawn backwards": Edit(connect, connect_backwards_by_keys),
    "the end of a wire moved": Edit(move_end, move_entry_by_keys),
    "all wires of an input moved": Edit(move_entry, move_entry_by_keys),
    "all wires of an output moved": Edit(move_output, move_output_by_keys),
    "a copy": Edit(duplicate, duplicate_by_keys),
    "a value": Edit(edit, edit_by_keys),
    "blocks deleted": Edit(delete, delete_by_keys),
}


def network(project: Project) -> tuple[object, ...]:
    """Blocks by name with their values, and wires."""
    names = {key: node.name for key, node in project.graph.nodes.items()}
    wires = {(names[w.source], w.output, names[w.target], w.input) for w in project.graph.wires}
    return {node.name: node.block for node in project.graph.nodes.values()}, wires


@pytest.mark.parametrize("name", EDITS)
def test_by_mouse_and_by_keys_the_same_is_done(user: User, name: str) -> None:
    reduce_motion(True)
    window, document = user.window, user.window.document
    results = []
    for do in (EDITS[name].by_mouse, EDITS[name].by_keys):
        document.open(templates.open_template("digits-cnn"), None)
        window.show_workspace("workspace_design")
        window.canvas.setFocus()
        window.canvas.fit()
        before = document.project
        do(Person(user))
        assert document.undo_stack.count() == 1
        assert document.project != before
        results.append(network(document.project))
        user.wait(window.canvas.view.hasFocus)
        scene_equals_project(window.canvas, document.project)
        user.press(Key.Key_Z, CTRL)
        assert document.project == before
        scene_equals_project(window.canvas, before)
    assert results[0] == results[1]
    assert results[0] != network(before)
    document.undo_stack.setClean()
