"""What can be edited of one block or of several, and what an edit of them comes to."""

from __future__ import annotations

import pytest

from designer.together import EXPOSED, NAME, alike, changed, step_text, taken, values_of
from engine.blocks import CATALOGUE
from engine.project import Project
from tests.grouped import grouped


@pytest.fixture
def project() -> Project:
    project = Project()
    for name, values in (("Conv2d", {}), ("Conv2d", {"out_channels": 8}), ("ReLU", {})):
        project, _ = project.add(CATALOGUE[name](**values), (0, 0))
    return project


def test_one_block_has_its_name_and_its_parameters(project: Project) -> None:
    values = values_of(project.graph, ["conv1"])
    assert [value.key for value in values] == [NAME, *(p.name for p in CATALOGUE["Conv2d"].params())]
    assert values[0].now == "conv1"
    assert not any(value.mixed for value in values)


def test_several_have_no_name_and_tell_where_they_differ(project: Project) -> None:
    values = values_of(project.graph, ["conv1", "conv2"])
    assert [value.key for value in values if value.mixed] == ["out_channels"]
    assert NAME not in {value.key for value in values}


def test_only_blocks_of_one_kind_are_alike(project: Project) -> None:
    blocks = [node.block for node in project.graph.nodes.values()]
    assert alike(blocks[:2])
    assert not alike(blocks)


def test_a_group_is_set_from_outside() -> None:
    graph = grouped().graph
    key = next(key for key, node in graph.nodes.items() if node.name == "encoder")
    for value in values_of(graph, [key]):
        if value.key.startswith(EXPOSED):
            after = changed(graph, [key], value.key, value.now)
            assert after.nodes[key].block == graph.nodes[key].block


def test_one_edit_changes_all(project: Project) -> None:
    graph = changed(project.graph, ["conv1", "conv2"], "out_channels", 5)
    assert [graph.nodes[key].block.out_channels for key in ("conv1", "conv2")] == [5, 5]
    assert taken(project.graph, ["conv1", "conv2"], "kernel_size", 5) == (5, 5)


def test_a_refusal_names_the_block_that_refuses(project: Project) -> None:
    with pytest.raises(ValueError, match=r"^conv1: Filters must be at least 1, not 0\.$"):
        changed(project.graph, ["conv1", "conv2"], "out_channels", 0)
    with pytest.raises(ValueError, match=r"^Filters must be at least 1, not 0\.$"):
        changed(project.graph, ["conv1"], "out_channels", 0)


@pytest.mark.parametrize(
    ("keys", "what", "words"),
    [
        (["conv1"], NAME, "Rename conv1 to 3"),
        (["conv1"], "out_channels", "Change Filters of conv1"),
        (["conv1", "conv2"], "out_channels", "Change Filters of 2 blocks"),
    ],
)
def test_steps_are_named(project: Project, keys: list[str], what: str, words: str) -> None:
    assert step_text(project, keys, what, 3) == words
