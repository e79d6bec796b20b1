"""Losses that learn distances: like things near each other, unlike things apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from engine.blocks.arithmetic import plain
from engine.blocks.base import Meaning
from engine.blocks.losses import Examples, WeightedLoss
from engine.call import Attribute, Call, Expression, F, Infix, Item, Method, nn, torch
from engine.problem import Misfit
from engine.record import param
from engine.tensor import AnyTensor, Features, TensorSpec, Vector

MARGIN = "How much farther the negative shall be than the positive."
OUT_OF_REACH = 10_000  # more than any similarity over the lowest temperature, so that its share of a softmax is 0


class TripletMarginLoss(WeightedLoss):
    """Brings an anchor nearer to its positive (of the same kind) than to its negative (of another), by a margin.

    All three usually come from one network, used three times with the same weights.
    """

    reference: ClassVar[str] = "torch.nn.TripletMarginLoss"
    formula: ClassVar[str] = r"\ell = \max(0, |a - p| - |a - n| + m)"
    aliases: ClassVar[tuple[str, ...]] = ("triplet", "metric learning", "embedding", "face recognition", "siamese")
    examples: ClassVar[Examples] = ((TensorSpec((10,)),) * 3, (TensorSpec((4, 6)),) * 3)

    margin: float = param(1.0, gt=0, doc=MARGIN)
    p: float = param(2.0, gt=0, label="Norm", doc="Power of the distance: 2 is the straight line, 1 adds up all steps.")
    eps: float = param(1e-6, gt=0, doc="Added to each difference, so that a distance of zero has a slope.")
    swap: bool = param(
        False,
        doc="Takes the distance from positive to negative where it is the smaller one of the two to the negative.",
    )

    def layer(self, anchor: Features, positive: Features, negative: Features) -> Call:
        return nn.TripletMarginLoss(margin=self.margin, p=self.p, eps=self.eps, swap=self.swap)


class TripletMarginWithDistanceLoss(WeightedLoss):
    """Brings an anchor nearer to its positive than to its negative, as TripletMarginLoss does, by other distances.

    Cosine looks at directions alone; the squared distance is that of FaceNet. Source: Schroff et al. 2015.
    """

    reference: ClassVar[str] = "torch.nn.TripletMarginWithDistanceLoss"
    formula: ClassVar[str] = r"\ell = \max(0, d(a, p) - d(a, n) + m)"
    aliases: ClassVar[tuple[str, ...]] = ("triplet", "cosine triplet", "facenet", "metric learning", "embedding")
    examples: ClassVar[Examples] = ((TensorSpec((10,)),) * 3, (TensorSpec((4, 6)),) * 3)
    sums_up: ClassVar[tuple[str, ...]] = ("distance_function",)

    distance_function: Literal["cosine", "squared"] = param(
        "cosine",
        label="Distance",
        doc="“cosine” is 1 minus the cosine of the angle; “squared” adds up the squared differences.",
    )
    margin: float = param(1.0, gt=0, doc=MARGIN)
    swap: bool = param(
        False,
        doc="Takes the distance from positive to negative where it is the smaller one of the two to the negative.",
    )

    def layer(self, anchor: Features, positive: Features, negative: Features) -> Expression:
        if self.distance_function == "cosine":  # distances are 1 minus these, so they change places
            near = F.cosine_similarity(anchor, positive, dim=-1)
            far = F.cosine_similarity(anchor, negative, dim=-1)
            if self.swap:
                far = torch.maximum(far, F.cosine_similarity(positive, negative, dim=-1))
            near, far = far, near
        else:
            near, far = _squared(anchor, positive), _squared(anchor, negative)
            if self.swap:
                far = torch.minimum(far, _squared(positive, negative))
        return torch.mean(F.relu(Infix("+", (Infix("-", (near, far)), plain(self.margin)))))


def _squared(x: AnyTensor, y: AnyTensor) -> Call:
    return torch.sum(Infix("**", (Infix("-", (x, y)), 2)), dim=-1)


class CosineEmbeddingLoss(WeightedLoss):
    """Turns two embeddings into the same direction where the target is 1, and apart where it is -1.

    Only the angle between them counts, not their lengths.
    """

    reference: ClassVar[str] = "torch.nn.CosineEmbeddingLoss"
    formula: ClassVar[str] = r"\ell = 1 - \cos(x_1, x_2) where y = 1, \max(0, \cos(x_1, x_2) - m) where y = -1"
    aliases: ClassVar[tuple[str, ...]] = ("cosine similarity", "siamese", "metric learning", "embedding")
    examples: ClassVar[Examples] = (
        (TensorSpec((10,)), TensorSpec((10,)), TensorSpec(())),
        (TensorSpec((10,)), TensorSpec((10,)), TensorSpec((1,))),
    )

    margin: float = param(
        0.0, ge=-1, le=1, doc="Cosine below which unlike pairs count as far enough apart; between 0 and 0.5 is usual."
    )

    def layer(self, input1: Vector, input2: Vector, target: AnyTensor) -> Expression:
        margin = {"margin": self.margin} if self.margin else {}
        return F.cosine_embedding_loss(input1, input2, _lone(target), **margin)

    def fit(self, input1: Vector, input2: Vector, target: AnyTensor) -> None:
        super().fit(input1, input2)
        _one_a_pair(target)

    def meanings(self, input1: Vector, input2: Vector, target: AnyTensor) -> Mapping[str, Meaning]:
        return {"target": "-1 or 1"}


class ContrastiveLoss(WeightedLoss):
    """Brings two embeddings together where the target is 1 (alike), and at least a margin apart where it is 0.

    Both usually come from one network, used twice with the same weights. Source: Hadsell et al. 2006.
    """

    formula: ClassVar[str] = r"\ell = y d^2 + (1 - y) \max(0, m - d)^2, d = |z_1 - z_2|"
    aliases: ClassVar[tuple[str, ...]] = ("siamese", "pairs", "metric learning", "embedding", "similarity")
    examples: ClassVar[Examples] = (
        (TensorSpec((10,)), TensorSpec((10,)), TensorSpec((1,))),
        (TensorSpec((10,)), TensorSpec((10,)), TensorSpec((), "int64")),
        (TensorSpec((10,)), TensorSpec((10,)), TensorSpec((), "bool")),
    )

    margin: float = param(1.0, gt=0, doc="Distance that unlike pairs shall have.")

    def layer(self, z1: Vector, z2: Vector, target: AnyTensor) -> Expression:
        return F.pairwise_distance(z1, z2)

    def forward(self, answer: Call, z1: Vector, z2: Vector, target: AnyTensor) -> Expression:
        alike = _lone(target)
        if target.dtype == "bool":
            alike = Method(alike, "float")
        together = Infix("*", (alike, Infix("**", (answer, 2))))
        short = F.relu(Infix("-", (plain(self.margin), answer)))  # of the margin
        apart = Infix("*", (Infix("-", (1, alike)), Infix("**", (short, 2))))
        return torch.mean(Infix("+", (together, apart)))

    def fit(self, z1: Vector, z2: Vector, target: AnyTensor) -> None:
        super().fit(z1, z2)
        _one_a_pair(target)

    def meanings(self, z1: Vector, z2: Vector, target: AnyTensor) -> Mapping[str, Meaning]:
        return {"target": "0 or 1"}


class NTXentLoss(WeightedLoss):
    """Asks each embedding to tell its partner, another view of the same sample, from all others in the batch.

    No labels are needed; the larger the batch, the more there is to learn. Source: SimCLR, Chen et al. 2020.
    """

    formula: ClassVar[str] = (
        r"\ell_i = -\log \frac{e^{\cos(z_i, z_j) / \tau}}{\sum_{k \ne i} e^{\cos(z_i, z_k) / \tau}}"
    )
    aliases: ClassVar[tuple[str, ...]] = ("contrastive", "simclr", "infonce", "self-supervised", "nt-xent", "views")
    examples: ClassVar[Examples] = ((TensorSpec((10,)), TensorSpec((10,))),)
    sums_up: ClassVar[tuple[str, ...]] = ("temperature",)
    compares_samples: ClassVar[bool] = True

    temperature: float = param(
        0.5, ge=0.001, doc="How sharply near and far are told apart; 0.05 to 0.5 is usual, lower is sharper."
    )

    def layer(self, z1: Vector, z2: Vector) -> Expression:
        return F.normalize(torch.cat([z1, z2]))  # (2 batch, features)

    def forward(self, answer: Call, z1: Vector, z2: Vector) -> Expression:
        batch, device = Method(z1, "size", (0,)), Attribute(z1, "device")
        both = Infix("*", (2, batch))
        itself = Infix("*", (OUT_OF_REACH, torch.eye(both, device=device)))
        likeness = Infix("/", (Infix("@", (answer, torch.t(answer))), plain(self.temperature)))
        partner = torch.roll(torch.arange(both, device=device), batch)
        return F.cross_entropy(Infix("-", (likeness, itself)), partner)


def _lone(target: AnyTensor) -> Any:
    """A target of one number a sample, as (batch,)."""
    return Item(target, (slice(None), 0)) if target.shape else target


def _one_a_pair(target: AnyTensor) -> None:
    if target.shape not in ((), (1,)):
        raise Misfit(f"expects one target for each pair, but receives {target}", "target")


BLOCKS = (
    TripletMarginLoss,
    TripletMarginWithDistanceLoss,
    CosineEmbeddingLoss,
    ContrastiveLoss,
    NTXentLoss,
)
