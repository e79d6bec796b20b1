"""Designs with one fault each, over all families of blocks: what a beginner, or a hurried expert, would draw."""

from __future__ import annotations

from typing import Any

from engine.project import Project
from tests.engine.drawing import block, draw, graph

DTYPES = {"f": "float32", "i": "int64", "b": "bool"}
Layer = tuple[str, dict[str, Any]]


def of(kind: str, **values: Any) -> Layer:
    return kind, values


def _entry(text: str) -> tuple[dict[str, Any], str]:
    """`3x8x8` or `12i`: the shape of an Input and a dtype."""
    sizes, dtype = (text[:-1], DTYPES[text[-1]]) if text[-1] in DTYPES else (text, "float32")
    shape = tuple(int(size) for size in sizes.split("x")) if sizes else ()
    return {"sample_shape": shape, "dtype": "int64" if dtype == "int64" else "float32"}, dtype


def row(entry: str, *layers: Layer) -> Project:
    """An Input, layers one behind the other, and an Output for each value that leaves the last."""
    shape, _ = _entry(entry)
    blocks = {"data": block("Input", **shape)}
    for number, (kind, values) in enumerate(layers, start=1):
        blocks[f"b{number}"] = block(kind, **values)
    return _ended(blocks, [" -> ".join(blocks)], f"b{len(layers)}")


def into(kind: str, *entries: str | tuple[str, Layer], **values: Any) -> Project:
    """A block with an Input at each of its first ports, some through a layer."""
    blocks, wires = {"block": block(kind, **values)}, []
    for number, (entry, port) in enumerate(zip(entries, blocks["block"].input_ports(), strict=False), start=1):
        text, layer = (entry, None) if isinstance(entry, str) else entry
        shape, dtype = _entry(text)
        way = [f"data{number}"]
        blocks[way[0]] = block("Input", **shape)
        if dtype == "bool":
            blocks[f"cast{number}"] = block("Cast", dtype="bool")
            way.append(f"cast{number}")
        if layer is not None:
            blocks[f"layer{number}"] = block(layer[0], **layer[1])
            way.append(f"layer{number}")
        wires.append(" -> ".join([*way, f"block.{port.name}"]))
    return _ended(blocks, wires, "block")


def _ended(blocks: dict[str, Any], wires: list[str], last: str) -> Project:
    for name in blocks[last].output_ports():
        if name != "loss":
            blocks[f"out_{name}"] = block("Output")
            wires.append(f"{last}.{name} -> out_{name}")
    return Project(graph=graph(blocks, *wires))


def digits(*layers: Layer, field: str = "image", loss: Layer = ("CrossEntropyLoss", {}), **target: Any) -> Project:
    """A classifier of digits."""
    blocks = {"data": block("Input", field=field)}
    for number, (kind, values) in enumerate(layers, start=1):
        blocks[f"b{number}"] = block(kind, **values)
    chain = " -> ".join([*blocks, "loss.prediction"])
    blocks |= {"label": block("Target", field="digit", **target), "loss": block(loss[0], **loss[1])}
    return draw(blocks, chain, "label -> loss.target")


