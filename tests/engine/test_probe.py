"""What a block does to shapes, found by running its layer without data."""

from __future__ import annotations

import pytest
import torch

from engine import probe as probing
from engine.blocks.base import Block
from engine.call import Buffer, Call, Expression, Item, nn
from engine.call import torch as quoted
from engine.probe import answered, probe
from engine.problem import Misfit
from engine.tensor import AnyTensor, Image, TensorSpec, Tokens


class Plain(Block):
    """A layer with weights."""

    def layer(self, x: Image) -> Expression:
        return nn.Conv2d(3, 8, 3)


class Summed(Block):
    """A function."""

    def layer(self, x: AnyTensor, other: AnyTensor | None = None) -> Expression:
        return quoted.cumsum(x, dim=-1) if other is None else quoted.matmul(x, other)


class Both(Block):
    """Two outputs."""

    output_names = ("y", "indices")

    def layer(self, x: AnyTensor) -> Expression:
        return quoted.sort(x, dim=-1)


class Table(Block):
    """A tensor without a batch axis."""

    def layer(self, x: AnyTensor) -> Expression:
        return Buffer(quoted.zeros(3, 4))


class Looked(Block):
    """Whole numbers go in."""

    def layer(self, x: Tokens) -> Expression:
        return nn.Embedding(10, 4)


class Mixed(Block):
    """The batch leaves its place."""

    def layer(self, x: AnyTensor) -> Expression:
        return quoted.flatten(x, 0, 1)


class Strange(Block):
    """Numbers that no block takes."""

    def layer(self, x: AnyTensor) -> Expression:
        return quoted.complex(x, x)


class Squeezed(Block):
    """Takes the batch axis away."""

    def layer(self, x: AnyTensor) -> Expression:
        return Item(quoted.clone(x), 0)


def view(*shape: int | None, dtype: str = "float32", batched: bool = True, port: str = "x") -> AnyTensor:
    return AnyTensor(shape, dtype, batched, port)


@pytest.mark.parametrize(
    ("block", "views", "outputs"),
    [
        (Plain(), (view(3, 8, 8),), (TensorSpec((8, 6, 6)),)),
        (Plain(), (view(3, None, 8),), (TensorSpec((8, None, 6)),)),
        (Summed(), (view(4, 5), None), (TensorSpec((4, 5)),)),
        (Summed(), (view(4, 5), view(5, 2, port="other")), (TensorSpec((4, 2)),)),
        (Summed(), (view(4, 5), view(5, 2, batched=False, port="other")), (TensorSpec((4, 2)),)),
        (Summed(), (view(4, 5, batched=False), None), (TensorSpec((4, 5), batched=False),)),
        (Summed(), (view(4, dtype="bool"), None), (TensorSpec((4,), "int64"),)),
        (Both(), (view(4),), (TensorSpec((4,)), TensorSpec((4,), "int64"))),
        (Table(), (view(4, batched=False),), (TensorSpec((3, 4), batched=False),)),
        (Looked(), (view(7, dtype="int64"),), (TensorSpec((7, 4)),)),
        (Looked(), (view(None, dtype="int64"),), (TensorSpec((None, 4)),)),
        (Squeezed(), (view(4, 5, batched=False),), (TensorSpec((5,), batched=False),)),
    ],
)
def test_foretells_what_leaves(
    block: Block, views: tuple[AnyTensor | None, ...], outputs: tuple[TensorSpec, ...]
) -> None:
    assert probe(block, views).outputs == outputs


def test_counts_weights_and_multiplications() -> None:
    probed = probe(Plain(), (view(3, 8, 8),))
    assert probed.weights == {"weight": (8, 3, 3, 3), "bias": (8,)}
    assert probed.multiply_adds == 8 * 6 * 6 * 3 * 3 * 3
    assert probe(Summed(), (view(4, 5), None)).weights == {}
    assert probe(Summed(), (view(4, 5), view(5, 2, port="other"))).multiply_adds == 4 * 5 * 2


@pytest.mark.parametrize(
    ("block", "views", "words", "details"),
    [
        (Plain(), (view(4, 8, 8),), "can't work on what arrives (4 × 8 × 8) with these settings", "hannel"),
        (Plain(), (view(3, 2, 2),), "can't work on what arrives (3 × 2 × 2)", "Kernel size"),
        (Summed(), (view(4, 5), view(4, 2, port="other")), "can't work on what arrives (4 × 5, 4 × 2)", ""),
        (Looked(), (view(7),), "can't work on what arrives (7)", ""),
        (Mixed(), (view(4, 5),), "moves or mixes the batch axis", ""),
        (Squeezed(), (view(4, 5),), "moves or mixes the batch axis", ""),
        (Table(), (view(4),), "moves or mixes the batch axis", ""),
        (Strange(), (view(4),), "would give complex64 numbers, which no other block takes", ""),
    ],
)
def test_refuses_in_our_words_and_keeps_those_of_torch(
    block: Block, views: tuple[AnyTensor | None, ...], words: str, details: str
) -> None:
    with pytest.raises(Misfit) as misfit:
        probe(block, views)
    assert misfit.value.message.startswith(words)
    assert details in misfit.value.details
    assert "\n" not in misfit.value.details


def test_asks_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing, "_answers", {})
    runs = []
    run = probing._run
    monkeypatch.setattr(probing, "_run", lambda *args: runs.append(args) or run(*args))
    arrives = (TensorSpec((3, 9, 9)),)
    assert not answered(Plain(), arrives)
    for _ in range(3):
        probe(Plain(), (view(3, 9, 9),))
    assert answered(Plain(), arrives)
    assert len(runs) == 1
    for _ in range(3):
        with pytest.raises(Misfit):
            probe(Plain(), (view(4, 9, 9),))
    assert len(runs) == 2, "a refusal is remembered as well"


def test_forgets_before_it_holds_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing, "_answers", {})
    monkeypatch.setattr(probing, "REMEMBERED", 3)
    for size in range(1, 8):
        probe(Summed(), (view(size), None))
        assert len(probing._answers) <= 3


def test_allocates_nothing() -> None:
    class Huge(Block):
        """Weights that no memory holds."""

        def layer(self, x: AnyTensor) -> Expression:
            return nn.Linear(10**6, 10**7)

    probed = probe(Huge(), (view(10**6),))
    assert probed.weights["weight"] == (10**7, 10**6)
    assert probed.outputs == (TensorSpec((10**7,)),)


def test_leaves_the_random_numbers_alone() -> None:
    torch.manual_seed(0)
    before = torch.get_rng_state()
    probe(Plain(), (view(3, 10, 10),))
    assert torch.equal(torch.get_rng_state(), before)


def test_an_optional_port_may_be_empty() -> None:
    class Masked(Block):
        """A port that may stay unwired."""

        def layer(self, x: AnyTensor, mask: AnyTensor | None = None) -> Expression:
            return Call("torch.clone", (x,)) if mask is None else quoted.masked_fill(x, mask, 0.0)

    assert probe(Masked(), (view(4), None)).outputs == (TensorSpec((4,)),)
    assert probe(Masked(), (view(4), view(4, dtype="bool", port="mask"))).outputs == (TensorSpec((4,)),)
