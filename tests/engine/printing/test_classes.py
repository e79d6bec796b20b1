"""What a network's classes hold: layers, runs of layers, repeats, and shared weights only once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from engine.compile import build, source_of
from engine.graph import Wire
from engine.problem import UserError
from engine.project import Project
from tests.drawn.drawing import connected, group
from tests.engine.drawing import block, draw
from tests.engine.printing.to_the_letter import Table, around, classes, image

TABLE: Table = {}


def straight() -> Project:
    stem = group(
        "Stem",
        {"conv": block("Conv2d", out_channels=8), "bn": block("BatchNorm2d"), "act": block("ReLU")},
        "x -> conv -> bn -> act -> y",
    )
    return draw({**image(), "stem": stem, "out": block("Output")}, "image -> stem -> out", name="net")


TABLE[straight] = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(4, 8, 3), nn.BatchNorm2d(8), nn.ReLU())

    def forward(self, image):  # (B, 4, 8, 8)
        return self.stem(image)  # (B, 8, 6, 6)
"""


def repeat() -> Project:
    unit = group(
        "Unit",
        {"fc": block("Linear", out_features=6), "act": block("ReLU"), "add": block("Add")},
        "x -> fc -> act -> add.x1",
        "x -> add.x2",
        "add -> y",
        repeat=3,
    )
    return around(unit, (6,))


TABLE[repeat] = '''\
class Unit(nn.Module):
    """Used 3 times: inner.0, inner.1, inner.2"""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x):  # (B, 6)
        return F.relu(self.fc(x)) + x  # (B, 6)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Sequential(Unit(), Unit(), Unit())

    def forward(self, in1):  # (B, 6)
        return self.inner(in1)  # (B, 6)
'''


def straight_repeat() -> Project:
    unit = group("Unit", {"fc": block("Linear", out_features=6), "act": block("Tanh")}, "x -> fc -> act -> y", repeat=2)
    return around(unit, (6,))


TABLE[straight_repeat] = '''\
class Unit(nn.Module):
    """Used 2 times: inner.0, inner.1"""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x):  # (B, 6)
        return torch.tanh(self.fc(x))  # (B, 6)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Sequential(Unit(), Unit())

    def forward(self, in1):  # (B, 6)
        return self.inner(in1)  # (B, 6)
'''


def shared_layer() -> Project:
    project = draw(
        {
            "left": block("Input", sample_shape=(6,)),
            "right": block("Input", sample_shape=(6,)),
            "fc": block("Linear", out_features=3),
            "both": block("Concat"),
            "out": block("Output"),
        },
        "left -> fc -> both.x1",
        "both -> out",
        name="net",
    )
    graph, other = project.graph.share("fc")
    return project.edit(graph.connect(Wire("right", "y", other, "x")).connect(Wire(other, "y", "both", "x2")))


TABLE[shared_layer] = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 3)

    def forward(self, left, right):  # (B, 6); (B, 6)
        x = self.fc(left)  # (B, 3)
        return torch.cat([x, self.fc(right)], dim=1)  # (B, 6)
"""


def shared_group() -> Project:
    encoder = group(
        "Encoder",
        {"fc1": block("Linear", out_features=4), "act": block("Tanh"), "add": block("Add")},
        "x -> fc1 -> act -> add.x1",
        "fc1 -> add.x2",
        "add -> y",
    )
    project = draw(
        {
            "left": block("Input", sample_shape=(5, 6)),
            "right": block("Input", sample_shape=(7, 6)),
            "encoder": encoder,
            "both": block("Concat"),
            "out": block("Output"),
        },
        "left -> encoder -> both.x1",
        "both -> out",
        name="net",
    )
    graph, other = project.graph.share("encoder")
    return project.edit(graph.connect(Wire("right", "y", other, "x")).connect(Wire(other, "y", "both", "x2")))


TABLE[shared_group] = """\
class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(6, 4)

    def forward(self, x):  # (B, L, 6)
        fc1 = self.fc1(x)  # (B, L, 4)
        return torch.tanh(fc1) + fc1  # (B, L, 4)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()

    def forward(self, left, right):  # (B, 5, 6); (B, 7, 6)
        x = self.encoder(left)  # (B, 5, 4)
        return torch.cat([x, self.encoder(right)], dim=1)  # (B, 12, 4)
