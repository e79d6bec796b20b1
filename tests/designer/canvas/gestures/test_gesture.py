"""The life of a gesture: what is told to it by real events, and that nothing of it stays when it is called off."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from designer.canvas import Canvas
from designer.canvas.gestures.gesture import GRIP, Gesture, Point
from designer.canvas.placed_layer import Grip
from engine import decorating
from engine.places import Area
from tests.designer.canvas.hand import LEFT, MIDDLE, Hand

CTRL, SHIFT, ALT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.NoModifier,
)


class Told(Gesture):
    """Remembers what it was told, and where."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas._stage)
        self.calls: list[str] = []
        self.places: list[QPointF] = []

    def _note(self, name: str, at: Point | None = None) -> None:
        if not (name == "move" and self.calls[-1:] == ["move"]):
            self.calls.append(name)
        if at is not None:
            self.places.append(at.screen)

    def start(self, at: Point) -> None:
        self._note("start", at)

    def move(self, at: Point) -> None:
        self._note("move", at)

    def end(self, at: Point) -> None:
        self._note("end", at)

    def cancel(self) -> None:
        self._note("cancel")

    def click(self, at: Point) -> None:
        self._note("click", at)


@pytest.fixture
def told(canvas: Canvas, monkeypatch: pytest.MonkeyPatch) -> Told:
    """What any press of the left button on this canvas begins."""
    gesture = Told(canvas)
    monkeypatch.setattr(
        canvas.pointer._choosing, "gesture", lambda button, _at: gesture if button == LEFT else None, raising=True
    )
    return gesture


START, NEAR, FAR = QPointF(40, 150), QPointF(42, 151), QPointF(90, 200)
DRAGGED = ["start", "move", "end"]


@pytest.mark.parametrize(
    ("stops", "calls"),
    [
        ((), ["click"]),
        ((NEAR,), ["click"]),
        ((FAR,), ["start", "move", "end"]),
        ((FAR, START), ["start", "move", "end"]),
    ],
    ids=["nowhere", "by a tremor", "away", "away and back"],
)
def test_it_starts_once_the_pointer_has_moved_a_little(
    canvas: Canvas, hand: Hand, told: Told, stops: tuple[QPointF, ...], calls: list[str]
) -> None:
    before = canvas.document.project
    hand.press(START)
    assert told.calls == [], "it may still turn out to be a click"
    for stop in stops:
        hand.move(stop)
    hand.release(stops[-1] if stops else START)
    assert told.calls == calls
    assert told.places[0] == hand.at(START) or calls == ["click"], "it starts where it was pressed"
    assert told.places[-1] == hand.at(stops[-1] if stops else START)
    assert canvas.pointer.gesture is None
    assert canvas.document.project is before


def test_its_cursor_shows_while_it_lasts(canvas: Canvas, hand: Hand, told: Told) -> None:
    hand.press(START)
    hand.move(FAR)
    assert hand.viewport.cursor().shape() == told.cursor
    hand.release(FAR)
    assert hand.viewport.cursor().shape() == Qt.CursorShape.ArrowCursor


@pytest.mark.parametrize("how", ["Escape", "an undo from elsewhere"])
def test_what_is_called_off_is_not_ended(canvas: Canvas, hand: Hand, told: Told, how: str) -> None:
    canvas.select(["a"])
    canvas.nudge(10, 0)
    hand.press(START)
    hand.move(FAR)
    if how == "Escape":
        hand.key(Qt.Key.Key_Escape)
    else:
        canvas.document.undo_stack.undo()
    hand.release(FAR)
    assert told.calls == ["start", "move", "cancel"]


def test_another_button_neither_ends_nor_changes_it(canvas: Canvas, hand: Hand, told: Told) -> None:
    hand.press(START)
    hand.move(FAR)
    QTest.mousePress(hand.viewport, MIDDLE, NONE, hand.at(FAR))
    QTest.mouseRelease(hand.viewport, MIDDLE, NONE, hand.at(FAR))
    assert told.calls == ["start", "move"]
    hand.release(FAR)
    assert told.calls == ["start", "move", "end"]


def test_one_whose_release_went_astray_is_called_off_by_the_next_press(canvas: Canvas, hand: Hand, told: Told) -> None:
    hand.press(START)
    hand.move(FAR)
    hand.press(START)
    assert told.calls == ["start", "move", "cancel"]
    hand.release(START)
    assert told.calls[-1] == "click"


@pytest.mark.parametrize(
    ("keys", "adds"), [(NONE, False), (ALT, False), (CTRL, True), (SHIFT, True), (CTRL | ALT, True)]
)
def test_which_keys_add_to_a_selection(keys: Qt.KeyboardModifier, adds: bool) -> None:
    assert Point(QPointF(), QPointF(), keys).adds == adds


@pytest.mark.parametrize("zoom", [0.5, 1.0, 2.0])
def test_the_edges_of_a_frame_are_as_wide_to_the_hand_at_any_zoom(canvas: Canvas, zoom: float) -> None:
    project, key = decorating.add_frame(canvas.document.project, Area(0, 200, 300, 200), "Body")
    canvas.document.change(project, "Frame")
    canvas.zoom_to(zoom)

    def grip(pixels: float) -> Grip | None:
        edge = canvas.view.from_scene(QPointF(300, 300)) + QPointF(pixels, 0)
        return canvas._stage.grip(Point(canvas.view.to_scene(edge), edge))

    assert grip(GRIP - 1) == grip(1 - GRIP) == Grip(key, across=1)
    assert grip(GRIP + 1) is None
    assert grip(-GRIP - 1) is None


def test_a_gesture_that_does_nothing_leaves_everything(canvas: Canvas) -> None:
    before, gesture, at = canvas.document.project, Gesture(canvas._stage), Point(QPointF(), QPointF())
    gesture.start(at)
    gesture.move(at)
    gesture.end(at)
    gesture.cancel()
    gesture.click(at)
    assert canvas.document.project is before
    assert not canvas.scene.guides
