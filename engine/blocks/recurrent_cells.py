"""One step of a recurrent layer: what it remembers goes in and comes out by ports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from engine.blocks.base import Block, Shape
from engine.blocks.recurrent import CATEGORY, Examples
from engine.blocks.recurrent_memory import by_sample, check_memory
from engine.call import Call, nn
from engine.record import param
from engine.tensor import Decimal, TensorSpec, Vector


class Cell(Block):
    """What the three cells share; `gates` is how many matrices a step multiplies by."""

    category: ClassVar[str] = CATEGORY
    gates: ClassVar[int] = 1
    stem: ClassVar[str] = "cell"
    sums_up: ClassVar[tuple[str, ...]] = ("hidden_size",)
    output_names: ClassVar[tuple[str, ...]] = ("h",)
    examples: ClassVar[Examples] = (
        (TensorSpec((5,)), None),
        (TensorSpec((5,)), TensorSpec((64,))),
        (TensorSpec((5,)), TensorSpec((64,), batched=False)),
    )

    hidden_size: int = param(64, ge=1, label="Memory", doc="Numbers in the memory, and so features out.")
    bias: bool = param(True, doc="Whether learned numbers are added in each gate.")

    def applied(self, x: Vector, *memories: Decimal | None) -> Call:
        if all(memory is None for memory in memories):
            return Call("module", (x,))
        given = by_sample(memories, x)
        return Call("module", (x, given[0] if len(given) == 1 else tuple(given)))

    def shape(self, x: Vector, *memories: Decimal | None) -> TensorSpec | tuple[TensorSpec, ...]:
        for memory in memories:
            check_memory(memory, (self.hidden_size,))
        return tuple(TensorSpec((self.hidden_size,)) for _ in self.output_names)

    def weights(self, x: Vector, *memories: Decimal | None) -> Mapping[str, Shape]:
        rows = self.gates * self.hidden_size
        shapes: dict[str, Shape] = {"weight_ih": (rows, x.features), "weight_hh": (rows, self.hidden_size)}
        return shapes | ({"bias_ih": (rows,), "bias_hh": (rows,)} if self.bias else {})

    def multiply_adds(self, output: TensorSpec, x: Vector, *memories: Decimal | None) -> int:
        return self.gates * self.hidden_size * (x.features + self.hidden_size)


class RNNCell(Cell):
    """One step of an RNN: mixes what arrives with a memory into a new memory.

    Several in a row, with the same weights, read a sequence in a way of your own; unwired, the memory is zero.
    """

    reference: ClassVar[str] = "torch.nn.RNNCell"
    formula: ClassVar[str] = r"h' = \tanh(W x + U h + b)"
    aliases: ClassVar[tuple[str, ...]] = ("elman", "simple rnn", "recurrent", "step")

    nonlinearity: Literal["tanh", "relu"] = param("tanh", label="Activation", doc="What the new memory goes through.")

    def layer(self, x: Vector, h: Decimal | None = None) -> Call:
        return nn.RNNCell(x.features, self.hidden_size, bias=self.bias, nonlinearity=self.nonlinearity)


class GRUCell(Cell):
    """One step of a GRU: learned gates decide how much of a memory is kept and how much is new.

    Several in a row, with the same weights, read a sequence in a way of your own; unwired, the memory is zero.
    """

    gates: ClassVar[int] = 3
    reference: ClassVar[str] = "torch.nn.GRUCell"
    formula: ClassVar[str] = r"h' = (1 - z) n + z h"
    aliases: ClassVar[tuple[str, ...]] = ("gated recurrent unit", "recurrent", "step")

    def layer(self, x: Vector, h: Decimal | None = None) -> Call:
        return nn.GRUCell(x.features, self.hidden_size, bias=self.bias)


class LSTMCell(Cell):
    """One step of an LSTM: learned gates decide what of the long memory to forget, to store and to tell.

    The short memory goes in and out by h, the long one by c; one that isn't wired is zero.
    """

    gates: ClassVar[int] = 4
    reference: ClassVar[str] = "torch.nn.LSTMCell"
    formula: ClassVar[str] = r"c' = f c + i g, h' = o \tanh(c')"
    aliases: ClassVar[tuple[str, ...]] = ("long short-term memory", "recurrent", "step")
    output_names: ClassVar[tuple[str, ...]] = ("h", "c")
    unpacked: ClassVar[str] = "h, c"
    examples: ClassVar[Examples] = (
        (TensorSpec((5,)), None, None),
        (TensorSpec((5,)), TensorSpec((64,)), TensorSpec((64,))),
        (TensorSpec((5,)), TensorSpec((64,)), None),
        (TensorSpec((5,)), None, TensorSpec((64,), batched=False)),
    )

    def layer(self, x: Vector, h: Decimal | None = None, c: Decimal | None = None) -> Call:
        return nn.LSTMCell(x.features, self.hidden_size, bias=self.bias)


BLOCKS = (LSTMCell, GRUCell, RNNCell)
