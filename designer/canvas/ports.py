"""How the ports of a card stand: which are drawn in full, which are told by name, and where each of them is."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple

from PySide6.QtCore import QPointF, QSizeF

from designer.canvas.geometry import HEIGHT, WIDTH
from engine.blocks import Block, Loss
from engine.blocks.base import Port
from engine.group import Group

GAP, CLOSE, BETWEEN = 20.0, 9.0, 14.0  # between ports in full, between small ones, and where the two meet
AROUND = 19.0  # from the first and last port to the edge of the card
HEAD, FOOT, ROW = 64.0, 14.0, 18.0  # of a card that tells its ports: to the first one, after the last, between two
NUMBERED = re.compile(r"[a-z]+\d+")  # x1, x2, x3: names that tell nothing
PortName = tuple[Literal["in", "out"], str]  # its side, and how the block calls it
MANY = 3  # so many inputs can't be told apart by their order alone


class Sides(NamedTuple):
    """The ports of a card. An input that may stay without a wire, and has none, is drawn small."""

    inputs: tuple[bool, ...] = (True,)  # one a port: whether it is drawn in full
    outputs: int = 1
    labelled: bool = False  # whether their names stand on the card


class Face(NamedTuple):
    """Where the ports of a block are; all cards with the same ports share one."""

    sides: Sides
    optional: frozenset[str]  # inputs that may stay without a wire
    places: Mapping[PortName, tuple[float, float]]  # of the centres, in the card's own coordinates
    spare: frozenset[PortName]  # optional inputs without a wire


def sides_of(block: Block, wired: Collection[str] = ()) -> Sides:
    """How a block's ports are shown while these of its optional inputs have a wire."""
    return face_of(block, wired).sides


def face_of(block: Block, wired: Collection[str] = ()) -> Face:
    """What a card shows of a block's ports while these of its optional inputs have a wire."""
    outputs = () if isinstance(block, Loss) else block.output_ports()  # nothing can take a loss
    return _face(tuple(block.input_ports()), tuple(outputs), isinstance(block, Group), frozenset(wired))


@functools.lru_cache(maxsize=4096)
def _face(inputs: tuple[Port, ...], outputs: tuple[str, ...], group: bool, wired: frozenset[str]) -> Face:
    needed = [port.name for port in inputs if not port.optional]
    several = len(needed) >= MANY and not all(NUMBERED.fullmatch(name) for name in needed)
    if group:
        several = len(needed) > 1
    full = tuple(not port.optional or port.name in wired for port in inputs)
    sides = Sides(full, len(outputs), len(outputs) > 1 or several)
    names: list[PortName] = [*(("in", port.name) for port in inputs), *(("out", name) for name in outputs)]
    places_in, places_out = port_places(sides)
    return Face(
        sides,
        frozenset(port.name for port in inputs if port.optional),
        {name: place.toTuple() for name, place in zip(names, (*places_in, *places_out), strict=True)},
        frozenset(name for name, here in zip(names, full, strict=False) if not here),
    )


@functools.cache
def card_size(sides: Sides) -> QSizeF:
    """Width and height of a card with these ports."""
    reach = max(_reach(sides.inputs, sides.labelled), _reach((True,) * sides.outputs, sides.labelled))
    return QSizeF(WIDTH, HEAD + reach + FOOT if sides.labelled else max(HEIGHT, reach + 2 * AROUND))


@functools.cache
def port_places(sides: Sides) -> tuple[tuple[QPointF, ...], tuple[QPointF, ...]]:
    """Centres of the input ports and of the output ports, in the card's own coordinates."""
    height = card_size(sides).height()

    def heights(full: tuple[bool, ...]) -> list[float]:
        first = HEAD if sides.labelled else (height - _reach(full, labelled=False)) / 2
        return [first + offset for offset in _offsets(full, sides.labelled)]

    inputs, outputs = heights(sides.inputs), heights((True,) * sides.outputs)
    return tuple(QPointF(0, y) for y in inputs), tuple(QPointF(WIDTH, y) for y in outputs)


def _offsets(full: tuple[bool, ...], labelled: bool) -> tuple[float, ...]:
    """Distance of each port of one side from the first; small ones stand closer."""
    gaps = {(True, True): ROW if labelled else GAP, (False, False): CLOSE}
    steps = (gaps.get(pair, BETWEEN) for pair in itertools.pairwise(full))
    return tuple(itertools.accumulate(steps, initial=0.0)) if full else ()


def _reach(full: tuple[bool, ...], labelled: bool) -> float:
    return max(_offsets(full, labelled), default=0.0)
