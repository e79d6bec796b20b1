"""The printed Python reads as a person would write it, and every line knows its block."""

from __future__ import annotations

import ast

import pytest
import torch

from engine.compile import build, source_of
from engine.source import class_name, comment
from engine.tensor import TensorSpec
from tests.engine.designs import DESIGNS, branches, chain
from tests.engine.drawing import block, draw

CHAIN = '''"""DigitsCnn

Input   image  float32  (batch, 1, 8, 8)
Output  fc     float32  (batch, 10)
810 parameters. Drawn in Plexus.
"""

import torch
import torch.nn as nn


class DigitsCnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3)
        self.act = nn.ReLU()
        self.pool1 = nn.MaxPool2d(2)
        self.fc = nn.Linear(72, 10)

    def forward(self, image):                   # (B, 1, 8, 8)
        x = self.conv1(image)                   # (B, 8, 6, 6)
        x = self.act(x)                         # (B, 8, 6, 6)
        x = self.pool1(x)                       # (B, 8, 3, 3)
        x = torch.flatten(x, 1)                 # (B, 72)
        return self.fc(x)                       # (B, 10)


if __name__ == "__main__":
    print(DigitsCnn()(torch.randn(2, 1, 8, 8)).shape)
'''

BRANCHES = """
class TwoBranches(nn.Module):
    def __init__(self):
        super().__init__()
        self.fa = nn.Linear(2, 4)
        self.fb = nn.Linear(2, 4)
        self.fc = nn.Linear(8, 3)
        self.size = nn.Linear(4, 4)

    def forward(self, a, b):                    # (B, 2); (B, 2)
        fa = self.fa(a)                         # (B, 4)
        fb = self.fb(b)                         # (B, 4)
        both = torch.cat([fa, fb], dim=1)       # (B, 8)
        sum = fa + fb                           # (B, 4)
        fc = self.fc(both)                      # (B, 3)
        size = self.size(sum)                   # (B, 4)
        return {"fc": fc, "size": size}


class Objective(nn.Module):
    def __init__(self):
        super().__init__()
        self.ce = nn.CrossEntropyLoss()
        self.squashed = nn.Sigmoid()
        self.mse = nn.MSELoss()

    def forward(self, fc, label, whole, size):  # (B, 3); (B,); (B, 4); (B, 4)
        ce = self.ce(fc, label)                 # scalar
        x = self.squashed(whole)                # (B, 4)
        mse = self.mse(size, x)                 # scalar
        return {"ce": ce, "mse": mse}
"""


def test_a_chain_prints_as_it_would_be_written() -> None:
    assert source_of(chain()).text == CHAIN


def test_branches_and_their_objective() -> None:
    source = source_of(branches(), objective=True)
    assert source.text.endswith(BRANCHES)
    assert (source.network, source.objective) == ("TwoBranches", "Objective")
    assert "Objective" not in source_of(branches()).text


@pytest.mark.parametrize("design", DESIGNS)
def test_every_line_of_a_block_names_it(design: str) -> None:
    project = DESIGNS[design]()
    source = source_of(project)
    lines = source.text.splitlines()
    assert set(source.blocks.values()) == {step.id for step in source.parts.network}
    for number, key in source.blocks.items():
        line, kind = lines[number - 1], type(project.graph.nodes[key].block).__name__
        name = project.graph.nodes[key].name
        words = {"Flatten": "torch.flatten", "Concat": "torch.cat", "Add": " + ", "Multiply": " * "}
        assert f"self.{name}" in line or words.get(kind, f"{name}_out") in line, line


@pytest.mark.parametrize("design", DESIGNS)
def test_comments_tell_the_real_shapes(design: str) -> None:
    """Each variable of `forward` is looked at as it is made, and compared with the comment on its line."""
    source = source_of(DESIGNS[design]())
    text = source.text
    tree = ast.parse(text)
    forward = next(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == "forward")
    lines = text.splitlines()
    seen = 0
    for line in forward.body:
        if isinstance(line, ast.Assign) and "# (" in lines[line.lineno - 1]:
            told = lines[line.lineno - 1].partition("# ")[2]
            name = line.targets[0]
            assert isinstance(name, ast.Name)
            lines[line.lineno - 1] += f"\n        assert tuple({name.id}.shape) == {told.replace('B', '2')}"
            seen += 1
    assert seen
    names: dict[str, object] = {"__name__": "__main__", "print": lambda *_: None}
    exec("\n".join(lines), names)


