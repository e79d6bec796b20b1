"""Names for the arguments of a printed constructor, from what torch calls the places where they go."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.graph import refused_name
from engine.printing.slots import Slot

PAIRS = ("channels", "features", "size", "dim")  # in_channels and out_channels of one number are `channels`


def argument_names(arguments: Sequence[Sequence[Slot]]) -> list[str]:
    """A name for each argument, given the places where it goes: `in_channels`, `stride`, `conv3_channels`."""
    wanted = [_wanted([slot.hint for slot in slots]) for slots in arguments]
    names: list[str] = []
    for number, slots in enumerate(arguments):
        word = _word(wanted[number])
        others = [name for place, name in enumerate(wanted) if place != number and _word(name) == word]
        lone = not others or (len(others) == 1 and {wanted[number], *others} > {f"in_{word}"})
        enters = word not in map(_word, wanted[:number]) and any(slot.hint == f"in_{word}" for slot in slots)
        name = wanted[number] if lone or enters else f"{_source(slots, word)}_{word}"
        if lone and others == [f"in_{word}"]:
            name = f"out_{word}"
        names.append(_free(name, names))
    return names


def _wanted(hints: list[str]) -> str:
    """`channels` for what is in_channels here and out_channels there, else the first that is told."""
    names = [hint.strip("_") for hint in hints]
    for word in PAIRS:
        if len(set(names)) > 1 and any(name.endswith(word) for name in names):
            return word
    return re.sub(r"\W", "", names[0]) or "value"


def _word(name: str) -> str:
    """`in_channels`, `out_channels`, `channels` → channels"""
    return re.sub(r"^(in|out)_(?=\w)", "", name)


def _source(slots: Sequence[Slot], word: str) -> str:
    """The attribute that gives so many: the first that has them as its output."""
    giving = [slot.attribute for slot in slots if slot.hint == f"out_{word}"]
    return giving[0] if giving else slots[0].attribute


def _free(wanted: str, taken: Sequence[str]) -> str:
    allowed = f"{wanted}_" if refused_name(wanted) else wanted
    name, number = allowed, 2
    while name in taken:
        name, number = f"{allowed}{number}", number + 1
    return name
