"""Frames stay around their blocks when these are put in order, with what else is in them."""

from __future__ import annotations

from engine import decorating
from engine.blocks import CATALOGUE
from engine.framing import MARGINS, Held, around, arranged, frames_of
from engine.places import CARD, Area
from engine.project import Project


def drawn() -> Project:
    """Three blocks, a frame around two of them in a larger one around all, a note in the larger one, and one apart."""
    project = Project()
    for index, key in enumerate("abc"):
        project, _ = project.add(CATALOGUE["ReLU"](), (index * 200, 0), key)
    project, _ = decorating.add_frame(project, Area(-20, -40, 400, 150), "Inner")
    project, _ = decorating.add_frame(project, Area(-60, -100, 700, 500), "Outer")
    project, _ = decorating.add_note(project, Area(0, 250, 100, 60), "inside")
    project, _ = decorating.add_note(project, Area(2000, 0, 100, 60), "apart")
    project, _ = decorating.add_frame(project, Area(3000, 0, 100, 100), "Empty")
    return project


def places(**corners: tuple[float, float]) -> dict[str, Area]:
    return {key: Area(*corner, *CARD) for key, corner in corners.items()}


def test_a_frame_has_room_on_each_side() -> None:
    area = around([Area(0, 0, 150, 60), Area(200, 100, 150, 60)])
    assert area == (-MARGINS.beside, -MARGINS.above, 350 + 2 * MARGINS.beside, 160 + MARGINS.above + MARGINS.below)


def test_frames_follow_and_hold_the_same_as_before() -> None:
    before = drawn()
    after = arranged(before, places(a=(500, 500), b=(500, 700), c=(900, 500)))
    assert after.layout["b"] == (500, 700)
    for key in ("frame1", "frame2", "frame3"):
        assert decorating.carried(after, [key]) == decorating.carried(before, [key])
    inner = after.decor["frame1"].area
    assert inner == around(places(a=(500, 500), b=(500, 700)).values())
    assert after.decor["frame2"].area.holds_all(inner)
    assert after.decor["frame2"].area.holds_all(after.decor["note1"].area)
    for block in places(a=(500, 500), b=(500, 700), c=(900, 500)).values():
        note = after.decor["note1"].area
        assert note.y >= block.y + block.height
    assert after.decor["note2"] is before.decor["note2"]
    assert after.decor["frame3"] is before.decor["frame3"]


def test_frames_whose_blocks_stay_stay_too() -> None:
    before = drawn()
    after = arranged(before, places(a=(0, 0), b=(200, 0), c=(450, 30)))
    assert after.decor["frame1"] is before.decor["frame1"]
    assert after.decor["frame2"].area != before.decor["frame2"].area
    assert arranged(before, places(a=(0, 0), b=(200, 0), c=(400, 0))) == before


def test_what_every_frame_holds() -> None:
    assert frames_of(drawn()) == [
        Held(frozenset("ab")),
        Held(frozenset("abc"), 60.0),  # and room for its note
        Held(frozenset()),
    ]
