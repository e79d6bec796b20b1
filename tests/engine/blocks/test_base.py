"""Ports, card lines and help come from the class alone."""

from __future__ import annotations

import pytest

from engine.blocks import CATALOGUE, Block, Loss, Source
from engine.tensor import AnyTensor, Features, Image, Tensor, TensorSpec
from tests.engine.drawing import block


@pytest.mark.parametrize(
    ("kind", "values", "ports"),
    [
        ("Linear", {}, [("x", Features)]),
        ("Conv2d", {}, [("x", Image)]),
        ("Add", {}, [("x1", AnyTensor), ("x2", AnyTensor)]),
        ("Concat", {"inputs": 4}, [(f"x{number}", AnyTensor) for number in (1, 2, 3, 4)]),
        ("CrossEntropyLoss", {}, [("prediction", Tensor), ("target", AnyTensor)]),
        ("Output", {}, [("x", AnyTensor)]),
        ("Input", {}, []),
        ("Target", {}, []),
    ],
)
def test_input_ports(kind: str, values: dict[str, object], ports: list[tuple[str, type]]) -> None:
    assert [(port.name, port.kind) for port in block(kind, **values).input_ports()] == ports


@pytest.mark.parametrize("name", CATALOGUE)
def test_output_ports(name: str) -> None:
    cls = CATALOGUE[name]
    expected = ("loss",) if issubclass(cls, Loss) else () if name == "Output" else ("y",)
    assert cls().output_ports() == expected
    assert bool(cls().input_ports()) != issubclass(cls, Source)


@pytest.mark.parametrize(
    ("kind", "values", "line"),
    [
        ("ReLU", {}, "ReLU"),
        ("Linear", {}, "Linear 64"),
        ("Linear", {"bias": False}, "Linear 64 · no bias"),
        ("Conv2d", {}, "Conv2d 32 · 3×3"),
        ("Conv2d", {"kernel_size": (5, 3), "padding": "same"}, "Conv2d 32 · 5×3 · same"),
        ("Conv2d", {"padding": 1, "stride": 2}, "Conv2d 32 · 3×3 · stride 2×2 · padding 1×1"),
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
