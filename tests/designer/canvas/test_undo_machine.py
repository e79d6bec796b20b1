"""Random edits through the canvas; at every step, and over undoing and redoing all, project and scene are equal."""

from __future__ import annotations

import pytest
import shiboken6
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from PySide6.QtCore import QPointF

from designer.available import available
from designer.block_search import COMMON
from designer.canvas import Canvas
from designer.canvas.gestures.draw_wire import DrawWire
from designer.canvas.gestures.gesture import Gesture, Point
from designer.canvas.gestures.move_blocks import MoveBlocks
from designer.document import Document
from designer.theme import DARK
from engine.group import Group
from engine.project import Project
from tests.designer.canvas.equality import history_repeats, scene_equals_project

PLACES = st.tuples(st.integers(-400, 400), st.integers(-300, 300))


class Drawing(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.document = Document(Project())
        self.canvas = Canvas(self.document, DARK)
        self.document.setParent(self.canvas)
        self.history = [self.document.project]

    def teardown(self) -> None:
        if not hasattr(self, "canvas"):
            return
        history_repeats(self.canvas, self.history)
        shiboken6.delete(self.canvas)

    def note(self) -> None:
        """Keep the project of each step; a merged step takes the place of the one before, or takes it back."""
        stack, project = self.document.undo_stack, self.document.project
        if stack.index() == stack.count():
            del self.history[stack.index() :]
            self.history.append(project)
        assert len(self.history) == stack.count() + 1
        assert self.history[stack.index()] == project

    @property
    def keys(self) -> list[str]:
        return list(self.canvas.scene.cards)

    def some(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(self.keys))

    def carry_out(self, gesture: Gesture, start: QPointF, *stops: QPointF, cancelled: bool) -> None:
        def at(point: QPointF) -> Point:
            return Point(point, self.canvas.view.from_scene(point))

        gesture.start(at(start))
        for stop in stops:
            gesture.move(at(stop))
        if cancelled:
            gesture.cancel()
        else:
            gesture.end(at(stops[-1]))
            self.canvas.adding.close()
        self.note()

    @rule(data=st.data(), place=st.none() | PLACES)
    def add(self, data: st.DataObject, place: tuple[int, int] | None) -> None:
        name = data.draw(st.sampled_from(COMMON) | st.sampled_from(sorted(available(bool(self.document.here.path)))))
        if name not in available(bool(self.document.here.path)):
            return
        self.canvas.add_block(name, None if place is None else QPointF(*place))
        self.note()

    @precondition(lambda self: self.keys)
    @rule(data=st.data(), by=PLACES, cancelled=st.booleans())
    def move(self, data: st.DataObject, by: tuple[int, int], cancelled: bool) -> None:
        chosen = data.draw(st.sets(st.sampled_from(self.keys), min_size=1))
        self.canvas.select(chosen)
        start = self.canvas.scene.cards[sorted(chosen)[0]].body.center()
        gesture = MoveBlocks(self.canvas._stage, sorted(chosen)[0])
        self.document.settle()
        self.carry_out(gesture, start, start + QPointF(*by) / 2, start + QPointF(*by), cancelled=cancelled)

    @precondition(lambda self: self.keys)
    @rule(data=st.data(), cancelled=st.booleans())
    def wire(self, data: st.DataObject, cancelled: bool) -> None:
        ports = [(card, port) for card in self.canvas.scene.cards.values() for port in card.ports]
        if not ports:
            return
        card, port = data.draw(st.sampled_from(ports))
        goal, other = data.draw(st.sampled_from(ports))
        start, end = card.pos() + card.ports[port], goal.pos() + goal.ports[other]
        loose = data.draw(st.booleans())
        end = QPointF(5000, 5000) if loose else end
        self.carry_out(DrawWire(self.canvas._stage, port), start, (start + end) / 2, end, cancelled=cancelled)

    @precondition(lambda self: self.keys)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        chosen = data.draw(st.sets(st.sampled_from(self.keys), max_size=3))
        wires = list(self.canvas.scene.wires)
        self.canvas.scene.select(chosen, data.draw(st.sets(st.sampled_from(wires))) if wires else ())
        self.canvas.delete_selected()
        self.note()

    @precondition(lambda self: self.keys)
    @rule(data=st.data(), across=st.sampled_from([-10, 10]), times=st.integers(1, 3))
    def nudge(self, data: st.DataObject, across: int, times: int) -> None:
        self.canvas.select([self.some(data)])
        for _ in range(times):
            self.canvas.nudge(across, 0)
            self.note()

    @precondition(lambda self: self.keys)
    @rule(data=st.data(), name=st.sampled_from(["group", "group", "ungroup", "duplicate", "use_again", "own_weights"]))
    def group(self, data: st.DataObject, name: str) -> None:
        chosen = data.draw(st.sets(st.sampled_from(self.keys), min_size=1, max_size=4))
        groups = {key for key in self.keys if isinstance(self.canvas.scene.cards[key].node.block, Group)}
        self.canvas.select(groups if name == "ungroup" and data.draw(st.booleans()) else chosen)
        if self.canvas.groups.possible()[name]:
            getattr(self.canvas.groups, name)()
        self.note()

    @rule(data=st.data())
    def go(self, data: st.DataObject) -> None:
        """Into a group that stands here, or out."""
        here = self.document.here
        groups = [key for key in self.keys if isinstance(self.canvas.scene.cards[key].node.block, Group)]
        if here.path and (not groups or data.draw(st.booleans())):
            here.leave()
        elif groups:
            here.enter(data.draw(st.sampled_from(groups)))

    @precondition(lambda self: self.document.undo_stack.canUndo())
    @rule()
    def undo(self) -> None:
        self.document.undo_stack.undo()
        assert self.document.project == self.history[self.document.undo_stack.index()]

    @precondition(lambda self: self.document.undo_stack.canRedo())
    @rule()
    def redo(self) -> None:
        self.document.undo_stack.redo()
        assert self.document.project == self.history[self.document.undo_stack.index()]

    @invariant()
    def equal(self) -> None:
        if hasattr(self, "canvas"):
            scene_equals_project(self.canvas, self.document.here.project)


@pytest.mark.usefixtures("qapp")
def test_random_edits() -> None:
    run_state_machine_as_test(
        Drawing,
        settings=settings(
            max_examples=40, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
