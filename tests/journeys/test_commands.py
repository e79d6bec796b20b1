"""The command palette on the real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from designer.actions import SPECS
from designer.dialogs.command_palette import CommandPalette
from tests.journeys.user import CTRL, SHIFT, User

Key = Qt.Key


@pytest.fixture
def palette(user: User) -> CommandPalette:
    user.click(user.window.start_page.cards[0])
    user.qtbot.wait(50)
    user.window.canvas.setFocus()
    user.press(Key.Key_P, CTRL | SHIFT)
    (found,) = user.window.findChildren(CommandPalette)
    return found


def test_it_holds_every_action_and_carries_one_out(user: User, palette: CommandPalette) -> None:
    assert sorted(palette.shown) == sorted(spec.name for spec in SPECS)
    assert QApplication.focusWidget() is palette.field
    QTest.keyClicks(palette.field, "zoom to 100")
    assert palette.shown[0] == "zoom_100"
    user.press(Key.Key_Return)
    assert not palette.isVisible()
    assert user.window.canvas.zoom() == 1.0
    assert user.window.canvas.view.hasFocus(), "the focus is back where it was"
    user.press(Key.Key_P, CTRL | SHIFT)
    assert palette.shown[0] == "zoom_100", "it remembers what was used"


def test_the_device_is_chosen_by_keys_and_told_everywhere(user: User, palette: CommandPalette) -> None:
    before = user.window.document.project
    assert before.training.device == "auto"
    QTest.keyClicks(palette.field, "train on the cpu")
    user.press(Key.Key_Return)
    assert user.window.document.project.training.device == "cpu"
    assert user.window.bar.device.text() == "CPU"
    chosen = [name for name, action in user.window.actions_.items() if name[:7] == "device_" and action.isChecked()]
    assert chosen == ["device_cpu"]
    assert user.window.bar.device.menu().actions() == [
        user.window.actions_[f"device_{device}"] for device in ("auto", "cpu", "cuda")
    ]
    user.press(Key.Key_Z, CTRL)
    assert user.window.document.project == before
    assert user.window.actions_["device_auto"].isChecked()


def test_keys_move_in_the_list_and_escape_closes(user: User, palette: CommandPalette) -> None:
    def current() -> str:
        return palette.list.currentIndex().data()

    first = current()
    user.press(Key.Key_Down)
    second = current()
    user.press(Key.Key_Up)
    assert (current(), second) == (first, "New from template…")
    user.press(Key.Key_Up)
    assert current() == "About Plexus"
    user.press(Key.Key_Down)
    assert current() == first
    user.press(Key.Key_Tab)
    assert QApplication.focusWidget() is palette.field
    user.press(Key.Key_Escape)
    assert not palette.isVisible()
    assert user.window.canvas.view.hasFocus()


def test_what_can_not_be_done_says_why_and_stays(user: User, palette: CommandPalette) -> None:
    QTest.keyClicks(palette.field, "ungroup")
    index = palette.list.currentIndex()
    assert "Select a group first" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Select a group first" in palette.field.accessibleDescription()
    user.press(Key.Key_Return)
    assert palette.isVisible()


def test_a_click_elsewhere_closes_it(user: User, palette: CommandPalette) -> None:
    user.hand.click(user.hand.card("conv1"))
    user.wait(lambda: not palette.isVisible())


def test_nothing_found_is_said(user: User, palette: CommandPalette) -> None:
    QTest.keyClicks(palette.field, "qqqq")
    assert palette.shown == []
    assert not palette.list.isVisible()
    user.press(Key.Key_Return)
    assert palette.isVisible()
