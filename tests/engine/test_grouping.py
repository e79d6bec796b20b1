"""Groups are made and taken apart without losing a wire, a weight or a place."""

from __future__ import annotations

import pytest

from engine.blocks import Block
from engine.graph import Graph, Wire
from engine.group import Group, GroupInput, GroupOutput
from engine.grouping import make_group, share, ungroup
from engine.plan import Plan, plan
from engine.problem import UserError
from engine.project import Position, Project
from engine.weight_settings import WeightSettings
from tests.engine.drawing import block, graph


def residual() -> Project:
    """x → conv1 → relu1 → conv2 → add (with x) → relu2, side by side."""
    blocks: dict[str, Block] = {
        "x": block("Input", sample_shape=(8, 6, 6)),
        "conv1": block("Conv2d", out_channels=8, padding="same"),
        "relu1": block("ReLU"),
        "conv2": block("Conv2d", out_channels=8, padding="same"),
        "add": block("Add"),
        "relu2": block("ReLU"),
        "out": block("Output"),
    }
    drawn = graph(blocks, "x -> conv1 -> relu1 -> conv2 -> add.x1", "x -> add.x2", "add -> relu2 -> out")
    places = {key: Position(190.0 * index, 130.0 * (index % 2)) for index, key in enumerate(drawn.nodes)}
    return Project(graph=drawn, layout=places)


INSIDE = ("conv1", "relu1", "conv2", "add", "relu2")


def planned(project: Project) -> Plan:
    return plan(project.graph, project.data.fields())


# One group


def test_a_residual_block_becomes_a_group() -> None:
    project, key = make_group(residual(), INSIDE, "ResidualBlock")
    assert key == "residual_block1"
    group = project.graph.nodes[key].block
    assert isinstance(group, Group)
    assert (group.title, group.repeat) == ("ResidualBlock", 1)
    assert [port.name for port in group.input_ports()] == ["x"], "one port for one value, however often it enters"
    assert group.output_ports() == ("relu2_out",)
    assert set(project.graph.wires) == {Wire("x", "y", key, "x"), Wire(key, "relu2_out", "out", "x")}
    assert planned(project).parameters == planned(residual()).parameters == 2 * (8 * 8 * 9 + 8)
    assert planned(project).multiply_adds == planned(residual()).multiply_adds
    assert planned(project).complete
    assert list(project.graph.nodes) == ["x", key, "out"]


def test_the_blocks_of_a_group_keep_ids_names_and_places() -> None:
    before = residual()
    project, key = make_group(before, INSIDE)
    inner = project.inside((key,))
    for block_id in INSIDE:
        assert inner.graph.nodes[block_id] == before.graph.nodes[block_id]
        assert inner.layout[block_id] == before.layout[block_id]
    xs = {name: place.x for name, place in inner.layout.items()}
    assert xs["x"] < min(xs[name] for name in INSIDE) < max(xs[name] for name in INSIDE) < xs["relu2_out"]
    assert inner.layout["x"].y == before.layout["conv1"].y, "a port stands beside the block it feeds"
    assert project.layout[key] == Position(190.0 * 3, 65.0), "the group stands in the middle of its blocks"
    assert set(project.layout) == {"x", "out", key, *(f"{key}/{name}" for name in inner.graph.nodes)}


@pytest.mark.parametrize(
    ("chosen", "inputs", "outputs"),
    [
        (("conv1",), ["x"], ["conv1_out"]),
        (("relu1", "conv2"), ["conv1"], ["conv2_out"]),
        (("add",), ["conv2", "x"], ["add_out"]),
        (("conv1", "relu1", "conv2"), ["x"], ["conv2_out"]),
        (INSIDE, ["x"], ["relu2_out"]),
    ],
)
def test_ports_are_named_after_what_crosses(chosen: tuple[str, ...], inputs: list[str], outputs: list[str]) -> None:
    project, key = make_group(residual(), chosen)
    group = project.graph.nodes[key].block
    assert [port.name for port in group.input_ports()] == inputs
    assert list(group.output_ports()) == outputs
    assert planned(project).complete


def test_a_value_read_inside_and_outside_still_leaves() -> None:
    project = residual()
    blocks = project.graph.connect(Wire("relu1", "y", "out", "x"))
    grouped, key = make_group(project.edit(blocks), ["relu1", "conv2"])
    assert list(grouped.graph.nodes[key].block.output_ports()) == ["relu1_out", "conv2_out"]


