"""Notes outside of frames go along with the block beside them, and cover nothing."""

from __future__ import annotations

import pytest

from engine import decorating
from engine.blocks import CATALOGUE
from engine.notes_aside import APART, SHAPE, with_notes_aside
from engine.places import CARD, Area
from engine.project import Project

CARDS = {"a": (0.0, 0.0), "b": (200.0, 0.0), "c": (400.0, 0.0)}


def drawn(*notes: Area) -> Project:
    """Three blocks in a row, and these notes."""
    project = Project()
    for key, place in CARDS.items():
        project, _ = project.add(CATALOGUE["ReLU"](), place, key)
    for note in notes:
        project, _ = decorating.add_note(project, note, "why")
    return project


def tidied(before: Project, **moved: tuple[float, float]) -> Project:
    after = before.move(moved)
    return with_notes_aside(before, after, {key: Area(*after.layout[key], *CARD) for key in after.graph.nodes})


def note(project: Project, number: int = 1) -> Area:
    return project.decor[f"note{number}"].area


@pytest.mark.parametrize(
    ("area", "moved", "expected"),
    [
        (Area(0, -80, 150, 60), {"a": (0.0, 300.0)}, Area(0, 220, 150, 60)),  # beside a block that moves
        (Area(0, -80, 150, 60), {"c": (0.0, 300.0)}, Area(0, -80, 150, 60)),  # beside one that stays
        (Area(0, -900, 150, 60), {"a": (0.0, 300.0)}, Area(0, -900, 150, 60)),  # beside none
        # where a block comes to, of which it stood apart: straight above that block
        (Area(0, -900, 150, 60), {"a": (0.0, -900.0)}, Area(0, -900 - 60 - APART, 150, 60)),
        # its block goes between two others: there is no room but above or below
        (Area(0, 90, 150, 60), {"a": (200.0, -90.0)}, Area(200, CARD[1] + SHAPE + APART, 150, 60)),
    ],
)
def test_a_note_goes_along_and_keeps_clear(area: Area, moved: dict[str, tuple[float, float]], expected: Area) -> None:
    before = drawn(area)
    after = tidied(before, **moved)
    assert note(after) == expected
    assert tidied(after) == after  # it stays where it is from then on


def test_notes_do_not_come_to_lie_upon_each_other() -> None:
    after = tidied(drawn(Area(0, -80, 150, 60), Area(0, -900, 150, 60)), a=(0.0, -820.0))
    one, other = note(after, 1), note(after, 2)
    assert one.y + one.height <= other.y or other.y + other.height <= one.y


def test_frames_are_kept_clear_too_and_what_is_in_them_is_left_alone() -> None:
    before, _ = decorating.add_frame(
        drawn(Area(600, 0, 100, 60), Area(30, 90, 100, 40)), Area(-20, -40, 400, 200), "Both"
    )
    moved = before.with_(decor={**before.decor, "frame1": before.decor["frame1"].with_(area=Area(400, -40, 400, 200))})
    after = with_notes_aside(before, moved, {})
    assert note(after, 1) == Area(600, -40 - 60 - APART, 100, 60)
    assert note(after, 2) == note(before, 2)
    inside = with_notes_aside(before, before, {})
    assert inside is before
