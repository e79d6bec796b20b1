"""Whatever is drawn and whatever is selected: a group of it computes the same, and comes apart without a trace."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import engine
from engine.blocks import Loss, Source
from engine.blocks.inputs import Output
from engine.grouping import make_group, refused_group, ungroup
from engine.plan import Plan, plan
from engine.project import Project
from tests.engine.drawing import block
from tests.engine.random_graphs import WIDTH, projects, selections, with_outputs

if TYPE_CHECKING:
    import torch


def planned(project: Project) -> Plan:
    return plan(project.graph, project.data.fields())


def brute_force_refuses(project: Project, chosen: set[str]) -> bool:
    """The rules again, said in another way."""
    nodes, wires = project.graph.nodes, project.graph.wires
    if any(isinstance(nodes[key].block, (Source, Output, Loss)) for key in chosen):
        return True
    pairs = itertools.product(chosen, nodes.keys() - chosen)
    if any(project.graph.owner(one) == project.graph.owner(other) for one, other in pairs):
        return True
    outside = {wire.target for wire in wires if wire.source in chosen} - chosen
    for _ in nodes:
        outside |= {wire.target for wire in wires if wire.source in outside} - chosen
    return any(wire.source in outside and wire.target in chosen for wire in wires)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_any_blocks_are_grouped_and_taken_apart_without_a_trace(data: st.DataObject) -> None:
    before = data.draw(projects())
    chosen = data.draw(selections(before))
    refused = refused_group(before.graph, [key for key in before.graph.nodes if key in chosen])
    assert (refused is not None) == brute_force_refuses(before, chosen)
    if refused:
        return
    grouped, key = make_group(before, chosen)
    one, other = planned(before), planned(grouped)
    assert (one.parameters, one.multiply_adds) == (other.parameters, other.multiply_adds)
    assert len(other.cycles) == 0
    for kept in before.graph.nodes.keys() - chosen:
        assert one.steps[kept].leaves == other.steps[kept].leaves
        assert one.steps[kept].arrives == other.steps[kept].arrives
    after, ids = ungroup(grouped, key)
    assert set(ids) == chosen
    assert after.graph.nodes == before.graph.nodes
    assert sorted(after.graph.wires) == sorted(before.graph.wires)
    assert after.layout == before.layout
    again = planned(after)
    assert {k: s.leaves for k, s in again.steps.items()} == {k: s.leaves for k, s in one.steps.items()}
    assert [k for k in after.graph.nodes if k in chosen] == [k for k in before.graph.nodes if k in chosen]


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data(), st.integers(1, 3))
def test_any_repeat_is_unrolled_into_the_same_plan(data: st.DataObject, repeat: int) -> None:
    before = data.draw(projects())
    chosen = data.draw(selections(before))
    if brute_force_refuses(before, chosen):
        return
    grouped, key = make_group(before, chosen)
    repeated = grouped.edit(grouped.graph.change(key, repeat=repeat))
    one = planned(repeated)
    if one.steps[key].trace.misfit is not None:
        return
    after, ids = ungroup(repeated, key)
    other = planned(after)
    assert len(ids) == repeat * len(chosen)
    assert (one.parameters, one.multiply_adds) == (other.parameters, other.multiply_adds)
    for kept in before.graph.nodes.keys() - chosen:
        assert one.steps[kept].leaves == other.steps[kept].leaves
    names = [node.name for node in after.graph.nodes.values()]
    assert len(names) == len(set(names))


@settings(max_examples=40)
@given(st.data(), st.integers(1, 3))
def test_any_group_computes_what_its_blocks_did(data: st.DataObject, repeat: int) -> None:
    import torch

    before = with_outputs(data.draw(projects(complete=True)))
    chosen = data.draw(selections(before))
    if brute_force_refuses(before, chosen):
        return
    grouped, key = make_group(before, chosen)
    assert torch.equal(computed(grouped), computed(before))
    repeated = grouped.edit(grouped.graph.change(key, repeat=repeat))
    if planned(repeated).steps[key].trace.misfit is None:
        assert torch.equal(computed(ungroup(repeated, key)[0]), computed(repeated))


def computed(project: Project) -> torch.Tensor:
    """All that the network predicts for a few samples, side by side."""
    import torch

    module = engine.compile(project)
    count = sum(type(node.block).__name__ == "Input" for node in project.graph.nodes.values())
    generator = torch.Generator().manual_seed(3)
    samples = [torch.randn(4, WIDTH, generator=generator, dtype=torch.float64) for _ in range(count)]
    with torch.no_grad():
        answer = module.double()(*samples)
    answers = answer if isinstance(answer, dict) else {"": answer}
    return torch.cat([answers[name] for name in sorted(answers)], dim=1)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_edits_inside_any_group_are_lifted_out_and_seen_again(data: st.DataObject) -> None:
    before = data.draw(projects(nested=False))
    chosen = data.draw(selections(before))
    if brute_force_refuses(before, chosen):
        return
    project, key = make_group(before, chosen)
    inner, _ = project.inside((key,)).add(block("Tanh"), (1, 2))
    lifted = project.put_back((key,), inner)
    assert lifted.inside((key,)) == inner
    assert lifted.graph.wires == project.graph.wires
    assert project.put_back((key,), project.inside((key,))) == project
