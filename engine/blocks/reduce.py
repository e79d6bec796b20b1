"""Reductions: many numbers along some axes become one."""

from __future__ import annotations

import math
from typing import ClassVar

from engine.blocks.arithmetic import plain
from engine.blocks.axes import COUNTED, axes, axis, counted, replaced, short
from engine.blocks.base import Block
from engine.call import Call, Expression, torch
from engine.problem import Misfit
from engine.record import Axes, param
from engine.tensor import AnyTensor, Decimal, Number, Size, TensorSpec, Value

CATEGORY = "Reduce"
Examples = tuple[tuple[TensorSpec, ...], ...]
DECIMALS: Examples = ((TensorSpec((6, 5, 4)),), (TensorSpec((20,)),), (TensorSpec((3, 4), batched=False),))
WHOLE: Examples = ((TensorSpec((6, 5), "int64"),),)
TRUTHS: Examples = ((TensorSpec((6, 5), "bool"),),)


def kept(keepdim: bool) -> dict[str, bool]:
    """Torch's argument, told only where it differs from its default."""
    return {"keepdim": True} if keepdim else {}


class OverAxes(Block):
    """What reductions over one or several axes share."""

    category: ClassVar[str] = CATEGORY
    examples: ClassVar[Examples] = DECIMALS

    dim: Axes = param((-1,), label="Axes", doc=f"Axes to reduce, {COUNTED} Empty: all but the batch.")
    keepdim: bool = param(False, label="Keep axes", doc="Whether the reduced axes stay, with size 1.")

    def shape(self, x: AnyTensor) -> TensorSpec:
        places = self._places(x)
        kept = [1 if place in places else size for place, size in enumerate(x.shape)]
        left = kept if self.keepdim else [size for place, size in enumerate(x.shape) if place not in places]
        return TensorSpec(tuple(left), self.dtype(x.dtype), x.batched)

    def dtype(self, entering: str) -> str:
        return entering

    def reduced(self, x: AnyTensor, **more: object) -> Call:
        """The call, with the axes written out: torch would take none as all, the batch among them."""
        places = self._places(x)
        dims = self.dim or tuple(counted(x, place) for place in places)
        return Call(self.reference, (x,), {"dim": short(dims), **more, **kept(self.keepdim)})

    def _places(self, x: AnyTensor) -> tuple[int, ...]:
        if not x.shape:
            raise Misfit(f"has no axis to reduce: one number arrives{' for each sample' * x.batched}", "x")
        return axes(x, self.dim, "reduces") or tuple(range(len(x.shape)))

    def count(self, x: AnyTensor) -> Size:
        """How many numbers become one; None where that varies."""
        sizes = [x.shape[place] for place in self._places(x)]
        return None if None in sizes else math.prod(size for size in sizes if size is not None)


class OfDecimals(OverAxes):
    """Those over decimal numbers."""

    def layer(self, x: Decimal) -> Expression:
        return self.reduced(x)


class OfNumbers(OverAxes):
    """Those that take whole numbers as well."""

    examples: ClassVar[Examples] = (*DECIMALS, *WHOLE)

    def layer(self, x: Number) -> Expression:
        return self.reduced(x)


class Mean(OfDecimals):
    """Averages over axes.

    Over the length of a sequence, or height and width of an image, it makes one vector of features.
    """

    stem: ClassVar[str] = "mean"
    reference: ClassVar[str] = "torch.mean"
    formula: ClassVar[str] = r"y = \frac{1}{n} \sum_i x_i"
    aliases: ClassVar[tuple[str, ...]] = ("average", "reduce mean", "global average pooling", "avg", "mean pooling")


class Sum(OverAxes):
    """Sums over axes.

    Truth values count as 0 and 1, so it also counts.
    """

    stem: ClassVar[str] = "sum"
    reference: ClassVar[str] = "torch.sum"
    formula: ClassVar[str] = r"y = \sum_i x_i"
    aliases: ClassVar[tuple[str, ...]] = ("reduce sum", "total", "add up", "count")
    examples: ClassVar[Examples] = (*DECIMALS, *WHOLE, *TRUTHS)

    def layer(self, x: Value) -> Expression:
        return self.reduced(x)

    def dtype(self, entering: str) -> str:
        return "int64" if entering == "bool" else entering


class Spread(OfDecimals):
    """What standard deviation and variance share."""

    correction: int = param(
        1, ge=0, doc="Taken from the count of numbers: 1 for a sample of a larger whole, 0 for all there is."
    )

    def layer(self, x: Decimal) -> Expression:
        count = self.count(x)
        if count is not None and count <= self.correction:
            raise Misfit(
                f"divides by the count of numbers less {self.correction}, but there {'is' if count == 1 else 'are'} "
                f"only {count} along its axes",
                param="correction",
            )
        return self.reduced(x, **({} if self.correction == 1 else {"correction": self.correction}))


