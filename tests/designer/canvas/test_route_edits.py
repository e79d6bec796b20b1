"""Wires led by dots and hidden behind labels, by mouse and by keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from designer.canvas import Canvas
from designer.canvas.facts import wire_text
from designer.theme import DARK, LIGHT
from engine import decorating
from engine.decor import MOST_BENDS
from engine.graph import Wire
from engine.places import Position
from engine.project import Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.equality import exactly_undone, scene_equals_project
from tests.designer.canvas.hand import LEFT, NONE, Hand

Key = Qt.Key
SHIFT, ALT, CTRL = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)
WIRE = Wire("b", "y", "c", "x")


@pytest.fixture
def far(show: Callable[[Project], Canvas]) -> Canvas:
    """Input → Conv2d → ReLU → Flatten, the third far to the right and below."""
    return show(chain("Input", "Conv2d", "ReLU", "Flatten").move({"c": (500, 200), "d": (690, 200)}))


@pytest.fixture
def bent(far: Canvas) -> Canvas:
    """Likewise; the long wire runs through (420, -60)."""
    project = decorating.bend(far.document.project, WIRE, [(420, -60)])
    far.document.change(project, "Bend")
    return far


def bends(canvas: Canvas) -> list[tuple[float, float]]:
    return [tuple(bend) for bend in decorating.route(canvas.document.project, WIRE).bends]


def last_step(canvas: Canvas) -> str:
    stack = canvas.document.undo_stack
    return stack.text(stack.index() - 1)


def test_alt_and_double_click_add_a_bend_where_the_pointer_is(far: Canvas) -> None:
    before, hand, item = far.document.project, Hand(far), far.scene.wires[WIRE]
    place = item.mapToScene(item.path().pointAtPercent(0.3))
    QTest.mouseClick(hand.viewport, LEFT, ALT, hand.at(place))
    QTest.mouseDClick(hand.viewport, LEFT, ALT, hand.at(place))
    (bend,) = bends(far)
    assert (QPointF(*bend) - place).manhattanLength() <= 12
    assert bend[0] % 10 == bend[1] % 10 == 0
    assert far.scene.selected_wires == {WIRE}
    assert far.scene.ways.picked == (WIRE, 0)
    assert last_step(far) == "Add a bend"
    exactly_undone(far, before)


def test_a_second_bend_goes_to_its_place_along_the_wire(bent: Canvas) -> None:
    item = bent.scene.wires[WIRE]
    bent.routing.add_bend_at(WIRE, item.path().pointAtPercent(0.9))
    bent.routing.add_bend_at(WIRE, item.path().pointAtPercent(0.05))
    assert len(bends(bent)) == 3
    assert bends(bent)[1] == (420, -60)
    assert bends(bent)[0][0] < 420


def test_the_action_bends_the_wire_in_its_middle_also_between_two_blocks(far: Canvas) -> None:
    far.pointer.aim = None
    for chosen in ((), (WIRE,)), (("b", "c"), ()):
        far.scene.select(*chosen)
        assert far.possible()["add_bend"]
        middle = far.scene.wires[WIRE].middle
        far.routing.add_bend()
        (bend,) = bends(far)
        assert (QPointF(*bend) - middle).manhattanLength() <= 12
        far.document.undo_stack.undo()
    far.scene.select(("b",))
    assert not far.possible()["add_bend"]


def test_no_more_bends_than_a_file_may_hold(far: Canvas) -> None:
    many = [(400.0 + index, 80.0) for index in range(MOST_BENDS)]
    far.document.change(decorating.bend(far.document.project, WIRE, many), "Many")
    far.routing.add_bend_at(WIRE, QPointF(450, 80))
    assert len(bends(far)) == MOST_BENDS
    assert last_step(far) == "Many"


@pytest.mark.parametrize(("keys", "end"), [(NONE, (400, -90)), (CTRL, (403, -94))])
def test_a_dragged_dot_takes_the_wire_along(bent: Canvas, keys: Qt.KeyboardModifier, end: tuple[float, float]) -> None:
    before, hand = bent.document.project, Hand(bent)
    hand.press(QPointF(420, -60))
    for stop in ((410, -80), (403, -94)):
        QTest.mouseMove(hand.viewport, hand.at(QPointF(*stop)))
    if keys:
        QTest.keyPress(bent.view, Key.Key_Control)
    hand.release(QPointF(403, -94), keys=keys)
    ((x, y),) = bends(bent)
    assert abs(x - end[0]) <= 1
    assert abs(y - end[1]) <= 1
    assert last_step(bent) == "Move a bend"
    exactly_undone(bent, before)


def test_a_dot_dragged_onto_the_straight_line_is_gone(bent: Canvas) -> None:
    before, hand = bent.document.project, Hand(bent)
    start, end = bent.scene.wires[WIRE].ends
    hand.drag(QPointF(420, -60), (start + end) / 2)
    assert bends(bent) == []
    assert last_step(bent) == "Remove a bend"
    exactly_undone(bent, before)


def test_escape_puts_a_dragged_dot_back(bent: Canvas) -> None:
    before, hand = bent.document.project, Hand(bent)
    hand.press(QPointF(420, -60))
    hand.move(QPointF(400, 40))
    hand.move(QPointF(380, 60))
    hand.key(Key.Key_Escape)
    assert bent.document.project == before
    scene_equals_project(bent, before)


def test_delete_removes_the_bend_in_hand_and_then_the_wire(bent: Canvas) -> None:
    before, hand = bent.document.project, Hand(bent)
    hand.click(QPointF(420, -60))
    assert bent.scene.ways.picked == (WIRE, 0)
    hand.key(Key.Key_Delete)
    assert bends(bent) == []
    assert WIRE in bent.scene.wires
    exactly_undone(bent, before)
    hand.key(Key.Key_Delete)
    assert WIRE not in bent.scene.wires


def test_delete_takes_all_that_is_selected_and_no_bend_alone(bent: Canvas) -> None:
    Hand(bent).click(QPointF(420, -60))
    bent.select_all()
    bent.delete_selected()
    assert not bent.document.project.graph.nodes


def test_arrows_walk_along_the_bends_and_move_them(bent: Canvas) -> None:
    hand = Hand(bent)
    bent.routing.add_bend_at(WIRE, QPointF(480, 100))
    assert bends(bent) == [(420, -60), (480, 100)]
    bent.scene.select((), ())
    bent.scene.select((), (WIRE,))
    hand.key(Key.Key_Down, SHIFT)  # with none in hand, the last
    hand.key(Key.Key_Down, SHIFT)
    assert bends(bent) == [(420, -60), (480, 120)]
    bent.document.undo_stack.undo()
    assert bends(bent) == [(420, -60), (480, 100)]
    hand.key(Key.Key_Left)
    hand.key(Key.Key_Left, SHIFT | ALT)
    assert bends(bent) == [(370, -60), (480, 100)]
    hand.key(Key.Key_Left)
    assert bent.selected() == ("b",)
    bent.scene.select((), (WIRE,))
    for _ in range(3):
        hand.key(Key.Key_Right)
    assert bent.selected() == ("c",)


def test_bends_go_along_where_both_ends_go(bent: Canvas) -> None:
    before, hand = bent.document.project, Hand(bent)
    bent.select(["b", "c"])
    hand.drag(hand.card("b"), hand.card("b") + QPointF(0, 47), hand.card("b") + QPointF(0, 50), keys=NONE)
    shift = bent.document.project.layout["b"].y - before.layout["b"].y
    assert shift
    assert bends(bent) == [(420, -60 + shift)]
    exactly_undone(bent, before)
    bent.select(["b"])
    bent.nudge(0, 10)
    assert bends(bent) == [(420, -60 + shift)]


def test_tidying_up_straightens_what_it_moves_in_one_step(bent: Canvas) -> None:
    before = bent.document.project
    bent.select([])
    count = bent.document.undo_stack.count()
    bent.arranging.tidy()
    assert bent.document.undo_stack.count() == count + 1
    assert bends(bent) == []
    exactly_undone(bent, before)


def test_remove_bends(bent: Canvas) -> None:
    before = bent.document.project
    bent.select(["a", "b", "c", "d"])
    assert bent.possible()["remove_bends"]
    bent.routing.remove_bends()
    assert not bent.possible()["remove_bends"]
    exactly_undone(bent, before)


def test_a_bent_wire_is_hit_and_cut_where_it_runs(bent: Canvas) -> None:
    hand = Hand(bent)
    assert bent.scene.wire_at(QPointF(420, -58), 5) == WIRE
    start, end = bent.scene.wires[WIRE].ends
    assert bent.scene.wire_at((start + end) / 2, 5) is None
    hand.drag(QPointF(420, -110), QPointF(420, -20), keys=ALT)
    assert WIRE not in bent.document.project.graph.wires
    assert not bent.document.project.decor


def test_from_far_a_bent_wire_runs_through_its_bends(bent: Canvas) -> None:
    lines = bent.scene.wires[WIRE].lines()
    assert (lines[0].x2(), lines[0].y2()) == (420, -60)
    assert len(lines) == 2


# Labels


def hide(canvas: Canvas) -> None:
    canvas.scene.select((), (WIRE,))
    canvas.routing.show_labels()


def test_labels_stand_in_place_of_the_wire_and_give_way_to_it_again(bent: Canvas) -> None:
    before = bent.document.project
    hide(bent)
    item = bent.scene.wires[WIRE]
    assert item.labels is not None
    assert item.labels.texts == ("→ c", "← b")
    assert bent.scene.wire_at(QPointF(420, -60), 5) is None
    assert item.lines() == []
    assert last_step(bent) == "Show 1 wire(s) as labels"
    exactly_undone(bent, before)
    bent.scene.select((), (WIRE,))
    assert not bent.possible()["add_bend"]
    bent.routing.show_labels()
    assert bent.document.project == before
    assert bends(bent) == [(420, -60)]


def test_several_labels_of_a_card_stand_below_each_other(show: Callable[[Project], Canvas]) -> None:
    project = chain("Input", "ReLU", "Sigmoid")
    graph = project.graph.disconnect([Wire("b", "y", "c", "x")]).connect(Wire("a", "y", "c", "x"))
    project = decorating.label(project.edit(graph), graph.wires)
    canvas = show(project)
    first, second = (canvas.scene.wires[Wire("a", "y", key, "x")].label_area("out") for key in "bc")
    assert not first.intersects(second)
    assert first.right() == second.right()


def test_a_click_on_a_label_goes_to_the_other_end_and_back_in_the_view(far: Canvas) -> None:
    far.document.change(far.document.project.move({"c": (4000, 900)}), "Move")
    hide(far)
    hand, item = Hand(far), far.scene.wires[WIRE]
    far.view.look_at(item.source.body.center())
    far.scene.select(())
    QTest.mouseClick(hand.viewport, LEFT, NONE, hand.at(item.label_area("out").center()))
    QTest.mouseDClick(hand.viewport, LEFT, NONE, hand.viewport.rect().center() + hand.viewport.rect().topLeft())
    assert not far.adding.searching, "the second click was meant for the label"
    assert far.view.visible.contains(item.label_area("in"))
    assert far.scene.selected_wires == {WIRE}
    far.travels.go(-1)
    assert far.view.visible.contains(item.label_area("out"))


def test_a_label_under_the_pointer_marks_both_ends_and_tells_the_whole(far: Canvas) -> None:
    hide(far)
    hand, item = Hand(far), far.scene.wires[WIRE]
    QTest.mouseMove(hand.viewport, hand.at(item.label_area("in").center()))
    assert item.labels is not None
    assert item.labels.hot
    assert hand.viewport.cursor().shape() == Qt.CursorShape.PointingHandCursor
    QTest.mouseMove(hand.viewport, hand.at(QPointF(300, 200)))
    assert not item.labels.hot


def test_the_menu_of_keys_is_about_the_selected_wire_and_of_the_mouse_about_what_lies_there(far: Canvas) -> None:
    viewport, item = far.view.viewport(), far.scene.wires[WIRE]

    def ask(reason: QContextMenuEvent.Reason, point: QPointF) -> None:
        place = far.view.from_scene(point).toPoint()
        QApplication.sendEvent(far, QContextMenuEvent(reason, place, viewport.mapToGlobal(place)))

    ask(QContextMenuEvent.Reason.Mouse, item.middle)
    assert far.scene.selected_wires == {WIRE}
    ask(QContextMenuEvent.Reason.Keyboard, far.scene.cards["a"].body.center())
    assert far.scene.selected_wires == {WIRE}
    assert far.selected() == ()
    assert far.pointer.aim is not None
    assert (far.pointer.aim - item.middle).manhattanLength() < 1


def test_a_label_tells_the_whole_way(far: Canvas) -> None:
    assert wire_text(far.document.project, WIRE) == "b.y → c.x"


def test_labels_follow_names_places_and_themes(far: Canvas) -> None:
    hide(far)
    project = far.document.project
    far.document.change(project.edit(project.graph.rename("c", "activation")), "Rename")
    item = next(item for item in far.scene.wires.values() if item.labels is not None)
    assert item.labels is not None
    assert item.labels.texts[0] == "→ activation"
    far.document.change(far.document.project.move({item.wire.target: (600, 300)}), "Move")
    scene_equals_project(far, far.document.project)
    for theme in (LIGHT, DARK):
        far.show_theme(theme)
        scene_equals_project(far, far.document.project)


def test_shift_arrows_leave_a_wire_without_bends_alone(far: Canvas) -> None:
    before = far.document.project
    far.scene.select((), (WIRE,))
    Hand(far).key(Key.Key_Up, SHIFT)
    assert far.document.project == before


def test_moved_by_fractions_of_a_pixel_bends_still_go_along(bent: Canvas) -> None:
    layout = bent.document.project.layout
    by = 0.1 + 0.2
    places = {key: Position(layout[key].x + by, layout[key].y + by) for key in ("b", "c")}
    bent.document.change(bent.document.project.move(places), "Move")
    assert bends(bent) == [pytest.approx((420 + by, -60 + by))]
