"""Layers that read a sequence step by step and carry a memory along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from engine.blocks.base import Block, Shape
from engine.blocks.recurrent_memory import check_memory, leaving, stacked
from engine.call import Call, Expression, nn, torch
from engine.problem import Misfit
from engine.record import param
from engine.tensor import Decimal, Sequence, TensorSpec

CATEGORY = "Recurrent"
Examples = tuple[tuple[TensorSpec | None, ...], ...]


class Recurrent(Block):
    """What RNN, GRU and LSTM share; `gates` is how many matrices each step multiplies by.

    A memory goes in and out sample by sample: with one layer and one direction it is a row of numbers, else
    layers · directions rows, each direction of the first layer first. So the memory that leaves an encoder can
    enter a decoder of the same size, and any vector of that length can be what a decoder begins with.
    """

    category: ClassVar[str] = CATEGORY
    gates: ClassVar[int] = 1
    sums_up: ClassVar[tuple[str, ...]] = ("hidden_size",)
    output_names: ClassVar[tuple[str, ...]] = ("y", "h")
    unpacked: ClassVar[str] = "y, h"
    examples: ClassVar[Examples] = (
        (TensorSpec((7, 5)), None),
        (TensorSpec((7, 5)), TensorSpec((64,))),
        (TensorSpec((7, 5)), TensorSpec((4, 3))),
        (TensorSpec((7, 5)), TensorSpec((64,), batched=False)),
        (TensorSpec((7, 5)), TensorSpec((4, 3), batched=False)),
    )

    hidden_size: int = param(64, ge=1, label="Memory", doc="Numbers in the memory, and so features out.")
    num_layers: int = param(1, ge=1, label="Layers", doc="Layers stacked on each other.")
    bias: bool = param(True, doc="Whether learned numbers are added in each gate.")
    dropout: float = param(0.0, ge=0, lt=1, doc="Share of numbers set to zero between layers while training.")
    bidirectional: bool = param(False, doc="Whether a second memory reads the sequence backwards.")
    output: Literal["sequence", "last step"] = param(
        "sequence", doc="What leaves by y: the memory of the last layer after every step, or only after the last one."
    )

    @property
    def directions(self) -> int:
        return 2 if self.bidirectional else 1

    @property
    def _memory(self) -> Shape:
        """Shape of a sample's memory as it goes in and out."""
        rows = self.num_layers * self.directions
        return (self.hidden_size,) if rows == 1 else (rows, self.hidden_size)

    def _arguments(self) -> dict[str, object]:
        return {
            "num_layers": self.num_layers,
            "bias": self.bias,
            "batch_first": True,
            "dropout": self.dropout,
            "bidirectional": self.bidirectional,
        }

    def applied(self, x: Sequence, *memories: Decimal | None) -> Call:
        if all(memory is None for memory in memories):
            return Call("module", (x,))
        given = stacked(memories, x)
        return Call("module", (x, given[0] if len(given) == 1 else tuple(given)))

    def _states(self, answer: Expression) -> tuple[Expression, ...]:
        """The memories after the last step, each (layers × directions, batch, hidden)."""
        return (answer[1],)

    def forward(self, answer: Call, x: Sequence, *memories: Decimal | None) -> tuple[Expression, ...]:
        states = self._states(answer)
        y: Expression = answer[0]
        if self.output == "last step":
            # each direction has its own last step
            y = torch.cat([states[0][-2], states[0][-1]], dim=1) if self.bidirectional else answer[0][:, -1]
        return (y, *(leaving(state, len(self._memory)) for state in states))

    def shape(self, x: Sequence, *memories: Decimal | None) -> tuple[TensorSpec, ...]:
        if self.dropout and self.num_layers == 1:
            raise Misfit("drops numbers between its layers, but has only one layer", param="dropout")
        for memory in memories:
            check_memory(memory, self._memory)
        features = self.hidden_size * self.directions
        y = TensorSpec((x.shape[0], features) if self.output == "sequence" else (features,))
        return (y, *(TensorSpec(self._memory) for _ in self.output_names[1:]))

    def weights(self, x: Sequence, *memories: Decimal | None) -> Mapping[str, Shape]:
        rows = self.gates * self.hidden_size
        shapes: dict[str, Shape] = {}
        for layer in range(self.num_layers):
            features = x.features if layer == 0 else self.hidden_size * self.directions
            for suffix in ("", "_reverse")[: self.directions]:
                shapes[f"weight_ih_l{layer}{suffix}"] = (rows, features)
                shapes[f"weight_hh_l{layer}{suffix}"] = (rows, self.hidden_size)
                if self.bias:
                    shapes[f"bias_ih_l{layer}{suffix}"] = (rows,)
                    shapes[f"bias_hh_l{layer}{suffix}"] = (rows,)
        return shapes

    def multiply_adds(self, output: TensorSpec, x: Sequence, *memories: Decimal | None) -> int:
        matrices = sum(shape[0] * shape[1] for shape in self.weights(x).values() if len(shape) == 2)
        return matrices * (x.shape[0] or 1)