"""


def dead() -> Project:
    """What no output of a group needs is not printed."""
    unit = group(
        "Unit",
        {"fc": block("Linear", out_features=6), "idle": block("Linear"), "act": block("ReLU"), "add": block("Add")},
        "x -> fc -> add.x1",
        "fc -> idle -> act",
        "x -> add.x2",
        "add -> y",
        "unread -> idle",
        inputs=("x", "unread"),
    )
    unit = unit.with_graph(connected(unit.graph, ("fc -> idle",)))
    return around(unit, (6,), (6,))


TABLE[dead] = """\
class Unit(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x, unread):  # (B, 6); (B, 6)
        return self.fc(x) + x  # (B, 6)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Unit()

    def forward(self, in1, in2):  # (B, 6); (B, 6)
        return self.inner(in1, in2)  # (B, 6)
"""


@pytest.mark.parametrize("design", TABLE, ids=lambda design: design.__name__)
def test_prints(design: Callable[[], Project]) -> None:
    assert classes(design()) == TABLE[design]


def test_shared_weights_are_one_attribute() -> None:
    assert list(build(shared_layer()).network.state_dict()) == ["fc.weight", "fc.bias"]
    assert list(build(shared_group()).network.state_dict()) == ["encoder.fc1.weight", "encoder.fc1.bias"]
    network = build(shared_layer()).network
    left, right = torch.randn(2, 6), torch.randn(2, 6)
    fc = network.get_submodule("fc")
    assert torch.equal(network(left, right), torch.cat([fc(left), fc(right)], dim=1))


def test_what_stands_once_is_named_after_the_owner_of_the_weights() -> None:
    project = shared_layer()
    late = project.edit(project.graph.disconnect([Wire("left", "y", "fc", "x"), Wire("fc", "y", "both", "x1")]))
    graph = late.graph.connect(Wire("fc1", "y", "both", "x1"))
    assert list(build(late.edit(graph)).network.state_dict()) == ["fc.weight", "fc.bias"]


def test_weights_are_shared_only_by_what_is_one_layer() -> None:
    """A split into sizes that hang on what arrives can't be one line for two uses."""
    inner = group(
        "Cut",
        {"fc": block("Linear", out_features=6), "cut": block("Split", sizes=(2, -1), dim=1), "add": block("Flatten")},
        "x -> fc -> cut",
        "cut.y2 -> add -> y",
    )
    project = draw(
        {
            "left": block("Input", sample_shape=(5, 6)),
            "right": block("Input", sample_shape=(7, 6)),
            "cut": inner,
            "one": block("Output"),
            "two": block("Output"),
        },
        "left -> cut -> one",
    )
    graph, other = project.graph.share("cut")
    graph = graph.connect(Wire("right", "y", other, "x")).connect(Wire(other, "y", "two", "x"))
    with pytest.raises(UserError, match=f"{other} can't use the weights of cut: for what arrives there"):
        source_of(project.edit(graph))


def test_without_weights_there_is_nothing_to_share() -> None:
    project = draw(
        {
            "left": block("Input", sample_shape=(5, 6)),
            "right": block("Input", sample_shape=(5, 8)),
            "positions": block("SinusoidalPositionalEncoding", max_length=5),
            "one": block("Output"),
            "two": block("Output"),
        },
        "left -> positions -> one",
    )
    graph, other = project.graph.share("positions")
    graph = graph.connect(Wire("right", "y", other, "x")).connect(Wire(other, "y", "two", "x"))
    network = build(project.edit(graph)).network
    assert {name: tuple(buffer.shape) for name, buffer in network.named_buffers()} == {
        "positions": (5, 6),
        other: (5, 8),
    }
