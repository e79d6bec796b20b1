"""The table of actions: each key leads to one thing, also beside the keys of the canvas, and every name is known."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from designer.actions import CANVAS_MENU, LACKS, MENUS, ON_CANVAS, SEPARATOR, SPECS, Actions
from designer.gesture_list import GESTURES
from designer.top_bar import WORKSPACES

pytestmark = pytest.mark.usefixtures("qapp")  # Qt tells the standard keys of the platform

ARROWS = ("Left", "Right", "Up", "Down")
NAMES = {spec.name for spec in SPECS}


def shortcuts() -> list[str]:
    return [QKeySequence(spec.shortcut).toString() for spec in SPECS if spec.shortcut is not None]


def canvas_keys() -> set[str]:
    """The keys of the canvas as the list of shortcuts tells them."""
    found = set()
    for gesture in GESTURES:
        if gesture.section == "Keys on the canvas":
            for words in gesture.how.replace(", or tap ", ", ").replace(" or ", ", ").split(", "):
                names = [words.replace("arrow", arrow) for arrow in ARROWS] if "arrow" in words else [words]
                found |= {QKeySequence(name.replace("Enter", "Return")).toString() for name in names}
    return found


def test_no_key_stands_for_two_actions() -> None:
    twice = {key: count for key, count in Counter(shortcuts()).items() if count > 1}
    assert twice == {}


def test_no_key_of_the_canvas_is_that_of_an_action() -> None:
    keys = canvas_keys()
    assert {"Left", "Shift+Left", "Ctrl+Shift+Down", "C", "Return", "Del", "Backspace", "Space", "PgUp"} <= keys
    assert keys & set(shortcuts()) == set()


def test_the_keys_that_actions_tell_are_keys_of_the_canvas(actions: Actions) -> None:
    told = {spec.name: QKeySequence(spec.on_canvas).toString() for spec in SPECS if spec.on_canvas}
    assert told.keys() >= {"delete", "select_all", "edit_values", "connect_output", "quick_add", "move_left"}
    assert set(told.values()) <= canvas_keys()
    assert len(set(told.values())) == len(told)
    for name, keys in told.items():
        assert actions[name].shortcut().toString() == keys, "menus tell it"
        assert actions[name].shortcutContext() == Qt.ShortcutContext.WidgetShortcut, "and leave it to the canvas"


def test_each_moving_key_of_the_canvas_means_one_thing() -> None:
    """Escape and Backspace go on from one thing to the next; no other key means two."""
    counts = Counter(gesture.how for gesture in GESTURES if gesture.section == "Keys on the canvas")
    assert {how for how, count in counts.items() if count > 1} <= {"Esc"}


def test_menus_parts_and_reasons_name_actions() -> None:
    named = {name for names in MENUS.values() for name in names} | set(CANVAS_MENU)
    assert named - NAMES == {SEPARATOR, "recent"}
    assert set(ON_CANVAS) <= NAMES
    assert set(LACKS) <= NAMES
    assert max(Counter(spec.name for spec in SPECS).values()) == 1


def test_where_one_of_several_is_chosen_it_is_one_choice(actions: Actions) -> None:
    """Menus draw those as a round mark; boxes to tick would tell that several can be chosen."""
    for names in (WORKSPACES, [name for name in NAMES if name.startswith("theme_")]):
        (group,) = {actions[name].actionGroup() for name in names}
        assert group.isExclusive()
        for name in names:
            actions[name].trigger()
            assert [actions[other].isChecked() for other in names] == [other == name for other in names]
            actions[name].trigger()  # again, which leaves it chosen
            assert actions[name].isChecked()
        actions[names[0]].setChecked(True)
        actions[names[0]].setChecked(False)  # on the start page, no workspace is
        assert group.checkedAction() is None
    assert actions["minimap"].actionGroup() is None
