"""Groups of one form are one class, whose arguments are the numbers in which its uses differ."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from engine.compile import source_of
from engine.graph import Wire
from engine.problem import UserError
from engine.project import Project
from engine.weight_settings import WeightSettings
from tests.drawn.drawing import group
from tests.engine.designs import residual_block
from tests.engine.drawing import block, draw
from tests.engine.printing.to_the_letter import Table, around, classes, image, row

TABLE: Table = {}


def widths() -> Project:
    stages = {f"stage{n}": residual_block(width) for n, width in ((1, 4), (2, 4), (3, 8))}
    blocks = {**image(), **stages, "widen": block("Conv2d", out_channels=8, stride=2), "out": block("Output")}
    return draw(blocks, "image -> stage1 -> stage2 -> widen -> stage3 -> out", name="net")


TABLE[widths] = '''\
class ResidualBlock(nn.Module):
    """Used 3 times: stage1, stage2, stage3"""

    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x):  # (B, channels, H, W)
        y = F.relu(self.bn1(self.conv1(x)))  # (B, channels, H, W)
        return F.relu(x + self.bn2(self.conv2(y)))  # (B, channels, H, W)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stage1 = ResidualBlock(4)
        self.stage2 = ResidualBlock(4)
        self.widen = nn.Conv2d(4, 8, 3, stride=2)
        self.stage3 = ResidualBlock(8)

    def forward(self, image):  # (B, 4, 8, 8)
        x = self.stage1(image)  # (B, 4, 8, 8)
        x = self.stage2(x)  # (B, 4, 8, 8)
        x = self.widen(x)  # (B, 8, 3, 3)
        return self.stage3(x)  # (B, 8, 3, 3)
'''


def growing() -> Project:
    """Each repeat sees more than the one before it."""
    unit = group(
        "Dense",
        {"fc": block("Linear", out_features=2), "all": block("Concat")},
        "x -> fc -> all.x2",
        "x -> all.x1",
        "all -> y",
        repeat=3,
    )
    return around(unit, (6,))


TABLE[growing] = '''\
class Dense(nn.Module):
    """Used 3 times: inner.0, inner.1, inner.2"""

    def __init__(self, in_features):
        super().__init__()
        self.fc = nn.Linear(in_features, 2)

    def forward(self, x):  # (B, in_features)
        return torch.cat([x, self.fc(x)], dim=1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Sequential(Dense(6), Dense(8), Dense(10))

    def forward(self, in1):  # (B, 6)
        return self.inner(in1)  # (B, 12)
'''


def nested() -> Project:
    unit = group("Unit", {"fc": block("Linear", out_features=6), "act": block("GELU"), "add": block("Add")},
                 "x -> fc -> act -> add.x1", "x -> add.x2", "add -> y")  # fmt: skip
    pair = group("Pair", {"first": unit, "second": unit, "norm": block("LayerNorm"), "join": block("Add")},
                 "x -> first -> second -> join.x1", "first -> norm -> join.x2", "join -> y")  # fmt: skip
    return row({"pairs": pair.change(repeat=2), "last": unit, "out": block("Output")}, "row -> pairs -> last -> out")


TABLE[nested] = '''\
class Unit(nn.Module):
    """Used 5 times: pairs.0.first, pairs.0.second, pairs.1.first, pairs.1.second, …"""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x):  # (B, 6)
        return F.gelu(self.fc(x)) + x  # (B, 6)


class Pair(nn.Module):
    """Used 2 times: pairs.0, pairs.1"""

    def __init__(self):
        super().__init__()
        self.first = Unit()
        self.second = Unit()
        self.norm = nn.LayerNorm(6)

    def forward(self, x):  # (B, 6)
        first = self.first(x)  # (B, 6)
        x = self.second(first)  # (B, 6)
        return x + self.norm(first)  # (B, 6)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.pairs = nn.Sequential(Pair(), Pair())
        self.last = Unit()

    def forward(self, row):  # (B, 6)
        x = self.pairs(row)  # (B, 6)
        return self.last(x)  # (B, 6)
'''


def colliding() -> Project:
    """Blocks named as variables, arguments, classes and letters that look like numbers."""
    one = group("Block", {"x1": block("Linear", out_features=6), "y1": block("Tanh"), "h": block("Add")},
                "x -> x1 -> y1 -> h.x1", "x1 -> h.x2", "h -> y")  # fmt: skip
    other = group("Block", {"Block2": block("Linear", out_features=6), "add": block("Add")},
                  "x -> Block2 -> add.x1", "Block2 -> add.x2", "add -> y")  # fmt: skip
    blocks = {
        "x": one,
        "y": other,
        "Net": block("Linear", out_features=6),
        "O": block("Linear", out_features=6),
        "h": block("Add", inputs=4),
        "out": block("Output"),
    }
    wires = ["l -> x -> h.x1", "l -> y -> h.x2", "l -> Net -> h.x3", "l -> O -> h.x4", "h -> out"]
    return draw({"l": block("Input", sample_shape=(6,)), **blocks}, *wires, name="net")


TABLE[colliding] = """\
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.x1 = nn.Linear(6, 6)

    def forward(self, x):  # (B, 6)
        x1 = self.x1(x)  # (B, 6)
        return torch.tanh(x1) + x1  # (B, 6)


