"""A muted block is passed over: shapes, counts, Python, weights and numbers are those of a design without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import engine
from engine.blocks import CATALOGUE, Block
from engine.blocks.unknown import Unknown
from engine.graph import Graph, Node, Wire
from engine.group import Group, GroupInput, GroupOutput
from engine.muting import passage, refused_muting
from engine.plan import plan
from engine.project import Project
from engine.summary import summary
from engine.weight_settings import WeightSettings
from tests.drawn.drawing import group
from tests.engine.designs import DESIGNS, chain, groups
from tests.engine.drawing import block, draw

if TYPE_CHECKING:
    import torch

REFUSED = {
    "Input": "values begin there",
    "Target": "values begin there",
    "CrossEntropyLoss": "nothing reads a loss",
    "Output": "only names what enters",
    "Add": "several inputs (x1 and x2)",
    "Multiply": "several inputs",
}


@pytest.mark.parametrize(("kind", "words"), REFUSED.items())
def test_what_can_not_be_passed_over_says_why(kind: str, words: str) -> None:
    refused = block(kind)
    assert words in (refused_muting(refused) or "")
    assert passage(Node(name="x", block=refused, muted=True)) is None


@pytest.mark.parametrize("made", [GroupInput(), GroupOutput(), Unknown(type_name="X", values_json="{}", reason="")])
def test_ports_and_blocks_without_wires_can_not_be_muted(made: Block) -> None:
    assert refused_muting(made)


def test_the_input_that_is_needed_passes() -> None:
    for kind in ("ReLU", "LSTM", "Dropout", "Conv2d"):
        values = {"out_channels": 2} if kind == "Conv2d" else {}
        node = Node(name="x", block=block(kind, **values))
        assert passage(node) is None
        assert passage(node.with_(muted=True)) == 0


def without(graph: Graph, key: str) -> Graph:
    """The graph with a block taken out, and its readers wired to what fed it."""
    node = graph.nodes[key]
    entrance = passage(node.with_(muted=True))
    assert entrance is not None
    entering = graph.into(key, node.block.input_ports()[entrance].name)
    healed = graph.remove([key])
    first = node.block.output_ports()[0]
    for wire in graph.wires:
        if wire.source == key and wire.output == first and entering is not None:
            healed = healed.connect(Wire(entering.source, entering.output, wire.target, wire.input))
    return healed


def mutable(project: Project) -> list[str]:
    return [key for key, node in project.graph.nodes.items() if refused_muting(node.block) is None]


CASES = [(name, key) for name, make in DESIGNS.items() for key in mutable(make())]


def outputs(project: Project, weights: dict[str, torch.Tensor] | None) -> tuple[dict[str, torch.Tensor], object]:
    """What a network answers to one batch, and its weights; given weights are taken in place of fresh ones."""
    import torch

    torch.manual_seed(3)
    module = engine.compile(project).eval()
    if weights is not None:
        module.load_state_dict(weights)  # strict: the same keys
    torch.manual_seed(4)
    planned = plan(project.graph, project.data.fields())
    given = []
    for step in planned.inputs:
        spec = step.leaves[0]
        assert spec is not None
        sizes = (3, *spec.sizes)
        given.append(torch.zeros(sizes, dtype=torch.int64) if spec.dtype == "int64" else torch.rand(sizes))
    torch.manual_seed(5)
    answer = module(*given)
    return dict(module.state_dict()), answer


@pytest.mark.parametrize(("name", "key"), CASES)
def test_a_muted_block_might_as_well_not_be_there(name: str, key: str) -> None:
    import torch

    project = DESIGNS[name]()
    muted, healed = project.edit(project.graph.mute([key])), project.edit(without(project.graph, key))
    one, other = plan(muted.graph, muted.data.fields()), plan(healed.graph, healed.data.fields())
    for kept, step in other.steps.items():
        assert one.steps[kept].leaves == step.leaves, kept
        assert one.steps[kept].trace.weights == step.trace.weights
    assert one.parameters == other.parameters
    assert one.multiply_adds == other.multiply_adds
    assert one.activation_bytes == other.activation_bytes
    if any(problem.severity == "error" for problem in engine.check(healed)):
        assert any(problem.severity == "error" for problem in engine.check(muted))
        return
    assert not [str(p) for p in engine.check(muted) if p.severity == "error"]
    assert summary(muted)["parameters"] == summary(healed)["parameters"]
    weights, answer = outputs(healed, None)
    kept_weights, same = outputs(muted, weights)
    assert list(kept_weights)
    assert kept_weights.keys() == weights.keys()
    if isinstance(answer, dict):
        assert isinstance(same, dict)
        assert answer.keys() == same.keys()
        assert all(torch.equal(answer[one], same[one]) for one in answer)
    else:
        assert isinstance(answer, torch.Tensor)
        assert isinstance(same, torch.Tensor)
        assert torch.equal(answer, same)


def test_nothing_of_a_muted_block_is_printed() -> None:
    project = chain()
    muted = project.edit(project.graph.mute(["act", "pool1"]))
    text = engine.export_python(muted)
    assert not [word for word in ("act", "pool1", "ReLU", "MaxPool2d") if word in text]
    healed = project.edit(without(without(project.graph, "act"), "pool1"))
    assert text == engine.export_python(healed)
    unmuted = muted.edit(muted.graph.mute(["act", "pool1"], False))
    assert unmuted == project
    assert engine.export_python(unmuted) == engine.export_python(project)


def inside(key: str) -> Project:
    """A stack of three equal parts, in each of which a block is muted."""
    unit = group("Unit", {"fc": block("Linear", out_features=4), "act": block("ReLU")}, "x -> fc -> act -> y", repeat=3)
    unit = unit.with_graph(unit.graph.mute([key]))
    return draw({"x": block("Input", sample_shape=(4,)), "stack": unit, "out": block("Output")}, "x -> stack -> out")


def test_blocks_in_repeated_groups_are_muted_in_every_repeat() -> None:
    assert "ReLU" not in engine.export_python(inside("act"))
    assert summary(inside("act"))["parameters"] == 3 * 20
    assert summary(inside("fc"))["parameters"] == 0
    assert "Linear" not in engine.export_python(inside("fc"))


def test_a_group_of_which_all_is_muted_hands_on_what_enters() -> None:
    project = inside("fc")
    project = project.edit(project.graph.replace("stack", all_muted(project)))
    import torch

    given = torch.rand(2, 4)
    assert torch.equal(engine.compile(project)(given), given)
    assert [p for p in engine.check(project) if p.severity == "error" and not p.builds] == []


def all_muted(project: Project) -> Group:
    stack = project.graph.nodes["stack"].block
    assert isinstance(stack, Group)
    return stack.with_graph(stack.graph.mute(["fc", "act"]))


def test_a_muted_repeat_is_passed_over_as_a_whole() -> None:
    project = groups()
    key = next(
        key for key, node in project.graph.nodes.items() if isinstance(node.block, Group) and node.block.repeat > 1
    )
    told = engine.review(project.edit(project.graph.mute([key]))).plan.steps[key]
    assert told.leaves == (told.arrives[0],)
    assert told.parameters == 0
    assert not told.trace.inner


def shared() -> Project:
    project = draw(
        {"x": block("Input", sample_shape=(4,)), "fc1": block("Linear", out_features=4), "out": block("Output")},
        "x -> fc1 -> out",
    )
    graph, key = project.graph.share("fc1")
    graph = graph.treat(key, WeightSettings(frozen=True))
    return project.edit(graph.connect(Wire("fc1", "y", key, "x")).connect(Wire(key, "y", "out", "x")))


def test_those_that_share_the_weights_of_a_muted_block_keep_them() -> None:
    project = shared()
    other = next(key for key, node in project.graph.nodes.items() if node.same_as)
    muted = project.edit(project.graph.mute(["fc1"]))
    planned = plan(muted.graph, muted.data.fields())
    assert (planned.steps["fc1"].parameters, planned.steps[other].parameters, planned.parameters) == (0, 20, 20)
    assert list(engine.compile(muted).state_dict()) == [f"{other}.weight", f"{other}.bias"]
    again = project.edit(project.graph.mute([other]))
    assert list(engine.compile(again).state_dict()) == ["fc1.weight", "fc1.bias"]


def test_graphs_that_differ_in_what_is_muted_are_not_equal() -> None:
    graph = shared().graph
    other = next(key for key, node in graph.nodes.items() if node.same_as)
    assert graph.mute([other]) != graph
    assert graph.mute([other]).mute([other], False) == graph
    assert hash(graph.mute(["fc1"])) != hash(graph)


def test_a_block_that_only_later_versions_know_can_be_passed_over() -> None:
    mystery = Unknown(type_name="Mystery", values_json="{}", reason="No such block.", ins=("x",), outs=("y",))
    graph = Graph()
    for name, made in {"x": block("Input", sample_shape=(4,)), "fc": block("Linear", out_features=2)}.items():
        graph, _ = graph.add(made, name)
    graph, _ = graph.add(mystery, "mystery")
    graph, _ = graph.add(CATALOGUE["Output"](), "out")
    for wire in (Wire("x", "y", "mystery", "x"), Wire("mystery", "y", "fc", "x"), Wire("fc", "y", "out", "x")):
        graph = graph.connect(wire)
    project = Project(graph=graph)
    assert any("mystery" in problem.title for problem in engine.check(project))
    project = project.edit(graph.mute(["mystery"]))
    assert not any("mystery" in str(problem) for problem in engine.check(project))
    assert list(engine.compile(project).state_dict()) == ["fc.weight", "fc.bias"]
