"""The groups that come with the program work where they are put."""

from __future__ import annotations

import pathlib

import pytest
import torch

import engine
from engine.composites import composites, names, open_composite
from engine.problem import UserError
from engine.project import Project
from engine.storage import dumps, loads
from tests.drawn.composites import COMPOSITES, composite

RESOURCES = pathlib.Path(__file__).parents[2] / "resources"


def test_all_that_are_drawn_are_there() -> None:
    assert set(names()) == set(COMPOSITES)


@pytest.mark.parametrize("name", COMPOSITES)
def test_the_file_is_what_is_drawn(name: str) -> None:
    """`python -m tests.drawn` writes the files anew."""
    assert (RESOURCES / "groups" / f"{name}.plexus").read_text(encoding="utf-8") == dumps(composite(name))


@pytest.mark.parametrize("name", COMPOSITES)
def test_it_runs_between_its_input_and_its_output(name: str) -> None:
    project = open_composite(name).project
    assert all(problem.builds for problem in engine.check(project))
    network = engine.compile(project)
    x = torch.randn(2, *COMPOSITES[name][1])
    assert network(x).shape[0] == 2


@pytest.mark.parametrize("one", composites(), ids=names())
def test_it_can_be_added_to_a_project_with_all_its_places(one: object) -> None:
    project = Project()
    for number in (1, 2):
        project, key = one.add_to(project, (100.0 * number, 50.0))  # type: ignore[attr-defined]
        inside = project.inside((key,))
        assert set(inside.layout) >= set(inside.graph.nodes)
        assert project.layout[key] == (100.0 * number, 50.0)
    assert len(project.graph.nodes) == 2
    assert loads(dumps(project)) == project


@pytest.mark.parametrize("one", composites(), ids=names())
def test_what_it_exposes_sets_the_blocks_inside(one: object) -> None:
    group = one.group  # type: ignore[attr-defined]
    for label in group.exposed_labels():
        value = group.exposed_value(label)
        assert group.set_exposed(label, value) == group
        assert group.exposed_param(label).doc


def test_a_name_that_is_none() -> None:
    with pytest.raises(UserError, match="Did you mean “residual-block”"):
        open_composite("residual-blok")
