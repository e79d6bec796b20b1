"""What can be added: the blocks of the catalogue, groups that come with the program, and inside a group its ports."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.blocks import CATALOGUE, CATEGORIES, Block, Loss, Source
from engine.blocks.inputs import Output
from engine.composites import Composite, aliases_of, open_composite, title_of
from engine.composites import names as composite_names
from engine.group import Group, GroupInput, GroupOutput
from engine.project import Project

STAY_OUTSIDE = (Source, Output, Loss)
PORTS: Mapping[str, type[Block]] = {"GroupInput": GroupInput, "GroupOutput": GroupOutput}


@dataclass(frozen=True)
class Offer:
    """One thing that can be added: `name` is how the palette and a drag speak of it, `label` what is read."""

    name: str
    label: str
    section: str  # the category under which the palette shows it
    kind: type[Block]
    aliases: tuple[str, ...]

    @functools.cached_property
    def composite(self) -> Composite | None:
        """The file of a group that comes with the program; reading it takes a moment."""
        return open_composite(self.name) if issubclass(self.kind, Group) else None

    @functools.cached_property
    def doc(self) -> str:
        """What it does, in a sentence."""
        return first_sentence(self.composite.description if self.composite else self.kind.doc())

    @functools.cached_property
    def block(self) -> Block:
        return self.composite.group if self.composite else self.kind()

    def add(self, project: Project, place: tuple[float, float]) -> tuple[Project, str]:
        """The project with one more block at a place, and the id it got."""
        return self.composite.add_to(project, place) if self.composite else project.add(self.block, place)


@functools.cache
def available(inside: bool) -> Mapping[str, Offer]:
    """What can be added by name, inside a group or outside of all; groups stand behind inputs and targets."""
    blocks = [Offer(name, name, kind.category, kind, kind.aliases) for name, kind in CATALOGUE.items()]
    if inside:
        first = [Offer(name, name, Group.category, kind, kind.aliases) for name, kind in PORTS.items()]
        rest = [made for made in blocks if not issubclass(made.kind, STAY_OUTSIDE)]
    else:
        first = [made for made in blocks if made.section == CATEGORIES[0]]
        rest = [made for made in blocks if made.section != CATEGORIES[0]]
    groups = [
        Offer(name, title_of(name), Group.category, Group, (*aliases_of(name), *Group.aliases))
        for name in composite_names()
    ]
    return {made.name: made for made in (*first, *groups, *rest)}


def offer(name: str) -> Offer:
    """What goes by that name, wherever it may be added.

    Raises:
        KeyError: when there is no such thing.
    """
    return available(name in PORTS)[name]


def first_sentence(words: str) -> str:
    return re.split(r"(?<=[.!?])\s", words, maxsplit=1)[0]
