"""How a network is trained: the optimizer and its numbers, the length of the run, the device."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from pydantic import SerializeAsAny, model_validator

from engine.record import Record, Registry, param, refuse

RATE: dict[str, Any] = {
    "gt": 0,
    "le": 100,
    "label": "Learning rate",
    "doc": "How far each step goes along the gradient.",
}
DECAY = "Pulls weights towards zero at every step, against overfitting."


class Optimizer(Record):
    """How weights follow their gradients; each names the class in `torch.optim` it stands for."""

    reference: ClassVar[str] = ""
    fused: ClassVar[bool] = True  # whether torch has a fused kernel for it, which gives the same steps faster
    lr: float = param(1e-3, **RATE)

    @property
    def kept_for_each_weight(self) -> int:
        """Numbers that it keeps for each weight from step to step, such as running averages."""
        return 1

    def make(self, parameters: Any) -> Any:
        """The `torch.optim.Optimizer` over these parameters."""
        import torch

        options: dict[str, Any] = {"fused": True} if self.fused else {}
        return getattr(torch.optim, type(self).__name__)(parameters, **self.values(), **options)


class SGD(Optimizer):
    """Goes straight down the gradient, with momentum if wanted.

    The plainest optimizer; with momentum and a well-chosen rate it often generalises best.
    """

    reference: ClassVar[str] = "torch.optim.SGD"
    lr: float = param(1e-2, **RATE)
    momentum: float = param(0.9, ge=0, lt=1, doc="Share of the last step that is added to the next.")
    nesterov: bool = param(False, doc="Takes the gradient where momentum would lead (needs momentum).")
    weight_decay: float = param(0.0, ge=0, doc=DECAY)

    @property
    def kept_for_each_weight(self) -> int:
        return 1 if self.momentum else 0

    @model_validator(mode="after")
    def _nesterov_needs_momentum(self) -> Self:
        if self.nesterov and not self.momentum:
            raise refuse("nesterov", "Nesterov looks ahead along the momentum, so the momentum must be more than 0.")
        return self


class Adam(Optimizer):
    """Gives every weight its own step, from running averages of its gradient and of the gradient's square.

    Works well with its defaults; the usual first choice.
    """

    reference: ClassVar[str] = "torch.optim.Adam"
    betas: tuple[float, float] = param(
        (0.9, 0.999), ge=0, lt=1, doc="How slowly the averages of gradient and square forget."
    )
    eps: float = param(1e-8, gt=0, label="Epsilon", doc="Small number against division by zero.")
    weight_decay: float = param(0.0, ge=0, doc=DECAY)
    amsgrad: bool = param(False, label="AMSGrad", doc="Uses the largest square seen instead of the average.")

    @property
    def kept_for_each_weight(self) -> int:
        return 3 if self.amsgrad else 2


class AdamW(Adam):
    """Adam with weight decay kept apart from the gradient, as it should be.

    The usual choice for transformers.
    """

    reference: ClassVar[str] = "torch.optim.AdamW"
    weight_decay: float = param(0.01, ge=0, doc=DECAY)


class RMSprop(Optimizer):
    """Divides each step by a running average of the gradient's size.

    Made for recurrent networks; a simpler relative of Adam.
    """

    reference: ClassVar[str] = "torch.optim.RMSprop"
    fused: ClassVar[bool] = False
    lr: float = param(1e-2, **RATE)
    alpha: float = param(0.99, ge=0, lt=1, label="Smoothing", doc="How slowly the average forgets.")
    eps: float = param(1e-8, gt=0, label="Epsilon", doc="Small number against division by zero.")
    weight_decay: float = param(0.0, ge=0, doc=DECAY)
    momentum: float = param(0.0, ge=0, lt=1, doc="Share of the last step that is added to the next.")
    centered: bool = param(False, doc="Divides by the gradient's spread instead of its size.")

    @property
    def kept_for_each_weight(self) -> int:
        return 1 + bool(self.momentum) + self.centered


class Adagrad(Optimizer):
    """Divides each step by the size of all gradients so far, so that rare features keep learning.

    Its steps only ever shrink.
    """

    reference: ClassVar[str] = "torch.optim.Adagrad"
    lr: float = param(1e-2, **RATE)
    lr_decay: float = param(0.0, ge=0, label="Rate decay", doc="How fast the learning rate falls with the steps.")
    weight_decay: float = param(0.0, ge=0, doc=DECAY)
    initial_accumulator_value: float = param(
        0.0, ge=0, label="Initial sum", doc="What the sum of squared gradients begins with."
    )
    eps: float = param(1e-10, gt=0, label="Epsilon", doc="Small number against division by zero.")


OPTIMIZERS: Registry[Optimizer] = Registry((SGD, Adam, AdamW, RMSprop, Adagrad))


class TrainingSettings(Record):
    """One training: what moves the weights, for how long, on what, from which seed."""

    optimizer: SerializeAsAny[Optimizer] = Adam()
    epochs: int = param(10, ge=1, le=1_000_000, doc="How often the whole training part is gone through.")
    batch_size: int = param(32, ge=1, doc="Samples that share one step.", unit="samples")
    seed: int = param(0, ge=0, le=2**63 - 1, doc="Makes initial weights, order of data and dropout repeat exactly.")
    device: Literal["auto", "cpu", "cuda"] = param(
        "auto", doc="Where to compute; “auto” takes a GPU when there is one."
    )
    threads: int = param(
        1, ge=1, le=256, doc="Processor threads to compute with; for small networks one is fastest.", unit="threads"
    )
