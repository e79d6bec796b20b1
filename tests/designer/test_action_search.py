"""Commands are found by a few letters, and tell why they can't be carried out."""

from __future__ import annotations

import pytest

from designer.action_search import commands, search
from designer.actions import LACKS, MENUS, SEPARATOR, SPECS, Actions


def test_every_action_of_the_table_is_a_command(actions: Actions) -> None:
    assert [command.name for command in commands(actions)] == [spec.name for spec in SPECS]
    assert [command.name for command in search("", commands(actions))] == [spec.name for spec in SPECS]


def test_every_action_stands_in_a_menu_and_every_lack_belongs_to_one(actions: Actions) -> None:
    names = {spec.name for spec in SPECS}
    assert all(command.menu for command in commands(actions))
    assert {name for menu in MENUS.values() for name in menu} - {SEPARATOR, "recent"} == names
    assert LACKS.keys() <= names


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("undo", "undo"),
        ("fit", "fit"),
        ("fit sel", "fit_selection"),
        ("fs", "fit_selection"),  # initials
        ("grp", "group"),  # letters in their order
        ("python", "export_python"),
        ("dark", "theme_dark"),
        ("weights own", "own_weights"),
        ("curves", None),
        ("zzz", None),
    ],
)
def test_the_first_hit(actions: Actions, query: str, first: str | None) -> None:
    found = search(query, commands(actions))
    assert (found[0].name if found else None) == first


def test_recent_ones_come_first_where_they_fit_as_well(actions: Actions) -> None:
    everything = commands(actions)
    assert [one.name for one in search("", everything, ("about", "redo"))[:2]] == ["about", "redo"]
    assert search("export", everything, ("export_weights",))[0].name == "export_weights"
    assert search("undo", everything, ("redo",))[0].name == "undo"


def test_what_can_not_be_done_says_why(actions: Actions) -> None:
    actions["undo"].setEnabled(False)
    actions["about"].setEnabled(False)
    lacks = {command.name: command.lack for command in commands(actions)}
    assert lacks["undo"] == "Nothing to take back"
    assert lacks["about"] == "Not possible now"
    assert lacks["save"] == ""
