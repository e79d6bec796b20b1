"""Between which numbers the values lie that can leave a step, as far as its blocks alone tell."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.blocks.inputs import Target
from engine.field import Field
from engine.graph import Wire
from engine.group import Group
from engine.plan import NO_FIELDS, Plan, Step

Reach = tuple[float, float]  # the lowest and the highest; a limit that is only neared counts as reached
ANY: Reach = (-math.inf, math.inf)
POSITIVE: Reach = (0.0, math.inf)
NEGATIVE: Reach = (-math.inf, 0.0)
SHARE: Reach = (0.0, 1.0)
SIGNED: Reach = (-1.0, 1.0)
AXES = (1, 2, 3)

# what leaves a block by its first port, whatever enters; a function where parameters decide
ALWAYS: Mapping[str, Reach | Callable[[Any], Reach]] = {
    **dict.fromkeys(("ReLU", "Softplus", "Exp", "Square", "Abs", "Sqrt", "Rsqrt"), POSITIVE),
    **dict.fromkeys(("Norm", "Var", "Std", "PairwiseDistance"), POSITIVE),
    **dict.fromkeys(("Sigmoid", "Hardsigmoid", "Softmax", "Softmin", "Softmax2d", "OneHot"), SHARE),
    **dict.fromkeys(("Tanh", "Softsign", "Sin", "Cos", "Sign", "CosineSimilarity"), SIGNED),
    **dict.fromkeys(("LSTM", "GRU", "LSTMCell", "GRUCell"), SIGNED),
    **dict.fromkeys(("RNN", "RNNCell"), lambda block: POSITIVE if block.nonlinearity == "relu" else SIGNED),
    **dict.fromkeys(("LogSigmoid", "LogSoftmax"), NEGATIVE),
    **dict.fromkeys(("ELU", "CELU"), lambda block: (-block.alpha, math.inf)),
    **dict.fromkeys(("LeakyReLU",), lambda block: ANY if block.negative_slope else POSITIVE),
    **dict.fromkeys(("RReLU",), lambda block: ANY if block.upper else POSITIVE),
    "ReLU6": (0.0, 6.0),
    "SELU": (-1.7581, math.inf),
    "GELU": (-0.17005, math.inf),
    "SiLU": (-0.27847, math.inf),
    "Mish": (-0.30885, math.inf),
    "Hardswish": (-0.375, math.inf),
    "Hardtanh": lambda block: (block.min_val, block.max_val),
    "Threshold": lambda block: (min(block.threshold, block.value), math.inf),
    **dict.fromkeys(("Hardshrink", "Softshrink", "Tanhshrink", "RandomNormal"), ANY),
    **dict.fromkeys((f"{kind}Norm{axes}d" for kind in ("Batch", "Instance") for axes in AXES), ANY),
    **dict.fromkeys(("LayerNorm", "GroupNorm", "RMSNorm"), ANY),
}
# what leaves by the first port lies where what enters by the first lies
SAME = (
    *("Identity", "Detach", "Cast", "Flatten", "Unflatten", "Reshape", "Permute", "Transpose", "Squeeze", "Unsqueeze"),
    *("Expand", "Repeat", "RepeatInterleave", "Roll", "Flip", "Split", "Chunk", "UnfoldAxis", "Slice", "Select"),
    *("IndexSelect", "Gather", "TakeAlongDim", "TopK", "Sort", "Diagonal", "Mean", "Max", "Min", "Median"),
    *("PixelShuffle", "PixelUnshuffle", "ChannelShuffle", "UpsamplingNearest2d", "UpsamplingBilinear2d"),
    *(f"{kind}Pool{axes}d" for kind in ("Max", "AdaptiveMax", "AdaptiveAvg") for axes in AXES),
    *("FractionalMaxPool2d", "FractionalMaxPool3d"),
    *(f"{kind}Pad{axes}d" for kind in ("Reflection", "Replication", "Circular") for axes in AXES),
)
SAME_OR_ZERO = (
    *("Tril", "Triu", "AvgPool1d", "AvgPool2d", "AvgPool3d"),
    *(f"{kind}{axes}d" for kind in ("ZeroPad", "MaxUnpool") for axes in AXES),
)
TOGETHER = ("Concat", "Stack", "Maximum", "Minimum")  # where one of those lies that enter


class Reaches:
    """The lowest and the highest number that can leave each step of a plan, worked out when asked for."""

    def __init__(self, planned: Plan, fields: Mapping[str, Field] = NO_FIELDS) -> None:
        self._planned, self._fields = planned, fields
        self._known: dict[tuple[str, str], Reach | None] = {}

    def of(self, step: Step, output: str) -> Reach | None:
        """What can leave `step` by a port; None where that is not known.

        Layers with weights can give any number. Where a step passes on what enters, those before it are asked.
        """
        waiting = [(step, output)]
        while waiting:
            here, port = waiting[-1]
            missing = [source for source in self._asked(here) if (source[0].id, source[1]) not in self._known]
            if missing and (here.id, port) not in self._known:
                waiting += missing
                continue
            self._known[here.id, port] = self._leaving(here, port)
            waiting.pop()
        return self._known[step.id, output]

    def _asked(self, step: Step) -> list[tuple[Step, str]]:
        """Where the numbers come from that a step passes on."""
        if _has_limits(step):
            return []
        wires = [wire for wire in step.wires if wire is not None and wire.source in self._planned.steps]
        return [(self._planned.steps[wire.source], wire.output) for wire in wires]

    def _leaving(self, step: Step, output: str) -> Reach | None:
        block, name = step.block, type(step.block).__name__
        if isinstance(block, Group):
            return _inside(step, output)
        if isinstance(block, Target):  # a class written as numbers is 0s and 1s
            field = self._fields.get(block.field)
            written = field is not None and field.kind == "class" and block.encoding != "index"
            return SHARE if written else None
        if output != block.output_ports()[0] and name not in ("Split", "Chunk"):
            return None
        if _has_limits(step):
            return _limits(step)
        return _passed_on(step, name, [self._entering(wire) for wire in step.wires])

    def _entering(self, wire: Wire | None) -> Reach | None:
        return self._known.get((wire.source, wire.output)) if wire is not None else None


def _has_limits(step: Step) -> bool:
    """Whether a step alone decides what can leave it."""
    block = step.block
    own = type(block).__name__ in ALWAYS or block.category == "Compare" or bool(step.trace.weights)
    return own or isinstance(block, (Group, Target))


def _limits(step: Step) -> Reach | None:
    block, name = step.block, type(step.block).__name__
    if name in ("GRU", "GRUCell") and any(wire is not None for wire in step.wires[1:]):
        return None  # a memory that is given may hold any numbers
    known = ALWAYS.get(name, SHARE if block.category == "Compare" else ANY)
    return known(block) if callable(known) else known


def _inside(step: Step, output: str) -> Reach | None:
    """What leaves a group by a port: what feeds it in the last repeat."""
    group = step.block
    assert isinstance(group, Group)
    exits = [key for key, node in group.outputs_inside().items() if node.name == output]
    inner = step.trace.inner[-1] if step.trace.inner else None
    wire = inner.steps[exits[0]].wires[0] if inner is not None and exits and exits[0] in inner.steps else None
    if inner is None or wire is None or wire.source not in inner.steps:
        return None
    return Reaches(inner).of(inner.steps[wire.source], wire.output)


def _passed_on(step: Step, name: str, entering: list[Reach | None]) -> Reach | None:
    """What leaves a block that has no limits of its own."""
    block = step.block
    first = entering[0] if entering else None
    if name in SAME:
        return first
    if name in TOGETHER:
        return _hull(entering)
    if name == "Clamp":
        low, high = first or ANY
        lowest, highest = getattr(block, "min", None), getattr(block, "max", None)
        return _within(low, lowest, highest), _within(high, lowest, highest)
    if first is None or getattr(block, "divisor_override", None):
        return None
    if name in SAME_OR_ZERO:
        return _hull([first, (0.0, 0.0)])
    if block.category == "Dropout" and "Alpha" not in name:
        return _line(_hull([first, (0.0, 0.0)]), 1 / (1 - getattr(block, "p", 0.0)), 0.0)
    if name == "Affine":
        return _line(first, getattr(block, "scale", 1.0), getattr(block, "offset", 0.0))
    if name == "Negative":
        return _line(first, -1.0, 0.0)
    if name == "Log":
        return NEGATIVE if first[1] <= 1 else ANY
    return None


def passes_on(step: Step) -> bool:
    """Whether a step changes no number, but at most their places."""
    return type(step.block).__name__ in SAME


def _hull(parts: Iterable[Reach | None]) -> Reach | None:
    """All that any of these reaches."""
    known = [part for part in parts if part is not None]
    if ANY in known:
        return ANY
    return (min(low for low, _ in known), max(high for _, high in known)) if known and None not in parts else None


def _within(number: float, lowest: float | None, highest: float | None) -> float:
    number = number if lowest is None else max(number, lowest)
    return number if highest is None else min(number, highest)


def _line(reach: Reach | None, scale: float, offset: float) -> Reach | None:
    """Both ends times one number, plus another."""
    if reach is None:
        return None
    ends = [(end * scale if scale else 0.0) + offset for end in reach]
    return min(ends), max(ends)
