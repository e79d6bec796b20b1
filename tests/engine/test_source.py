"""The printed Python reads as a person would write it, and every line knows its block."""

from __future__ import annotations

import ast

import pytest
import torch

from engine.compile import build, source_of
from engine.group import Group
from engine.source import Source, class_name
from tests.drawn.drawing import group
from tests.engine.designs import DESIGNS, branches, chain
from tests.engine.drawing import block, draw

CHAIN = '''"""DigitsCnn

Input   image  float32  (batch, 1, 8, 8)
Output  fc     float32  (batch, 10)
810 parameters. Drawn in Plexus.
"""

import torch
import torch.nn.functional as F
from torch import nn


class DigitsCnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3)
        self.pool1 = nn.MaxPool2d(2)
        self.fc = nn.Linear(72, 10)

    def forward(self, image):  # (B, 1, 8, 8)
        x = F.relu(self.conv1(image))  # (B, 8, 6, 6)
        x = torch.flatten(self.pool1(x), 1)  # (B, 72)
        return self.fc(x)  # (B, 10)


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

    def forward(self, a, b):  # (B, 2); (B, 2)
        fa = self.fa(a)  # (B, 4)
        fb = self.fb(b)  # (B, 4)
        x = torch.cat([fa, fb], dim=1)  # (B, 8)
        y = fa + fb  # (B, 4)
        fc = self.fc(x)  # (B, 3)
        size = self.size(y)  # (B, 4)
        return {"fc": fc, "size": size}


class Objective(nn.Module):
    def __init__(self):
        super().__init__()
        self.ce = nn.CrossEntropyLoss()
        self.mse = nn.MSELoss()

    def forward(self, fc, label, whole, size):  # (B, 3); (B,); (B, 4); (B, 4)
        ce = self.ce(fc, label)  # scalar
        x = torch.sigmoid(whole)  # (B, 4)
        mse = self.mse(size, x)  # scalar
        return {"ce": ce, "mse": mse}
"""


def test_a_chain_prints_as_it_would_be_written() -> None:
    assert source_of(chain()).text == CHAIN


def test_branches_and_their_objective() -> None:
    source = source_of(branches(), objective=True)
    assert source.text.endswith(BRANCHES)
    assert (source.network, source.objective) == ("TwoBranches", "Objective")
    assert "Objective" not in source_of(branches()).text


def paths(source: Source) -> set[str]:
    """The blocks of a network that compute something, by their paths, those in groups among them."""
    found: set[str] = set()

    def visit(steps: object, front: str) -> None:
        for step in steps:  # type: ignore[attr-defined]
            if isinstance(step.block, Group):
                visit(step.trace.inner[0].steps.values(), f"{front}{step.id}/")
            elif step.trace.call is not None:
                found.add(front + step.id)

    visit(source.parts.network, "")
    return found


@pytest.mark.parametrize("design", DESIGNS)
def test_every_block_is_found_in_some_line(design: str) -> None:
    source = source_of(DESIGNS[design]())
    told = {block for entries in source.blocks.values() for block, _ in entries}
    elsewhere = {  # what is printed in a class that is first used in another place
        "groups": {f"stage2/res/{name}" for name in ("conv1", "bn1", "relu1", "conv2", "bn2", "add", "relu2")},
        "siamese": {"left1/fc1", "left1/act", "left1/code"},
    }
    assert paths(source) - told == elsewhere.get(design, set())


@pytest.mark.parametrize("design", DESIGNS)
def test_a_block_is_found_by_its_own_text(design: str) -> None:
    source = source_of(DESIGNS[design]())
    lines = source.text.splitlines()
    for number, entries in source.blocks.items():
        for block_id, text in entries:
            assert source.block_at(number, text) in {key for key, other in entries if other == text}
            wrapped = lines[number - 1].rstrip().endswith(("(", "[", ",", ")")) or lines[number - 1].strip() in ")]"
            assert text in lines[number - 1] or wrapped, (block_id, text, lines[number - 1])


def test_a_line_of_several_blocks_is_narrowed_down() -> None:
    source = source_of(chain())
    line = source.text.splitlines().index("        x = F.relu(self.conv1(image))  # (B, 8, 6, 6)") + 1
    assert source.blocks[line] == (("conv1", "self.conv1(image)"), ("act", "F.relu(self.conv1(image))"))
    assert source.block_at(line) == "act"
    assert source.block_at(line, "self.conv1(image)") == "conv1"
    assert source.block_at(line, "F.relu(\n    self.conv1(\n        image,\n    ),\n)") == "act"
    assert source.block_at(line, "something else") == "act"
    assert source.block_at(1) is None


def test_blocks_in_groups_go_by_their_paths() -> None:
    source = source_of(DESIGNS["groups"]())
    lines = source.text.splitlines()
    told = {lines[number - 1].strip(): [key for key, _ in entries] for number, entries in source.blocks.items()}
    assert told["y = F.relu(self.bn1(self.conv1(x)))  # (B, channels, H, W)"] == [
        "stage1/conv1",
        "stage1/bn1",
        "stage1/relu1",
    ]
    assert told["x = self.stage2(x)  # (B, 8, 4, 4)"] == ["stage2"]
    made = told["self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)"]
    assert set(made) == {"stage1/conv1"}
    run = told["nn.Sequential(nn.Conv2d(4, 8, 3, stride=2, padding=1), nn.GELU()),"]
    assert run == ["stage2/down/conv", "stage2/down/act", "stage2/res", "stage2"]


def test_what_holds_the_weights_of_which_block() -> None:
    source = source_of(DESIGNS["groups"]())
    assert source.holders["stage1.0.conv1"] == source.holders["stage1.1.conv1"] == "stage1/conv1"
    assert source.holders["stage2.0.0"] == "stage2/down/conv"
    assert source.holders["stage2.1.bn2"] == "stage2/res/bn2"
    assert source.holders["fc"] == "fc"
    names = {name for name, _ in build(DESIGNS["groups"]()).network.named_modules()}
    assert set(source.holders) <= names


def test_a_group_in_a_group_of_the_same_id() -> None:
    inner = group(
        "Inner", {"block1": block("Linear", out_features=4), "drop": block("Dropout")}, "x -> block1 -> drop -> y"
    )
    outer = group("Outer", {"block1": inner.change(repeat=2)}, "x -> block1 -> y", repeat=2)
    blocks = {"x": block("Input", sample_shape=(4,)), "block1": outer, "out": block("Output")}
    source = source_of(draw(blocks, "x -> block1 -> out"))
    assert set(source.holders.values()) == {"block1/block1/block1", "block1/block1/drop"}
    assert list(source.holders)[:2] == ["block1.0.block1.0.block1", "block1.0.block1.0.drop"]


def test_parameters_are_those_that_are_built() -> None:
    for name, make in DESIGNS.items():
        compiled = build(make())
        assert compiled.source.parameters == sum(weight.numel() for weight in compiled.network.parameters()), name
        assert f"\n{compiled.source.parameters:,} parameters. Drawn in Plexus.\n" in compiled.source.text


def test_weights_are_counted_although_their_owner_is_not_needed() -> None:
    project = DESIGNS["siamese"]()
    graph = project.graph.disconnect([wire for wire in project.graph.wires if wire.source == "head"])
    graph = graph.connect(graph.into("sum", "x2")._replace(input="x1"))  # type: ignore[union-attr]
    source = source_of(project.edit(graph))
    assert "self.head = nn.Linear(4, 3)" in source.text
    assert source.parameters == 2 * 8 + 8 + 8 * 4 + 4 + 4 * 3 + 3


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
        ("f", "NetworkF"),  # F is torch's functions
        ("class", "Class"),
        ('x"""; import os', "XImportOs"),
        ("a" * 200, "A" + "a" * 59),
        ("alreadyCamelCase", "AlreadyCamelCase"),
    ],
)
def test_a_project_name_becomes_a_class_name(name: str, printed: str) -> None:
    assert class_name(name) == printed
    assert printed.isidentifier()
    assert build(chain().with_(name=name)).source.network == printed


def test_a_network_called_objective_keeps_its_name() -> None:
    source = source_of(branches().with_(name="objective"), objective=True)
    assert (source.network, source.objective) == ("Objective", "Losses")


def test_one_prediction_is_returned_alone_and_several_by_name() -> None:
    assert isinstance(build(chain()).network(torch.randn(2, 1, 8, 8)), torch.Tensor)
    outputs = build(branches()).network(torch.randn(2, 2), torch.randn(2, 2))
    assert {name: tuple(value.shape) for name, value in outputs.items()} == {"fc": (2, 3), "size": (2, 4)}


def test_an_input_may_be_returned_as_it_is() -> None:
    project = draw({"x": block("Input", sample_shape=(3,)), "same": block("Output")}, "x -> same")
    x = torch.randn(2, 3)
    assert build(project).network(x) is x
    assert "import torch\n" in source_of(project).text, "the example needs it"


def test_only_what_is_used_is_imported() -> None:
    heads = {name: source_of(make()).text.partition("class ")[0] for name, make in DESIGNS.items()}
    assert "functional" not in heads["branches"]
    assert all("\nimport torch\n" in head and head.endswith("from torch import nn\n\n\n") for head in heads.values())
    for name, make in DESIGNS.items():
        code = source_of(make()).text.partition("from torch import nn")[2]
        assert ("F." in code) == ("functional" in heads[name])


def test_an_example_too_long_for_a_line_takes_two() -> None:
    blocks = {f"input{number}": block("Input", sample_shape=(3, 4)) for number in range(4)}
    project = draw(
        {**blocks, "all": block("Concat", inputs=4), "out": block("Output")},
        *(f"input{number} -> all.x{number + 1}" for number in range(4)),
        "all -> out",
    )
    lines = source_of(project).text.partition("__main__")[2]
    assert lines == (
        '":\n    outputs = Drawn()(\n        torch.randn(2, 3, 4),\n        torch.randn(2, 3, 4),\n'
        "        torch.randn(2, 3, 4),\n        torch.randn(2, 3, 4),\n    )\n    print(outputs.shape)\n"
    )
    names: dict[str, object] = {"__name__": "__main__", "print": lambda *_: None}
    exec(source_of(project).text, names)


def test_notes_stand_in_the_docstring() -> None:
    text = source_of(chain(), notes=["", "Trained on Mars."]).text
    assert ast.get_docstring(ast.parse(text), clean=False).endswith("Plexus.\n\nTrained on Mars.\n")  # type: ignore[union-attr]
