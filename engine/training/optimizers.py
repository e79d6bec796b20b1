"""The optimizers: how weights follow their gradients, each standing for the class of the same name in `torch.optim`."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from pydantic import model_validator

from engine.record import Record, Registry, param, refuse

RATE: dict[str, Any] = {
    "gt": 0,
    "le": 100,
    "label": "Learning rate",
    "doc": "How far each step goes along the gradient.",
}
DECAY = "Pulls weights towards zero at every step, against overfitting."
BETAS: dict[str, Any] = {
    "ge": 0,
    "lt": 1,
    "doc": "How slowly the averages of gradient and square forget.",
    "rare": True,
}
EPSILON: dict[str, Any] = {
    "gt": 0,
    "label": "Epsilon",
    "doc": "Small number against division by zero.",
    "rare": True,
}
DECOUPLED = "Keeps weight decay apart from the gradient, as AdamW does."


class Optimizer(Record):
    """How weights follow their gradients; each names the class in `torch.optim` it stands for."""

    reference: ClassVar[str] = ""
    fused: ClassVar[bool] = False  # whether torch has a fused kernel for it, which gives the same steps faster
    looks_again: ClassVar[bool] = False  # whether a step computes the loss several times
    first_rate_only: ClassVar[bool] = False  # whether its learning rate counts in its first step alone
    by_number: ClassVar[bool] = True  # whether each number goes its own way, whatever the shape of its weight
    lr: float = param(1e-3, **RATE)

    @property
    def kept_for_each_weight(self) -> int:
        """Numbers that it keeps for each weight from step to step, such as running averages, at most."""
        return 1

    def make(self, parameters: Any) -> Any:
        """The `torch.optim.Optimizer` over these parameters, or over groups of them as torch takes them."""
        import torch

        options: dict[str, Any] = {"fused": True} if self.fused else {}
        return getattr(torch.optim, type(self).__name__)(parameters, **self.values(), **options)

    def make_for(self, groups: list[dict[str, Any]]) -> list[Any]:
        """The optimizers over groups of weights, more than one where not all weights can be treated in the same way.

        A group has "params", perhaps "weight_decay", the factor of its learning rate as "scale", and "table": whether
        its weights are looked up rather than multiplied with.
        """
        return [self.make([_rated(group, self.lr) for group in groups])]


class SGD(Optimizer):
    """Goes straight down the gradient, with momentum if wanted.

    The plainest optimizer; with momentum and a well-chosen rate it often generalises best. Nesterov is a switch here.
    """

    reference: ClassVar[str] = "torch.optim.SGD"
    fused: ClassVar[bool] = True
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
    fused: ClassVar[bool] = True
    weight_decay: float = param(0.0, ge=0, doc=DECAY)
    betas: tuple[float, float] = param((0.9, 0.999), **BETAS)
    eps: float = param(1e-8, **EPSILON)
    amsgrad: bool = param(False, label="AMSGrad", doc="Uses the largest square seen instead of the average.", rare=True)

    @property
    def kept_for_each_weight(self) -> int:
        return 3 if self.amsgrad else 2


class AdamW(Adam):
    """Adam with weight decay kept apart from the gradient, as it should be.

    The usual choice for transformers.
    """

    reference: ClassVar[str] = "torch.optim.AdamW"
    weight_decay: float = param(0.01, ge=0, doc=DECAY)


class NAdam(Optimizer):
    """Adam that looks ahead along its momentum, as Nesterov does.

    Sometimes a little faster than Adam at the same rate.
    """

    reference: ClassVar[str] = "torch.optim.NAdam"
    lr: float = param(2e-3, **RATE)
    weight_decay: float = param(0.0, ge=0, doc=DECAY)
    decoupled_weight_decay: bool = param(False, label="Decoupled decay", doc=DECOUPLED, rare=True)
    betas: tuple[float, float] = param((0.9, 0.999), **BETAS)
    eps: float = param(1e-8, **EPSILON)
    momentum_decay: float = param(4e-3, ge=0, lt=1, doc="How fast the momentum falls with the steps.", rare=True)

    @property
    def kept_for_each_weight(self) -> int:
        return 2


class RAdam(Optimizer):
    """Adam that holds back in its first steps, while its averages still rest on few gradients.

    It needs no warm-up of the learning rate.
    """

    reference: ClassVar[str] = "torch.optim.RAdam"
    weight_decay: float = param(0.0, ge=0, doc=DECAY)
    decoupled_weight_decay: bool = param(False, label="Decoupled decay", doc=DECOUPLED, rare=True)
    betas: tuple[float, float] = param((0.9, 0.999), **BETAS)
    eps: float = param(1e-8, **EPSILON)

    @property
    def kept_for_each_weight(self) -> int:
        return 2


class Adamax(Optimizer):
    """Adam that divides by the largest recent gradient instead of the average square.

    Steadier where gradients are sparse, as those of embeddings are.
    """

    reference: ClassVar[str] = "torch.optim.Adamax"
    lr: float = param(2e-3, **RATE)
    weight_decay: float = param(0.0, ge=0, doc=DECAY)
    betas: tuple[float, float] = param((0.9, 0.999), **BETAS)
    eps: float = param(1e-8, **EPSILON)

    @property
    def kept_for_each_weight(self) -> int:
        return 2


class Adagrad(Optimizer):
    """Divides each step by the size of all gradients so far, so that rare features keep learning.

    Its steps only ever shrink.
    """

    reference: ClassVar[str] = "torch.optim.Adagrad"
    fused: ClassVar[bool] = True
    lr: float = param(1e-2, **RATE)
    weight_decay: float = param(0.0, ge=0, doc=DECAY)
    lr_decay: float = param(
        0.0, ge=0, label="Rate decay", doc="How fast the learning rate falls with the steps.", rare=True
    )
    initial_accumulator_value: float = param(
        0.0, ge=0, label="Initial sum", doc="What the sum of squared gradients begins with.", rare=True
    )
    eps: float = param(1e-10, **EPSILON)


class Adadelta(Optimizer):
    """Sets each step by the ratio of recent steps to recent gradients.

    It finds the size of its steps by itself; leave the learning rate at 1.
    """

    reference: ClassVar[str] = "torch.optim.Adadelta"
    lr: float = param(1.0, **RATE)
    weight_decay: float = param(0.0, ge=0, doc=DECAY)
    rho: float = param(0.9, ge=0, lt=1, label="Smoothing", doc="How slowly the averages forget.", rare=True)
    eps: float = param(1e-6, **EPSILON)

    @property
    def kept_for_each_weight(self) -> int:
        return 2


class RMSprop(Optimizer):
    """Divides each step by a running average of the gradient's size.

    Made for recurrent networks; a simpler relative of Adam.
    """

    reference: ClassVar[str] = "torch.optim.RMSprop"
    lr: float = param(1e-2, **RATE)
    momentum: float = param(0.0, ge=0, lt=1, doc="Share of the last step that is added to the next.")
    weight_decay: float = param(0.0, ge=0, doc=DECAY)
    alpha: float = param(0.99, ge=0, lt=1, label="Smoothing", doc="How slowly the average forgets.", rare=True)
    eps: float = param(1e-8, **EPSILON)
    centered: bool = param(False, doc="Divides by the gradient's spread instead of its size.", rare=True)

    @property
    def kept_for_each_weight(self) -> int:
        return 1 + bool(self.momentum) + self.centered


class Rprop(Optimizer):
    """Looks at the sign of each gradient alone; steps grow while it stays and shrink when it turns.

    Made for whole datasets in one batch. The learning rate is only its first step: no schedule reaches it later.
    """

    reference: ClassVar[str] = "torch.optim.Rprop"
    first_rate_only: ClassVar[bool] = True
    lr: float = param(1e-2, **RATE)
    etas: tuple[float, float] = param(
        (0.5, 1.2), gt=0, label="Shrink, grow", doc="Factor of a step when the sign turns, and when it stays."
    )
    step_sizes: tuple[float, float] = param((1e-6, 50.0), gt=0, doc="The smallest and the largest step.", rare=True)

    @property
    def kept_for_each_weight(self) -> int:
        return 2

    @model_validator(mode="after")
    def _shrinks_and_grows(self) -> Self:
        if not self.etas[0] < 1 < self.etas[1]:
            raise refuse("etas", "Shrink, grow must be a number below 1 and one above it, such as 0.5, 1.2.")
        if self.step_sizes[0] > self.step_sizes[1]:
            raise refuse("step_sizes", "Step sizes must be the smallest first, such as 1e-06, 50.")
        return self


class ASGD(Optimizer):
    """SGD with a falling rate that also keeps the average of the weights it went through.

    An early relative of weight averaging; see the averaging settings for the modern kind.
    """

    reference: ClassVar[str] = "torch.optim.ASGD"
    lr: float = param(1e-2, **RATE)
    weight_decay: float = param(0.0, ge=0, doc=DECAY)
    lambd: float = param(1e-4, ge=0, label="Decay term", doc="How fast rate and weights fall.", rare=True)
    alpha: float = param(0.75, ge=0, label="Power", doc="Power by which the rate falls.", rare=True)
    t0: float = param(1e6, ge=0, label="Averaging starts", doc="From which step on it averages.", rare=True)


class LBFGS(Optimizer):
    """Learns the curvature from its last steps and goes almost straight to the minimum.

    For small networks and whole datasets in one batch; each step computes the loss several times.
    """

    reference: ClassVar[str] = "torch.optim.LBFGS"
    looks_again: ClassVar[bool] = True
    lr: float = param(1.0, **RATE)
    max_iter: int = param(20, ge=1, le=10_000, label="Iterations", doc="Moves that one step may take.")
    history_size: int = param(10, ge=1, le=1000, label="History", doc="Earlier moves that tell the curvature.")
    line_search: bool = param(
        False, doc="Looks how far to go along each direction (strong Wolfe conditions); steadier, and slower."
    )
    tolerance_grad: float = param(
        1e-7, ge=0, label="Gradient limit", doc="A step ends when no slope is larger than this.", rare=True
    )
    tolerance_change: float = param(
        1e-9, ge=0, label="Change limit", doc="A step ends when it changes less than this.", rare=True
    )

    @property
    def kept_for_each_weight(self) -> int:
        return 2 * self.history_size + 3

    def make(self, parameters: Any) -> Any:
        import torch

        values = {name: value for name, value in self.values().items() if name != "line_search"}
        return torch.optim.LBFGS(parameters, line_search_fn="strong_wolfe" if self.line_search else None, **values)


class Adafactor(Optimizer):
    """Adam's idea in much less memory: for a matrix it keeps one number a row and one a column.

    For large networks.
    """

    reference: ClassVar[str] = "torch.optim.Adafactor"
    by_number: ClassVar[bool] = False
    lr: float = param(1e-2, **RATE)
    weight_decay: float = param(0.0, ge=0, doc=DECAY)
    beta2_decay: float = param(-0.8, lt=0, label="Forgetting", doc="Power by which the average slows down.", rare=True)
    d: float = param(1.0, gt=0, label="Clipping", doc="The largest change of all weights of a layer.", rare=True)


class Muon(Optimizer):
    """Makes the step of each weight matrix orthogonal, so that all its directions learn alike.

    Matrices alone can be treated so: biases, scales, convolutions and embeddings are left to AdamW.
    """

    reference: ClassVar[str] = "torch.optim.Muon"
    by_number: ClassVar[bool] = False
    lr: float = param(2e-2, **RATE)
    rest_lr: float = param(
        1e-3, gt=0, le=100, label="Rate of the rest", doc="Learning rate of the weights that AdamW learns."
    )
    weight_decay: float = param(0.1, ge=0, doc=DECAY)
    momentum: float = param(0.95, ge=0, lt=1, doc="Share of the last step that is added to the next.")
    nesterov: bool = param(True, doc="Takes the gradient where momentum would lead.", rare=True)
    adjust_lr_fn: Literal["original", "match_rms_adamw"] = param(
        "original",
        label="Rate by shape",
        doc="How the rate follows the sides of a matrix; “match_rms_adamw” takes rates as AdamW has them.",
        rare=True,
    )
    ns_steps: int = param(5, ge=1, le=99, label="Iterations", doc="Rounds that make a step orthogonal.", rare=True)
    eps: float = param(1e-7, **EPSILON)

    @property
    def kept_for_each_weight(self) -> int:
        return 2  # of AdamW's part; matrices have one

    def make(self, parameters: Any) -> Any:
        import torch

        values = {name: value for name, value in self.values().items() if name != "rest_lr"}
        return torch.optim.Muon(parameters, **values)

    def make_for(self, groups: list[dict[str, Any]]) -> list[Any]:
        matrices: list[dict[str, Any]] = []
        rest: list[dict[str, Any]] = []
        for group in groups:
            for found, fits in ((matrices, True), (rest, False)):
                weights = [w for w in group["params"] if (w.dim() == 2 and not group.get("table", False)) == fits]
                if weights:
                    found.append(_rated({**group, "params": weights}, self.lr if fits else self.rest_lr))
        others = AdamW(lr=self.rest_lr, weight_decay=self.weight_decay)
        return [made.make(found) for made, found in ((self, matrices), (others, rest)) if found]


def _rated(group: dict[str, Any], rate: float) -> dict[str, Any]:
    """A group as torch takes it; its full rate is kept beside, since schedules change the one that counts."""
    known = {name: value for name, value in group.items() if name in ("params", "weight_decay")}
    full = rate * group.get("scale", 1.0)
    return known if full == rate else {**known, "lr": full}


OPTIMIZERS: Registry[Optimizer] = Registry(
    (
        SGD,
        Adam,
        AdamW,
        NAdam,
        RAdam,
        Adamax,
        Adagrad,
        Adadelta,
        RMSprop,
        Rprop,
        ASGD,
        LBFGS,
        Adafactor,
        Muon,
    )
)
