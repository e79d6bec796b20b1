"""Where it is told that a training is under way."""

from __future__ import annotations

from designer.canvas import Canvas
from tests.grouped import grouped


def running(canvas: Canvas) -> set[str]:
    return {key for key, card in canvas.scene.cards.items() if card.running}


def test_the_blocks_that_it_began_with_are_marked(canvas: Canvas) -> None:
    canvas.show_running(True)
    assert running(canvas) == {"a", "b", "c", "d"}
    new = canvas.add_block("Linear")
    assert new not in running(canvas)
    assert running(canvas) == {"a", "b", "c", "d"}
    canvas.show_running(False)
    assert running(canvas) == set()


def test_inside_groups_too(show: object) -> None:
    canvas = show(grouped())
    canvas.show_running(True)
    key = next(key for key, card in canvas.scene.cards.items() if card.node.name == "encoder")
    canvas.here.enter(key)
    assert running(canvas) == set(canvas.scene.cards)
    canvas.here.leave()
    assert running(canvas) == set(canvas.scene.cards)
