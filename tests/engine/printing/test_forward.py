"""What a forward method computes, design by design, to the letter."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest
import torch

from engine.blocks.inputs import Input
from engine.field import Field
from engine.plan import plan
from engine.project import Project
from engine.source import print_source
from engine.tensor import TensorSpec
from tests.drawn.drawing import group
from tests.engine.drawing import block, draw, graph
from tests.engine.printing.to_the_letter import Table, around, classes, image, row

TABLE: Table = {}


def further_inputs() -> Project:
    unit = group(
        "Unit",
        {"fc": block("Linear", out_features=6), "gate": block("Multiply"), "add": block("Add")},
        "x -> fc -> gate.x1",
        "mask -> gate.x2",
        "gate -> add.x1",
        "x -> add.x2",
        "add -> y",
        inputs=("x", "mask"),
        repeat=2,
    )
    return around(unit, (6,), (6,))


TABLE[further_inputs] = '''\
class Unit(nn.Module):
    """Used 2 times: inner.0, inner.1"""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x, mask):  # (B, 6); (B, 6)
        y = self.fc(x) * mask  # (B, 6)
        return y + x  # (B, 6)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.ModuleList([Unit(), Unit()])

    def forward(self, in1, in2):  # (B, 6); (B, 6)
        x = self.inner[0](in1, in2)  # (B, 6)
        x = self.inner[1](x, in2)  # (B, 6)
        return x
'''


def two_through() -> Project:
    """Two values go from repeat to repeat, of which one is read at the end."""
    unit = group(
        "Unit",
        {"one": block("Linear", out_features=6), "two": block("Linear", out_features=6)},
        "x -> one -> y",
        "state -> two -> after",
        inputs=("x", "state"),
        outputs=("y", "after"),
        repeat=2,
    )
    project = around(unit, (6,), (6,))
    return project.remove(["out2"])


TABLE[two_through] = '''\
class Unit(nn.Module):
    """Used 2 times: inner.0, inner.1"""

    def __init__(self):
        super().__init__()
        self.one = nn.Linear(6, 6)
        self.two = nn.Linear(6, 6)

    def forward(self, x, state):  # (B, 6); (B, 6)
        y = self.one(x)  # (B, 6)
        after = self.two(state)  # (B, 6)
        return y, after


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.ModuleList([Unit(), Unit()])

    def forward(self, in1, in2):  # (B, 6); (B, 6)
        x, y = self.inner[0](in1, in2)  # (B, 6); (B, 6)
        x, _ = self.inner[1](x, y)  # (B, 6)
        return x
'''


def several_outputs() -> Project:
    halves = group(
        "Halves",
        {"split": block("Chunk"), "one": block("Linear", out_features=3), "two": block("Linear", out_features=3)},
        "x -> split",
        "split.y1 -> one -> left",
        "split.y2 -> two -> right",
        outputs=("left", "right"),
    )
    blocks = {
        "text": block("Input", sample_shape=(5, 6)),
        "lstm": block("LSTM", hidden_size=6),
        "best": block("TopK", k=2),
        "halves": halves,
        "y1": block("Output"),
        "y2": block("Output"),
    }
    return draw(blocks, "text -> lstm -> best.x", "best.y -> y2", "lstm.y -> halves", "halves.right -> y1", name="net")


TABLE[several_outputs] = """\
class Halves(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Linear(3, 3)
        self.two = nn.Linear(3, 3)

    def forward(self, x):  # (B, 5, 6)
        x, y = torch.chunk(x, 2, dim=-1)  # (B, 5, 3); (B, 5, 3)
        left = self.one(x)  # (B, 5, 3)
        right = self.two(y)  # (B, 5, 3)
        return left, right


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(6, 6, batch_first=True)
        self.halves = Halves()

    def forward(self, text):  # (B, 5, 6)
        lstm_y, _ = self.lstm(text)  # (B, 5, 6)
        y2 = torch.topk(lstm_y, 2, dim=-1)[0]  # (B, 5, 2)
        _, y1 = self.halves(lstm_y)  # (B, 5, 3)
        return {"y1": y1, "y2": y2}
"""


def optional_inputs() -> Project:
    blocks = {
        "text": block("Input", sample_shape=(5, 6)),
        "start": block("Input", sample_shape=(4,)),
        "mask": block("CausalMask", hides=True),
        "encode": block("TransformerEncoderLayer", nhead=2, dim_feedforward=8),
        "attend": block("MultiheadAttention", num_heads=2),
        "read": block("LSTM", hidden_size=4),
        "out": block("Output"),
    }
    return draw(
        blocks,
        "text -> mask",
        "text -> encode.src",
        "mask -> encode.src_mask",
        "encode -> attend.query",
        "mask -> attend.attn_mask",
        "attend -> read.x",
        "start -> read.c",
        "read -> out",
        name="net",
    )


TABLE[optional_inputs] = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.encode = nn.TransformerEncoderLayer(
            6, 2, dim_feedforward=8, batch_first=True
        )
        self.attend = nn.MultiheadAttention(6, 2, batch_first=True)
        self.read = nn.LSTM(6, 4, batch_first=True)

    def forward(self, text, start):  # (B, 5, 6); (B, 4)
        # (5, 5)
        mask = torch.triu(torch.ones(5, 5, dtype=torch.bool, device=text.device), 1)
        x = self.encode(text, src_mask=mask, is_causal=False)  # (B, 5, 6)
        x, _ = self.attend(x, x, x, need_weights=False, attn_mask=mask)  # (B, 5, 6)
        x, _ = self.read(
            x,
            (
                torch.zeros_like(start).unsqueeze(0).contiguous(),
                start.unsqueeze(0).contiguous(),
            ),
        )  # (B, 5, 4)
        return x
"""


def folded() -> Project:
    """A line takes what is read once and at once, as long as it stays readable."""
    blocks = {
        "conv": block("Conv2d", out_channels=8, padding=1),
        "bn": block("BatchNorm2d"),
        "act": block("ReLU"),
        "drop": block("Dropout"),
        "conv2": block("Conv2d", out_channels=8, padding=1),
        "both": block("Add"),
        "scaled": block("Multiply"),
        "softmax": block("Softmax"),
        "flat": block("Flatten"),
        "out": block("Output"),
    }
    return draw(
        {**image(8), **blocks},
        "image -> conv -> bn -> act -> drop -> conv2 -> both.x1",
        "image -> both.x2",
        "both -> scaled.x1",
        "image -> scaled.x2",
        "scaled -> softmax -> flat -> out",
        name="net",
    )


TABLE[folded] = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3, padding=1)
        self.bn = nn.BatchNorm2d(8)
        self.drop = nn.Dropout(0.5)
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1)

    def forward(self, image):  # (B, 8, 8, 8)
        x = self.drop(F.relu(self.bn(self.conv(image))))  # (B, 8, 8, 8)
        x = self.conv2(x) + image  # (B, 8, 8, 8)
        return torch.flatten(F.softmax(x * image, dim=-1), 1)  # (B, 512)