def test_open_ends_become_ports() -> None:
    blocks: dict[str, Block] = {"fc1": block("Linear"), "add": block("Add", inputs=2), "relu1": block("ReLU")}
    project = Project(graph=graph(blocks, "fc1 -> add.x1"))
    grouped, key = make_group(project, ["fc1", "add"])
    group = grouped.graph.nodes[key].block
    assert [port.name for port in group.input_ports()] == ["fc1_in", "add_x2"]
    assert list(group.output_ports()) == ["add_out"]
    assert ungroup(grouped, key)[0] == project, "also without any layout"


def test_several_outputs_of_one_block_have_a_port_each() -> None:
    project, inner = make_group(residual(), ["conv1", "relu1", "conv2"])
    seen = project.inside((inner,))
    both, _ = seen.add(GroupOutput(), (0, 0), "early")
    both = both.edit(both.graph.connect(Wire("relu1", "y", "early", "x")))
    project = project.put_back((inner,), both)
    wired = project.edit(project.graph.connect(Wire(inner, "early", "add", "x2")))
    outer, key = make_group(wired, [inner])
    group = outer.graph.nodes[key].block
    assert list(group.output_ports()) == [f"{inner}_out", f"{inner}_early"]
    around, other = make_group(wired, ["add"])
    assert [port.name for port in around.graph.nodes[other].block.input_ports()] == [inner, f"{inner}_early"]
    assert planned(outer).complete
    assert planned(around).complete


def test_groups_stand_in_groups() -> None:
    once, inner = make_group(residual(), ["conv1", "relu1"])
    twice, outer = make_group(once, [inner, "conv2"], "Pair")
    assert outer == "pair1"
    assert twice.inside((outer, inner)).graph.nodes.keys() >= {"conv1", "relu1"}
    assert twice.inside((outer, inner)).layout == once.inside((inner,)).layout
    assert planned(twice).parameters == planned(residual()).parameters
    assert ungroup(twice, outer)[0].layout == once.layout


def test_a_group_is_made_inside_a_group() -> None:
    once, outer = make_group(residual(), INSIDE)
    inner, key = make_group(once.inside((outer,)), ["conv1", "relu1"])
    project = once.put_back((outer,), inner)
    assert planned(project).parameters == planned(residual()).parameters
    assert planned(project).inside((outer, key)) is not None
    back, _ = ungroup(project.inside((outer,)), key)
    assert project.put_back((outer,), back).layout == once.layout


REFUSED = [
    ([], "Select the blocks that shall become a group."),
    (["x", "conv1"], "x can't go into a group: inputs, targets, outputs and losses stay outside."),
    (["x", "out"], "x and out can't go into a group"),
    (["conv1", "conv2"], "relu1 stands between the selected blocks, so the group would feed itself. Select it too."),
    (["conv1", "add"], "relu1 and conv2 stand between the selected blocks"),
    (["conv1", "relu2"], "relu1, conv2 and add stand between the selected blocks"),
]


@pytest.mark.parametrize(("chosen", "words"), REFUSED)
def test_what_can_not_be_a_group(chosen: list[str], words: str) -> None:
    with pytest.raises(UserError, match=words):
        make_group(residual(), chosen)


def test_shared_weights_do_not_cross_the_border() -> None:
    project, other = share(residual(), "conv1", (0, 0))
    with pytest.raises(UserError, match=f"conv1 shares its weights with {other}, which is not selected. Select both"):
        make_group(project, ["conv1"])
    both, _ = make_group(project, ["conv1", other])
    assert planned(both).parameters == planned(project).parameters


def test_ports_stay_where_their_group_is() -> None:
    once, outer = make_group(residual(), INSIDE)
    with pytest.raises(UserError, match=r"x can't go into another group: ports stay where their group is\."):
        make_group(once.inside((outer,)), ["x", "conv1"])


def test_only_a_group_is_taken_apart() -> None:
    with pytest.raises(UserError, match="conv1 is no group"):
        ungroup(residual(), "conv1")


# Taking apart


@pytest.mark.parametrize("chosen", [("conv1",), ("relu1", "conv2"), ("conv1", "relu1", "conv2"), INSIDE, ("add",)])
def test_taking_apart_takes_back_what_grouping_did(chosen: tuple[str, ...]) -> None:
    before = residual()
    grouped, key = make_group(before, chosen)
    after, ids = ungroup(grouped, key)
    assert set(ids) == set(chosen)
    assert after.graph.nodes == before.graph.nodes
    assert set(after.graph.wires) == set(before.graph.wires)
    assert after.layout == before.layout


def test_blocks_come_out_where_the_group_was_moved_to() -> None:
    before = residual()
    grouped, key = make_group(before, INSIDE)
    place = grouped.layout[key]
    after, _ = ungroup(grouped.move({key: (place.x + 100, place.y - 50)}), key)
    for name in INSIDE:
        assert after.layout[name] == Position(before.layout[name].x + 100, before.layout[name].y - 50)


