"""What is compiled is the text that is printed, and nothing but a network passes the gate before it is carried out."""

from __future__ import annotations

import traceback

import pytest
import torch

import engine
from engine.blocks import CATALOGUE
from engine.compile import build, execute, source_of
from engine.graph import Wire
from engine.problem import UserError
from engine.project import Project
from tests.drawn.drawing import group
from tests.engine.designs import DESIGNS, branches, chain, groups
from tests.engine.drawing import block, draw


@pytest.mark.parametrize("design", DESIGNS)
def test_compiles_and_runs(design: str) -> None:
    project = DESIGNS[design]()
    network = engine.compile(project)
    assert isinstance(network, torch.nn.Module)
    assert sum(weight.numel() for weight in network.parameters()) == engine.review(project).plan.parameters
    assert build(project).source.text == source_of(project).text


def test_the_objective_gives_each_loss_by_name() -> None:
    compiled = build(branches(), objective=True)
    assert compiled.objective is not None
    fc, size = torch.randn(5, 3), torch.randn(5, 4)
    label, whole = torch.tensor([0, 1, 2, 0, 1]), torch.randn(5, 4)
    losses = compiled.objective(fc, label, whole, size)
    assert torch.equal(losses["ce"], torch.nn.functional.cross_entropy(fc, label))
    assert torch.equal(losses["mse"], torch.nn.functional.mse_loss(size, whole.sigmoid()))
    assert build(branches()).objective is None


def test_fresh_weights_follow_the_seed() -> None:
    weights = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        weights.append(torch.cat([w.flatten() for w in engine.compile(chain()).parameters()]))
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


def code(text: str) -> str:
    """A printed text without the docstring at its head, which tells more in an export."""
    return text.partition('"""\n\nimport')[2]


def test_what_is_executed_is_what_is_exported() -> None:
    compiled = build(chain())
    assert code(compiled.source.text) == code(engine.export_python(chain()))
    assert type(compiled.network).__name__ == "DigitsCnn"


def test_a_traceback_shows_the_printed_line_and_its_block() -> None:
    compiled = build(chain())
    with pytest.raises(RuntimeError) as error:
        compiled.network(torch.randn(2, 3, 8, 8))
    frame = next(f for f in traceback.extract_tb(error.value.__traceback__) if f.filename == "<DigitsCnn>")
    assert frame.line == "x = F.relu(self.conv1(image))  # (B, 8, 6, 6)"
    assert compiled.source.block_of(error.value) == "conv1"
    assert compiled.source.block_of(ValueError()) is None


def named(project: Project, key: str, name: str) -> Project:
    """A project as only a file can hold it: a block with a name that nobody could give it."""
    nodes = {**project.graph.nodes, key: project.graph.nodes[key].model_copy(update={"name": name})}
    return project.edit(project.graph.model_copy(update={"nodes": nodes}))


def named_inside(name: str) -> Project:
    """A project with a block of that name in a group."""
    inner = group("Inner", {"fc": block("Linear", out_features=3), "act": block("ReLU")}, "x -> fc -> act -> y")
    inner = inner.with_graph(named(Project(graph=inner.graph), "fc", name).graph)
    blocks = {"x": block("Input", sample_shape=(3,)), "block1": inner, "out": block("Output")}
    return draw(blocks, "x -> block1 -> out")


def headless(project: Project) -> Project:
    """The digits network without its loss: an Output stands behind it."""
    without, out = project.remove(["digit", "loss"]).add(CATALOGUE["Output"](), (0, 0))
    return without.edit(without.graph.connect(Wire("fc", "y", out, "x")))


