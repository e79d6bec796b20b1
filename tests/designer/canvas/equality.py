"""Whether what stands on the canvas equals the project."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF

from designer.canvas import Canvas
from designer.canvas.overview import Overview
from engine.decorating import placed, route
from engine.project import Project


def overview_equals_scene(canvas: Canvas) -> None:
    """Fails where what is kept of the scene, edit by edit, is not what one sees who looks at all of it now."""
    kept, fresh = canvas.view.overview, Overview(canvas.scene)
    kept.refresh()
    fresh.refresh()
    assert kept._bodies == fresh._bodies, "cards"
    assert kept._lines == fresh._lines, "wires"
    states = ({name: rects for name, rects in one._states.items() if rects} for one in (kept, fresh))
    assert next(states) == next(states), "states"
    canvas.scene.content_changed.disconnect(fresh._note)


def scene_equals_project(canvas: Canvas, project: Project) -> None:
    """Fails with words at the first thing that the scene shows otherwise than the project has it."""
    scene, graph = canvas.scene, project.graph
    assert set(scene.cards) == set(graph.nodes), "blocks"
    for key, node in graph.nodes.items():
        card = scene.cards[key]
        assert card.node == node, f"{key} shows other parameters"
        assert (card.pos().x(), card.pos().y()) == tuple(project.layout[key]), f"{key} stands elsewhere"
        assert card.scene() is scene
        assert card.selected == (key in scene.selected)
        assert card.marks is None
    assert set(scene.wires) == set(graph.wires), "wires"
    for wire, item in scene.wires.items():
        path = item.mapToScene(item.path())
        start = scene.cards[wire.source].port_place("out", wire.output)
        end = scene.cards[wire.target].port_place("in", wire.input)
        ends = path.pointAtPercent(0), path.pointAtPercent(1)
        assert (ends[0] - start).manhattanLength() < 0.01, f"{wire} starts elsewhere"
        assert (ends[1] - end).manhattanLength() < 0.01, f"{wire} ends elsewhere"
        way = route(project, wire)
        assert item.way == way, f"{wire} is led otherwise"
        assert (item.labels is not None) == way.labelled, f"{wire} is hidden, or not"
        dots = way.bends if not way.labelled else ()
        shown = item.dots.points if item.dots is not None else ()
        assert tuple((dot.x(), dot.y()) for dot in shown) == dots, f"{wire} has other bends"
        for place, dot in enumerate(dots):
            assert item.bend_at(QPointF(*dot), 0.1) is not None, f"bend {place} of {wire} can't be taken"
            assert item.passes(QPointF(*dot), 1.0), f"{wire} does not run through bend {place}"
        if item.labels is not None:
            names = graph.nodes[wire.target].name, graph.nodes[wire.source].name
            assert item.labels.texts == (f"→ {names[0]}", f"← {names[1]}")
            for card, area in zip((item.source, item.target), item.labels.areas, strict=True):
                assert area.top() > card.body.bottom(), "a label lies upon its card"
                edges = (area.right(), card.body.right()) if card is item.source else (area.left(), card.body.left())
                assert edges[0] == edges[1], "a label lies aside of its card"
        assert set(item.childItems()) == {marks for marks in (item.dots, item.labels) if marks is not None}
        assert item.isVisible()
        assert item.scene() is scene
    items = {item for item in scene.items() if item.parentItem() is None}
    placed_items = scene.placed.items
    assert {key: item.what for key, item in placed_items.items()} == placed(project), "frames and notes"
    for key, item in placed_items.items():
        assert item.area == QRectF(*item.what.area), f"{key} lies elsewhere"
    assert items == {*scene.cards.values(), *scene.wires.values(), *placed_items.values()}, (
        "there are other things in the scene"
    )
    assert set(scene.selected) <= set(graph.nodes)
    assert scene.selected_wires <= set(graph.wires)
    overview_equals_scene(canvas)


def exactly_undone(canvas: Canvas, before: Project, name: str | None = None) -> None:
    """Fails unless undo leads back to `before` and redo to what is now, in the scene too.

    With `name`, unless all that was done is one step of that name.
    """
    after, stack = canvas.document.project, canvas.document.undo_stack
    assert after != before
    assert name is None or (stack.count(), stack.undoText()) == (1, name)
    scene_equals_project(canvas, after)
    stack.undo()
    assert canvas.document.project == before
    scene_equals_project(canvas, before)
    stack.redo()
    assert canvas.document.project == after
    scene_equals_project(canvas, after)


def history_repeats(canvas: Canvas, history: Sequence[Project]) -> None:
    """Fails unless undoing all leads back through `history`, from its end to its start, and redoing all forth."""
    document, stack = canvas.document, canvas.document.undo_stack

    def stands_at(project: Project) -> None:
        assert document.project == project
        canvas.scene.rest()
        scene_equals_project(canvas, document.here.project)

    stack.setIndex(stack.count())
    stands_at(history[-1])
    for project in reversed(history[:-1]):
        stack.undo()
        stands_at(project)
    assert not stack.canUndo()
    for project in history[1:]:
        stack.redo()
        stands_at(project)
    assert not stack.canRedo()
