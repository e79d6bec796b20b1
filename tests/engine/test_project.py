"""Edits of a project keep graph and layout together."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from engine.data.settings import DataSettings
from engine.graph import Wire
from engine.project import Position, Project
from engine.training.settings import TrainingSettings
from tests.engine.drawing import block


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
