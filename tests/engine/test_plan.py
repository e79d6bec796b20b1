"""The plan orders the steps, tells every shape it can, and works out again only what changed."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

from engine.data.sources import Iris
from engine.field import Field
from engine.graph import Graph, Wire
from engine.group import Group, GroupInput, GroupOutput
from engine.plan import Plan, plan, trace_alone, trace_block
from engine.tensor import TensorSpec
from tests.engine.drawing import block, graph
from tests.engine.ruleless import Probed
from tests.modules import HOUSE

FIELDS = {field.name: field for field in Iris().fields()}
CHAIN = {
    "x": block("Input", field="features"),
    "fc": block("Linear", out_features=8),
    "act": block("ReLU"),
    "out": block("Linear", out_features=3),
    "label": block("Target", field="species"),
    "loss": block("CrossEntropyLoss"),
}
WIRES = ("x -> fc -> act -> out -> loss.prediction", "label -> loss.target")


def test_orders_by_wires_and_then_as_drawn() -> None:
    drawn = graph(CHAIN, *WIRES)
    assert list(plan(drawn, FIELDS).steps) == ["x", "fc", "act", "out", "label", "loss"]
    shuffled = Graph(nodes={key: drawn.nodes[key] for key in reversed(drawn.nodes)}, wires=drawn.wires)
    assert list(plan(shuffled, FIELDS).steps) == ["label", "x", "fc", "act", "out", "loss"]


def test_the_order_is_one_that_can_run() -> None:
    random.seed(0)
    for _ in range(20):
        blocks = {f"b{number}": block("Add") for number in range(12)}
        drawn = graph(blocks)
        for number in range(1, 12):
            for port in ("x1", "x2"):
                drawn = drawn.connect(Wire(f"b{random.randrange(number)}", "y", f"b{number}", port))
        nodes = list(drawn.nodes.items())
        random.shuffle(nodes)
        steps = list(plan(Graph(nodes=dict(nodes), wires=drawn.wires), {}).steps)
        assert sorted(steps) == sorted(drawn.nodes)
        assert all(steps.index(wire.source) < steps.index(wire.target) for wire in drawn.wires)


def test_tells_shapes_counts_and_kinds() -> None:
    planned = plan(graph(CHAIN, *WIRES), FIELDS)
    assert [str(planned.leaving(key, "y")) for key in ("x", "fc", "act", "out")] == ["4", "8", "8", "3"]
    assert planned.leaving("label", "y") == TensorSpec((), "int64")
    assert planned.leaving("loss", "loss") == TensorSpec((), batched=False)
    assert planned.leaving("fc", "z") is None
    assert planned.leaving("nobody", "y") is None
    assert planned.parameters == (4 * 8 + 8) + (8 * 3 + 3)
    assert planned.multiply_adds == 4 * 8 + 8 * 3
    assert [step.id for step in planned.inputs] == ["x"]
    assert [step.id for step in planned.losses] == ["loss"]
    assert planned.outputs == ()
    assert all(step.complete for step in planned.steps.values())
    assert str(planned.steps["out"].trace.call) == "nn.Linear(8, 3)"
    assert planned.steps["loss"].wires == (Wire("out", "y", "loss", "prediction"), Wire("label", "y", "loss", "target"))


def test_what_can_be_known_is_told_though_the_rest_is_not() -> None:
    drawn = graph(CHAIN, *WIRES).disconnect([Wire("x", "y", "fc", "x")])
    planned = plan(drawn, FIELDS)
    assert planned.steps["fc"].arrives == (None,)
    assert planned.steps["fc"].trace.misfit is None
    assert not planned.steps["fc"].complete
    assert planned.leaving("out", "y") is None
    assert planned.leaving("label", "y") is not None
    assert planned.steps["loss"].arrives == (None, TensorSpec((), "int64"))


def test_a_misfit_stops_only_what_follows() -> None:
    drawn = graph({**CHAIN, "side": block("Linear")}, *WIRES, "x -> side").replace("fc", block("Conv2d"))
    planned = plan(drawn, FIELDS)
    assert planned.steps["fc"].trace.misfit is not None
    assert planned.leaving("act", "y") is None
    assert str(planned.leaving("side", "y")) == "64"


def test_a_source_without_its_field_misfits() -> None:
    planned = plan(graph(CHAIN, *WIRES), {})
    assert planned.steps["x"].trace.misfit is not None
    assert planned.steps["x"].leaves == (None,)
    assert plan(graph(CHAIN, *WIRES), {"features": Field("features", "vector", (9,))}).steps["x"].complete


@pytest.mark.parametrize(
    ("wires", "cycles", "left"),
    [
        (["a -> a"], [("a",)], ["b", "c", "d"]),
        (["a -> b", "b -> a.x2"], [("a", "b")], ["c", "d"]),
        (["a -> b -> c", "c -> a.x2", "c -> d"], [("a", "b", "c")], ["d"]),
        (["a -> b", "b -> a.x2", "c -> d", "d -> c.x2"], [("a", "b"), ("c", "d")], []),
        (["a -> b -> c -> d"], [], ["a", "b", "c", "d"]),
    ],
)
def test_cycles_have_no_place_in_the_order(wires: list[str], cycles: list[tuple[str, ...]], left: list[str]) -> None:
    planned = plan(graph({name: block("Add") for name in "abcd"}, *wires), {})
    assert sorted(planned.cycles) == cycles
    assert list(planned.steps) == left


def test_wires_of_a_file_that_lead_nowhere_are_passed_over() -> None:
    drawn = graph(CHAIN, *WIRES)
    stray = (
        Wire("ghost", "y", "fc", "x"),
        Wire("fc", "z", "act", "x"),
        Wire("x", "y", "act", "w"),
        Wire("x", "y", "gone", "x"),
    )
    planned = plan(Graph(nodes=drawn.nodes, wires=(*drawn.wires, *stray)), FIELDS)
    assert list(planned.steps) == list(CHAIN)
    assert planned.leaving("fc", "y") is None  # the later wire into the same input counts
    assert not planned.cycles


def test_the_empty_graph_has_a_plan() -> None:
    planned = plan(Graph(), {})
    assert (planned.steps, planned.cycles, planned.parameters) == ({}, (), 0)


def test_only_what_changed_is_worked_out_again() -> None:
    drawn = graph({"x": block("Input", sample_shape=(8,)), **{f"act{n}": block("Linear") for n in range(30)}})
    for number in range(29):
        drawn = drawn.connect(Wire(f"act{number}", "y", f"act{number + 1}", "x"))
    drawn = drawn.connect(Wire("x", "y", "act0", "x"))
    plan(drawn, {})
    before = trace_block.cache_info()
    plan(drawn, {})
    assert trace_block.cache_info().misses == before.misses
    plan(drawn.change("act15", out_features=65), {})
    assert trace_block.cache_info().misses == before.misses + 2  # the block and the one behind it
    plan(drawn.rename("act15", "other"), {})
    assert trace_block.cache_info().misses == before.misses + 2


def test_answers_do_not_mix_between_blocks_and_inputs() -> None:
    first = trace_block(block("ReLU"), (TensorSpec((3,)),))
    assert trace_block(block("ReLU"), (TensorSpec((4,)),)).outputs != first.outputs
    assert trace_block(block("MSELoss", weight=2), (TensorSpec((3,)),) * 2).outputs == (TensorSpec((), batched=False),)
    assert trace_block(block("ReLU"), (TensorSpec((3,)),)) is first


LAYER = Group(
    graph=graph({"x": GroupInput(), "fc": block("Linear", out_features=6), "y": GroupOutput()}, "x -> fc -> y")
)


def grouped(group: Group, *shape: int) -> Plan:
    """A group between an Input of this shape and an Output."""
    blocks = {"data": block("Input", sample_shape=shape), "group": group, "out": block("Output")}
    return plan(graph(blocks, "data -> group", "group -> out"), {})


def test_a_group_is_planned_through_all_its_repeats() -> None:
    planned = grouped(LAYER.change(repeat=3), 4)
    step = planned.steps["group"]
    assert str(planned.leaving("group", "y")) == "6"
    assert step.trace.weights == {
        "0.fc.weight": (6, 4),
        "0.fc.bias": (6,),
        "1.fc.weight": (6, 6),
        "1.fc.bias": (6,),
        "2.fc.weight": (6, 6),
        "2.fc.bias": (6,),
    }
    assert planned.parameters == (4 * 6 + 6) + 2 * (6 * 6 + 6)
    assert planned.multiply_adds == 4 * 6 + 2 * 6 * 6
    assert planned.complete
    inner = planned.inside(("group",))
    assert inner is not None
    assert str(inner.leaving("x", "y")) == "4", "as it is the first time"
    assert planned.inside(("out",)) is None
    assert planned.inside(("group", "fc")) is None


@pytest.mark.parametrize(
    ("group", "shape", "words"),
    [
        (
            Group(repeat=3, graph=graph({"x": GroupInput(), "pool": block("MaxPool2d"), "y": GroupOutput()},
                                        "x -> pool -> y")),
            (2, 5, 5),
            "can't be repeated, since repeat 3 receives 2 × 1 × 1 from the one before: pool slides a window",
        ),
        (
            Group(repeat=2, graph=graph({"x": GroupInput(), "fc": block("Linear"), "y": GroupOutput(),
                                         "z": GroupOutput()}, "x -> fc -> y", "fc -> z")),
            (4,),
            "is repeated, but gives 2 values where it takes 1",
        ),
    ],
)  # fmt: skip
def test_a_repeat_that_can_not_feed_the_next(group: Group, shape: tuple[int, ...], words: str) -> None:
    misfit = grouped(group, *shape).steps["group"].trace.misfit
    assert misfit is not None
    assert misfit.message.startswith(words)
    assert misfit.param == "repeat"


def test_shared_weights_count_once() -> None:
    drawn, other = graph({"x": block("Input", sample_shape=(4,)), "layer": LAYER}, "x -> layer").share("layer")
    drawn = drawn.connect(Wire("x", "y", other, "x"))
    planned = plan(drawn, {})
    assert planned.steps[other].shares == "layer"
    assert planned.steps[other].trace.parameters == planned.parameters == 4 * 6 + 6


def test_what_only_torch_knows_is_pending_until_it_was_asked() -> None:
    odd = Probed(rows=7)
    inside = Group(graph=graph({"x": GroupInput(), "odd": odd, "y": GroupOutput()}, "x -> odd -> y"))
    blocks = {"data": block("Input", sample_shape=(5,)), "group": inside, "act": block("ReLU"), "end": Probed(rows=8)}
    drawn = graph(blocks, "data -> group", "group -> act -> end")
    waiting = plan(drawn, {}, probing=False)
    assert waiting.pending
    assert [key for key, step in waiting.steps.items() if step.trace.pending] == ["group"]
    assert waiting.leaving("act", "y") is None
    assert all(step.trace.misfit is None for step in waiting.steps.values())
    assert not waiting.complete
    asked = plan(drawn, {})
    assert not asked.pending
    assert str(asked.leaving("end", "y")) == "8"
    assert asked.parameters == (5 * 7 + 7) + (7 * 8 + 8)
    again = plan(drawn, {}, probing=False)
    assert not again.pending
    assert again.leaving("end", "y") == asked.leaving("end", "y")


def test_a_repeat_that_waits_for_torch_is_no_misfit() -> None:
    odd = Group(repeat=2, graph=graph({"x": GroupInput(), "odd": Probed(rows=11), "y": GroupOutput()}, "x -> odd -> y"))
    drawn = graph({"data": block("Input", sample_shape=(9,)), "group": odd}, "data -> group")
    assert trace_alone(Probed(rows=11), (TensorSpec((9,)),)).complete, "so that only the second repeat waits"
    step = plan(drawn, {}, probing=False).steps["group"]
    assert step.trace.pending
    assert step.trace.misfit is None


def test_planning_without_probing_leaves_torch_alone() -> None:
    code = """
import sys
from tests.engine.ruleless import Probed
from engine.plan import trace_alone
from engine.tensor import TensorSpec
print(trace_alone(Probed(), (TensorSpec((5,)),), probing=False).pending, "torch" in sys.modules)
"""
    answer = subprocess.run([sys.executable, "-c", code], cwd=HOUSE, capture_output=True, text=True, timeout=120)
    assert answer.stdout == "True False\n", answer.stderr
