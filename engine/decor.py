"""What stands on the canvas for people alone: frames, sticky notes, and how wires run. None of it changes a network.

A project's decor goes by path as its layout does. Frames and notes have ids of their own, such as "stage1/frame2"; a
wire goes by its text behind the path of its group, such as "stage1/conv1.y -> relu1.x".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from engine.places import Area, Position

COLOURS = ("grey", "blue", "green", "yellow", "orange", "red", "violet")  # by role; a theme says how each looks
FARTHEST = 1e7  # pixels from the middle of the canvas
SMALLEST = 40.0  # width and height, in pixels
LONGEST_TITLE, LONGEST_TEXT, MOST_BENDS = 200, 100_000, 100


class Item(BaseModel):
    """What all decor has in common; `extras` is what this version does not know of an entry, saved back unchanged."""

    model_config = ConfigDict(frozen=True)

    extras: Mapping[str, Any] = {}

    def with_(self, **changes: Any) -> Self:
        return self.model_copy(update=changes)


class Frame(Item):
    """A rectangle with a title around blocks; what lies in it moves along with it."""

    area: Area
    title: str = ""
    colour: str = "grey"


class Note(Item):
    """A text in Markdown."""

    area: Area
    text: str = ""
    colour: str = "yellow"


class Route(Item):
    """How a wire is drawn: through which points, or not at all but for a label at each of its ends."""

    bends: tuple[Position, ...] = ()
    labelled: bool = False

    @property
    def plain(self) -> bool:
        """Whether it is drawn as any wire is."""
        return not (self.bends or self.labelled or self.extras)


class Strange(Item):
    """An entry of a kind that this version does not know."""


Placed = Frame | Note
Decor = Frame | Note | Route | Strange