BROKEN: dict[str, Project] = {
    # convolution
    "groups that do not divide": row("6x20", of("Conv1d", out_channels=12, groups=4)),
    "groups that do not divide the filters": row("6x8x8", of("Conv2d", out_channels=32, groups=3)),
    "a window wider than the image": row("1x8x8", of("Conv2d", kernel_size=11)),
    "same padding with a stride": row("3x8x8", of("Conv2d", padding="same", stride=2)),
    "reflecting more than there is": row("2x4", of("Conv1d", padding=4, padding_mode="reflect")),
    "a picture into a signal's layer": row("3x16x16", of("Conv1d")),
    "a signal into an image's layer": row("3x16", of("Conv2d")),
    "a volume into an image's layer": row("1x8x8x8", of("Conv2d", out_channels=4, kernel_size=3)),
    "features into a convolution": digits(of("Conv2d"), of("Flatten"), of("Linear", out_features=10), field="pixels"),
    "grey images without an axis for channels": row("28x28", of("Conv2d", out_channels=8)),
    "an output padding as large as the stride": row("8x5x5", of("ConvTranspose2d", output_padding=4)),
    "a transposed layer that cuts all off": row("8x5x5", of("ConvTranspose2d", padding=9)),
    "groups of a transposed layer": row("8x5x5", of("ConvTranspose2d", out_channels=9, groups=3)),
    "too many poolings": row("1x8x8", *[of("MaxPool2d")] * 3, of("Conv2d", kernel_size=3)),
    # pooling, padding, resampling
    "a window wider than what is left": row("4x6x6", of("AvgPool2d", kernel_size=7)),
    "padding beyond half of the window": row("4x6x6", of("MaxPool2d", padding=2)),
    "an image into a signal's pool": row("4x6x6", of("MaxPool1d")),
    "features into adaptive pooling": row("64", of("AdaptiveAvgPool2d"), of("Flatten")),
    "whole numbers into a pool": row("4x6x6i", of("AvgPool2d")),
    "reflection beyond the image": row("2x3x3", of("ReflectionPad2d", padding=(4, 4, 4, 4))),
    "a signal into an image's padding": row("2x9", of("ZeroPad2d")),
    "channels that do not make a shuffle": row("30x4x4", of("PixelShuffle", upscale_factor=4)),
    "an image that does not come apart": row("3x9x9", of("PixelUnshuffle", downscale_factor=2)),
    "channels that can't be shuffled in groups": row("9x4x4", of("ChannelShuffle", groups=2)),
    # recurrent, attention, embedding
    "a flat row into an LSTM": row("40", of("LSTM", hidden_size=8)),
    "an image into a GRU": row("3x16x16", of("GRU", hidden_size=8)),
    "words into an LSTM without an embedding": row("12i", of("LSTM", hidden_size=8)),
    "dropout between one layer": row("12x5", of("LSTM", dropout=0.5)),
    "a memory of another size": into("LSTM", "12x5", "7", "64"),
    "heads that do not divide the features": row("12x20", of("MultiheadAttention", num_heads=8)),
    "heads that do not divide an embedding": row(
        "12i", of("Embedding", embedding_dim=50), of("MultiheadAttention", num_heads=8)
    ),
    "a flat row into attention": row("64", of("MultiheadAttention", num_heads=8)),
    "a transformer layer whose heads do not divide": row("12x30", of("TransformerEncoderLayer")),
    "queries and keys of other sizes": into("ScaledDotProductAttention", "6x8", "6x10", "6x10"),
    "decimals into an embedding": row("12", of("Embedding", embedding_dim=4)),
    "a padding index beyond the table": row("12i", of("Embedding", num_embeddings=10, padding_idx=10)),
    "more places than were learned": row("2000x8", of("LearnedPositionalEncoding", max_length=1024)),
    # normalisation, activation, dropout
    "an image into a norm of features": row("6x8x8", of("BatchNorm1d")),
    "features into a norm of images": row("6", of("BatchNorm2d")),
    "groups of a norm that do not divide": row("10x4x4", of("GroupNorm", num_groups=4)),
    "more axes than there are to normalise": row("5x8", of("LayerNorm", last_axes=3)),
    "whole numbers into a norm": row("5x8i", of("LayerNorm")),
    "softmax over the batch": row("5x8", of("Softmax", dim=0)),
    "softmax over an axis that is not there": row("8", of("Softmax", dim=2)),
    "whole numbers into an activation": row("8i", of("ReLU")),
    "halves of an odd number": row("20", of("Linear", out_features=7), of("GLU")),
    "features into dropout of channels": row("6", of("Dropout2d")),
    # linear
    "an image into a linear layer, flattened too late": digits(of("Linear", out_features=10)),
    "words into a linear layer": row("8i", of("Linear", out_features=4)),
    "other batches of axes into a bilinear layer": into("Bilinear", "3x6", "4x5"),
    # arithmetic, combination
    "a residual of other channels": into(
        "Add", ("8x6x6", of("Conv2d", out_channels=16, kernel_size=1)), ("8x6x6", of("Identity"))
    ),
    "a residual of another size": into(
        "Add", ("8x6x6", of("Conv2d", out_channels=8, kernel_size=3)), ("8x6x6", of("Identity"))
    ),
    "a residual with a stride": into(
        "Add", ("8x6x6", of("Conv2d", out_channels=8, kernel_size=1, stride=2)), ("8x6x6", of("Identity"))
    ),
    "a gate of other features": into("Multiply", ("10", of("Linear", out_features=8)), ("10", of("Linear"))),
    "an image and a row added": into("Add", "8x6x6", "8"),
    "images of other sizes joined by channels": into("Concat", "4x8x8", "4x4x4"),
    "features joined along an axis that is not there": into("Concat", "8", "8", dim=2),
    "an image and features joined": into("Concat", "4x3x3", "36"),
    "matrices that do not meet": into("MatMul", ("5x4", of("Linear", out_features=7)), "6x3"),
    "a matrix times its own kind": into("MatMul", "5x4", "5x4"),
    "stacked values of other shapes": into("Stack", "6", ("6", of("Linear", out_features=5))),
    "whole numbers times decimals": into("MatMul", "5x4i", "4x3"),
    # reduction, shape, selection, comparison
    "a mean over the batch": row("6x5", of("Mean", dim=(0,))),
    "a sum over an axis that is not there": row("6", of("Sum", dim=(2,))),
    "a reshape of another count": row("1x8x8", of("Reshape", sample_shape=(16, 5))),
    "axes permuted that are not there": row("3x8x8", of("Permute", dims=(0, 2, 1))),
    "the batch transposed": row("3x8", of("Transpose", dim0=0, dim1=1)),
    "an axis squeezed that is not one": row("3x8", of("Squeeze", dim=(1,))),
    "a flattening that begins too late": row("8", of("Flatten", start_dim=2)),
    "an axis split that does not come apart": row("10", of("Unflatten", dim=1, unflattened_size=(3, 4))),
    "more of the largest than there are": row("5", of("TopK", k=9)),
    "an entry beyond the end": row("5x8", of("Select", dim=1, index=7)),
    "decimals as one-hot": row("5", of("OneHot")),
    "logic on numbers": into("LogicalAnd", "5", "5b"),
    "a mask of another length": into("MaskedFill", "5x8", "5b"),
    # losses
    "class scores against numbers": digits(
        of("Flatten"), of("Linear", out_features=10), loss=("MSELoss", {})
    ),
    "a sequence against a class": draw(
        {
            "data": block("Input", sample_shape=(12, 5)),
            "lstm": block("LSTM", hidden_size=8),
            "scores": block("Linear", out_features=10),
            "label": block("Target", field="digit"),
            "loss": block("CrossEntropyLoss"),
        },
        "data -> lstm -> scores -> loss.prediction",
        "label -> loss.target",
    ),
    "an image against a class": digits(of("Conv2d", out_channels=10)),
    "one-hot targets of other counts": digits(
        of("Flatten"), of("Linear", out_features=9), loss=("BCEWithLogitsLoss", {}), encoding="one-hot"
    ),
    "a reconstruction of another size": into("MSELoss", ("20", of("Linear", out_features=10)), "20"),
    "distances of other features": into(
        "CosineEmbeddingLoss", ("8", of("Linear", out_features=6)), ("9", of("Linear", out_features=7)), "1"
    ),
}  # fmt: skip
