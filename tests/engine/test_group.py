"""A group stands in a graph as one block: its ports, the parameters offered on it, and the way in and back out."""

from __future__ import annotations

import pytest

from engine.graph import Graph, Wire
from engine.group import Exposed, Group, GroupInput, GroupOutput, inside, path_in_names, put_back
from engine.record import BadValue
from tests.drawn.drawing import group
from tests.engine.drawing import block, graph

UNIT = group(
    "Unit",
    {"fc1": block("Linear", out_features=4), "act": block("ReLU"), "fc2": block("Linear", out_features=4)},
    "x -> fc1 -> act -> fc2 -> y",
    "act -> early",
    outputs=("early", "y"),
    exposed={"Width": "fc1.out_features fc2.out_features", "Bias": "fc1.bias"},
)
OUTER = graph({"a": block("Input"), "unit1": UNIT, "b": block("ReLU")}, "a -> unit1", "unit1.y -> b")


def test_ports_stand_in_the_order_of_the_blocks_inside() -> None:
    assert [port.name for port in UNIT.input_ports()] == ["x"]
    assert UNIT.output_ports() == ("early", "y")
    turned = Graph(nodes=dict(reversed(UNIT.graph.nodes.items())), wires=UNIT.graph.wires)
    assert UNIT.with_graph(turned).output_ports() == ("y", "early")
    assert Group().input_ports() == Group().output_ports() == ()


def test_tells_of_itself_in_a_line() -> None:
    assert Group().summary() == "Group"
    assert UNIT.summary() == "Unit 4 · True"
    assert UNIT.change(repeat=3).summary() == "Unit × 3 4 · True"


@pytest.mark.parametrize("title", ["U", "ResidualBlock", "A" * 60, "X2d"])
def test_takes_titles(title: str) -> None:
    assert Group(title=title).title == title


@pytest.mark.parametrize(
    "title",
    ["", "unit", "2d", "Res Block", "Res_Block", "Größe", "A" * 61, "A\n", 'A"', "True", "None", "А"],  # Cyrillic
)
def test_refuses_titles(title: str) -> None:
    with pytest.raises(BadValue, match="Class must be a capital letter, then letters and digits"):
        Group.build({"title": title})


@pytest.mark.parametrize("repeat", [0, -1, 1001, 10**30])
def test_refuses_repeats(repeat: int) -> None:
    with pytest.raises(BadValue, match="Repeat must be"):
        Group.build({"repeat": repeat})


# Parameters offered on the group


def test_sets_all_parameters_behind_a_label() -> None:
    assert UNIT.exposed_labels() == ("Width", "Bias")
    assert UNIT.exposed_value("Width") == 4
    after = UNIT.set_exposed("Width", 7)
    assert [after.graph.nodes[key].block.out_features for key in ("fc1", "fc2")] == [7, 7]
    assert after.graph.wires == UNIT.graph.wires
    assert UNIT.exposed_value("Width") == 4, "the group itself stays as it was"
    with pytest.raises(BadValue, match="Features out must be at least 1"):
        UNIT.set_exposed("Width", 0)


def test_a_label_describes_the_first_parameter_behind_it() -> None:
    described = UNIT.exposed_param("Width")
    assert (described.label, described.name, described.kind, described.ge) == ("Width", "out_features", "int", 1)


def test_offers_and_hides() -> None:
    after = UNIT.expose("Steepness", "act", "nothing").expose("Again", "fc2", "bias")
    assert after.exposed_labels() == ("Width", "Bias", "Again")
    assert after.exposed[-1] == Exposed("Again", "fc2", "bias")
    assert after.hide("Width").exposed_labels() == ("Bias", "Again")
    assert after.hide("Width").graph == UNIT.graph
    assert after.hide("nobody") == after


def test_what_is_gone_is_offered_no_more() -> None:
    after = UNIT.with_graph(UNIT.graph.remove(["fc1"]))
    assert after.exposed_labels() == ("Width",)
    assert after.exposed_value("Width") == 4
    assert after.exposed == UNIT.exposed, "it may come back"


# In and out


def test_the_way_in() -> None:
    deeper = group("Outer", {"one": UNIT}, "x -> one.x", "one.y -> y")
    outer = graph({"a": block("Input"), "top": deeper}, "a -> top")
    assert inside(outer, ()) is outer
    assert inside(outer, ("top",)) == deeper.graph
    assert inside(outer, ("top", "one")) == UNIT.graph
    for path in (("a",), ("nobody",), ("top", "one", "fc1"), ("top", "x")):
        with pytest.raises(KeyError):
            inside(outer, path)
    assert path_in_names(outer.rename("top", "head"), "top/one/fc1") == "head/one/fc1"


def test_wires_follow_a_port_that_is_renamed() -> None:
    inner = UNIT.graph.rename("y", "late").rename("x", "in1")
    after = put_back(OUTER, ("unit1",), inner)
    assert after.wires == (Wire("a", "y", "unit1", "in1"), Wire("unit1", "late", "b", "x"))
    assert inside(after, ("unit1",)) == inner


def test_wires_follow_at_every_use_of_the_same_weights() -> None:
    shared, other = OUTER.share("unit1")
    shared = shared.connect(Wire("a", "y", other, "x"))
    after = put_back(shared, (other,), UNIT.graph.rename("x", "in1"))
    assert {str(wire) for wire in after.wires} == {"a.y -> unit1.in1", "unit1.y -> b.x", f"a.y -> {other}.in1"}
    assert after.nodes["unit1"].block == after.nodes[other].block


def test_names_of_ports_may_be_exchanged() -> None:
    inner = UNIT.graph.rename("y", "between").rename("early", "y").rename("y", "early")
    after = put_back(OUTER, ("unit1",), inner)
    assert after.wires == (Wire("a", "y", "unit1", "x"), Wire("unit1", "early", "b", "x"))


def test_a_wire_to_a_port_that_is_gone_stays() -> None:
    after = put_back(OUTER, ("unit1",), UNIT.graph.remove(["y"]))
    assert after.wires == OUTER.wires
    assert after.nodes["unit1"].block.output_ports() == ("early",)


def test_ports_have_no_layer() -> None:
    for port in (GroupInput(), GroupOutput()):
        with pytest.raises(NotImplementedError):
            port.layer() if isinstance(port, GroupInput) else port.layer(None)  # type: ignore[arg-type]


def test_equal_groups_are_one() -> None:
    assert UNIT.with_graph(UNIT.graph) == UNIT
    assert hash(UNIT) == hash(UNIT.set_exposed("Width", 4))
    assert UNIT.set_exposed("Width", 5) != UNIT
