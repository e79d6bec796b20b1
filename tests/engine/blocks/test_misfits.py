"""What blocks can't work on, and the words in which they say so: a table."""

from __future__ import annotations

import pytest

from engine.plan import trace_block
from engine.tensor import TensorSpec
from tests.engine.drawing import block

ONE_NUMBER = TensorSpec(())
ROW = TensorSpec((6,))
SEQUENCE = TensorSpec((4, 6))
IMAGE = TensorSpec((6, 8, 8))
INDEX = TensorSpec((), "int64")
INDICES = TensorSpec((4,), "int64")
FREE = TensorSpec((None, 6))
LOSS = TensorSpec((), batched=False)

TABLE = [
    # what may enter a port
    ("Linear", {}, [INDICES], "x", None, "expects decimal numbers (float32), but receives whole numbers (int64)"),
    ("Linear", {}, [ONE_NUMBER], "x", None, "expects at least one axis (… × features), but receives scalar"),
    ("Linear", {}, [LOSS], "x", None, "but receives a loss, which is a single number"),
    ("Embedding", {}, [ROW], "x", None, "expects whole numbers (int64), but receives decimal numbers (float32)"),
    ("Conv2d", {}, [ROW], "x", None, "expects channels × height × width, but receives 6 (1 axis)"),
    ("Conv1d", {}, [IMAGE], "x", None, "expects channels × length, but receives 6 × 8 × 8 (3 axes)"),
    ("LSTM", {}, [IMAGE], "x", None, "expects length × features, but receives 6 × 8 × 8 (3 axes)"),
    ("BatchNorm1d", {}, [IMAGE], "x", None, "expects features, or channels × length"),
    ("ReLU", {}, [INDEX], "x", None, "but receives whole numbers"),
    # axes that must not vary
    ("Conv1d", {}, [TensorSpec((None, 9))], "x", None, "needs a fixed number of channels, but that axis varies"),
    ("Linear", {}, [TensorSpec((4, None))], "x", None, "needs a fixed number of features"),
    ("Reshape", {}, [FREE], "x", None, "needs fixed sizes, but an axis of its input varies"),
    # windows
    ("Conv2d", {"kernel_size": 9}, [IMAGE], "x", "kernel_size", "slides a window 9 × 9 wide, but only 8 × 8 arrive"),
    (
        "Conv2d",
        {"kernel_size": 5, "dilation": 3, "padding": 1},
        [IMAGE],
        "x",
        "kernel_size",
        "slides a window 13 × 13 wide, but only 8 × 8 arrive (with padding 1 × 1)",
    ),
    ("MaxPool2d", {"kernel_size": 9}, [IMAGE], "x", "kernel_size", "slides a window 9 × 9 wide"),
    ("MaxPool2d", {"padding": 2}, [IMAGE], None, "padding", "pads by more than half of its window"),
    ("Conv2d", {"padding": "same", "stride": 2}, [IMAGE], None, "stride", "padding “same” only at stride 1"),
    (
        "Conv1d",
        {"padding": 4, "padding_mode": "reflect"},
        [TensorSpec((2, 4))],
        "x",
        "padding",
        "pads 4 with “reflect”, more than the 4 that arrive can give",
    ),
    ("ConvTranspose2d", {"padding": 9}, [IMAGE], "x", "padding", "nothing is left of 8 × 8"),
    (
        "ConvTranspose2d",
        {"output_padding": 2},
        [IMAGE],
        None,
        "output_padding",
        "has an output padding of 2, which must be less than its stride or its dilation",
    ),
    # groups
    (
        "Conv2d",
        {"groups": 4},
        [IMAGE],
        None,
        "groups",
        "splits 6 input channels into 4 groups, which does not come out even; it could be 1, 2, 3, 6",
    ),
    ("Conv2d", {"groups": 3}, [IMAGE], None, "groups", "splits 32 filters into 3 groups"),
    # axes
    ("Softmax", {"dim": 0}, [ROW], None, "dim", "would mix the samples of a batch: axis 0 is the batch"),
    ("Softmax", {"dim": -2}, [ROW], None, "dim", "would mix the samples of a batch"),
    ("Softmax", {"dim": 2}, [ROW], None, "dim", "works along axis 2, but 6 has axes 1 to 1"),
    ("LayerNorm", {"last_axes": 3}, [SEQUENCE], None, "last_axes", "normalises the last 3 axes, but 4 × 6 has only 2"),
    ("Flatten", {}, [ONE_NUMBER], "x", None, "has nothing to flatten"),
    ("Flatten", {"start_dim": 3}, [SEQUENCE], "x", "start_dim", "starts at axis 3, but 4 × 6 has axes 1 to 2"),
    ("Flatten", {"start_dim": 2, "end_dim": 1}, [SEQUENCE], "x", "end_dim", "ends at axis 1, which is not between"),
    ("Concat", {"dim": 0}, [ROW, ROW], None, "dim", "axis 0 is the batch"),
    ("Concat", {"dim": -2}, [ROW, ROW], None, "dim", "axis 0 is the batch"),
    ("Concat", {"dim": 3}, [SEQUENCE, SEQUENCE], None, "dim", "joins along axis 3, but 4 × 6 has axes 1 to 2"),
    ("Concat", {}, [INDEX, INDEX], None, "dim", "joins along axis 1, but its inputs are single numbers"),
    (
        "Concat",
        {},
        [SEQUENCE, TensorSpec((4, 7))],
        "x2",
        None,
        "joins along axis 1, so all other axes must agree, but x1 is 4 × 6 and x2 is 4 × 7",
    ),
    # several inputs
    ("Add", {}, [ROW, TensorSpec((5,))], "x2", None, "its inputs need one shape, but x1 is 6 and x2 is 5"),
    ("Add", {"inputs": 3}, [ROW, ROW, SEQUENCE], "x3", None, "x1 is 6 and x3 is 4 × 6"),
    ("Multiply", {}, [INDICES, TensorSpec((4,))], "x2", None, "needs one kind of numbers"),
    ("Concat", {}, [INDICES, ROW], "x2", None, "but receives int64 and float32"),
    # parameters that contradict each other, or the input
    (
        "Reshape",
        {"sample_shape": (5, 5)},
        [ROW],
        "x",
        "sample_shape",
        "lays 6 numbers (6) out as 5 × 5, which holds 25",
    ),
    ("Reshape", {"sample_shape": (-1, 4)}, [ROW], "x", "sample_shape", "which holds a multiple of 4"),
    ("Reshape", {"sample_shape": (-1, -1)}, [ROW], None, "sample_shape", "-1 once at most"),
    ("Reshape", {"sample_shape": (0, 6)}, [ROW], None, "sample_shape", "sizes of at least 1"),
    ("LSTM", {"dropout": 0.5}, [SEQUENCE], None, "dropout", "drops numbers between its layers, but has only one"),
    (
        "Embedding",
        {"num_embeddings": 5, "padding_idx": 5},
        [INDICES],
        None,
        "padding_idx",
        "pads with index 5, but its table ends at 4",
    ),
    # losses
    ("MSELoss", {}, [ROW, TensorSpec((1,))], "target", None, "the prediction is 6 and the target is 1"),
    ("BCELoss", {}, [ROW, INDEX], "target", None, "expects decimal numbers"),
    ("CrossEntropyLoss", {}, [ROW, TensorSpec((5,))], "target", None, "expects the target as a class index (int64)"),
    ("CrossEntropyLoss", {}, [ROW, INDICES], "target", None, "the target is 4 and the prediction 6"),
    ("CrossEntropyLoss", {}, [ONE_NUMBER, INDEX], "prediction", None, "expects one score for each class"),
    ("NLLLoss", {}, [ROW, ROW], "target", None, "expects the target as a class index"),
]


