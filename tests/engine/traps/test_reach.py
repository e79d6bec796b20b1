"""What is said of the numbers that leave a block is true of the numbers that really leave it."""

from __future__ import annotations

import math

import pytest
import torch

from engine.blocks import CATALOGUE, Block
from engine.blocks.inputs import Input
from engine.graph import Graph, Node, Wire
from engine.group import Group, GroupInput, GroupOutput
from engine.plan import NO_FIELDS, plan
from engine.project import Project
from engine.traps.reach import ALWAYS, ANY, POSITIVE, SAME, SAME_OR_ZERO, SHARE, SIGNED, TOGETHER, Reach, Reaches
from tests.engine.blocks.carried_out import carry_out, numbers
from tests.engine.blocks.cases import cases
from tests.engine.blocks.contract.specs import Specs
from tests.engine.drawing import block, draw

MOVED = (*SAME, *SAME_OR_ZERO, *TOGETHER, "Clamp", "Affine", "Negative", "Log", "Dropout", "Dropout2d")


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


def test_every_name_is_that_of_a_block() -> None:
    names = {*ALWAYS, *SAME, *SAME_OR_ZERO, *TOGETHER}
    assert names <= set(CATALOGUE)
    assert len(names) == len(ALWAYS) + len(SAME) + len(SAME_OR_ZERO) + len(TOGETHER), "a block stands in two tables"


def alone(what: Block, specs: Specs, *before: Block) -> Reach | None:
    """What is said of a block that inputs feed, each through the blocks in front."""
    graph, key = Graph().add(what, "block")
    for port, spec in zip(what.input_ports(), specs, strict=True):
        if spec is None:
            continue
        graph, source = graph.add(Input(sample_shape=spec.shape, dtype="float32" if before else spec.dtype))
        for one in before if spec.dtype == "float32" else ():
            graph, following = graph.add(one)
            graph = graph.connect(Wire(source, "y", following, "x"))
            source = following
        graph = graph.connect(Wire(source, "y", key, port.name))
    planned = plan(graph, NO_FIELDS)
    return Reaches(planned).of(planned.steps[key], what.output_ports()[0])


def assert_within(values: torch.Tensor, reach: Reach) -> None:
    values = values.detach().double()
    assert reach[0] - 1e-5 <= values.min().item()
    assert values.max().item() <= reach[1] + 1e-5


LIMITED = [
    pytest.param(what, specs, id=name) for name, what, specs in cases() if ALWAYS.get(type(what).__name__, ANY) != ANY
]


@pytest.mark.parametrize(("what", "specs"), LIMITED)
def test_limits_are_kept_whatever_enters(what: Block, specs: Specs) -> None:
    if any(spec is not None and not spec.batched for spec in specs):
        return
    reach = alone(what, specs)
    if type(what).__name__ in ("GRU", "GRUCell") and specs[1] is not None:
        assert reach is None  # a memory that is given may hold any numbers
        return
    assert reach is not None
    for size in (0.1, 1.0, 30.0):
        values = {
            name: value * size if value.is_floating_point() else value
            for name, value in numbers(what, specs, 50).items()
        }
        found = carry_out(what, what.layer(*_views(what, specs)), specs, values).outputs[0]
        assert_within(found.nan_to_num(), reach)


def _views(what: Block, specs: Specs) -> list[object]:
    return [
        port.kind.view(spec, port.name) if spec is not None else None
        for port, spec in zip(what.input_ports(), specs, strict=True)
    ]


PASSED = [
    pytest.param(what, specs, id=name)
    for name, what, specs in cases()
    if type(what).__name__ in MOVED
    and all(spec is None or (spec.batched and spec.dtype == "float32") for spec in specs)
]


@pytest.mark.parametrize(("what", "specs"), PASSED)
def test_what_is_passed_on_stays_within_what_entered(what: Block, specs: Specs) -> None:
    reach = alone(what, specs, block("Sigmoid"))
    if getattr(what, "divisor_override", None):
        assert reach is None
        return
    assert reach is not None
    values = {name: torch.sigmoid(5 * value) for name, value in numbers(what, specs, 20).items()}
    found = carry_out(what, what.layer(*_views(what, specs)), specs, values).outputs[0]
    assert_within(found.float(), reach)


