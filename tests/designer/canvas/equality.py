"""Whether what stands on the canvas equals the project."""

from __future__ import annotations

from designer.canvas import Canvas
from engine.project import Project


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
        assert item.isVisible()
        assert item.scene() is scene
    items = set(scene.items())
    assert items == {*scene.cards.values(), *scene.wires.values()}, "there are other things in the scene"
    assert set(scene.selected) <= set(graph.nodes)
    assert scene.selected_wires <= set(graph.wires)
