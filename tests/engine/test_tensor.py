"""Shapes in words, and what each kind of port takes."""

from __future__ import annotations

import pytest

from engine.tensor import (
    AnyTensor,
    Channels,
    Features,
    Image,
    Sequence,
    Signal,
    Tensor,
    TensorSpec,
    Tokens,
    axes_in_words,
    fixed,
)


@pytest.mark.parametrize(
    ("spec", "words", "numel", "sizes"),
    [
        (TensorSpec((32, 26, 26)), "32 × 26 × 26", 21632, (32, 26, 26)),
        (TensorSpec((7,)), "7", 7, (7,)),
        (TensorSpec((None, 5)), "n × 5", 5, (1, 5)),
        (TensorSpec(()), "scalar", 1, ()),
        (TensorSpec((), "int64"), "one whole number", 1, ()),
    ],
)
def test_in_words_and_numbers(spec: TensorSpec, words: str, numel: int, sizes: tuple[int, ...]) -> None:
    assert (str(spec), spec.numel, spec.sizes) == (words, numel, sizes)


def test_axes_are_counted_in_words() -> None:
    assert axes_in_words(TensorSpec((64, 5, 5))) == "64 × 5 × 5 (3 axes)"
    assert axes_in_words(TensorSpec((64,))) == "64 (1 axis)"
    assert axes_in_words(TensorSpec(())) == "scalar"


RANKS = {
    # ranks from 0 to 6 that a kind takes
    AnyTensor: {0, 1, 2, 3, 4, 5, 6},
    Tensor: {0, 1, 2, 3, 4, 5, 6},
    Features: {1, 2, 3, 4, 5},
    Channels: {1, 2},
    Signal: {2},
    Image: {3},
    Sequence: {2},
}


@pytest.mark.parametrize("kind", RANKS)
def test_takes_its_ranks_and_no_others(kind: type[AnyTensor]) -> None:
    for rank in range(7):
        refusal = kind.refusal(TensorSpec((2,) * rank))
        assert (refusal is None) == (rank in RANKS[kind])
        assert refusal is None or refusal.startswith(f"expects {kind.words}, but receives ")


@pytest.mark.parametrize(
    ("kind", "floats", "integers"),
    [(AnyTensor, True, True), (Tokens, False, True), *((kind, True, False) for kind in RANKS if kind is not AnyTensor)],
)
def test_takes_its_kind_of_numbers(kind: type[AnyTensor], floats: bool, integers: bool) -> None:
    shape = (2,) * min(RANKS.get(kind, {1}) - {0})
    assert (kind.refusal(TensorSpec(shape)) is None) == floats
    assert (kind.refusal(TensorSpec(shape, "int64")) is None) == integers


@pytest.mark.parametrize("kind", [*RANKS, Tokens])
def test_no_port_takes_a_loss(kind: type[AnyTensor]) -> None:
    assert "a loss, which is a single number" in str(kind.refusal(TensorSpec((), batched=False)))


def test_views_name_their_axes() -> None:
    spec = TensorSpec((3, 8, 9))
    view = Image.view(spec, "x")
    assert isinstance(view, Image)
    assert (view.shape, view.dtype, view.port, view.channels) == (spec.shape, spec.dtype, "x", 3)
    assert Features.view(spec, "x").features == 9
    assert Signal.view(TensorSpec((3, 8)), "x").channels == 3
    assert Sequence.view(TensorSpec((3, 8)), "x").features == 8
    assert Channels.view(TensorSpec((3,)), "x").channels == 3


def test_an_axis_that_varies_is_not_fixed() -> None:
    assert fixed(TensorSpec((None, 4)), 1, "features") == 4
    with pytest.raises(ValueError, match="needs a fixed number of channels, but that axis varies"):
        fixed(TensorSpec((None, 4)), 0, "channels")
