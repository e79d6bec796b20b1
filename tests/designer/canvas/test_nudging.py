"""What is selected moves by a step from menus and the palette, as by keys; steps that follow each other are one."""

from __future__ import annotations

import pytest

from designer.canvas import Canvas
from engine import decorating
from engine.graph import Wire
from engine.places import Area
from tests.designer.canvas.equality import scene_equals_project

STEPS = {"move_left": (-10, 0), "move_right": (10, 0), "move_up": (0, -10), "move_down": (0, 10)}
AB = Wire("a", "y", "b", "x")


@pytest.mark.parametrize("name", STEPS)
def test_blocks_move_a_step(canvas: Canvas, name: str) -> None:
    before = canvas.document.project
    canvas.select(["b", "c"])
    assert canvas.possible()[name]
    getattr(canvas.nudging, name)()
    getattr(canvas.nudging, name)()
    across, down = STEPS[name]
    after = canvas.document.project
    assert {key: after.layout[key] for key in "bc"} == {
        key: before.layout[key].by(2 * across, 2 * down) for key in "bc"
    }
    assert canvas.document.undo_stack.count() == 1
    scene_equals_project(canvas, after)
    canvas.document.undo_stack.undo()
    assert canvas.document.project == before


def test_notes_and_bends_move_too(canvas: Canvas) -> None:
    project, note = decorating.add_note(canvas.document.project, Area(0, 200, 160, 100), "Why")
    canvas.document.change(decorating.bend(project, AB, [(100.0, 150.0)]), "Decor")
    canvas.scene.select((), (), (note,))
    canvas.nudging.move_down()
    assert decorating.placed(canvas.document.project)[note].area == (0, 210, 160, 100)
    canvas.scene.select((), (AB,))
    assert canvas.possible()["move_left"]
    canvas.nudging.move_left()
    assert [tuple(bend) for bend in decorating.route(canvas.document.project, AB).bends] == [(90, 150)]
    assert canvas.document.undo_stack.count() == 3


def test_nothing_moves_where_nothing_can(canvas: Canvas) -> None:
    before = canvas.document.project
    for wires in ((), (AB,)):
        canvas.scene.select((), wires)
        assert not any(canvas.possible()[name] for name in STEPS)
        canvas.nudging.move_left()
        assert canvas.document.project is before
