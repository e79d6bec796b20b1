"""Designs that tests of printing, compiling and exporting share: every way in which values can flow."""

from __future__ import annotations

from engine.graph import Wire
from engine.group import Group
from engine.project import Project
from engine.weight_settings import WeightSettings
from tests.drawn.drawing import group
from tests.engine.drawing import block, draw


def chain() -> Project:
    """Digits through a small convolution."""
    return draw(
        {
            "image": block("Input", field="image"),
            "conv1": block("Conv2d", out_channels=8),
            "act": block("ReLU"),
            "pool1": block("MaxPool2d"),
            "flatten": block("Flatten"),
            "fc": block("Linear", out_features=10),
            "digit": block("Target", field="digit"),
            "loss": block("CrossEntropyLoss"),
        },
        "image -> conv1 -> act -> pool1 -> flatten -> fc -> loss.prediction",
        "digit -> loss.target",
        name="digits-cnn",
    )


def branches() -> Project:
    """Two inputs, values used twice, two predictions and two losses, an operation on a target."""
    return draw(
        {
            "a": block("Input", field="petal"),
            "b": block("Input", field="sepal"),
            "fa": block("Linear", out_features=4),
            "fb": block("Linear", out_features=4),
            "both": block("Concat"),
            "sum": block("Add"),
            "fc": block("Linear", out_features=3),
            "size": block("Linear", out_features=4),
            "label": block("Target", field="species"),
            "whole": block("Target", field="features"),
            "ce": block("CrossEntropyLoss"),
            "squashed": block("Sigmoid"),
            "mse": block("MSELoss", weight=0.5),
        },
        "a -> fa -> both.x1",
        "b -> fb -> both.x2",
        "fa -> sum.x1",
        "fb -> sum.x2",
        "both -> fc -> ce.prediction",
        "label -> ce.target",
        "sum -> size -> mse.prediction",
        "whole -> squashed -> mse.target",
        source="Iris",
        name="two branches",
    )


def residual() -> Project:
    """A value that skips a block, and a gate."""
    return draw(
        {
            "row": block("Input", field="features"),
            "fc1": block("Linear", out_features=6),
            "act1": block("Tanh"),
            "fc2": block("Linear", out_features=6),
            "gate": block("Multiply"),
            "skip": block("Add"),
            "norm": block("LayerNorm"),
            "scores": block("Linear", out_features=3),
            "label": block("Target", field="species"),
            "loss": block("CrossEntropyLoss"),
        },
        "row -> fc1 -> act1 -> fc2 -> gate.x1",
        "act1 -> gate.x2",
        "gate -> skip.x1",
        "fc1 -> skip.x2",
        "skip -> norm -> scores -> loss.prediction",
        "label -> loss.target",
        source="Iris",
        name="Residual",
    )


def words() -> Project:
    """Whole numbers through recurrent layers, of which one answers with the last step of both directions."""
    return draw(
        {
            "words": block("Input", sample_shape=(12,), dtype="int64"),
            "emb": block("Embedding", num_embeddings=50, embedding_dim=8),
            "lstm": block("LSTM", hidden_size=6, bidirectional=True, output="last step"),
            "gru": block("GRU", hidden_size=5, num_layers=2, bidirectional=True, output="last step"),
            "seq": block("LSTM", hidden_size=4),
            "flat": block("Flatten"),
            "last": block("GRU", hidden_size=3, output="last step"),
            "all": block("Concat", inputs=4),
            "out": block("Output"),
            "memory": block("Output"),
        },
        "words -> emb -> lstm -> all.x1",
        "emb -> gru -> all.x2",
        "emb -> seq -> flat -> all.x3",
        "emb -> last -> all.x4",
        "all -> out",
        "lstm -> memory",
        name="words 2",
    )


def autoencoder() -> Project:
    """The input is the target; dropout and batch normalisation on the way."""
    return draw(
        {
            "pixels": block("Input", field="pixels"),
            "encode": block("Linear", out_features=12),
            "bn": block("BatchNorm1d"),
            "act": block("LeakyReLU"),
            "drop": block("Dropout", p=0.2),
            "decode": block("Linear", out_features=64),
            "loss": block("MSELoss"),
        },
        "pixels -> encode -> bn -> act -> drop -> decode -> loss.prediction",
        "pixels -> loss.target",
        name="3d auto-encoder!",
    )


def nothing_but_names() -> Project:
    """Names that collide with the variables of printed Python."""
    return draw(
        {
            "x": block("Input", sample_shape=(5, 4)),
            "h": block("Linear", out_features=4),
            "l_out": block("Linear", out_features=3),
            "l": block("LSTM", hidden_size=3, bidirectional=True, output="last step"),
            "z": block("Linear", out_features=3),
            "x1": block("ReLU"),
            "one": block("Output"),
            "two": block("Output"),
        },
        "x -> h -> l_out -> one",
        "h -> l -> z -> x1 -> two",
        name="class",
    )


