"""Edits of a project keep graph and layout together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.copying import share
from engine.data.settings import DataSettings
from engine.graph import Graph, Wire
from engine.group import Group, Path
from engine.grouping import make_group
from engine.project import Position, Project
from engine.training.settings import TrainingSettings
from engine.weight_settings import WeightSettings
from tests.engine.drawing import block
from tests.engine.examples import examples
from tests.engine.random_graphs import projects


def two_blocks() -> Project:
    project, _ = Project().add(block("Input"), (0, 0), "a")
    project, _ = project.add(block("ReLU"), (200, 10), "b")
    return project.edit(project.graph.connect(Wire("a", "y", "b", "x")))


def test_a_new_project_is_empty_and_complete() -> None:
    project = Project()
    assert project.name == "untitled"
    assert not project.graph.nodes
    assert project.data == DataSettings()
    assert project.training == TrainingSettings()


def test_adds_at_a_place() -> None:
    project = two_blocks()
    assert project.layout == {"a": Position(0, 0), "b": Position(200, 10)}
    assert list(project.graph.nodes) == ["a", "b"]
    assert Project().layout == {}


def test_moves() -> None:
    project = two_blocks()
    after = project.move({"b": (5, 6)})
    assert after.layout == {"a": Position(0, 0), "b": Position(5, 6)}
    assert after.graph is project.graph
    assert project.layout["b"] == Position(200, 10)


def test_removes_with_place_and_wires() -> None:
    project = two_blocks()
    assert project.remove(["b"]).layout == {"a": Position(0, 0)}
    assert project.remove(["b"]).graph.wires == ()
    only_wire = project.remove([], project.graph.wires)
    assert only_wire.graph.wires == ()
    assert only_wire.layout == project.layout


def test_does_not_change_in_place() -> None:
    project = two_blocks()
    with pytest.raises(ValidationError):
        project.name = "other"
    assert project.with_(name="other").name == "other"
    assert project == two_blocks()


# In and out of groups


def paths(project: Project) -> list[Path]:
    """The ways to all groups, whichever use of the same weights they lead through."""
    found: list[Path] = []

    def visit(graph: Graph, front: Path) -> None:
        for key, node in graph.nodes.items():
            if isinstance(node.block, Group):
                found.append((*front, key))
                visit(node.block.graph, (*front, key))

    visit(project.graph, ())
    return found


@st.composite
def grouped(draw: st.DrawFn) -> tuple[Project, Path]:
    """A project, and the way to one of its groups."""
    project = draw(projects())
    ways = paths(project)
    if not ways:
        project, key = make_group(project, set(project.graph.nodes) - {"a", "b"})
        ways = [(key,)]
    return project, draw(st.sampled_from(ways))


@st.composite
def edited(draw: st.DrawFn, inner: Project) -> Project:
    """What is inside a group after an edit or two."""
    for _ in range(draw(st.integers(1, 2))):
        key = draw(st.sampled_from(list(inner.graph.nodes)))
        edit = draw(st.sampled_from(["move", "note", "freeze", "rename", "add", "remove", "name"]))
        if edit == "move":
            inner = inner.move({key: (draw(st.integers(-99, 99)), 7)})
        elif edit == "note":
            inner = inner.edit(inner.graph.annotate(key, draw(st.text(max_size=3))))
        elif edit == "freeze":
            inner = inner.edit(inner.graph.treat(key, WeightSettings(frozen=True)))
        elif edit == "rename":
            inner = inner.edit(inner.graph.rename(key, inner.graph.free_name("other")))
        elif edit == "add":
            inner, _ = inner.add(block("ReLU"), (1, 2))
        elif edit == "name":
            inner = inner.with_(name="another")
        elif len(inner.graph.nodes) > 2:
            inner = inner.remove([key])
    return inner


@examples(1)
@given(grouped())
def test_to_put_back_what_is_there_changes_nothing(case: tuple[Project, Path]) -> None:
    project, path = case
    assert project.put_back(path, project.inside(path)) == project


@examples(1)
@given(st.data(), grouped())
def test_what_was_put_back_is_there(data: st.DataObject, case: tuple[Project, Path]) -> None:
    project, path = case
    inner = data.draw(edited(project.inside(path)))
    after = project.put_back(path, inner)
    assert after.inside(path) == inner
    assert after.put_back(path, after.inside(path)) == after
    assert after.name == inner.name


@examples(1)
@given(st.data(), grouped())
def test_what_is_put_back_last_counts(data: st.DataObject, case: tuple[Project, Path]) -> None:
    project, path = case
    one, other = data.draw(edited(project.inside(path))), data.draw(edited(project.inside(path)))
    twice, once = project.put_back(path, one).put_back(path, other), project.put_back(path, other)
    assert twice.inside(path) == once.inside(path)
    assert set(twice.layout) == set(once.layout)


@examples(1)
@given(grouped())
def test_the_way_leads_through_every_group(case: tuple[Project, Path]) -> None:
    project, path = case
    step_by_step = project
    for key in path:
        step_by_step = step_by_step.inside((key,))
    assert step_by_step == project.inside(path)
    inner = step_by_step.edit(step_by_step.graph.annotate(next(iter(step_by_step.graph.nodes)), "seen"))
    lifted = inner
    for depth in reversed(range(len(path))):
        lifted = project.inside(path[:depth]).put_back(path[depth : depth + 1], lifted)
    assert lifted == project.put_back(path, inner)


@examples(0.5)
@given(st.data(), grouped())
def test_uses_of_the_same_weights_stay_alike(data: st.DataObject, case: tuple[Project, Path]) -> None:
    project, path = case
    outer = project.inside(path[:-1])
    shared, other = share(outer, path[-1], (0, 0))
    inner = data.draw(edited(shared.inside((other,))))
    after = shared.put_back((other,), inner)
    assert after.inside((path[-1],)) == after.inside((other,)) == inner


def test_nothing_is_inside_of_what_is_no_group() -> None:
    project = two_blocks()
    assert project.inside(()) is project
    assert project.put_back((), project.with_(name="x")).name == "x"
    for path in (("a",), ("nobody",)):
        with pytest.raises(KeyError):
            project.inside(path)


def test_what_is_inside_goes_with_the_last_use() -> None:
    project, key = make_group(two_blocks(), ["b"])
    project, other = share(project, key, (50, 60))
    project = project.move({f"{key}/b": (3, 4)})
    assert project.inside((other,)).layout["b"] == (3, 4)
    left = project.remove([key])
    assert left.inside((other,)).layout["b"] == (3, 4)
    assert set(left.remove([other]).layout) == {"a"}
