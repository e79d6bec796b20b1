"""How alike or how far apart two inputs are."""

from __future__ import annotations

from typing import ClassVar

from engine.blocks.axes import axis, replaced
from engine.blocks.base import Block
from engine.blocks.broadcasting import broadcast, spec_of
from engine.call import Call, F, nn
from engine.record import param
from engine.tensor import AnyTensor, Decimal, Features, TensorSpec

CATEGORY = "Distance"
Examples = tuple[tuple[TensorSpec, ...], ...]
EXAMPLES = (
    (TensorSpec((20,)), TensorSpec((20,))),
    (TensorSpec((7, 5)), TensorSpec((7, 5))),
    (TensorSpec((7, 5)), TensorSpec((1, 5))),
    (TensorSpec((7, 5)), TensorSpec((5,), batched=False)),  # such as a learned vector
)


class CosineSimilarity(Block):
    """Tells how much two vectors point the same way: 1 for the same direction, 0 for a right angle, -1 for opposite.

    Lengths don't matter, so it compares what vectors mean rather than how strong they are.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "similarity"
    reference: ClassVar[str] = "torch.nn.CosineSimilarity"
    formula: ClassVar[str] = r"y = \frac{x_1 \cdot x_2}{\max(|x_1| |x_2|, \epsilon)}"
    aliases: ClassVar[tuple[str, ...]] = ("cosine distance", "angle", "similarity", "siamese", "dot product", "match")
    examples: ClassVar[Examples] = EXAMPLES

    dim: int = param(1, label="Axis", doc="Axis that holds the vectors, counted as torch does: 0 is the batch.")
    eps: float = param(1e-8, gt=0, label="Epsilon", doc="Smallest product of lengths, against division by zero.")

    def layer(self, x1: Features, x2: Decimal) -> Call:
        return nn.CosineSimilarity(dim=self.dim, eps=self.eps)

    def function(self, x1: AnyTensor, x2: AnyTensor) -> Call:
        return F.cosine_similarity(x1, x2, **self.changed())

    def shape(self, x1: Features, x2: Decimal) -> TensorSpec:
        both = spec_of(broadcast((x1, x2)), x1.dtype)
        return TensorSpec(replaced(both.shape, axis(both, self.dim, "measures")))


class PairwiseDistance(Block):
    """Measures how far apart two vectors are.

    Siamese networks are trained so that this is small for what belongs together.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "distance"
    reference: ClassVar[str] = "torch.nn.PairwiseDistance"
    formula: ClassVar[str] = r"y = (\sum_i |x_{1,i} - x_{2,i} + \epsilon|^p)^{1/p}"
    aliases: ClassVar[tuple[str, ...]] = ("euclidean", "manhattan", "norm of difference", "siamese", "l2 distance")
    examples: ClassVar[Examples] = EXAMPLES

    p: float = param(2.0, gt=0, label="Norm", doc="The p of the p-norm: 2 measures straight lines, 1 city blocks.")
    eps: float = param(1e-6, ge=0, label="Epsilon", doc="Small number added to each difference.")
    keepdim: bool = param(False, label="Keep the axis", doc="Whether the last axis stays, with length 1.")

    def layer(self, x1: Features, x2: Decimal) -> Call:
        return nn.PairwiseDistance(p=self.p, eps=self.eps, keepdim=self.keepdim)

    def function(self, x1: AnyTensor, x2: AnyTensor) -> Call:
        return F.pairwise_distance(x1, x2, **self.changed())

    def shape(self, x1: Features, x2: Decimal) -> TensorSpec:
        ahead = spec_of(broadcast((x1, x2)), x1.dtype).shape[:-1]
        return TensorSpec((*ahead, 1) if self.keepdim else ahead)


BLOCKS = (CosineSimilarity, PairwiseDistance)
