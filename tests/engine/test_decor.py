"""Frames, notes and ways of wires are frozen values."""

from __future__ import annotations

import pydantic
import pytest

from engine.decor import Frame, Route
from engine.places import Area, Position


def test_a_change_makes_another() -> None:
    frame = Frame(area=Area(0, 0, 100, 100))
    assert frame.with_(title="Head") == Frame(area=Area(0, 0, 100, 100), title="Head")
    assert frame.title == ""
    with pytest.raises(pydantic.ValidationError):
        frame.title = "x"  # type: ignore[misc]


def test_a_wire_that_is_drawn_as_any_other_needs_no_entry() -> None:
    assert Route().plain
    for route in (Route(bends=(Position(0, 0),)), Route(labelled=True), Route(extras={"new": 1})):
        assert not route.plain
