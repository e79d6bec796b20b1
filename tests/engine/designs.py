"""Designs that tests of printing, compiling and exporting share: every way in which values can flow."""

from __future__ import annotations

from engine.project import Project
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


DESIGNS = {make.__name__: make for make in (chain, branches, residual, words, autoencoder, nothing_but_names)}
