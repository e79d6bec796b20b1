"""All wires of a port led elsewhere by keys: which wires, and to which port."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from designer.canvas import Canvas
from engine.blocks import CATALOGUE
from engine.graph import Wire
from engine.project import Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.equality import exactly_undone

Show = Callable[[Project], Canvas]
Key = Qt.Key
AB, BC, CD = (Wire(one, "y", other, "x") for one, other in ("ab", "bc", "cd"))


def choose(canvas: Canvas, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(canvas.wiring.moving.finder.field, key)


def test_wires_of_an_output(canvas: Canvas) -> None:
    before = canvas.document.project
    canvas.select(["c"])
    canvas.wiring.move_wires()
    finder = canvas.wiring.moving.finder
    assert finder.heading.text() == "Move 1 wire(s) of c to another output"
    assert {row.name for row in finder.rows} == {"a.y", "b.y"}
    QTest.keyClicks(finder.field, "d.y")
    assert "itself" in finder.told.text()
    choose(canvas, Key.Key_Return)
    assert canvas.document.project is before, "what doesn't fit can't be chosen"
    finder.field.clear()
    QTest.keyClicks(finder.field, "b.y")
    choose(canvas, Key.Key_Return)
    assert canvas.document.project.graph.wires == (AB, BC, Wire("b", "y", "d", "x"))
    exactly_undone(canvas, before, "Move wires from c to b")


def test_the_wire_of_an_input(canvas: Canvas) -> None:
    before = canvas.document.project
    canvas.select(["c"])
    canvas.wiring.move_entries()
    finder = canvas.wiring.moving.finder
    assert finder.heading.text() == "Move 1 wire(s) of c to another input"
    assert [row.name for row in finder.rows] == ["d.x"]
    assert finder.told.text() == "Takes the place of the wire from c"
    choose(canvas, Key.Key_Return)
    assert canvas.document.project.graph.wires == (AB, Wire("b", "y", "d", "x"))
    assert canvas.view.hasFocus()
    exactly_undone(canvas, before, "Move wires from c to d")


@pytest.fixture
def sums(show: Show) -> Canvas:
    """Two sums, a and b, of which the first has the two inputs d and e; and c, which takes what a gives."""
    project = chain("Add", "Add", "ReLU", "Input", "Input", wired=False)
    graph = project.graph
    for wire in (Wire("d", "y", "a", "x1"), Wire("e", "y", "a", "x2"), Wire("a", "y", "c", "x")):
        graph = graph.connect(wire)
    return show(project.edit(graph))


def test_numbered_inputs_go_together(sums: Canvas) -> None:
    before = sums.document.project
    sums.select(["a"])
    sums.wiring.move_entries()
    finder = sums.wiring.moving.finder
    assert finder.heading.text() == "Move 2 wire(s) of a to another input"
    assert [row.name for row in finder.rows] == ["b.x1"], "its own row is no goal"
    QTest.keyClicks(finder.field, "b.x2")
    assert "too few for 2 wires" in finder.told.text()
    finder.field.clear()
    choose(sums, Key.Key_Return)
    wires = {str(wire) for wire in sums.document.project.graph.wires}
    assert wires == {"d.y -> b.x1", "e.y -> b.x2", "a.y -> c.x"}
    exactly_undone(sums, before, "Move wires from a to b")


def test_of_several_ports_one_is_chosen_first(show: Show) -> None:
    project = chain("Linear", "CrossEntropyLoss", "Target", "CrossEntropyLoss", wired=False)
    graph = project.graph
    for wire in (Wire("a", "y", "b", "prediction"), Wire("c", "y", "b", "target")):
        graph = graph.connect(wire)
    canvas = show(project.edit(graph))
    before = canvas.document.project
    canvas.select(["b"])
    canvas.wiring.move_entries()
    finder = canvas.wiring.moving.finder
    assert finder.heading.text() == "Which wires of b shall move?"
    assert [row.name for row in finder.rows] == ["b.prediction", "b.target"]
    choose(canvas, Key.Key_Down, Key.Key_Return)
    assert finder.isVisible()
    assert finder.field.hasFocus()
    assert finder.heading.text() == "Move 1 wire(s) of b to another input"
    QTest.keyClicks(finder.field, "d.target")
    choose(canvas, Key.Key_Return)
    assert Wire("c", "y", "d", "target") in canvas.document.project.graph.wires
    exactly_undone(canvas, before, "Move wires from b to d")


def test_free_inputs_come_first_and_what_would_not_fit_by_its_shape_says_so(show: Show) -> None:
    project = chain("Input", "ReLU", "Add", "ReLU")
    project, _ = project.add(CATALOGUE["Input"](sample_shape=(10,)), (0, 200), "i")
    project, _ = project.add(CATALOGUE["ReLU"](), (190, 200), "r")
    canvas = show(project.edit(project.graph.connect(Wire("i", "y", "r", "x"))))
    canvas.select(["r"])
    canvas.wiring.move_entries()
    finder = canvas.wiring.moving.finder
    assert [(row.name, row.aside) for row in finder.rows][:2] == [
        ("c.x2", "any tensor"),
        ("b.x", "decimal numbers in any shape"),
    ]
    assert finder.told.text().startswith("⚠ c ")
    choose(canvas, Key.Key_Down)
    assert finder.told.text() == "Takes the place of the wire from a"


def test_escape_changes_nothing(canvas: Canvas) -> None:
    before = canvas.document.project
    canvas.select(["c"])
    canvas.wiring.move_entries()
    choose(canvas, Key.Key_Escape)
    assert canvas.wiring.moving.finder.isHidden()
    assert canvas.view.hasFocus()
    assert canvas.document.project is before