TABLE: list[tuple[list[Block], Reach | None]] = [
    ([], None),
    ([block("Linear")], ANY),
    ([block("Linear"), block("ReLU"), block("Flatten")], POSITIVE),
    ([block("Sigmoid"), block("Dropout", p=0.5)], (0.0, 2.0)),
    ([block("Sigmoid"), block("AlphaDropout")], None),
    ([block("Sigmoid"), block("Affine", scale=2.0, offset=-1.0)], SIGNED),
    ([block("Sigmoid"), block("Affine", scale=0.0, offset=3.0)], (3.0, 3.0)),
    ([block("Linear"), block("Affine", scale=0.0)], (0.0, 0.0)),
    ([block("Tanh"), block("Negative"), block("Clamp", min=-0.5, max=None)], (-0.5, 1.0)),
    ([block("Clamp", min=None, max=2.0)], (-math.inf, 2.0)),
    ([block("ReLU"), block("Clamp", min=-2.0, max=-1.0)], (-1.0, -1.0)),
    ([block("Softmax"), block("Log")], (-math.inf, 0.0)),
    ([block("ReLU"), block("Log")], ANY),
    ([block("Tanh"), block("Square")], POSITIVE),
    ([block("Tanh"), block("Power")], None),
    ([block("LeakyReLU", negative_slope=0.0)], POSITIVE),
    ([block("Hardtanh", min_val=-2.0, max_val=3.0)], (-2.0, 3.0)),
]


@pytest.mark.parametrize(("chain", "expected"), TABLE)
def test_chains(chain: list[Block], expected: Reach | None) -> None:
    project = Project()
    project, key = project.add(block("Input", sample_shape=(6,)), (0, 0), "x")
    graph = project.graph
    for one in chain:
        graph, following = graph.add(one)
        graph = graph.connect(Wire(key, "y", following, one.input_ports()[0].name))
        key = following
    planned = plan(graph, NO_FIELDS)
    assert Reaches(planned).of(planned.steps[key], "y") == expected


def test_several_that_meet() -> None:
    blocks = {
        "x": block("Input", sample_shape=(6,)),
        "a": block("Sigmoid"),
        "b": block("Tanh"),
        "known": block("Concat"),
        "unknown": block("Concat"),
        "any": block("Concat", inputs=3),
        "fc": block("Linear"),
    }
    wires = ("x -> a -> known.x1", "x -> b -> known.x2", "a -> unknown.x1", "x -> unknown.x2", "x -> fc -> any.x1")
    graph = draw(blocks, *wires, "x -> any.x2", "a -> any.x3").graph
    planned = plan(graph, NO_FIELDS)
    found = {key: Reaches(planned).of(planned.steps[key], "y") for key in ("known", "unknown", "any")}
    assert found == {"known": SIGNED, "unknown": None, "any": ANY}


def test_groups_are_looked_into() -> None:
    inner, entry = Graph().add(GroupInput(), "x")
    inner, fc = inner.add(block("Linear", out_features=4), "fc")
    inner, act = inner.add(block("Sigmoid"), "act")
    inner, end = inner.add(GroupOutput(), "y")
    for wire in (Wire(entry, "y", fc, "x"), Wire(fc, "y", act, "x"), Wire(act, "y", end, "x")):
        inner = inner.connect(wire)
    graph, source = Graph().add(block("Input", sample_shape=(4,)), "x")
    graph, key = graph.add(Group(graph=inner, repeat=2), "group")
    planned = plan(graph.connect(Wire(source, "y", key, "x")), NO_FIELDS)
    assert Reaches(planned).of(planned.steps[key], "y") == SHARE


@pytest.mark.parametrize(("encoding", "expected"), [("index", None), ("number", SHARE), ("one-hot", SHARE)])
def test_classes_as_numbers(encoding: str, expected: Reach | None) -> None:
    field = next(f.name for f in draw({}, source="BreastCancer").data.fields().values() if f.kind == "class")
    project = draw({"label": block("Target", field=field, encoding=encoding)}, source="BreastCancer")
    fields = project.data.fields()
    planned = plan(project.graph, fields)
    assert Reaches(planned, fields).of(planned.steps["label"], "y") == expected


def test_numbers_of_a_target_may_be_any() -> None:
    project = draw({"label": block("Target", field="progression", encoding="number")}, source="Diabetes")
    fields = project.data.fields()
    planned = plan(project.graph, fields)
    assert Reaches(planned, fields).of(planned.steps["label"], "y") is None


def test_long_and_tangled_ways_are_gone_once() -> None:
    """As long as a file may be, and with two ways at each step."""
    graph, key = Graph().add(block("Input", sample_shape=(2,)), "x")
    graph, following = graph.add(block("Tanh"), "start")
    wires = [Wire(key, "y", following, "x")]
    nodes = dict(graph.nodes)
    for number in range(1500):
        key, following = following, f"n{number}"
        nodes[following] = Node(name=following, block=block("Maximum" if number < 60 else "Identity"))
        ports = [port.name for port in nodes[following].block.input_ports()]
        wires += [Wire(key, "y", following, port) for port in ports]
    planned = plan(Graph(nodes=nodes, wires=tuple(wires)), NO_FIELDS)
    assert Reaches(planned).of(planned.steps[following], "y") == SIGNED
