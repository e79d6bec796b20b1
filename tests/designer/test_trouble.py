"""The block that a failure names is found by the names that people read, as far as it is still there."""

from __future__ import annotations

import pytest

from designer.trouble import way_of
from engine.graph import Graph
from engine.group import Group, GroupInput, GroupOutput
from tests.engine.drawing import block, classifier, graph


def drawn() -> Graph:
    inner = graph({"x": GroupInput(), "part": block("ReLU"), "y": GroupOutput()}, "x -> part -> y")
    return classifier(block("Linear", out_features=8), Group(graph=inner)).graph


@pytest.mark.parametrize(
    ("names", "found"), [("layer1", 1), ("layer2", 1), ("layer2/part", 2), ("layer2/gone", 1), ("gone", 0)]
)
def test_a_path_in_names_leads_to_the_block(names: str, found: int) -> None:
    whole = drawn()
    way = way_of(whole, names)
    assert len(way) == found
    nodes = whole.nodes
    for key, name in zip(way, names.split("/"), strict=False):
        assert nodes[key].name == name
        inner = nodes[key].block
        nodes = inner.graph.nodes if isinstance(inner, Group) else {}