REFUSED = {
    "nothing": (Project(), "There is no network yet: draw an Input"),
    "no way out": (
        draw({"x": block("Input", sample_shape=(3,)), "fc": block("Linear")}, "x -> fc"),
        "There is no network yet",
    ),
    "a missing wire": (
        chain().edit(chain().graph.disconnect([Wire("act", "y", "pool1", "x")])),
        "pool1 is missing an input",
    ),
    "a misfit": (chain().edit(chain().graph.change("conv1", kernel_size=9)), "conv1 does not fit"),
    "no such field": (chain().edit(chain().graph.change("image", field="photo")), "asks for the field “photo”"),
    "a circle on the way": (
        draw(
            {"x": block("Input", sample_shape=(3,)), "a": block("Add"), "b": block("ReLU"), "out": block("Output")},
            "x -> a -> b -> a.x2",
            "a -> out",
        ),
        "The wires go round in a circle",
    ),
    "a circle beside the way": (
        draw(
            {
                "x": block("Input", sample_shape=(3,)),
                "a": block("Add"),
                "b": block("ReLU"),
                "sum": block("Add"),
                "out": block("Output"),
            },
            "x -> sum.x1",
            "a -> b -> a.x1",
            "b -> a.x2",
            "b -> sum.x2",
            "sum -> out",
        ),
        "The wires go round in a circle",
    ),
    "a bad name": (
        named(chain(), "fc", "for"),
        "“for” can't be the name of a block",
    ),
    "a bad name in a group": (named_inside("__class__"), "“__class__” can't be the name of a block"),
    "a bad name of an output": (
        draw({"x": block("Input", sample_shape=(3,)), 'o": 1, "p': block("Output")}, 'x -> o": 1, "p'),
        "can't be the name of a block",
    ),
    "too large to be held": (
        draw(
            {"x": block("Input", sample_shape=(4,)), "fc": block("Linear", out_features=10**15), "o": block("Output")},
            "x -> fc -> o",
        ),
        "The network with its 5,000,000,000,000,000 parameters can't be built",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refuses_in_words(case: str) -> None:
    project, words = REFUSED[case]
    with pytest.raises(UserError) as refused:
        engine.compile(project)
    assert words in str(refused.value)
    if case != "too large to be held":
        with pytest.raises(UserError):
            engine.export_python(project)


def test_numbers_beyond_all_bounds_are_refused_in_words() -> None:
    huge = {"x": block("Input", sample_shape=(2**40, 2**40)), "flat": block("Flatten"), "fc": block("Linear")}
    project = draw({**huge, "out": block("Output")}, "x -> flat -> fc -> out")
    with pytest.raises(UserError, match="can't be built"):
        engine.compile(project)


def test_a_layer_that_torch_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: object, *args: object, **kwargs: object) -> None:
        raise ValueError("no such pool\nnor any other")

    monkeypatch.setattr(torch.nn.AdaptiveAvgPool2d, "__init__", refuse)
    monkeypatch.setattr(torch.nn.GELU, "__init__", refuse)
    with pytest.raises(UserError, match=r"^pool can't be built .* PyTorch says: no such pool$"):
        engine.compile(without_gelu(groups()))
    with pytest.raises(UserError, match=r"^stage2/down/act can't be built with these settings"):
        engine.compile(groups())


def without_gelu(project: Project) -> Project:
    inner = project.inside(("stage2", "down"))
    return project.put_back(("stage2", "down"), inner.edit(inner.graph.replace("act", block("SiLU"))))


def test_what_runs_wrong_in_a_group_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise RuntimeError("broken")

    compiled = build(groups())
    monkeypatch.setattr(torch.nn.GELU, "forward", refuse)
    with pytest.raises(RuntimeError) as error:
        compiled.network(torch.randn(2, 1, 8, 8))
    assert compiled.source.block_of(error.value) == "stage2"
    monkeypatch.setattr(torch.nn.BatchNorm2d, "forward", refuse)
    with pytest.raises(RuntimeError) as error:
        compiled.network(torch.randn(2, 1, 8, 8))
    assert compiled.source.block_of(error.value) == "stage1/bn1"


def test_the_rest_of_the_drawing_does_not_matter() -> None:
    """What the predictions do not need may be unfinished."""
    project = chain()
    for kind in ("Conv2d", "Add", "LSTM"):
        project, _ = project.add(CATALOGUE[kind](), (0, 0))
    project = project.edit(project.graph.connect(Wire("fc", "y", "conv2", "x")))
    assert any(problem.severity == "error" for problem in engine.check(project))
    assert engine.export_python(project) == engine.export_python(chain())


def test_a_network_can_be_built_that_cannot_be_trained_yet() -> None:
    project = headless(chain())
    assert torch.is_tensor(engine.compile(project)(torch.randn(1, 1, 8, 8)))
    with pytest.raises(UserError, match="There is no loss"):
        build(project, objective=True)


def test_what_is_carried_out_has_hardly_any_builtins() -> None:
    classes = execute(source_of(chain()))
    builtins = classes["__builtins__"]
    assert set(builtins) == {"__build_class__", "super", "__import__"}
    assert builtins["__import__"]("torch._refs").__name__ == "torch._refs"
    for name in ("os", "torchvision", "builtins", "sys"):
        with pytest.raises(ImportError):
            builtins["__import__"](name)
