"""Align, distribute and tidy up: one step each, seen as a movement, undone exactly."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, QRectF
from pytestqt.qtbot import QtBot

from designer.available import offer
from designer.canvas import Canvas
from designer.motion import reduce_motion
from engine import decorating
from engine.blocks import CATALOGUE
from engine.framing import frames_of
from engine.graph import Graph, Node, Wire
from engine.grouping import make_group
from engine.places import Area
from engine.project import Position, Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.equality import scene_equals_project
from tests.designer.canvas.hand import Hand

STEPS = {
    "align_left": "Align left",
    "align_centre": "Align centre",
    "align_right": "Align right",
    "align_top": "Align top",
    "align_middle": "Align middle",
    "align_bottom": "Align bottom",
    "distribute_across": "Distribute horizontally",
    "distribute_down": "Distribute vertically",
    "same_spacing": "Same spacing",
    "tidy": "Tidy up",
    "tidy_down": "Tidy up from top to bottom",
}
SCATTERED = {"a": (0, 40), "b": (203, 104), "c": (17, 203), "d": (493, 300)}


@pytest.fixture
def canvas(show: Callable[[Project], Canvas]) -> Canvas:
    return show(chain("Input", "Conv2d", "ReLU", "Flatten").move(SCATTERED))


@pytest.mark.parametrize("name", STEPS)
def test_each_is_one_step_that_undo_takes_back(canvas: Canvas, name: str) -> None:
    before = canvas.document.project
    canvas.select_all()
    getattr(canvas.arranging, name)()
    after = canvas.document.project
    assert canvas.document.undo_stack.count() == 1
    assert canvas.document.undo_stack.undoText() == STEPS[name]
    assert after.graph is before.graph
    assert after.layout != before.layout
    canvas.scene.rest()
    scene_equals_project(canvas, after)
    bodies = [card.body for card in canvas.scene.cards.values()]
    assert not any(one.intersects(other) for one in bodies for other in bodies if one is not other)
    canvas.document.undo_stack.undo()
    assert canvas.document.project == before
    scene_equals_project(canvas, before)
    canvas.document.undo_stack.redo()
    assert canvas.document.project == after
    scene_equals_project(canvas, after)


@pytest.mark.parametrize(("count", "some"), [(0, "tidy"), (1, ""), (2, "align tidy"), (3, "align dist same tidy")])
def test_what_is_possible(canvas: Canvas, count: int, some: str) -> None:
    canvas.select("abcd"[:count])
    words = some.split()
    for name, can in canvas.arranging.possible().items():
        assert can == any(name.startswith(word) for word in words), name


def test_the_eye_follows(canvas: Canvas, qtbot: QtBot) -> None:
    reduce_motion(False)
    canvas.select(["a", "d"])
    canvas.arranging.align_left()
    assert canvas.scene.cards["d"].pos() == QPointF(493, 300), "on its way"
    assert tuple(canvas.document.project.layout["d"]) == (0, 300), "the project is there at once"
    qtbot.waitUntil(lambda: canvas.scene.cards["d"].pos() == QPointF(0, 300))
    scene_equals_project(canvas, canvas.document.project)


def test_a_press_ends_the_movement(canvas: Canvas, hand: Hand) -> None:
    reduce_motion(False)
    canvas.select(["a", "d"])
    canvas.arranging.align_left()
    assert canvas.scene.cards["d"].pos() == QPointF(493, 300)
    hand.click(QPointF(600, -50))
    scene_equals_project(canvas, canvas.document.project)


def test_a_tidy_chain_is_straight(canvas: Canvas) -> None:
    canvas.arranging.tidy()
    canvas.scene.rest()
    places = [canvas.document.project.layout[key] for key in "abcd"]
    assert len({place.y for place in places}) == 1
    assert len({b.x - a.x for a, b in itertools.pairwise(places)}) == 1
    assert all(canvas.view.visible.contains(card.body) for card in canvas.scene.cards.values())


def test_all_that_was_tidied_fills_the_view(canvas: Canvas) -> None:
    canvas.zoom_to(0.2)
    canvas.arranging.tidy()
    assert canvas.zoom() > 0.8
    assert all(canvas.view.visible.contains(card.body) for card in canvas.scene.cards.values())


def test_only_the_selected_are_tidied(canvas: Canvas) -> None:
    canvas.select(["a", "b", "c"])
    canvas.arranging.tidy()
    layout = canvas.document.project.layout
    assert tuple(layout["d"]) == SCATTERED["d"]
    assert len({layout[key].y for key in "abc"}) == 1
    canvas.scene.rest()
    bodies = [card.body for card in canvas.scene.cards.values()]
    assert not any(one.intersects(other) for one in bodies for other in bodies if one is not other)


def test_inside_a_group(show: Callable[[Project], Canvas]) -> None:
    project, key = make_group(chain("Input", "Conv2d", "ReLU", "Flatten"), ["b", "c"])
    canvas = show(project)
    canvas.here.enter(key)
    canvas.arranging.tidy_down()
    canvas.scene.rest()
    scene_equals_project(canvas, canvas.here.project)
    canvas.document.undo_stack.undo()
    assert canvas.document.project == project


def test_a_tidy_network_stays_as_it_is(canvas: Canvas) -> None:
    canvas.arranging.tidy()
    canvas.arranging.tidy()
    assert canvas.document.undo_stack.count() == 1


@pytest.mark.parametrize("name", ["tidy", "tidy_down"])
@pytest.mark.parametrize("drawing", ["dense-block", "residual-block", "inception", "transformer-block", "u-net-level"])
def test_no_wire_runs_behind_a_card(show: Callable[[Project], Canvas], drawing: str, name: str) -> None:
    project, key = offer(drawing).add(Project(), (0, 0))
    canvas = show(project)
    canvas.here.enter(key)
    getattr(canvas.arranging, name)()
    canvas.scene.rest()
    scene_equals_project(canvas, canvas.here.project)
    for wire, item in canvas.scene.wires.items():
        path = item.mapToScene(item.path())
        points = [path.pointAtPercent(step / 200) for step in range(201)]
        for other, card in canvas.scene.cards.items():
            if other not in (wire.source, wire.target):
                assert not any(card.body.contains(point) for point in points), f"{wire} behind {other}"
    stack = canvas.document.undo_stack
    stack.undo()
    assert canvas.document.project == project
    stack.redo()
    getattr(canvas.arranging, name)()
    assert stack.count() == 1, "what is tidy stays as it is"


def test_a_shortcut_is_led_past_the_chain_and_bends_by_hand_go(show: Callable[[Project], Canvas]) -> None:
    project, key = offer("bottleneck").add(Project(), (0, 0))
    canvas = show(project)
    canvas.here.enter(key)
    inside = canvas.here.project
    long = max(inside.graph.wires, key=lambda wire: inside.layout[wire.target].x - inside.layout[wire.source].x)
    short = next(wire for wire in inside.graph.wires if wire.source != long.source)
    canvas.here.change(decorating.bend(inside, short, [(20, 300)]), "Bend")
    canvas.arranging.tidy()
    after = canvas.here.project
    assert decorating.route(after, short).bends == ()
    first, last = decorating.route(after, long).bends
    assert first.y == last.y
    canvas.document.undo_stack.undo()
    assert decorating.route(canvas.here.project, short).bends == ((20, 300),)
    assert decorating.route(canvas.here.project, long).bends == ()


@pytest.mark.parametrize("name", ["tidy", "tidy_down"])
def test_frames_of_interleaved_chains_do_not_lie_upon_each_other(show: Callable[[Project], Canvas], name: str) -> None:
    """Two chains side by side, each in a frame, the second of which feeds the first."""
    project = Project()
    for number in range(8):
        kind = "Add" if number % 4 == 2 else "ReLU"
        project, _ = project.add(CATALOGUE[kind](), (number % 4 * 200, number // 4 * 300), f"b{number}")
    for text in ("b0.y -> b1.x", "b1.y -> b2.x1", "b4.y -> b5.x", "b5.y -> b6.x1", "b5.y -> b2.x2", "b0.y -> b6.x2"):
        project = project.edit(project.graph.connect(Wire.parse(text)))
    for row in (0, 1):
        project, _ = decorating.add_frame(project, Area(-20, row * 300 - 40, 800, 130), f"Chain {row}")
    held = frames_of(project)
    canvas = show(project)
    getattr(canvas.arranging, name)()
    canvas.scene.rest()
    after = canvas.document.project
    assert frames_of(after) == held, "each holds its own blocks and no others"
    one, other = (QRectF(*item.area) for item in decorating.placed(after).values())
    assert not one.intersects(other)
    canvas.document.undo_stack.undo()
    assert canvas.document.project == project


def large() -> Project:
    """Ten chains of ten blocks on one heap."""
    nodes = {f"b{n}": Node(name=f"b{n}", block=CATALOGUE["ReLU"]()) for n in range(100)}
    wires = tuple(Wire(f"b{n}", "y", f"b{n + 1}", "x") for n in range(99) if n % 10 != 9)
    return Project(graph=Graph(nodes=nodes, wires=wires), layout={key: Position(0, 0) for key in nodes})


def test_large_networks_are_tidied_in_the_background(show: Callable[[Project], Canvas], qtbot: QtBot) -> None:
    canvas = show(large())
    canvas.arranging.tidy()
    assert canvas.document.undo_stack.count() == 0
    qtbot.waitUntil(lambda: canvas.document.undo_stack.count() == 1)
    canvas.scene.rest()
    scene_equals_project(canvas, canvas.document.project)
    layout = canvas.document.project.layout
    assert all(len({layout[f"b{10 * row + n}"].y for n in range(10)}) == 1 for row in range(10))


def test_what_is_edited_meanwhile_is_not_undone(show: Callable[[Project], Canvas], qtbot: QtBot) -> None:
    canvas = show(large())
    canvas.arranging.tidy()
    canvas.select(["b0"])
    canvas.nudge(10, 0)
    task = canvas.arranging._task
    assert task is not None
    qtbot.waitUntil(lambda: canvas.arranging._task is None)
    assert canvas.document.undo_stack.count() == 1


@pytest.mark.parametrize("name", ["tidy", "tidy_down"])
def test_notes_outside_of_frames_are_not_covered(show: Callable[[Project], Canvas], name: str) -> None:
    project = chain("Input", "Conv2d", "ReLU", "Flatten").move(SCATTERED)
    for x, y in ((190, 30), (230, -100), (380, 120)):
        project, _ = decorating.add_note(project, Area(x, y, 160, 70), "why")
    canvas = show(project)
    before = canvas.document.project
    getattr(canvas.arranging, name)()
    canvas.scene.rest()
    after = canvas.document.project
    scene_equals_project(canvas, after)
    notes = [QRectF(*item.area) for item in decorating.placed(after).values()]
    others = [*notes, *(card.body for card in canvas.scene.cards.values())]
    assert not any(note.intersects(other) for note in notes for other in others if other != note)
    assert all(canvas.view.visible.contains(note) for note in notes)
    canvas.document.undo_stack.undo()
    assert canvas.document.project == before
    assert canvas.document.undo_stack.count() == 1
