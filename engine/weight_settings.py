"""How the weights of a block are treated: what they begin as, whether they learn, and what holds them small."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from engine.call import Call, Name, init
from engine.record import Record, param, refuse

Initialisation = Literal[
    "default",
    "xavier uniform",
    "xavier normal",
    "kaiming uniform",
    "kaiming normal",
    "orthogonal",
    "normal",
    "uniform",
    "constant",
]


class WeightSettings(Record):
    """Beginning, freezing and penalties of one block's weights.

    Penalties belong to training alone; beginning and freezing are printed with the network.
    """

    initialisation: Initialisation = param(
        "default",
        doc="What the weights begin as: “default” is the layer's own choice in PyTorch. Xavier suits tanh and "
        "sigmoid, Kaiming suits ReLU; biases then begin at 0.",
    )
    amount: float | None = param(
        None,
        ge=-1e6,
        le=1e6,
        label="Scale or value",
        doc="Gain of Xavier and orthogonal (1), standard deviation of normal (0.02), reach of uniform (0.1), "
        "the value of constant (0). Kaiming needs none.",
    )
    frozen: bool = param(False, doc="Whether training leaves these weights as they are.")
    weight_decay: float | None = param(
        None, ge=0, doc="Pull of these weights towards zero at each step; empty takes the optimizer's own."
    )
    l1: float | None = param(
        None,
        ge=0,
        label="L1 penalty",
        doc="The sum of the absolute weights, times this, is added to the loss; empty takes the training's own.",
    )
    learning_rate: float = param(
        1.0,
        gt=0,
        le=1000,
        label="Rate factor",
        doc="How many times faster these weights learn than the learning rate says: 0.1 is ten times slower.",
    )

    @model_validator(mode="after")
    def _amount_suits(self) -> Self:
        if self.amount is not None and self.amount < 0 and self.initialisation != "constant":
            raise refuse(
                "amount", f"Scale or value must be at least 0, not {self.amount:g}; only a constant may be less."
            )
        return self

    def beginning(self, weight: str, sizes: tuple[int, ...], place: str = "") -> Call | None:
        """The call of `torch.nn.init` that sets one weight; None for the layer's own choice.

        `weight` is its name in the layer, empty for a learned tensor; `place` how printed Python calls it.

        Biases begin at 0. Xavier, Kaiming and orthogonal are made for matrices and leave other weights of one axis,
        such as the scales of a normalisation, as they are. Sources: Glorot and Bengio 2010, He et al. 2015, Saxe et
        al. 2014.
        """
        name, kind = Name(place or weight), self.initialisation
        if kind == "default":
            return None
        if "bias" in weight.rpartition(".")[2]:
            return init.zeros_(name)
        if kind == "normal":
            return init.normal_(name, std=_or(self.amount, 0.02))
        if kind == "uniform":
            reach = _or(self.amount, 0.1)
            return init.uniform_(name, -reach, reach)
        if kind == "constant":
            return init.constant_(name, _or(self.amount, 0.0))
        if len(sizes) < 2:
            return None
        gain = {} if self.amount is None else {"gain": self.amount}
        return {
            "xavier uniform": init.xavier_uniform_(name, **gain),
            "xavier normal": init.xavier_normal_(name, **gain),
            "kaiming uniform": init.kaiming_uniform_(name, nonlinearity="relu"),
            "kaiming normal": init.kaiming_normal_(name, nonlinearity="relu"),
            "orthogonal": init.orthogonal_(name, **gain),
        }[kind]


def _or(value: float | None, default: float) -> float:
    return default if value is None else value
