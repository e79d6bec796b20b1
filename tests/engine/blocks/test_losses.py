"""Losses give the numbers that their papers and torch's layers say, and stay finite where numbers are extreme."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from engine.blocks import Block
from engine.tensor import TensorSpec
from tests.engine.blocks.carried_out import call_of, carry_out
from tests.engine.blocks.cases import LAYERS
from tests.engine.blocks.losses_by_hand import (
    binary_focal,
    contrastive,
    cosine_distance,
    ctc,
    dice,
    focal,
    gaussian_kl,
    nt_xent,
    one_hot,
    squared_distance,
    triplet,
    tversky,
)
from tests.engine.drawing import block

Tensor = torch.Tensor
BATCH = 7


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


def value_of(what: Block, *values: Tensor | None) -> Tensor:
    """What a loss gives for these values, one an input port."""
    specs = tuple(
        TensorSpec(tuple(value.shape[1:]), str(value.dtype).removeprefix("torch.")) if value is not None else None
        for value in values
    )
    named = {port.name: value for port, value in zip(what.input_ports(), values, strict=True) if value is not None}
    (output,) = carry_out(what, call_of(what, specs), specs, named).outputs
    assert output.shape == ()
    return output


def indices(*shape: int, classes: int) -> Tensor:
    return torch.randint(0, classes, (BATCH, *shape))


def yes(*shape: int) -> Tensor:
    return torch.randint(0, 2, (BATCH, *shape)).float()


def signs(*shape: int) -> Tensor:
    return yes(*shape) * 2 - 1


SCORES, PIXELS = torch.randn(BATCH, 4), torch.randn(BATCH, 3, 4, 5)
KIND, PIXEL_KINDS = indices(classes=4), indices(4, 5, classes=3)
WEIGHTS = (0.5, 1.0, 2.0, 4.0)
Z1, Z2, Z3 = torch.randn(3, BATCH, 6)
LOG = torch.log_softmax(torch.randn(BATCH, 9, 5), -1)
LABELS = torch.tensor([[1, 2, 3], [4, 1, 0], [2, 0, 0], [3, 3, 0], [1, 1, 1], [4, 0, 0], [2, 4, 1]])
LENGTHS = [3, 2, 1, 2, 3, 1, 3]
YES, MASK, SIGN = yes(4), yes(3, 4, 5), signs(4)

REFERENCES: dict[str, tuple[Block, tuple[Tensor | None, ...], Callable[..., Any]]] = {
    "focal": (block("FocalLoss"), (SCORES, KIND), lambda x, y: focal(x, y, 2.0)),
    "focal, weak focus": (block("FocalLoss", gamma=0.5), (SCORES, KIND), lambda x, y: focal(x, y, 0.5)),
    "focal, no focus": (block("FocalLoss", gamma=0.0), (SCORES, KIND), F.cross_entropy),
    "focal, classes weighed": (
        block("FocalLoss", class_weights=WEIGHTS),
        (SCORES, KIND),
        lambda x, y: focal(x, y, 2.0, torch.tensor(WEIGHTS)),
    ),
    "focal, pixels": (
        block("FocalLoss", gamma=1.0),
        (PIXELS, PIXEL_KINDS),
        lambda x, y: focal(x, y, 1.0),
    ),
    "focal, yes or no": (block("FocalLoss"), (SCORES, YES), lambda x, y: binary_focal(x, y, 2.0, None)),
    "focal, yes weighed": (
        block("FocalLoss", gamma=1.5, alpha=0.25),
        (SCORES, YES),
        lambda x, y: binary_focal(x, y, 1.5, 0.25),
    ),
    "dice": (block("DiceLoss"), (PIXELS, MASK), lambda x, y: dice(torch.sigmoid(x), y, 1.0)),
    "dice, truth values": (
        block("DiceLoss", smooth=0.1),
        (PIXELS, MASK.bool()),
        lambda x, y: dice(torch.sigmoid(x), y.float(), 0.1),
    ),
    "dice, classes": (
        block("DiceLoss"),
        (PIXELS, PIXEL_KINDS),
        lambda x, y: dice(torch.softmax(x, 1), one_hot(y, 3), 1.0),
    ),
    "tversky": (
        block("TverskyLoss"),
        (PIXELS, MASK),
        lambda x, y: tversky(torch.sigmoid(x), y, 0.3, 0.7, 1.0),
    ),
    "tversky, classes": (
        block("TverskyLoss", alpha=1.0, beta=0.5, smooth=2.0),
        (PIXELS, PIXEL_KINDS),
        lambda x, y: tversky(torch.softmax(x, 1), one_hot(y, 3), 1.0, 0.5, 2.0),
    ),
    "tversky, both halves: dice with half the smoothing": (
        block("TverskyLoss", alpha=0.5, beta=0.5, smooth=0.5),
        (PIXELS, MASK),
        lambda x, y: dice(torch.sigmoid(x), y, 1.0),
    ),
    "divergence from the standard normal": (block("GaussianKLLoss"), (Z1, Z2), gaussian_kl),
    "divergence of images": (block("GaussianKLLoss"), (PIXELS, PIXELS / 2), gaussian_kl),
    "contrastive, self-supervised": (block("NTXentLoss"), (Z1, Z2), lambda a, b: nt_xent(a, b, 0.5)),
    "contrastive, sharp": (block("NTXentLoss", temperature=0.05), (Z1, Z2), lambda a, b: nt_xent(a, b, 0.05)),
    "pairs": (block("ContrastiveLoss"), (Z1, Z2, yes(1)), lambda a, b, y: contrastive(a, b, y, 1.0)),
    "pairs, far apart": (
        block("ContrastiveLoss", margin=5.0),
        (Z1, Z2, indices(classes=2)),
        lambda a, b, y: contrastive(a, b, y, 5.0),
    ),
    "pairs, truth values": (
        block("ContrastiveLoss", margin=4.0),
        (Z1, Z2, yes().bool()),
        lambda a, b, y: contrastive(a, b, y, 4.0),
    ),
    "mean": (block("MeanLoss"), (Z1,), torch.mean),
    "soft margin": (block("SoftMarginLoss"), (SCORES, SIGN), F.soft_margin_loss),
    "cosine embedding": (
        block("CosineEmbeddingLoss", margin=0.2),
        (Z1, Z2, signs()),
        lambda a, b, y: F.cosine_embedding_loss(a, b, y, margin=0.2),
    ),
    "cosine embedding, one column": (
        block("CosineEmbeddingLoss"),
        (Z1, Z2, signs(1)),
        lambda a, b, y: F.cosine_embedding_loss(a, b, y.squeeze(1)),
    ),
    **{
        f"triplet by {name}{', swapped' if swap else ''}": (
            block("TripletMarginWithDistanceLoss", distance_function=name, margin=0.7, swap=swap),
            (Z1, Z2, Z3),
            triplet(distance, 0.7, swap),
        )
        for name, distance in (("cosine", cosine_distance), ("squared", squared_distance))
        for swap in (False, True)
    },
    "labels without times": (block("CTCLoss"), (LOG, LABELS, None, None), lambda x, y, *_: ctc(x, y, LENGTHS)),
    "labels without times, lengths given": (
        block("CTCLoss"),
        (LOG, LABELS, torch.tensor([9, 8, 7, 6, 7, 8, 9]), torch.tensor([1, 1, 1, 1, 1, 1, 1])),
        lambda x, y, steps, lengths: ctc(x, y, lengths.tolist(), steps.tolist()),
    ),
    "labels without times, another blank": (
        block("CTCLoss", blank=4),
        (LOG, torch.where(LABELS == 4, 2, torch.where(LABELS == 0, 4, LABELS)), None, None),
        lambda x, y, *_: ctc(x, y, LENGTHS, blank=4),
    ),
    "a class that is ignored": (
        block("CrossEntropyLoss", ignore_index=2, label_smoothing=0.1),
        (PIXELS, PIXEL_KINDS),
        lambda x, y: F.cross_entropy(x, y, ignore_index=2, label_smoothing=0.1),
    ),
    "a class that is ignored, of log-probabilities": (
        block("NLLLoss", ignore_index=0),
        (PIXELS, PIXEL_KINDS),
        lambda x, y: F.nll_loss(x, y, ignore_index=0),
    ),
    # what torch's own layer can't be told
    "weighed yes, channel by channel": (
        block("BCEWithLogitsLoss", pos_weight=(1.0, 2.0, 3.0)),
        (PIXELS, MASK),
        lambda x, y: F.binary_cross_entropy_with_logits(x, y, pos_weight=torch.tensor([[[1.0]], [[2.0]], [[3.0]]])),
    ),
    "sums of samples": (
        block("MSELoss", reduction="batchmean"),
        (PIXELS, MASK),
        lambda x, y: (x - y).pow(2).sum() / BATCH,
    ),
    "divergence": (
        block("KLDivLoss"),
        (torch.log_softmax(SCORES, 1), torch.softmax(Z1[:, :4], 1)),
        lambda x, y: (y * (y.log() - x)).sum(1).mean(),
    ),
}


@pytest.mark.parametrize("case", REFERENCES)
def test_gives_what_it_should(case: str) -> None:
    what, values, reference = REFERENCES[case]
    ours, theirs = value_of(what, *values), reference(*values)
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("case", REFERENCES)
def test_slopes_are_those_of_the_reference(case: str) -> None:
    what, values, reference = REFERENCES[case]
    slopes = []
    for compute in (lambda *given: value_of(what, *given), reference):
        given = differentiable(what, *values)
        compute(*given).backward()
        slopes.append([value.grad for value in given if value is not None and value.requires_grad])
    torch.testing.assert_close(*slopes, rtol=1e-4, atol=1e-6)


def differentiable(what: Block, *values: Tensor | None) -> list[Tensor | None]:
    """The values, those that come out of a network ready to receive slopes."""
    return [
        value.clone().requires_grad_()
        if value is not None and value.is_floating_point() and port.name != "target"
        else value
        for value, port in zip(values, what.input_ports(), strict=False)
    ]


KNOWN: list[tuple[Block, tuple[list[Any], ...], float]] = [
    (block("CrossEntropyLoss"), ([[0.0, 0.0]], [1]), math.log(2)),
    (
        block("CrossEntropyLoss", class_weights=(1, 3)),
        ([[0.0, 0.0], [9.0, 0.0]], [1, 0]),
        0.75 * math.log(2) + 0.25 * math.log1p(math.exp(-9)),
    ),
    (block("FocalLoss"), ([[0.0, 0.0]], [1]), 0.25 * math.log(2)),
    (block("FocalLoss", alpha=0.25), ([[0.0]], [[0.0]]), 0.75 * 0.25 * math.log(2)),
    (block("DiceLoss", smooth=1.0), ([[[-50.0, 50.0]]], [[[0.0, 1.0]]]), 0.0),
    (block("DiceLoss", smooth=1.0), ([[[50.0, -50.0]]], [[[0.0, 1.0]]]), 1 - 1 / 3),
    (block("TverskyLoss", alpha=1.0, beta=1.0), ([[[50.0, 50.0]]], [[[0.0, 1.0]]]), 1 - 2 / 3),  # Jaccard
    (block("GaussianKLLoss"), ([[0.0, 0.0]], [[0.0, 0.0]]), 0.0),
    (block("GaussianKLLoss"), ([[2.0, 0.0]], [[0.0, 0.0]]), 2.0),
    (block("GaussianKLLoss"), ([[0.0]], [[math.log(4)]]), 0.5 * (4 - 1 - math.log(4))),
    (
        block("NTXentLoss", temperature=1.0),
        ([[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]]),
        math.log(1 + 2 / math.e),
    ),
    (block("ContrastiveLoss", margin=2.0), ([[3.0]], [[0.0]], [[1.0]]), 9.0),
    (block("ContrastiveLoss", margin=2.0), ([[1.5]], [[0.0]], [[0.0]]), 0.25),
    (block("TripletMarginWithDistanceLoss", distance_function="squared"), ([[0.0]], [[2.0]], [[1.0]]), 4.0),
    (block("HingeEmbeddingLoss"), ([0.25, 0.25], [1.0, -1.0]), 0.5),
    (block("MarginRankingLoss", margin=0.5), ([1.0, 1.0], [0.0, 0.0], [1.0, -1.0]), 0.75),
    (block("PoissonNLLLoss"), ([0.0], [2.0]), 1.0),
    (block("GaussianNLLLoss"), ([1.0], [3.0], [4.0]), 0.5 * (math.log(4) + 1)),
]


@pytest.mark.parametrize(("what", "values", "expected"), KNOWN)
def test_known_numbers(what: Block, values: tuple[list[Any], ...], expected: float) -> None:
    found = value_of(what, *(torch.tensor(value) for value in values))
    assert found.item() == pytest.approx(expected, abs=2e-5)


FAR, NEAR_ZERO = 1e4, 1e-30
EXTREME: dict[str, tuple[Block, tuple[Tensor, ...]]] = {
    **{
        f"{type(what).__name__}, {gamma}": (
            what,
            (torch.tensor([[FAR, -FAR], [-FAR, FAR], [0.0, 0.0]]), torch.tensor([0, 0, 1])),
        )
        for gamma in (0.0, 0.5, 1.0, 2.0)
        for what in (block("FocalLoss", gamma=gamma), block("FocalLoss", gamma=gamma, class_weights=(1, 2)))
    },
    "focal, yes or no": (
        block("FocalLoss", gamma=0.5, alpha=0.3),
        (torch.tensor([[FAR], [FAR], [-FAR], [-FAR]]), torch.tensor([[1.0], [0.0], [1.0], [0.0]])),
    ),
    "dice of nothing": (block("DiceLoss"), (torch.full((2, 1, 3), -FAR), torch.zeros(2, 1, 3))),
    "dice, all wrong": (block("DiceLoss", smooth=1e-3), (torch.full((2, 1, 3), FAR), torch.zeros(2, 1, 3))),
    "tversky of nothing": (block("TverskyLoss", alpha=0.0), (torch.full((2, 1, 3), -FAR), torch.zeros(2, 1, 3))),
    "a certain code": (block("GaussianKLLoss"), (torch.full((2, 3), 100.0), torch.full((2, 3), -FAR))),
    "a wide code": (block("GaussianKLLoss"), (torch.zeros(2, 3), torch.full((2, 3), 50.0))),
    "views that are nothing": (block("NTXentLoss"), (torch.zeros(3, 4), torch.zeros(3, 4))),
    "views that are the same": (block("NTXentLoss", temperature=0.001), (torch.ones(3, 4), torch.ones(3, 4))),
    "views far off": (block("NTXentLoss"), (torch.full((3, 4), 1e15), torch.full((3, 4), -1e15))),
    "a pair that is the same": (
        block("ContrastiveLoss"),
        (torch.ones(2, 3), torch.ones(2, 3), torch.tensor([0.0, 1.0])),
    ),
    "a pair far off": (
        block("ContrastiveLoss"),
        (torch.full((2, 3), FAR), torch.zeros(2, 3), torch.tensor([0.0, 1.0])),
    ),
    "triplets that are the same": (block("TripletMarginWithDistanceLoss"), (torch.zeros(2, 3),) * 3),
    "triplets far off": (
        block("TripletMarginWithDistanceLoss", distance_function="squared"),
        (torch.full((2, 3), FAR), torch.full((2, 3), -FAR), torch.zeros(2, 3)),
    ),
    "scores far on the wrong side": (block("SoftMarginLoss"), (torch.tensor([FAR, -FAR]), torch.tensor([-1.0, -1.0]))),
    "nothing but an ignored class": (
        block("CrossEntropyLoss", ignore_index=1, label_smoothing=0.1),
        (torch.randn(3, 2), torch.ones(3, dtype=torch.int64)),
    ),
    "nothing but an ignored class, of log-probabilities": (
        block("NLLLoss", ignore_index=1),
        (torch.randn(3, 2), torch.ones(3, dtype=torch.int64)),
    ),
    "labels that do not fit": (
        block("CTCLoss"),
        (torch.log_softmax(torch.randn(1, 2, 4), -1), torch.tensor([[1, 1, 2]])),
    ),
}


@pytest.mark.parametrize("case", EXTREME)
def test_extreme_numbers_give_a_number_and_a_slope(case: str) -> None:
    what, values = EXTREME[case]
    missing = (None,) * (len(what.input_ports()) - len(values))
    given = differentiable(what, *values, *missing)
    found = value_of(what, *given)
    assert bool(found.isfinite())
    found.backward()
    slopes = [value.grad for value in given if value is not None and value.requires_grad]
    assert slopes
    assert all(slope is not None and bool(slope.isfinite().all()) for slope in slopes)


def test_class_weights_move_with_the_network() -> None:
    """What is not learned is a buffer: `to` and `half` reach it."""
    for name in ("CrossEntropyLoss", "NLLLoss", "FocalLoss", "MultiMarginLoss"):
        what = block(name, class_weights=WEIGHTS)
        module = call_of(what, (TensorSpec((4,)), TensorSpec((), "int64"))).make({})
        assert [value.tolist() for value in module.buffers()] == [list(WEIGHTS)]
        assert not list(module.parameters())
        assert next(module.double().buffers()).dtype == torch.float64


def test_no_loss_is_forgotten() -> None:
    """Losses that torch has no layer for stand among the references above."""
    told = {type(what).__name__ for what, _, _ in REFERENCES.values()}
    ours = {
        name for name, cls in LAYERS.items() if cls.category == "Loss" and not cls.reference.startswith("torch.nn.")
    }
    assert ours <= told
