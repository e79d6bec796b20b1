"""Layers that read a sequence step by step and carry a memory along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from engine.blocks.base import Block, Shape
from engine.call import Call, Expression, nn, torch
from engine.problem import Misfit
from engine.record import param
from engine.tensor import Sequence, TensorSpec

CATEGORY = "Recurrent"
Examples = tuple[tuple[TensorSpec, ...], ...]


class Recurrent(Block):
    """What LSTM and GRU share; `gates` is how many matrices each step multiplies by."""

    category: ClassVar[str] = CATEGORY
    gates: ClassVar[int] = 1
    examples: ClassVar[Examples] = ((TensorSpec((7, 5)),),)
    sums_up: ClassVar[tuple[str, ...]] = ("hidden_size",)

    hidden_size: int = param(64, ge=1, label="Memory", doc="Numbers in the memory, and so features out.")
    num_layers: int = param(1, ge=1, label="Layers", doc="Layers stacked on each other.")
    bias: bool = param(True, doc="Whether learned numbers are added in each gate.")
    dropout: float = param(0.0, ge=0, lt=1, doc="Share of numbers set to zero between layers while training.")
    bidirectional: bool = param(False, doc="Whether a second memory reads the sequence backwards.")
    output: Literal["sequence", "last step"] = param(
        "sequence", doc="What leaves: the memory after every step, or only after the last one."
    )

    def _arguments(self) -> dict[str, object]:
        return {
            "num_layers": self.num_layers,
            "bias": self.bias,
            "batch_first": True,
            "dropout": self.dropout,
            "bidirectional": self.bidirectional,
        }

    def _state(self, module: Call) -> Expression:
        """The memory after the last step, (layers × directions, batch, hidden)."""
        return module[1]

    def forward(self, module: Call, x: Sequence) -> Expression:
        if self.output == "sequence":
            return module[0]
        if self.bidirectional:  # each direction has its own last step
            state = self._state(module)
            return torch.cat([state[-2], state[-1]], dim=1)
        return module[0][:, -1]

    def shape(self, x: Sequence) -> TensorSpec:
        if self.dropout and self.num_layers == 1:
            raise Misfit("drops numbers between its layers, but has only one layer", param="dropout")
        features = self.hidden_size * (2 if self.bidirectional else 1)
        return TensorSpec((x.shape[0], features) if self.output == "sequence" else (features,))

    def weights(self, x: Sequence) -> Mapping[str, Shape]:
        rows, directions = self.gates * self.hidden_size, 2 if self.bidirectional else 1
        shapes: dict[str, Shape] = {}
        for layer in range(self.num_layers):
            features = x.features if layer == 0 else self.hidden_size * directions
            for suffix in ("", "_reverse")[:directions]:
                shapes[f"weight_ih_l{layer}{suffix}"] = (rows, features)
                shapes[f"weight_hh_l{layer}{suffix}"] = (rows, self.hidden_size)
                if self.bias:
                    shapes[f"bias_ih_l{layer}{suffix}"] = (rows,)
                    shapes[f"bias_hh_l{layer}{suffix}"] = (rows,)
        return shapes

    def multiply_adds(self, output: TensorSpec, x: Sequence) -> int:
        matrices = sum(shape[0] * shape[1] for shape in self.weights(x).values() if len(shape) == 2)
        return matrices * (x.shape[0] or 1)


class LSTM(Recurrent):
    """Reads a sequence step by step with a long and a short memory, guarded by learned gates.

    The gates decide what to forget, what to store and what to tell, so that far-apart steps can be connected.
    """

    gates: ClassVar[int] = 4
    stem: ClassVar[str] = "lstm"
    reference: ClassVar[str] = "torch.nn.LSTM"
    formula: ClassVar[str] = r"c_t = f_t c_{t-1} + i_t g_t, h_t = o_t \tanh(c_t)"
    aliases: ClassVar[tuple[str, ...]] = ("long short-term memory", "rnn", "recurrent", "memory")

    def layer(self, x: Sequence) -> Call:
        return nn.LSTM(x.features, self.hidden_size, **self._arguments())

    def _state(self, module: Call) -> Expression:
        return module[1][0]


class GRU(Recurrent):
    """Reads a sequence step by step with one memory, guarded by two learned gates.

    It does nearly what an LSTM does with a quarter fewer weights.
    """

    gates: ClassVar[int] = 3
    stem: ClassVar[str] = "gru"
    reference: ClassVar[str] = "torch.nn.GRU"
    formula: ClassVar[str] = r"h_t = (1 - z_t) n_t + z_t h_{t-1}"
    aliases: ClassVar[tuple[str, ...]] = ("gated recurrent unit", "rnn", "recurrent", "memory")

    def layer(self, x: Sequence) -> Call:
        return nn.GRU(x.features, self.hidden_size, **self._arguments())
