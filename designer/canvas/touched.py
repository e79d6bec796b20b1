"""What the scene tells of an edit to those who keep a picture of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from engine.graph import Wire


class Touched(NamedTuple):
    """Only these can look otherwise than before; where nothing is named, it is the selection, a frame or a note.

    Wires are named where they came, went or are led otherwise; those at the named blocks may differ too.
    """

    blocks: Collection[str] = ()  # by id: they came, went, moved or look otherwise
    wires: Collection[Wire] = ()
    carried: bool = False  # the blocks have moved, and nothing else differs