@pytest.mark.parametrize(("kind", "values", "arrives", "port", "param", "words"), TABLE)
def test_says_what_does_not_fit(
    kind: str, values: dict[str, object], arrives: list[TensorSpec], port: str | None, param: str | None, words: str
) -> None:
    chosen = block(kind, **values)
    trace = trace_block(chosen, tuple(arrives))
    assert trace.misfit is not None
    assert words in trace.misfit.message
    assert (trace.misfit.port, trace.misfit.param) == (port, param)
    assert trace.outputs == (None,)
    assert trace.call is None
    assert not trace.weights
    if port is not None:
        assert port in [entry.name for entry in chosen.input_ports()]
    if param is not None:
        assert type(chosen).param(param).label


def test_every_block_that_can_misfit_is_in_the_table() -> None:
    told = {row[0] for row in TABLE}
    assert told >= {"Linear", "Embedding", "Conv1d", "Conv2d", "ConvTranspose2d", "MaxPool2d", "LSTM", "LayerNorm"}
    assert told >= {"BatchNorm1d", "Softmax", "Flatten", "Reshape", "Add", "Multiply", "Concat", "MSELoss", "NLLLoss"}


@pytest.mark.parametrize(
    ("kind", "values", "arrives", "leaves"),
    [
        ("Conv2d", {"kernel_size": 3}, TensorSpec((3, None, 32)), (32, None, 30)),
        ("MaxPool2d", {}, TensorSpec((3, None, 32)), (3, None, 16)),
        ("ConvTranspose2d", {}, TensorSpec((3, None, 32)), (32, None, 64)),
        ("LSTM", {}, FREE, (None, 64)),
        ("GRU", {"output": "last step"}, FREE, (64,)),
        ("Flatten", {}, FREE, (None,)),
        ("Embedding", {}, TensorSpec((None,), "int64"), (None, 64)),
        ("Linear", {}, FREE, (None, 64)),
        ("AdaptiveAvgPool2d", {}, TensorSpec((3, None, None)), (3, 1, 1)),
    ],
)
def test_axes_that_vary_stay_free(
    kind: str, values: dict[str, object], arrives: TensorSpec, leaves: tuple[int | None, ...]
) -> None:
    trace = trace_block(block(kind, **values), (arrives,))
    assert trace.misfit is None
    assert trace.outputs == (TensorSpec(leaves),)


def test_free_axes_meet() -> None:
    assert trace_block(block("Add"), (FREE, FREE)).outputs == (TensorSpec((None, 6)),)
    assert trace_block(block("Add"), (FREE, TensorSpec((1, 6)))).outputs == (TensorSpec((None, 6)),)
    assert trace_block(block("Concat"), (FREE, SEQUENCE)).outputs == (TensorSpec((None, 6)),)