class Block3(nn.Module):
    def __init__(self):
        super().__init__()
        self.Block2 = nn.Linear(6, 6)

    def forward(self, x):  # (B, 6)
        Block2 = self.Block2(x)  # (B, 6)
        return Block2 + Block2  # (B, 6)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.x = Block()
        self.y = Block3()
        self.Net = nn.Linear(6, 6)
        self.O = nn.Linear(6, 6)

    def forward(self, l_):  # (B, 6)
        x = self.x(l_)  # (B, 6)
        y = self.y(l_)  # (B, 6)
        z = self.Net(l_)  # (B, 6)
        return x + y + z + self.O(l_)  # (B, 6)
"""


@pytest.mark.parametrize("design", TABLE, ids=lambda design: design.__name__)
def test_prints(design: Callable[[], Project]) -> None:
    assert classes(design()) == TABLE[design]


def test_a_class_is_printed_once_however_often_it_is_used() -> None:
    unit = group("Unit", {"fc": block("Linear", out_features=6), "add": block("Add")},
                 "x -> fc -> add.x1", "x -> add.x2", "add -> y", repeat=1000)  # fmt: skip
    text = source_of(around(unit, (6,))).text
    assert text.count("class Unit") == 1
    assert '"""Used 1,000 times: inner.0, inner.1, inner.2, inner.3, inner.4, inner.5, …"""' in text


def test_depth_costs_no_more_than_size() -> None:
    """A group in a group in a group …, each used ten times with the same weights, is printed level by level."""
    unit = group("Level", {"fc": block("Linear", out_features=6)}, "x -> fc -> y")
    for _ in range(12):
        graph = group("Level", {"one": unit}, "x -> one -> y").graph
        last = "one"
        for _ in range(9):
            graph, key = graph.share("one")
            graph = graph.connect(Wire(last, "y", key, "x"))
            last = key
        unit = unit.with_graph(graph.connect(Wire(last, "y", "y", "x")))
    source = source_of(around(unit, (6,)))
    assert source.parameters == 42
    assert len(source.text.splitlines()) < 400


def test_far_too_many_layers_are_refused_in_words() -> None:
    unit = group("Unit", {"fc": block("Linear", out_features=6)}, "x -> fc -> y", repeat=1000)
    for number in range(3):
        unit = group(f"Level{number}", {"one": unit}, "x -> one -> y", repeat=1000)
    words = "The network would be made of 1,000,000,000,000 layers, but 100,000 are as many as can be built"
    with pytest.raises(UserError, match=words):
        source_of(around(unit, (6,)))


def test_uses_of_other_contents_are_other_classes() -> None:
    one = group("Unit", {"fc": block("Linear", out_features=6), "add": block("Add")},
                "x -> fc -> add.x1", "x -> add.x2", "add -> y")  # fmt: skip
    graph = one.graph
    variants = {
        "same": graph,
        "width": graph,
        "function": graph.replace("add", block("Multiply")),
        "name": graph.rename("fc", "dense"),
        "frozen": graph.treat("fc", WeightSettings(frozen=True)),
        "weights": graph.treat("fc", WeightSettings(initialisation="orthogonal")),
        "bias": graph.change("fc", bias=False),
        "note": graph.annotate("fc", "a note changes nothing"),
    }
    blocks = {name: one.with_graph(inner) for name, inner in variants.items()}
    project = row({"first": one, **blocks, "out": block("Output")}, " -> ".join(["row", "first", *blocks, "out"]))
    text = source_of(project).text
    names = {name: re.search(rf"self\.{name} = (\w+)\((.*)\)", text).groups() for name in ("first", *blocks)}  # type: ignore[union-attr]
    assert {name for name, (title, _) in names.items() if title == names["first"][0]} == {
        *("first", "same", "width", "note", "bias"),
    }
    assert names["bias"] == ("Unit", "False")
    assert names["first"] == ("Unit", "True")
    assert len({title for title, _ in names.values()}) == 5


def test_the_same_numbers_need_no_argument() -> None:
    forms = {width: source_of(around(residual_block(4), (4, 8, 8))).text for width in (4,)}
    assert "def __init__(self):" in forms[4].partition("class Net")[0]
    assert "Used" not in forms[4]