def residual_block(channels: int) -> Group:
    """Two convolutions that a value skips."""
    return group(
        "ResidualBlock",
        {
            "conv1": block("Conv2d", out_channels=channels, padding=1, bias=False),
            "bn1": block("BatchNorm2d"),
            "relu1": block("ReLU"),
            "conv2": block("Conv2d", out_channels=channels, padding=1, bias=False),
            "bn2": block("BatchNorm2d"),
            "add": block("Add"),
            "relu2": block("ReLU"),
        },
        "x -> conv1 -> bn1 -> relu1 -> conv2 -> bn2 -> add.x2",
        "x -> add.x1",
        "add -> relu2 -> y",
    )


def down(channels: int) -> Group:
    """A straight run that halves the image."""
    blocks = {"conv": block("Conv2d", out_channels=channels, stride=2, padding=1), "act": block("GELU")}
    return group("Down", blocks, "x -> conv -> act -> y")


def groups() -> Project:
    """A group of two widths, one that is repeated, one that is a straight run, and groups in a group."""
    stage = group(
        "Stage",
        {"down": down(8), "res": residual_block(8)},
        "x -> down -> res -> y",
    )
    return draw(
        {
            "image": block("Input", field="image"),
            "stem": block("Conv2d", out_channels=4, padding=1),
            "stage1": residual_block(4).change(repeat=2),
            "stage2": stage,
            "pool": block("AdaptiveAvgPool2d", output_size=1),
            "flatten": block("Flatten"),
            "fc": block("Linear", out_features=10),
            "digit": block("Target", field="digit"),
            "loss": block("CrossEntropyLoss"),
        },
        "image -> stem -> stage1 -> stage2 -> pool -> flatten -> fc -> loss.prediction",
        "digit -> loss.target",
        name="small resnet",
    )


def siamese() -> Project:
    """The same weights used twice: those of a group, and those of a layer behind it."""
    encoder = group(
        "Encoder",
        {"fc1": block("Linear", out_features=8), "act": block("Tanh"), "code": block("Linear", out_features=4)},
        "x -> fc1 -> act -> code -> y",
        "act -> out",
        outputs=("y", "out"),
    )
    project = draw(
        {
            "petal": block("Input", field="petal"),
            "sepal": block("Input", field="sepal"),
            "left": encoder,
            "head": block("Linear", out_features=3),
            "sum": block("Add"),
            "label": block("Target", field="species"),
            "loss": block("CrossEntropyLoss"),
        },
        "petal -> left -> head -> sum.x1",
        "sum -> loss.prediction",
        "label -> loss.target",
        source="Iris",
        name="siamese",
    )
    graph, right = project.graph.share("left")
    graph, other = graph.share("head")
    for wire in (
        Wire("sepal", "y", right, "x"),
        Wire(right, "y", other, "x"),
        Wire(other, "y", "sum", "x2"),
    ):
        graph = graph.connect(wire)
    return project.edit(graph)


def attention() -> Project:
    """Repeats that hand a mask on, positions, optional inputs, several outputs, and weights that begin in own ways."""
    mixing = group(
        "Mixing",
        {
            "norm": block("LayerNorm"),
            "attend": block("MultiheadAttention", num_heads=2, need_weights=True),
            "add": block("Add"),
        },
        "x -> norm -> attend.query",
        "mask -> attend.attn_mask",
        "x -> add.x1",
        "attend.y -> add.x2",
        "add -> y",
        inputs=("x", "mask"),
        repeat=2,
    )
    project = draw(
        {
            "text": block("Input", sample_shape=(5, 6)),
            "positions": block("SinusoidalPositionalEncoding", max_length=12),
            "token": block("LearnedParameter", sizes=(1, 6)),
            "both": block("Concat", dim=-2),
            "mask": block("CausalMask", hides=True),
            "mixing": mixing,
            "read": block("LSTM", hidden_size=4),
            "start": block("LearnedParameter", sizes=(4,), init="zeros"),
            "split": block("Split", sizes=(1, -1), dim=-2),
            "scale": block("Linear", out_features=3, weight_norm="weight"),
            "first": block("Output"),
            "rest": block("Output"),
            "memory": block("Output"),
        },
        "text -> positions -> both.x2",
        "text -> token.like",
        "token -> both.x1",
        "both -> mask",
        "both -> mixing.x",
        "mask -> mixing.mask",
        "mixing -> read.x",
        "text -> start.like",
        "start -> read.h",
        "read.y -> split",
        "split.y1 -> first",
        "split.y2 -> scale -> rest",
        "read.c -> memory",
        name="attention",
    )
    graph = project.graph
    graph = graph.treat("scale", WeightSettings(initialisation="orthogonal", amount=2))
    graph = graph.treat("token", WeightSettings(initialisation="normal"))
    graph = graph.treat("mixing", WeightSettings(initialisation="xavier uniform", frozen=True))
    return project.edit(graph)


DESIGNS = {
    make.__name__: make
    for make in (chain, branches, residual, words, autoencoder, nothing_but_names, groups, siamese, attention)
}
