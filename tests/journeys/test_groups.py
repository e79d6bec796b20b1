"""A residual block becomes a group that is entered, edited, left, repeated and shared, by mouse and keys alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton

import engine
from engine.group import Group
from tests.designer.canvas.equality import scene_equals_project
from tests.grouped import grouped
from tests.journeys.user import CTRL, SHIFT, User

WAY = ("encoder1", "residual_block1")
Key = Qt.Key


def _double_click(user: User, name: str) -> None:
    place = user.hand.at(user.hand.card(_key(user, name)))
    viewport = user.window.canvas.view.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def _key(user: User, name: str) -> str:
    return next(key for key, node in user.window.document.here.project.graph.nodes.items() if node.name == name)


def _type(user: User, param: str, text: str) -> None:
    """Over a value in the form of the selected block."""
    field = user.window.design.inspector.block.form.editors[param].findChild(QLineEdit)
    assert field is not None
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Key.Key_Return)


def _draw_residual_block(user: User) -> None:
    """image → conv → relu → conv → add (with image through a convolution) → output"""
    user.click(user.window.start_page.new_button)
    image = user.add("input")
    user.set(image, "sample_shape", "4 x 8 x 8")
    user.rename(image, "image")
    user.select("image")
    for _ in range(2):
        conv = user.add("conv2d")
        user.set(conv, "out_channels", "4")
        _type(user, "padding", "same")
        if conv == "conv1":
            user.add("relu")
    user.add("add")
    user.add("output")
    user.press(Key.Key_9, CTRL)
    user.wire("image", "add1", "x2")


def _shown(user: User) -> list[str]:
    return [card.node.name for card in user.window.canvas.scene.cards.values()]


def test_a_group_from_drawing_to_undoing(user: User) -> None:
    window, document = user.window, user.window.document
    _draw_residual_block(user)
    assert [str(p) for p in document.review.problems if p.severity == "error" and not p.builds] == []
    drawn, steps = document.project, document.undo_stack.index()
    parameters = document.review.plan.parameters

    # Select all but input and output, and group them by Ctrl+G.
    user.select("conv1")
    for name in ("relu1", "conv2", "add1"):
        user.hand.click(user.hand.card(user.key_of(name)), SHIFT)
    user.press(Key.Key_G, CTRL)
    assert set(_shown(user)) == {"image", "group1", "output1"}
    assert document.review.plan.parameters == parameters
    assert engine.compile(document.project) is not None

    # Rename it, and go in by a double click; edit inside.
    user.rename("group1", "block")
    _double_click(user, "block")
    assert window.canvas.breadcrumb.here.text() == "block"
    assert {"conv1", "relu1", "conv2", "add1"} < set(_shown(user))
    window.design.palette_.search.clear()
    assert window.design.palette_.list.names()[:2] == ["GroupInput", "GroupOutput"]
    user.hand.click(user.hand.card(_key(user, "conv1")))
    _type(user, "kernel_size", "5")
    assert document.review.plan.parameters == parameters + 4 * 4 * 16

    # Out by the breadcrumb, and three times in series.
    user.click(window.canvas.breadcrumb.buttons[0])
    assert window.canvas.breadcrumb.buttons == []
    assert window.canvas.selected() == (user.key_of("block"),)
    _type(user, "repeat", "3")
    assert document.review.plan.parameters == 3 * (parameters + 4 * 4 * 16)
    group = document.project.graph.nodes[user.key_of("block")].block
    assert isinstance(group, Group)
    assert "× 3" in group.summary()
    scene_equals_project(window.canvas, document.project)

    # All of it is undone step by step, inside where it was done inside, and redone.
    done = document.project
    assert document.undo_stack.index() == steps + 4
    user.press(Key.Key_Z, CTRL)
    assert document.here.path == ()
    user.press(Key.Key_Z, CTRL)
    assert document.here.path == (user.key_of("block"),), "one sees what is undone"
    user.press(Key.Key_Z, CTRL)
    user.press(Key.Key_Z, CTRL)
    assert document.project == drawn
    assert document.here.path == ()
    scene_equals_project(window.canvas, drawn)
    for _ in range(4):
        user.press(Key.Key_Z, CTRL | SHIFT)
    assert document.project == done


def test_grouping_and_ungrouping_by_keys_alone(user: User) -> None:
    document = user.window.document
    _draw_residual_block(user)
    before = document.project
    user.select("conv1")
    user.hand.click(user.hand.card(user.key_of("relu1")), SHIFT)
    user.press(Key.Key_G, CTRL)
    user.press(Key.Key_Down, CTRL)
    assert document.here.path == (user.key_of("group1"),)
    user.press(Key.Key_Up, CTRL)
    assert document.here.path == ()
    user.press(Key.Key_Return)
    user.press(Key.Key_Escape)
    assert document.here.path == ()
    user.press(Key.Key_G, CTRL | SHIFT)
    assert document.project.graph.nodes == before.graph.nodes
    assert set(document.project.graph.wires) == set(before.graph.wires)
    assert document.project.layout == before.layout


def test_what_makes_no_sense_is_greyed(user: User) -> None:
    window = user.window
    user.click(window.start_page.new_button)
    names = ("group", "ungroup", "enter_group", "leave_group", "duplicate", "use_again", "own_weights")

    def enabled() -> set[str]:
        return {name for name in names if window.actions_[name].isEnabled()}

    assert enabled() == set()
    window.document.open(grouped(), None)
    window.canvas.fit()
    user.hand.click(user.hand.card("scores"))
    assert enabled() == {"group", "duplicate", "use_again"}
    user.hand.click(user.hand.card("left1"))
    assert enabled() == set(names) - {"leave_group"}
    user.press(Key.Key_Return)
    assert enabled() == {"leave_group"}


def test_a_problem_inside_a_group_is_gone_to(user: User) -> None:
    window, document = user.window, user.window.document
    user.click(window.start_page.new_button)
    document.open(grouped(), None)
    document.here.go(WAY)
    user.press(Key.Key_9, CTRL)
    user.hand.click(user.hand.card("relu1"))
    user.press(Key.Key_Delete)
    document.here.go(())
    user.press(Key.Key_F7)
    row = next(row for row in window.design.problems.rows if (row.problem.block or "").startswith("/".join(WAY)))
    user.click(row)
    assert document.here.path == WAY
    assert window.canvas.selected() == (row.problem.block.split("/")[-1],)  # type: ignore[union-attr]
    assert window.design.inspector.block.isVisible()


def test_weights_are_shared_and_parted_by_the_menu(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    window, document = user.window, user.window.document
    user.click(window.start_page.new_button)
    document.open(grouped(), None)
    window.canvas.fit()
    opened: list[list[str]] = []
    monkeypatch.setattr(
        QMenu, "popup", lambda menu, _place: opened.append([a.text() for a in menu.actions() if a.text()])
    )
    place = user.hand.at(user.hand.card("scores"))
    viewport = window.canvas.view.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, viewport.mapToGlobal(QPoint(place)))
    QApplication.sendEvent(viewport, event)
    assert "Use again with the same weights" in opened[0]
    assert "Give own weights" not in opened[0]
    window.actions_["use_again"].trigger()
    (other,) = window.canvas.selected()
    page = window.design.inspector.block
    assert page.weights_fold.summary == "shared"
    page.weights_fold.open()
    button = page.weights.findChild(QPushButton)
    assert button is not None
    user.click(button)
    assert document.project.graph.sharing(other) == (other,)


def test_a_file_with_groups_comes_back_as_it_was(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = user.window.document
    user.click(user.window.start_page.new_button)
    document.open(grouped(), None)
    document.here.go(WAY)
    user.save_as(tmp_path / "groups.plexus", monkeypatch)
    assert document.here.path == WAY, "saving leaves one where one is"
    assert engine.load(tmp_path / "groups.plexus") == document.project
    assert user.window.files.open_path(tmp_path / "groups.plexus")
    assert document.here.path == ()
