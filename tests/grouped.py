"""A network drawn in groups, for pictures and tests: one in another, repeated, used twice, frozen, with a field."""

from __future__ import annotations

from engine.blocks import Block
from engine.graph import Wire
from engine.group import Group
from engine.grouping import make_group, share
from engine.project import Position, Project
from engine.weight_settings import WeightSettings
from tests.engine.drawing import block, draw

COLUMN, ROW = 190.0, 130.0
PLACES = {
    "image": (0, 0),
    "stem": (1, 0),
    "conv1": (2, 0),
    "relu1": (3, 0),
    "conv2": (4, 0),
    "add": (5, 0),
    "relu2": (6, 0),
    "pool": (7, 0),
    "tower": (2, 1),
    "act": (3, 1),
    "join": (3, 2),
    "flatten": (1, 3),
    "scores": (2, 3),
    "digit": (1, 4),
    "loss": (3, 3),
}


def flat() -> Project:
    """The blocks, before any of them stands in a group."""
    blocks: dict[str, Block] = {
        "image": block("Input", field="image"),
        "stem": block("Conv2d", out_channels=16, padding="same"),
        "conv1": block("Conv2d", out_channels=16, padding="same"),
        "relu1": block("ReLU"),
        "conv2": block("Conv2d", out_channels=16, padding="same"),
        "add": block("Add"),
        "relu2": block("ReLU"),
        "pool": block("MaxPool2d"),
        "tower": block("Conv2d", out_channels=16, padding="same"),
        "act": block("ReLU"),
        "join": block("Add"),
        "flatten": block("Flatten"),
        "scores": block("Linear", out_features=10),
        "digit": block("Target", field="digit"),
        "loss": block("CrossEntropyLoss"),
    }
    project = draw(
        blocks,
        "image -> stem -> conv1 -> relu1 -> conv2 -> add.x1",
        "stem -> add.x2",
        "add -> relu2 -> pool -> tower -> act -> join.x1",
        "join -> flatten -> scores -> loss.prediction",
        "digit -> loss.target",
        name="digits in groups",
    )
    return project.with_(layout={key: Position(COLUMN * x, ROW * y) for key, (x, y) in PLACES.items()})


def grouped() -> Project:
    """An encoder, in it a residual block three times in series, and behind it twice the same frozen tower."""
    project, stage = make_group(flat(), ["conv1", "relu1", "conv2", "add", "relu2"], "ResidualBlock")
    group = project.graph.nodes[stage].block
    assert isinstance(group, Group)
    group = group.change(repeat=3).expose("Filters", "conv1", "out_channels").expose("Filters", "conv2", "out_channels")
    project = project.edit(project.graph.replace(stage, group).rename(stage, "stage1")).move({stage: (COLUMN * 2, 0)})
    project, encoder = make_group(project.move({"pool": (COLUMN * 3, 0)}), ["stem", stage, "pool"], "Encoder")
    project, left = make_group(project, ["tower", "act"], "Tower")
    project = project.edit(project.graph.treat(left, WeightSettings(frozen=True)).rename(left, "left"))
    project, right = share(project, left, (COLUMN * 3, ROW))
    graph = project.graph.rename(right, "right").rename(encoder, "encoder")
    enters = graph.nodes[right].block.input_ports()[0].name
    graph = graph.connect(Wire(left, "act_out", right, enters)).connect(Wire(right, "act_out", "join", "x2"))
    return project.edit(graph).move({encoder: (COLUMN, 0), left: (COLUMN * 2, ROW)})
