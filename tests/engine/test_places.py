"""Rectangles, and mappings by path as groups are entered, left, copied and removed."""

from __future__ import annotations

from engine.places import (
    Area,
    Position,
    inside_of,
    insides,
    middle_of,
    numbered,
    put_into,
    put_under,
    seen_from,
    without_groups,
)

PLACES = {"a": 1, "g": 2, "g/a": 3, "g/h/b": 4, "gg/a": 5}


def test_a_group_is_seen_from_inside_and_put_back() -> None:
    inner = seen_from(PLACES, "g/")
    assert inner == {"a": 3, "h/b": 4}
    assert put_under(PLACES, "g/", inner) == PLACES
    assert put_under(PLACES, "g/", {"c": 6}) == {"a": 1, "g": 2, "gg/a": 5, "g/c": 6}


def test_what_is_inside_is_copied_and_goes_with_the_last_use() -> None:
    assert inside_of(PLACES, "g", "k") == {"k/a": 3, "k/h/b": 4}
    assert insides(PLACES) == {"g": {"a": 3, "h/b": 4}, "gg": {"a": 5}}
    assert put_into("k", insides(PLACES)["g"]) == inside_of(PLACES, "g", "k")
    assert without_groups(PLACES, {"g"}, {}) == {"a": 1, "g": 2, "gg/a": 5}
    assert without_groups(PLACES, {"g"}, {"g": "k"}) == {"a": 1, "g": 2, "k/a": 3, "k/h/b": 4, "gg/a": 5}


def test_areas() -> None:
    area = Area(10, 20, 100, 50)
    assert area.middle == (60, 45)
    assert area.by(-10, 5) == (0, 25, 100, 50)
    assert area.holds((10, 70))
    assert not area.holds((9, 70))
    assert area.holds_all(Area(20, 30, 10, 10))
    assert not area.holds_all(Area(20, 30, 10, 100))
    assert middle_of((0, 0)) == (75, 29)
    assert Position(1, 2).by(3, 4) == (4, 6)


def test_numbers_fill_gaps() -> None:
    assert numbered("frame", ["frame1", "frame3"]) == "frame2"