class Std(Spread):
    """Gives the standard deviation along axes: how far numbers lie from their mean.

    With Mean it makes a normalisation of your own.
    """

    stem: ClassVar[str] = "std"
    reference: ClassVar[str] = "torch.std"
    formula: ClassVar[str] = r"y = \sqrt{\frac{1}{n - c} \sum_i (x_i - \mu)^2}"
    aliases: ClassVar[tuple[str, ...]] = ("standard deviation", "spread", "reduce std", "stddev")


class Var(Spread):
    """Gives the variance along axes: the mean squared distance from the mean.

    With Mean it makes a normalisation of your own.
    """

    stem: ClassVar[str] = "var"
    reference: ClassVar[str] = "torch.var"
    formula: ClassVar[str] = r"y = \frac{1}{n - c} \sum_i (x_i - \mu)^2"
    aliases: ClassVar[tuple[str, ...]] = ("variance", "spread", "reduce variance")


class Norm(OfDecimals):
    """Gives the length of vectors along axes.

    Order 2 is the ordinary length, order 1 the sum of absolute values.
    """

    stem: ClassVar[str] = "norm"
    reference: ClassVar[str] = "torch.linalg.vector_norm"
    formula: ClassVar[str] = r"y = (\sum_i |x_i|^p)^{1/p}"
    aliases: ClassVar[tuple[str, ...]] = ("length", "l2", "l1", "euclidean", "magnitude", "vector_norm", "p-norm")

    ord: float = param(2.0, gt=0, label="Order", doc="The power p in the formula.")

    def layer(self, x: Decimal) -> Expression:
        return self.reduced(x, **({} if self.ord == 2 else {"ord": plain(self.ord, "ord")}))


class LogSumExp(OfDecimals):
    """Gives the logarithm of the sum of exponentials along axes, without overflow.

    It is a smooth maximum, and the normaliser of a softmax.
    """

    stem: ClassVar[str] = "logsumexp"
    reference: ClassVar[str] = "torch.logsumexp"
    formula: ClassVar[str] = r"y = \log \sum_i e^{x_i}"
    aliases: ClassVar[tuple[str, ...]] = ("smooth maximum", "soft max", "log partition", "reduce logsumexp")


class Extreme(OverAxes):
    """What Max and Min share."""

    examples: ClassVar[Examples] = (*DECIMALS, *WHOLE, *TRUTHS)
    unpacked: ClassVar[str] = "y, indices"

    indices: bool = param(
        False, label="Positions", doc="Whether a second output tells where it stood; then over one axis only."
    )

    def output_ports(self) -> tuple[str, ...]:
        return ("y", "indices") if self.indices else ("y",)

    def layer(self, x: Value) -> Expression:
        if not self.indices:
            return self.reduced(x)
        if len(self._places(x)) > 1:
            raise Misfit("tells positions along one axis, but reduces several", param="indices")
        name = {"torch.amax": "torch.max", "torch.amin": "torch.min"}[self.reference]
        dim = self.dim[0] if self.dim else counted(x, 0)
        return Call(name, (x,), {"dim": dim, **kept(self.keepdim)})

    def shape(self, x: AnyTensor) -> TensorSpec | tuple[TensorSpec, ...]:  # type: ignore[override]
        y = super().shape(x)
        return (y, TensorSpec(y.shape, "int64", y.batched)) if self.indices else y


class Max(Extreme):
    """Keeps the largest number along axes.

    Over the length of a sequence it tells whether something was found anywhere.
    """

    stem: ClassVar[str] = "max"
    reference: ClassVar[str] = "torch.amax"
    formula: ClassVar[str] = r"y = \max_i x_i"
    aliases: ClassVar[tuple[str, ...]] = ("largest", "amax", "reduce max", "global max pooling", "maximum over axis")


class Min(Extreme):
    """Keeps the smallest number along axes.

    Its gradient goes to that number alone.
    """

    stem: ClassVar[str] = "min"
    reference: ClassVar[str] = "torch.amin"
    formula: ClassVar[str] = r"y = \min_i x_i"
    aliases: ClassVar[tuple[str, ...]] = ("smallest", "amin", "reduce min", "minimum over axis")


class Judgement(OverAxes):
    """What All and Any share."""

    examples: ClassVar[Examples] = (*TRUTHS, (TensorSpec((6, 5), "int64"),), (TensorSpec((3, 4), "bool", False),))

    def layer(self, x: Value) -> Expression:
        return self.reduced(x)

    def dtype(self, entering: str) -> str:
        return "bool"


class All(Judgement):
    """Tells whether all numbers along axes are true (not 0).

    It joins the answers of a comparison to one for each sample.
    """

    stem: ClassVar[str] = "all"
    reference: ClassVar[str] = "torch.all"
    formula: ClassVar[str] = r"y = \min_i (x_i \ne 0)"
    aliases: ClassVar[tuple[str, ...]] = ("every", "reduce all", "and over axis")