"""


def unbatched() -> Project:
    blocks = {
        "table": block("Constant", numbers=(0.5, 1.0), sizes=(2,)),
        "scale": block("LearnedParameter", sizes=(2,), init="ones"),
        "both": block("Multiply"),
        "times": block("Multiply"),
        "out": block("Output"),
    }
    return row(blocks, "table -> both.x1", "scale -> both.x2", "row -> times.x1", "both -> times.x2", "times -> out",
               size=2)  # fmt: skip


TABLE[unbatched] = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("table", torch.tensor([0.5, 1.0]), persistent=False)
        self.scale = nn.Parameter(torch.ones(2))

    def forward(self, row):  # (B, 2)
        x = self.table  # (2,)
        x = x * self.scale  # (2,)
        return row * x  # (B, 2)
"""


def predictions() -> Project:
    blocks = {"fc": block("Linear", out_features=3), "act": block("Softmax", dim=1), "logits": block("Output"),
              "shares": block("Output"), "same": block("Output")}  # fmt: skip
    return row(blocks, "row -> fc -> act -> shares", "fc -> logits", "row -> same")


TABLE[predictions] = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 3)

    def forward(self, row):  # (B, 6)
        logits = self.fc(row)  # (B, 3)
        shares = F.softmax(logits, dim=1)  # (B, 3)
        return {"logits": logits, "shares": shares, "same": row}
"""


@pytest.mark.parametrize("design", TABLE, ids=lambda design: design.__name__)
def test_prints(design: Callable[[], Project]) -> None:
    assert classes(design()) == TABLE[design]


class TextInput(Input):
    """A text of any length, as no dataset of today has it."""

    def spec(self, fields: Mapping[str, Field]) -> TensorSpec:
        return TensorSpec((None, 6))


def test_axes_whose_length_varies_stay_open() -> None:
    drawn = graph(
        {
            "text": TextInput(),
            "positions": block("LearnedPositionalEncoding", max_length=9),
            "mask": block("CausalMask"),
            "attend": block("ScaledDotProductAttention"),
            "out": block("Output"),
        },
        "text -> positions -> mask",
        "positions -> attend.query",
        "positions -> attend.key",
        "positions -> attend.value",
        "mask -> attend.mask",
        "attend -> out",
    )
    text = print_source(plan(drawn, {}), "free").text
    assert "Output  out   float32  (batch, n, 6)" in text
    assert re.search(r"positions = text \+ self\.positions\[: text\.size\(-?\d\)\]  # \(B, n, 6\)", text)
    assert re.search(r"torch\.ones\(\s+positions\.size\(1\),\s+positions\.size\(1\),", text)
    names: dict[str, object] = {}
    exec(text.partition("\n\n\nif __name__")[0], names)
    network = names["Free"]()  # type: ignore[operator]
    for length in (1, 4, 9):
        assert network(torch.randn(2, length, 6)).shape == (2, length, 6)
