"""Getting about: the view by keys and menus, back and forward, problems one after the other."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from tests.journeys.user import CTRL, SHIFT, User

Key, ALT = Qt.Key, Qt.KeyboardModifier.AltModifier


def open_digits(user: User) -> None:
    user.click(user.window.start_page.cards[0])
    user.qtbot.wait(50)


def test_the_view_by_keys_and_back(user: User) -> None:
    open_digits(user)
    canvas, actions = user.window.canvas, user.window.actions_
    whole = canvas.zoom()
    assert not actions["view_back"].isEnabled()
    user.press(Key.Key_0, CTRL)
    assert canvas.zoom() == 1.0
    user.select("conv2")
    user.press(Key.Key_9, CTRL | SHIFT)
    assert actions["view_back"].isEnabled()
    user.press(Key.Key_Left, ALT)
    user.press(Key.Key_Left, ALT)
    assert canvas.zoom() == pytest.approx(whole)
    user.press(Key.Key_Right, ALT)
    assert canvas.zoom() == 1.0


def test_the_scale_in_the_status_bar_offers_what_can_be_done_with_it(user: User) -> None:
    open_digits(user)
    (scale,) = [one for one in user.window.status.findChildren(QToolButton) if one.text().endswith("%")]
    menu = scale.menu()
    assert [action.text() for action in menu.actions()][:3] == ["Fit all", "Fit selection", "Zoom to 100 %"]
    menu.actions()[2].trigger()
    assert scale.text() == "100 %"


def test_problems_one_after_the_other(user: User) -> None:
    open_digits(user)
    document = user.window.document
    project = document.project
    document.change(project.edit(project.graph.disconnect(project.graph.wires)), "Disconnect all")
    seen = []
    for _ in range(3):
        user.press(Key.Key_F8)
        seen.append(user.window.canvas.selected())
    assert len(set(seen)) == 3
    assert user.window.canvas.bubble.isVisible()
    assert user.window.status.currentMessage().startswith("Problem 3 of ")
    user.press(Key.Key_F8, SHIFT)
    assert user.window.canvas.selected() == seen[1]


def test_the_minimap_stays_folded_in_the_next_window(user: User, open_user: object) -> None:
    open_digits(user)
    user.press(Key.Key_M, CTRL)
    assert user.window.canvas.minimap.folded
    assert not user.window.actions_["minimap"].isChecked()
    again = open_user()
    assert again.window.canvas.minimap.folded