def test_names_that_are_taken_outside_get_a_number() -> None:
    grouped, key = make_group(residual(), INSIDE)
    grouped, other = grouped.add(block("ReLU"), (0, 0), "relu1")
    after, ids = ungroup(grouped, key)
    assert other == "relu1"
    assert len(ids) == len(set(ids)) == 5
    assert {after.graph.nodes[name].name for name in ids} == {"conv1", "relu3", "conv2", "add", "relu2"}


def test_a_repeat_is_unrolled() -> None:
    grouped, key = make_group(residual(), INSIDE)
    repeated = grouped.edit(grouped.graph.change(key, repeat=3))
    after, ids = ungroup(repeated, key)
    assert len(ids) == 15
    assert planned(after).parameters == planned(repeated).parameters == 3 * planned(grouped).parameters
    assert planned(after).complete
    chain = [after.graph.into(ids[0], "x"), after.graph.into(ids[5], "x"), after.graph.into(ids[10], "x")]
    assert [wire.source for wire in chain if wire] == ["x", ids[4], ids[9]]
    places = [after.layout[name] for name in after.graph.nodes]
    assert len(set(places)) == len(places), "no block stands over another"
    assert after.layout["out"].x > max(after.layout[name].x for name in ids)


def test_inputs_beyond_the_outputs_go_to_every_repeat() -> None:
    grouped, key = make_group(residual(), ["add", "relu2"])
    assert [port.name for port in grouped.graph.nodes[key].block.input_ports()] == ["conv2", "x"]
    repeated = grouped.edit(grouped.graph.change(key, repeat=2))
    after, ids = ungroup(repeated, key)
    first, second = ids[0], ids[2]
    assert after.graph.into(first, "x1") == Wire("conv2", "y", first, "x1")
    assert after.graph.into(second, "x1") == Wire(ids[1], "y", second, "x1")
    assert after.graph.into(first, "x2") == Wire("x", "y", first, "x2")
    assert after.graph.into(second, "x2") == Wire("x", "y", second, "x2")


def test_a_use_of_shared_weights_is_taken_apart_alone() -> None:
    grouped, key = make_group(residual(), ["conv1"])
    shared, other = share(grouped, key, (0, 500))
    shared = shared.edit(shared.graph.connect(Wire("x", "y", other, "x")))
    for taken, kept in ((key, other), (other, key)):
        after, _ = ungroup(shared, taken)
        assert isinstance(after.graph.nodes[kept].block, Group)
        assert after.graph.owner(kept) == kept
        assert after.inside((kept,)).layout == shared.inside((key,)).layout
        assert planned(after).parameters == planned(shared).parameters + planned(residual()).parameters // 2


@pytest.mark.parametrize(
    ("outer", "own", "expected"),
    [
        ({"frozen": True}, {}, {"frozen": True}),
        ({}, {"frozen": True}, {"frozen": True}),
        ({"weight_decay": 0.1}, {"weight_decay": 0.2}, {"weight_decay": 0.2}),
        ({"weight_decay": 0.1, "l1": 0.3}, {}, {"weight_decay": 0.1, "l1": 0.3}),
    ],
)
def test_the_treatment_of_the_weights_passes_on(
    outer: dict[str, object], own: dict[str, object], expected: dict[str, object]
) -> None:
    before = residual()
    before = before.edit(before.graph.treat("conv1", WeightSettings.build(own)))
    grouped, key = make_group(before, INSIDE)
    grouped = grouped.edit(grouped.graph.treat(key, WeightSettings.build(outer)))
    after, _ = ungroup(grouped, key)
    assert after.graph.nodes["conv1"].weights == WeightSettings.build(expected)


def test_what_goes_straight_through_a_group_is_led_on() -> None:
    grouped, key = make_group(residual(), ["conv1"])
    inner, port = grouped.inside((key,)).add(GroupOutput(), (0, 0), "same")
    inner = inner.edit(inner.graph.connect(Wire("x", "y", port, "x")))
    project = grouped.put_back((key,), inner)
    project = project.edit(project.graph.connect(Wire(key, "same", "add", "x2")))
    after, _ = ungroup(project, key)
    assert after.graph.into("add", "x2") == Wire("x", "y", "add", "x2")


def test_wires_that_go_round_do_not_hang() -> None:
    """A file may hold them."""
    ports = graph({"x": GroupInput(), "y": GroupOutput()}, "x -> y")
    loop = Graph().add(Group().with_graph(ports), "g")[0].connect(Wire("g", "y", "g", "x"))
    after, ids = ungroup(Project(graph=loop), "g")
    assert (ids, dict(after.graph.nodes), after.graph.wires) == ((), {}, ())
