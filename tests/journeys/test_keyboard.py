"""A network built without a mouse: blocks, wires, a value, a training, and undo."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from tests.journeys.user import CTRL, SHIFT, User

Key = Qt.Key


class Keys:
    """Presses keys on whatever has the focus, as a person without a mouse does."""

    def __init__(self, user: User) -> None:
        self.user, self.canvas = user, user.window.canvas

    def press(self, *keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            self.user.press(key, held)

    def type(self, text: str) -> None:
        focus = QApplication.focusWidget()
        assert isinstance(focus, QWidget)
        QTest.keyClicks(focus, text)

    def add(self, words: str) -> str:
        """Tab on the canvas, some letters, Enter; answers with the new block's id."""
        before = set(self.user.window.document.project.graph.nodes)
        assert self.canvas.view.hasFocus()
        self.press(Key.Key_Tab)
        self.type(words)
        self.press(Key.Key_Return)
        (added,) = set(self.user.window.document.project.graph.nodes) - before
        self.user.wait(self.canvas.view.hasFocus)
        assert self.canvas.selected() == (added,)
        return added

    def go_to(self, name: str) -> None:
        """Find a block by its name, and stay there."""
        self.press(Key.Key_F, held=CTRL)
        self.type(name)
        self.press(Key.Key_Return)
        self.press(Key.Key_Return, held=CTRL)
        nodes = self.user.window.document.project.graph.nodes
        assert [nodes[key].name for key in self.canvas.selected()] == [name]

    def wire_to(self, wanted: str) -> None:
        """Start a wire with C and walk the offers until the wanted port is told."""
        self.press(Key.Key_C)
        for _ in range(60):
            if f"→ {wanted}" in self.canvas._label.text():
                self.press(Key.Key_Return)
                return
            self.press(Key.Key_Down)
        pytest.fail(f"{wanted} was never offered")

    def set(self, param: str, text: str) -> None:
        """Walk the fields of the inspector with Tab until the one of this parameter is reached, and type into it."""
        form = self.user.window.design.inspector.block.form
        editor = form.editors[param]
        for _ in range(60):
            focus = QApplication.focusWidget()
            if focus is not None and (focus is editor or editor.isAncestorOf(focus)):
                break
            self.press(Key.Key_Tab)
        else:
            pytest.fail(f"{param} can't be reached with Tab")
        focus = QApplication.focusWidget()
        if isinstance(focus, QLineEdit):
            focus.selectAll()
        self.type(text)
        if isinstance(focus, QLineEdit):
            self.press(Key.Key_Return)


def test_a_network_is_built_wired_trained_and_undone_by_keys_alone(user: User) -> None:
    window, document = user.window, user.window.document
    user.press(Key.Key_N, CTRL)
    user.wait(window.canvas.view.hasFocus)
    keys = Keys(user)
    image = keys.add("input")
    ids = {words: keys.add(words) for words in ("flatten", "linear", "relu")}
    logits = keys.add("linear")
    output = keys.add("output")
    keys.go_to(document.project.graph.nodes[logits].name)
    loss = keys.add("crossentropy")
    keys.press(Key.Key_Escape)
    target = keys.add("target")
    graph = document.project.graph
    assert len(graph.nodes) == 8

    # Wires: those that came with the blocks stay, the others are drawn.
    names = {key: node.name for key, node in graph.nodes.items()}
    chain = (image, ids["flatten"], ids["linear"], ids["relu"], logits)
    wanted = [(one, other, "x") for one, other in itertools.pairwise(chain)]
    wanted += [(logits, output, "x"), (logits, loss, "prediction"), (target, loss, "target")]
    for source, goal, port in wanted:
        wire = document.project.graph.into(goal, port)
        if wire is None or wire.source != source:
            keys.go_to(names[source])
            keys.wire_to(f"{names[goal]}.{port}")
    for source, goal, port in wanted:
        assert document.project.graph.into(goal, port).source == source

    # Values: the fields of the inspector by keys.
    for key, param, text in ((image, "field", "image"), (target, "field", "digit"), (logits, "out_features", "10")):
        keys.go_to(names[key])
        keys.press(Key.Key_Return, held=Qt.KeyboardModifier.AltModifier)
        keys.set(param, text)
        keys.press(Key.Key_Escape)
        user.wait(keys.canvas.view.hasFocus)
    assert [str(problem) for problem in document.review.problems if problem.severity == "error"] == []

    # Train.
    keys.press(Key.Key_F5)
    user.wait(lambda: bool(user.told("epoch")))
    keys.press(Key.Key_F5, held=SHIFT)
    user.wait(lambda: not window.session.active, 20)

    # Undo everything, step by step, and walk through what comes back.
    steps = document.undo_stack.count()
    for _ in range(steps):
        keys.press(Key.Key_Z, held=CTRL)
    assert document.project.graph.nodes == {}
    for _ in range(steps):
        keys.press(Key.Key_Z, held=CTRL | SHIFT)
    assert len(document.project.graph.nodes) == 8
    keys.press(Key.Key_Home)
    seen = [window.canvas.selected()]
    for _ in range(4):
        keys.press(Key.Key_Right)
        seen.append(window.canvas.selected())
    assert seen == [(key,) for key in chain]


@pytest.mark.parametrize("opener", [Key.Key_Tab, Key.Key_Space])
def test_a_search_that_is_called_off_leaves_the_keys_on_the_canvas(user: User, opener: Qt.Key) -> None:
    keys = Keys(user)
    user.window.commands.new()
    keys.canvas.view.setFocus()
    user.wait(keys.canvas.view.hasFocus)
    linear = keys.add("linear")
    keys.press(opener)
    user.wait(keys.canvas.adding.finder.field.hasFocus)
    keys.press(Key.Key_Escape)
    assert keys.canvas.view.hasFocus()
    keys.press(Key.Key_Delete)
    assert linear not in user.window.document.project.graph.nodes
