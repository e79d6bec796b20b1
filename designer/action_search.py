"""Finds actions by a few letters of what they are called or of what they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction

from designer.actions import SPECS, keys_of, lack_of, menu_of, translated

NO_MATCH = 100  # worse than every real place


@dataclass(frozen=True)
class Command:
    """An action as it is now; `lack` says why it can't be carried out, and is empty when it can."""

    name: str
    text: str
    menu: str
    keys: str
    tip: str
    lack: str


def commands(actions: Mapping[str, QAction]) -> list[Command]:
    """Every action of the table, in its order."""
    found = []
    for spec in SPECS:
        action = actions[spec.name]
        lack = "" if action.isEnabled() else lack_of(spec.name)
        text = action.text().replace("&", "")
        found.append(Command(spec.name, text, menu_of(spec.name), keys_of(spec.name), translated(spec.tip), lack))
    return found


def search(query: str, among: Sequence[Command], recent: Sequence[str] = ()) -> list[Command]:
    """The commands that every word of `query` fits, best first; where two fit equally well, the more recent one.

    For an empty query all of them, the recent ones first.
    """
    words = query.casefold().split()
    places = {name: place for place, name in enumerate(recent)}
    ranks = {command.name: sum(_rank(command, word) for word in words) for command in among}
    fitting = [command for command in among if ranks[command.name] < NO_MATCH]
    return sorted(fitting, key=lambda one: (ranks[one.name], places.get(one.name, len(places))))


def _rank(command: Command, word: str) -> int:
    """How well a word fits: 0 begins the name, and letters that only stand in its order come last."""
    text = command.text.casefold()
    parts = text.split()
    tests = (
        text.startswith(word),
        any(part.startswith(word) for part in parts),
        "".join(part[0] for part in parts).startswith(word),  # fs: Fit selection
        word in text,
        any(part.startswith(word) for part in f"{command.tip} {command.menu}".casefold().split()),
        _in_order(word, text),
    )
    return next((place for place, fits in enumerate(tests) if fits), NO_MATCH)


def _in_order(letters: str, text: str) -> bool:
    """Whether all letters stand in the text, one after the other."""
    rest = iter(text)
    return len(letters) > 2 and all(letter in rest for letter in letters)
