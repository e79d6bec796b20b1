"""What is compiled is the text that is printed, and nothing but a network passes the gate before it is carried out."""

from __future__ import annotations

import ast
import traceback

import pytest
import torch

import engine
from engine.blocks import CATALOGUE
from engine.compile import build, execute, inspect_tree, source_of
from engine.graph import Wire
from engine.problem import UserError
from engine.project import Project
from tests.engine.designs import DESIGNS, branches, chain
from tests.engine.drawing import block, draw


@pytest.mark.parametrize("design", DESIGNS)
def test_compiles_and_runs(design: str) -> None:
    project = DESIGNS[design]()
    network = engine.compile(project)
    assert isinstance(network, torch.nn.Module)
    assert sum(weight.numel() for weight in network.parameters()) == engine.review(project).plan.parameters


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
    assert frame.line == "x = self.conv1(image)                   # (B, 8, 6, 6)"
    assert compiled.source.blocks[frame.lineno or 0] == "conv1"


def named(project: Project, key: str, name: str) -> Project:
    """A project as only a file can hold it: a block with a name that nobody could give it."""
    nodes = {**project.graph.nodes, key: project.graph.nodes[key].model_copy(update={"name": name})}
    return project.edit(project.graph.model_copy(update={"nodes": nodes}))


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


# One line each, put in place of a line of a printed network.
INIT, FORWARD, MODULE = "        self.fc = nn.Linear(72, 10)", "        return self.fc(x)", "import torch.nn as nn"
ATTACKS = {
    "calls a builtin": (FORWARD, "        return print(x)"),
    "calls a builtin by way of torch": (FORWARD, "        return self.apply(eval)"),
    "imports by a call": (FORWARD, '        return __import__("os").system("true")'),
    "reads an attribute of a value": (FORWARD, "        return x.__class__"),
    "reads an attribute of a literal": (FORWARD, "        return ().__class__"),
    "reads a method of the module": (FORWARD, "        return self.register_buffer(x)"),
    "calls what it was not told of": (FORWARD, '        return torch.load("x.pt")'),
    "reaches through torch": (FORWARD, "        return torch.os.system(x)"),
    "reaches through a layer": (FORWARD, "        return self.fc.weight.data"),
    "reaches through a call": (FORWARD, "        return self.fc(x).backward()"),
    "hands the module on": (FORWARD, "        return self"),
    "hands torch on": (FORWARD, "        return torch"),
    "a lambda": (FORWARD, "        return (lambda: x)()"),
    "a comprehension": (FORWARD, "        return [y for y in x]"),
    "a text with code in it": (FORWARD, '        return f"{x}"'),
    "a condition": (FORWARD, "        return x if x else x"),
    "a loop": (FORWARD, "        while x: pass"),
    "a deletion": (FORWARD, "        del x"),
    "an import inside": (FORWARD, "        import os"),
    "a global": (FORWARD, "        global torch"),
    "a walrus": (FORWARD, "        return (y := x)"),
    "an await": (FORWARD, "        await x"),
    "a yield": (FORWARD, "        yield x"),
    "a comparison": (FORWARD, "        return x < 1"),
    "an assertion": (FORWARD, "        assert x"),
    "a try": (FORWARD, "        try: pass\n        except: pass"),
    "a with": (FORWARD, "        with x: pass"),
    "bytes": (FORWARD, '        return b"x"'),
    "a complex number": (FORWARD, "        return 1j"),
    "an ellipsis": (FORWARD, "        return x[...]"),
    "a power": (FORWARD, "        return 9 ** 9"),
    "covers torch": (FORWARD, "        torch = x"),
    "covers super": (FORWARD, "        super = x"),
    "changes torch": (FORWARD, "        torch.flatten = x"),
    "changes torch in __init__": (INIT, f"{INIT}\n        torch.flatten = nn.ReLU()"),
    "changes nn": (INIT, f"{INIT}\n        nn.Linear = self.fc"),
    "changes super": (INIT, f"{INIT}\n        super().__init__ = self.fc"),
    "changes a layer in forward": (FORWARD, "        self.fc = x"),
    "a layer that __init__ does not make": (FORWARD, "        return self.other(x)"),
    "sets an attribute in forward": (FORWARD, "        self.hooks = x"),
    "a builtin in __init__": (INIT, "        self.fc = open"),
    "a method of the module in __init__": (INIT, "        self.fc = self.apply(nn.Linear)"),
    "a layer of another name": (INIT, "        self.fc = nn.Bilinear(1, 2, 3)"),
    "reaches behind super": (INIT, "        super().__class__"),
    "another import": (MODULE, "import os"),
    "an import under another name": (MODULE, "import torch.nn as torch"),
    "an import from": (MODULE, "from torch import nn"),
    "a statement beside the classes": (MODULE, "import torch.nn as nn\nx = 1"),
    "a call beside the classes": (MODULE, "import torch.nn as nn\nprint(1)"),
    "a function beside the classes": (MODULE, "import torch.nn as nn\ndef f(): pass"),
    "another base class": ("class DigitsCnn(nn.Module):", "class DigitsCnn(str):"),
    "two base classes": ("class DigitsCnn(nn.Module):", "class DigitsCnn(nn.Module, nn.Linear):"),
    "a metaclass": ("class DigitsCnn(nn.Module):", "class DigitsCnn(nn.Module, metaclass=nn.Linear):"),
    "a decorated class": ("class DigitsCnn(nn.Module):", "@print\nclass DigitsCnn(nn.Module):"),
    "a decorated method": ("    def forward(self, image):", "    @print\n    def forward(self, image):"),
    "a default": ("    def forward(self, image):", "    def forward(self, image=nn.Linear(1, 2)):"),
    "an annotation": ("    def forward(self, image):", "    def forward(self, image: print):"),
    "any number of arguments": ("    def forward(self, image):", "    def forward(self, *image):"),
    "any names of arguments": ("    def forward(self, image):", "    def forward(self, **image):"),
    "arguments by name": ("    def forward(self, image):", "    def forward(self, *, image):"),
    "another method": ("    def forward(self, image):", "    def __del__(self, image):"),
    "a third method": (FORWARD, f"{FORWARD}\n\n    def __reduce__(self):\n        return 1"),
    "a line in the class": ("    def __init__(self):", "    x = 1\n\n    def __init__(self):"),
    "an asynchronous method": ("    def forward(self, image):", "    async def forward(self, image):"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_refuses_all_that_a_network_does_not_need(attack: str) -> None:
    source = source_of(chain())
    old, new = ATTACKS[attack]
    text = "\n".join(new if line.startswith(old) else line for line in source.text.splitlines())
    assert text != source.text, "the attack did not find its line"
    tree = ast.parse(text)
    tree.body = [node for node in tree.body if not isinstance(node, ast.If)]
    with pytest.raises(ValueError, match=r"Printed Python may not hold “.+” \(line \d+\)"):
        inspect_tree(tree, source.targets)


@pytest.mark.parametrize("design", DESIGNS)
def test_passes_what_is_printed(design: str) -> None:
    source = source_of(DESIGNS[design]())
    tree = ast.parse(source.text)
    tree.body = [node for node in tree.body if not isinstance(node, ast.If)]
    inspect_tree(tree, source.targets)


def test_what_is_carried_out_has_hardly_any_builtins() -> None:
    classes = execute(source_of(chain()))
    assert set(classes["__builtins__"]) == {"__build_class__", "super"}