def test_every_block_with_a_module_is_an_attribute_of_its_own_name() -> None:
    for make in DESIGNS.values():
        compiled = build(make())
        steps = {s.name: s for s in compiled.source.parts.network}
        for name, module in compiled.network.named_children():
            assert type(module).__name__ == type(steps[name].block).__name__


def test_variables_do_not_collide() -> None:
    compiled = build(DESIGNS["nothing_but_names"]())
    x = torch.randn(2, 5, 4)
    outputs = compiled.network(x)
    network = dict(compiled.network.named_children())
    h = network["h"](x)
    assert torch.equal(outputs["one"], network["l_out"](h))
    _, (memory, _) = network["l"](h)
    assert torch.equal(outputs["two"], torch.relu(network["z"](torch.cat([memory[-2], memory[-1]], dim=1))))


@pytest.mark.parametrize("cell", ["LSTM", "GRU"])
@pytest.mark.parametrize("layers", [1, 2])
def test_the_last_step_of_both_directions(cell: str, layers: int) -> None:
    """Forwards the last step is at the end, backwards at the beginning."""
    settings = {"hidden_size": 3, "bidirectional": True, "num_layers": layers}
    outputs = {}
    for output in ("sequence", "last step"):
        project = draw(
            {
                "x": block("Input", sample_shape=(7, 4)),
                "rnn": block(cell, output=output, **settings),
                "out": block("Output"),
            },
            "x -> rnn -> out",
        )
        network = build(project).network
        torch.manual_seed(0)
        for weight in network.parameters():
            torch.nn.init.uniform_(weight, -1, 1)
        outputs[output] = network(torch.linspace(-1, 1, 2 * 7 * 4).reshape(2, 7, 4))
    sequence = outputs["sequence"]
    assert sequence.shape == (2, 7, 6)
    assert torch.equal(outputs["last step"], torch.cat([sequence[:, -1, :3], sequence[:, 0, 3:]], dim=1))


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("digits-cnn", "DigitsCnn"),
        ("my  network 2", "MyNetwork2"),
        ("3d", "Network3d"),
        ("", "Network"),
        ("größe", "GrE"),
        ("日本", "Network"),
        ("true", "NetworkTrue"),
        ("class", "Class"),
        ('x"""; import os', "XImportOs"),
        ("a" * 200, "A" + "a" * 59),
        ("alreadyCamelCase", "AlreadyCamelCase"),
    ],
)
def test_a_project_name_becomes_a_class_name(name: str, printed: str) -> None:
    assert class_name(name) == printed
    assert printed.isidentifier()


def test_a_network_called_objective_keeps_its_name() -> None:
    source = source_of(branches().with_(name="objective"), objective=True)
    assert (source.network, source.objective) == ("Objective", "Losses")


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        (TensorSpec((32, 26, 26)), "(B, 32, 26, 26)"),
        (TensorSpec(()), "(B,)"),
        (TensorSpec((None, 5)), "(B, n, 5)"),
        (TensorSpec((), batched=False), "scalar"),
        (None, ""),
    ],
)
def test_comments(spec: TensorSpec | None, text: str) -> None:
    assert comment(spec) == text


def test_one_prediction_is_returned_alone_and_several_by_name() -> None:
    assert isinstance(build(chain()).network(torch.randn(2, 1, 8, 8)), torch.Tensor)
    outputs = build(branches()).network(torch.randn(2, 2), torch.randn(2, 2))
    assert {name: tuple(value.shape) for name, value in outputs.items()} == {"fc": (2, 3), "size": (2, 4)}


def test_an_input_may_be_returned_as_it_is() -> None:
    project = draw({"x": block("Input", sample_shape=(3,)), "same": block("Output")}, "x -> same")
    x = torch.randn(2, 3)
    assert build(project).network(x) is x