class RNN(Recurrent):
    """Reads a sequence step by step and mixes each step into one memory.

    It is the plainest recurrent layer, and soon forgets; LSTM and GRU remember longer.
    """

    stem: ClassVar[str] = "rnn"
    reference: ClassVar[str] = "torch.nn.RNN"
    formula: ClassVar[str] = r"h_t = \tanh(W x_t + U h_{t-1} + b)"
    aliases: ClassVar[tuple[str, ...]] = ("elman", "simple rnn", "vanilla rnn", "recurrent", "memory", "sequence")

    nonlinearity: Literal["tanh", "relu"] = param(
        "tanh", label="Activation", doc="What the memory goes through after each step."
    )

    def layer(self, x: Sequence, h: Decimal | None = None) -> Call:
        return nn.RNN(x.features, self.hidden_size, nonlinearity=self.nonlinearity, **self._arguments())


class GRU(Recurrent):
    """Reads a sequence step by step with one memory, guarded by two learned gates.

    It does nearly what an LSTM does with a quarter fewer weights.
    """

    gates: ClassVar[int] = 3
    stem: ClassVar[str] = "gru"
    reference: ClassVar[str] = "torch.nn.GRU"
    formula: ClassVar[str] = r"h_t = (1 - z_t) n_t + z_t h_{t-1}"
    aliases: ClassVar[tuple[str, ...]] = ("gated recurrent unit", "rnn", "recurrent", "memory", "sequence")

    def layer(self, x: Sequence, h: Decimal | None = None) -> Call:
        return nn.GRU(x.features, self.hidden_size, **self._arguments())


class LSTM(Recurrent):
    """Reads a sequence step by step with a long and a short memory, guarded by learned gates.

    The gates decide what to forget, what to store and what to tell, so that far-apart steps can be connected.
    The short memory goes in and out by h, the long one by c; one that isn't wired begins at zero.
    """

    gates: ClassVar[int] = 4
    stem: ClassVar[str] = "lstm"
    reference: ClassVar[str] = "torch.nn.LSTM"
    formula: ClassVar[str] = r"c_t = f_t c_{t-1} + i_t g_t, h_t = o_t \tanh(c_t)"
    aliases: ClassVar[tuple[str, ...]] = ("long short-term memory", "rnn", "recurrent", "memory", "sequence")
    output_names: ClassVar[tuple[str, ...]] = ("y", "h", "c")
    unpacked: ClassVar[str] = "y, (h, c)"
    examples: ClassVar[Examples] = (
        (TensorSpec((7, 5)), None, None),
        (TensorSpec((7, 5)), TensorSpec((64,)), TensorSpec((64,))),
        (TensorSpec((7, 5)), TensorSpec((4, 3)), TensorSpec((4, 3))),
        (TensorSpec((7, 5)), TensorSpec((64,)), None),
        (TensorSpec((7, 5)), None, TensorSpec((4, 3), batched=False)),
    )

    def layer(self, x: Sequence, h: Decimal | None = None, c: Decimal | None = None) -> Call:
        return nn.LSTM(x.features, self.hidden_size, **self._arguments())

    def _states(self, answer: Any) -> tuple[Expression, ...]:
        return answer[1][0], answer[1][1]


BLOCKS = (LSTM, GRU, RNN)
