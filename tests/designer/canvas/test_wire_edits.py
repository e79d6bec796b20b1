"""Edits of wires by keys and menus."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from designer.canvas import Canvas
from designer.canvas.cursor_label import CursorLabel
from engine.blocks import CATALOGUE
from engine.graph import Wire
from engine.project import Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.equality import scene_equals_project

Show = Callable[[Project], Canvas]
AB, BC, CD = (Wire(one, "y", other, "x") for one, other in ("ab", "bc", "cd"))


def undo(canvas: Canvas, before: Project) -> None:
    assert canvas.document.undo_stack.count() == 1
    scene_equals_project(canvas, canvas.document.project)
    canvas.document.undo_stack.undo()
    assert canvas.document.project == before
    scene_equals_project(canvas, before)


@pytest.mark.parametrize(
    ("blocks", "wires", "possible"),
    [
        ((), (), set()),
        (("b",), (), {"delete_and_reconnect", "cut_wires", "move_wires", "move_entries"}),
        (("a",), (), {"delete_and_reconnect", "cut_wires", "move_wires"}),
        (("d",), (), {"delete_and_reconnect", "cut_wires", "move_entries"}),
        (("b", "c"), (), {"delete_and_reconnect", "cut_wires", "insert_on_wire"}),
        (("a", "c"), (), {"delete_and_reconnect", "cut_wires"}),
        ((), (BC,), {"cut_wires", "insert_on_wire"}),
        ((), (AB, BC), {"cut_wires"}),
    ],
)
def test_what_is_possible(canvas: Canvas, blocks: tuple[str, ...], wires: tuple[Wire, ...], possible: set[str]) -> None:
    canvas.scene.select(blocks, wires)
    assert {name for name, can in canvas.wiring.possible().items() if can} == possible


def test_delete_and_reconnect(canvas: Canvas) -> None:
    before = canvas.document.project
    canvas.select(["b"])
    canvas.wiring.delete_and_reconnect()
    assert canvas.document.project.graph.wires == (CD, Wire("a", "y", "c", "x"))
    assert canvas.document.undo_stack.undoText() == "Delete b and reconnect"
    undo(canvas, before)


def test_a_chain_that_can_not_be_closed_stays_and_says_why(show: Show) -> None:
    project = chain("Input", "Flatten", "Linear", "Add")
    project = project.edit(project.graph.connect(Wire("b", "y", "d", "x2")))
    project, _ = project.add(CATALOGUE["Linear"](out_features=32), (190, 200), "e")
    graph = project.graph.connect(Wire("b", "y", "e", "x")).connect(Wire("e", "y", "d", "x2"))
    project = project.edit(graph.change("c", out_features=32))
    canvas = show(project)
    canvas.select(["c"])
    canvas.wiring.delete_and_reconnect()
    assert canvas.document.project is project
    label = canvas.findChild(CursorLabel)
    assert label is not None
    assert "b can't be wired to d instead" in label.text()
    assert "Delete without reconnecting" in label.text()


@pytest.mark.parametrize(
    ("blocks", "wires", "left"),
    [
        (("b",), (), (CD,)),
        ((), (AB,), (BC, CD)),
        (("a",), (CD,), (BC,)),
        (("b", "c"), (), (AB, CD)),
        (("a", "c"), (), ()),
    ],
    ids=["of a block", "a wire", "of a block and a wire", "between blocks", "of blocks apart"],
)
def test_cut(canvas: Canvas, blocks: tuple[str, ...], wires: tuple[Wire, ...], left: tuple[Wire, ...]) -> None:
    before = canvas.document.project
    canvas.scene.select(blocks, wires)
    canvas.wiring.cut_wires()
    assert canvas.document.project.graph.wires == left
    undo(canvas, before)


@pytest.mark.parametrize(
    ("blocks", "wires"), [(("b", "c", "r"), ()), (("r",), (BC,))], ids=["its two blocks", "the wire"]
)
def test_a_block_that_stands_alone_is_set_into_the_wire_selected_with_it(
    show: Show, blocks: tuple[str, ...], wires: tuple[Wire, ...]
) -> None:
    before, _ = chain("Input", "Conv2d", "ReLU", "Flatten").add(CATALOGUE["Tanh"](), (0, 250), "r")
    canvas = show(before)
    canvas.scene.select(blocks, wires)
    assert canvas.wiring.possible()["insert_on_wire"]
    canvas.wiring.insert_on_wire()
    after = canvas.document.project
    assert {AB, Wire("b", "y", "r", "x"), Wire("r", "y", "c", "x"), CD} == set(after.graph.wires)
    assert canvas.selected() == ("r",)
    assert after.layout["b"].x < after.layout["r"].x < after.layout["c"].x, "room was made"
    assert canvas.document.undo_stack.undoText() == "Insert r between b and c"
    undo(canvas, before)


def test_one_that_does_not_fit_there_says_why(show: Show) -> None:
    before, _ = chain("Input", "Conv2d", "ReLU", "Flatten").add(CATALOGUE["Conv1d"](), (0, 250), "r")
    canvas = show(before)
    canvas.select(["b", "c", "r"])
    canvas.wiring.insert_on_wire()
    assert canvas.document.project is before
    label = canvas.findChild(CursorLabel)
    assert label is not None
    assert label.text().startswith("✕ r expects ")


@pytest.mark.parametrize("blocks", [("b", "r", "s"), ("r",), ("b", "c", "r", "s")])
def test_it_must_be_plain_which_block_and_which_wire(show: Show, blocks: tuple[str, ...]) -> None:
    project = chain("Input", "Conv2d", "ReLU", "Flatten")
    for key in "rs":
        project, _ = project.add(CATALOGUE["Tanh"](), (0, 250), key)
    canvas = show(project)
    canvas.select(blocks)
    assert not canvas.wiring.possible()["insert_on_wire"]
    canvas.wiring.insert_on_wire()
    assert canvas.document.project is project
    assert not canvas.adding.searching
