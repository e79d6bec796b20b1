"""Wires that would run behind cards are led by the ways found for them; all others are left alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF

from designer.canvas.lanes import BESIDE, led_around
from engine.graph import Wire
from engine.places import Position

WIRE, TWIN = Wire("a", "y", "c", "x"), Wire("a", "z", "c", "w")
BODIES = {"a": QRectF(0, 0, 100, 60), "b": QRectF(200, 0, 100, 60), "c": QRectF(400, 0, 100, 60)}
ENDS = {WIRE: (QPointF(100, 30), QPointF(400, 30))}
OVER = (Position(200, -20), Position(300, -20))


def test_a_wire_behind_a_card_is_led_over_it() -> None:
    assert led_around(ENDS, {("a", "c"): OVER}, BODIES) == {WIRE: OVER}


@pytest.mark.parametrize("downwards", [False, True])
def test_wires_between_the_same_blocks_lie_side_by_side(downwards: bool) -> None:
    found = led_around({**ENDS, TWIN: ENDS[WIRE]}, {("a", "c"): OVER}, BODIES, downwards)
    aside = (BESIDE, 0) if downwards else (0, BESIDE)
    assert found == {WIRE: OVER, TWIN: tuple(point.by(*aside) for point in OVER)}


@pytest.mark.parametrize(
    ("ways", "bodies"),
    [
        ({}, BODIES),  # no way is known
        ({("a", "c"): OVER}, {key: BODIES[key] for key in "ac"}),  # nothing stands between
        ({("a", "c"): OVER}, {**BODIES, "b": QRectF(200, -90, 100, 60)}),  # what stands there is not in its way
        ({("a", "c"): OVER}, {**BODIES, "d": QRectF(180, -80, 140, 79)}),  # on the other way is no less
    ],
)
def test_others_are_left_alone(ways: dict[tuple[str, str], tuple[Position, ...]], bodies: dict[str, QRectF]) -> None:
    assert led_around(ENDS, ways, bodies) == {}