class Any(Judgement):
    """Tells whether any number along axes is true (not 0).

    It joins the answers of a comparison to one for each sample.
    """

    stem: ClassVar[str] = "any"
    reference: ClassVar[str] = "torch.any"
    formula: ClassVar[str] = r"y = \max_i (x_i \ne 0)"
    aliases: ClassVar[tuple[str, ...]] = ("some", "reduce any", "or over axis")


class AlongAxis(Block):
    """What works along exactly one axis."""

    category: ClassVar[str] = CATEGORY
    examples: ClassVar[Examples] = (*DECIMALS, *WHOLE)

    dim: int = param(-1, label="Axis", doc=f"Axis to work along, {COUNTED}")

    def place(self, x: AnyTensor) -> int:
        return axis(x, self.dim)


class OneAxis(AlongAxis):
    """What makes one number of all along an axis."""

    dim: int = param(-1, label="Axis", doc=f"Axis to reduce, {COUNTED}")
    keepdim: bool = param(False, label="Keep axis", doc="Whether the reduced axis stays, with size 1.")

    def layer(self, x: Number) -> Expression:
        return Call(self.reference, (x,), {"dim": self.dim, **kept(self.keepdim)})

    def shape(self, x: AnyTensor) -> TensorSpec | tuple[TensorSpec, ...]:
        sizes = (1,) if self.keepdim else ()
        return TensorSpec(replaced(x.shape, axis(x, self.dim, "reduces"), *sizes), self.dtype(x.dtype), x.batched)

    def dtype(self, entering: str) -> str:
        return entering


class Prod(OneAxis):
    """Multiplies all numbers along an axis.

    A single 0 makes the result 0; probabilities are better summed as logarithms.
    """

    stem: ClassVar[str] = "prod"
    reference: ClassVar[str] = "torch.prod"
    formula: ClassVar[str] = r"y = \prod_i x_i"
    aliases: ClassVar[tuple[str, ...]] = ("product", "reduce prod", "multiply along axis")


class ArgMax(OneAxis):
    """Gives the position of the largest number along an axis, counted from 0.

    Of scores for classes it makes the predicted class; no gradient passes.
    """

    stem: ClassVar[str] = "argmax"
    reference: ClassVar[str] = "torch.argmax"
    formula: ClassVar[str] = r"y = \arg \max_i x_i"
    aliases: ClassVar[tuple[str, ...]] = ("prediction", "class index", "position", "winner")

    def dtype(self, entering: str) -> str:
        return "int64"


class ArgMin(ArgMax):
    """Gives the position of the smallest number along an axis, counted from 0.

    Of distances it makes the index of the nearest; no gradient passes.
    """

    stem: ClassVar[str] = "argmin"
    reference: ClassVar[str] = "torch.argmin"
    formula: ClassVar[str] = r"y = \arg \min_i x_i"
    aliases: ClassVar[tuple[str, ...]] = ("nearest", "position", "index of smallest")


class Median(OneAxis):
    """Gives the middle number along an axis; of an even count, the lower of the two.

    Single numbers far off don't move it.
    """

    stem: ClassVar[str] = "median"
    reference: ClassVar[str] = "torch.median"
    formula: ClassVar[str] = r"y = x_{(\lceil n / 2 \rceil)}, x_{(1)} \le x_{(2)} \le \dots"
    aliases: ClassVar[tuple[str, ...]] = ("middle", "percentile", "robust mean", "quantile")
    unpacked: ClassVar[str] = "y, indices"

    indices: bool = param(False, label="Positions", doc="Whether a second output tells where it stood.")

    def output_ports(self) -> tuple[str, ...]:
        return ("y", "indices") if self.indices else ("y",)

    def layer(self, x: Number) -> Expression:
        answer = super().layer(x)
        return answer if self.indices else answer[0]

    def shape(self, x: AnyTensor) -> TensorSpec | tuple[TensorSpec, ...]:
        y = super().shape(x)
        assert isinstance(y, TensorSpec)
        return (y, TensorSpec(y.shape, "int64", y.batched)) if self.indices else y


class CumSum(AlongAxis):
    """Adds up along an axis: each place holds the sum of all up to it.

    Steps become positions, and durations become points in time.
    """

    stem: ClassVar[str] = "cumsum"
    reference: ClassVar[str] = "torch.cumsum"
    formula: ClassVar[str] = r"y_i = \sum_{j \le i} x_j"
    aliases: ClassVar[tuple[str, ...]] = ("running total", "cumulative sum", "prefix sum", "integrate")
    examples: ClassVar[Examples] = (*DECIMALS, *WHOLE, *TRUTHS)

    def layer(self, x: Value) -> Expression:
        return torch.cumsum(x, dim=self.dim)

    def shape(self, x: AnyTensor) -> TensorSpec:
        self.place(x)
        return TensorSpec(x.shape, "int64" if x.dtype == "bool" else x.dtype, x.batched)


BLOCKS = (
    *(Mean, Sum, Max, Min, Std, Var, Norm, Median, Prod, LogSumExp),
    *(ArgMax, ArgMin, CumSum, All, Any),
)
