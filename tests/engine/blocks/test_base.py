"""Ports, card lines and help come from the class alone."""

from __future__ import annotations

import pytest

from engine.blocks import CATALOGUE, Block, Loss, Source
from engine.tensor import AnyTensor, Features, Image, Tensor, TensorSpec, Tokens, Value
from tests.engine.drawing import block


@pytest.mark.parametrize(
    ("kind", "values", "ports"),
    [
        ("Linear", {}, [("x", Features)]),
        ("Conv2d", {}, [("x", Image)]),
        ("Add", {}, [("x1", Value), ("x2", Value)]),
        ("MaxUnpool2d", {}, [("x", Image), ("indices", Tokens)]),
        ("Concat", {"inputs": 4}, [(f"x{number}", Value) for number in (1, 2, 3, 4)]),
        ("CrossEntropyLoss", {}, [("prediction", Tensor), ("target", AnyTensor)]),
        ("Output", {}, [("x", AnyTensor)]),
        ("Input", {}, []),
        ("Target", {}, []),
    ],
)
def test_input_ports(kind: str, values: dict[str, object], ports: list[tuple[str, type]]) -> None:
    assert [(port.name, port.kind) for port in block(kind, **values).input_ports()] == ports


SEVERAL = {
    "RNN": ("y", "h"),
    "GRU": ("y", "h"),
    "LSTM": ("y", "h", "c"),
    "RNNCell": ("h",),
    "GRUCell": ("h",),
    "LSTMCell": ("h", "c"),
    "Split": ("y1", "y2"),
    "Chunk": ("y1", "y2"),
    "TopK": ("y", "indices"),
    "Sort": ("y", "indices"),
}


@pytest.mark.parametrize("name", CATALOGUE)
def test_ports_have_names_of_their_own(name: str) -> None:
    block = CATALOGUE[name]()
    entries, exits = [port.name for port in block.input_ports()], list(block.output_ports())
    assert all(port.isidentifier() for port in (*entries, *exits))
    assert len(set(entries)) == len(entries)
    assert len(set(exits)) == len(exits)
    assert bool(exits) == (name != "Output")
    if isinstance(block, Loss):
        assert exits == ["loss"]
    if isinstance(block, Source):
        assert not entries


@pytest.mark.parametrize(
    ("kind", "values", "ports"),
    [
        ("Conv2d", {}, ("y",)),
        ("Output", {}, ()),
        ("MSELoss", {}, ("loss",)),
        ("LSTM", {}, ("y", "h", "c")),
        ("GRUCell", {}, ("h",)),
        ("MaxPool1d", {}, ("y",)),
        ("MaxPool1d", {"return_indices": True}, ("y", "indices")),
        ("AdaptiveMaxPool3d", {"return_indices": True}, ("y", "indices")),
        ("FractionalMaxPool2d", {"return_indices": True}, ("y", "indices")),
    ],
)
def test_output_ports(kind: str, values: dict[str, object], ports: tuple[str, ...]) -> None:
    assert block(kind, **values).output_ports() == ports


@pytest.mark.parametrize(
    ("kind", "values", "line"),
    [
        ("ReLU", {}, "ReLU"),
        ("Linear", {}, "Linear 64"),
        ("Linear", {"bias": False}, "Linear 64 · no bias"),
        ("Conv2d", {}, "Conv2d 32 · 3×3"),
        ("Conv2d", {"kernel_size": (5, 3), "padding": "same"}, "Conv2d 32 · 5×3 · same"),
        ("Conv2d", {"padding": 1, "stride": 2}, "Conv2d 32 · 3×3 · stride 2×2 · padding 1×1"),
        ("Conv1d", {"padding": "same", "weight_norm": "spectral"}, "Conv1d 32 · 3 · same · spectral"),
        ("MaxPool2d", {"return_indices": True}, "MaxPool2d 2×2 · indices"),
        ("AdaptiveAvgPool2d", {"output_size": (None, 7)}, "AdaptiveAvgPool2d same×7"),
        ("ZeroPad2d", {"padding": (0, 1, 0, 2)}, "ZeroPad2d 0×1×0×2"),
        ("Upsample", {"mode": "bilinear"}, "Upsample 2 · bilinear"),
        ("Dropout", {"p": 0.25}, "Dropout 0.25"),
        ("LSTM", {"bidirectional": True, "output": "last step"}, "LSTM 64 · bidirectional · laststep"),
        ("Embedding", {}, "Embedding 1000 · 64"),
        ("Input", {"field": "image"}, "Input image"),
        ("Input", {"sample_shape": (3, 8, 8)}, "Input shape 3×8×8"),
        ("MSELoss", {"weight": 0.5}, "MSELoss weight 0.5"),
        ("BatchNorm2d", {"momentum": None}, "BatchNorm2d"),
    ],
)
def test_the_card_says_what_differs(kind: str, values: dict[str, object], line: str) -> None:
    assert block(kind, **values).summary() == line


def test_help_is_the_docstring_as_paragraphs() -> None:
    class Twice(Block):
        """Doubles what
        arrives.

        The second paragraph
        goes on.
        """

    assert Twice.doc() == "Doubles what arrives.\n\nThe second paragraph goes on."


def test_a_block_without_words_of_its_own_says_so() -> None:
    class Blank(Block):
        """Does nothing."""

    for what in (Blank().layer, Blank().shape):
        with pytest.raises(NotImplementedError, match="Blank"):
            what()
    assert Blank().weights() == {}
    assert Blank().multiply_adds(TensorSpec((3,))) == 0


def test_blocks_are_values() -> None:
    assert block("Linear", out_features=3) == block("Linear", out_features=3) != block("Linear")
    assert len({block("Linear"), block("Linear"), block("ReLU"), block("Tanh")}) == 3
