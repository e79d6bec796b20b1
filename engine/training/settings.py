"""How a network is trained: what moves the weights, how fast, what holds them, for how long and on what."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import SerializeAsAny, model_validator

from engine.record import Record, Registry, param, refuse
from engine.training.optimizers import OPTIMIZERS, Adam, Optimizer
from engine.training.schedules import SCHEDULES, Constant, Schedule
from engine.training.turn import Turn, Turns, refuse_turns

RATE, RUN, HOLD, END = "rate", "run", "hold", "end"  # the parts of the form

ScoreName = Literal["accuracy", "top5", "f1", "auroc", "iou", "dice", "perplexity", "mae", "rmse", "r2"]


class TrainingSettings(Record):
    """One training: what moves the weights, for how long, on what, from which seed."""

    nested: ClassVar[dict[str, Registry[Optimizer] | Registry[Schedule]]] = {
        "optimizer": OPTIMIZERS,
        "schedule": SCHEDULES,
    }
    always_written: ClassVar[tuple[str, ...]] = ("epochs", "batch_size", "seed", "device")

    optimizer: SerializeAsAny[Optimizer] = Adam()
    schedule: SerializeAsAny[Schedule] = Constant()
    turns: Turns = ()  # the steps that each batch makes; none: a single one, over all losses and all weights
    warmup: float = param(
        0.0,
        ge=0,
        le=1e6,
        label="Warm-up",
        unit="epochs",
        section=RATE,
        doc="Epochs in which the learning rate rises in a line, before the schedule begins. Parts of an epoch count.",
    )
    warmup_start: float = param(
        0.01,
        gt=0,
        le=1,
        label="Warm-up start",
        section=RATE,
        rare=True,
        doc="Share of the learning rate that the warm-up begins with.",
    )

    epochs: int = param(10, ge=1, le=1_000_000, section=RUN, doc="How often the whole training part is gone through.")
    batch_size: int = param(32, ge=1, section=RUN, doc="Samples that share one step.", unit="samples")
    seed: int = param(
        0, ge=0, le=2**63 - 1, section=RUN, doc="Makes initial weights, order of data and dropout repeat exactly."
    )
    device: Literal["auto", "cpu", "cuda"] = param(
        "auto", section=RUN, doc="Where to compute; “auto” takes a GPU when there is one."
    )
    threads: int | None = param(
        None,
        empty="auto",
        ge=1,
        le=256,
        section=RUN,
        doc="Processor threads to compute with. Left empty, small networks take one, which is fastest; for others a "
        "run times its first steps and takes more where that is clearly faster. It then keeps that number, and the "
        "machine remembers it, since it changes the last bits.",
        unit="threads",
    )
    precision: Literal["float32", "bf16", "fp16"] = param(
        "float32",
        section=RUN,
        doc="How numbers are held where it is safe: “bf16” and “fp16” take half the memory and are faster on machines "
        "made for them. Weights and losses stay float32; with “fp16” the loss is scaled, so that small gradients live.",
    )
    compile: Literal["off", "on", "auto"] = param(
        "off",
        section=RUN,
        rare=True,
        doc="Makes machine code of whole steps in the background, with the C++ compiler of this machine, and goes over "
        "to it when it is ready and faster; “auto” only where minutes lie ahead. Small networks gain most. The last "
        "digits of such a run may differ from one to the next.",
    )
    deterministic: bool = param(
        False,
        section=RUN,
        rare=True,
        doc="Takes only ways of computing that give the same bits each time, also on a GPU; an operation that has none "
        "ends the run. The CPU repeats a seeded run exactly in any case.",
    )
    accumulate: int = param(
        1,
        ge=1,
        le=1_000_000,
        label="Batches a step",
        unit="batches",
        section=RUN,
        rare=True,
        doc="Adds up the gradients of this many batches before each step: as one large batch, in the memory of a "
        "small one.",
    )
    save_every: float = param(
        30.0,
        ge=0,
        le=86_400,
        label="Save every",
        unit="seconds",
        section=RUN,
        rare=True,
        doc="How often the state is written within an epoch, so that no crash loses more; at the end of one as well.",
    )
    tensorboard: bool = param(
        False,
        label="TensorBoard files",
        section=RUN,
        rare=True,
        doc="Also writes losses, scores and learning rate for TensorBoard, into the folder of the run. Needs the "
        "package tensorboard.",
    )

    clip_norm: float | None = param(
        None,
        empty="off",
        gt=0,
        label="Clip norm",
        section=HOLD,
        doc="Scales the gradient of all weights down when its length is more than this. Helps where training jumps.",
    )
    clip_value: float | None = param(
        None,
        empty="off",
        gt=0,
        label="Clip value",
        section=HOLD,
        rare=True,
        doc="Cuts off each number of the gradient beyond plus and minus this.",
    )
    l1: float = param(
        0.0,
        ge=0,
        label="L1 penalty",
        section=HOLD,
        doc="The sum of all absolute weights, times this, is added to the loss. Makes many weights 0.",
    )
    l2: float = param(
        0.0,
        ge=0,
        label="L2 penalty",
        section=HOLD,
        doc="The sum of all squared weights, times this, is added to the loss. Keeps weights small.",
    )

    averaging: Literal["none", "ema", "swa"] = param(
        "none",
        section=HOLD,
        doc="Also keeps an average of the weights, and validates and saves it in their place: “ema” forgets slowly, "
        "step by step; “swa” is the mean of the last epochs. Often a little better than the weights themselves.",
    )
    ema_decay: float = param(
        0.999,
        ge=0,
        lt=1,
        label="EMA decay",
        section=HOLD,
        rare=True,
        doc="Share of the average that stays at each step; less in the first steps, so that it gets going.",
    )
    swa_start: float = param(
        0.75, ge=0, lt=1, label="SWA start", section=HOLD, rare=True, doc="Share of the epochs after which SWA begins."
    )

    max_steps: int | None = param(
        None,
        empty="no limit",
        ge=1,
        label="Steps at most",
        section=END,
        rare=True,
        doc="Stops after this many steps of the optimizer.",
    )
    max_minutes: float | None = param(
        None,
        empty="no limit",
        gt=0,
        label="Minutes at most",
        section=END,
        doc="Stops when it has been training for this long.",
    )
    target_loss: float | None = param(
        None,
        empty="off",
        section=END,
        rare=True,
        doc="Stops after the first epoch whose validation loss is at most this.",
    )
    scores: tuple[ScoreName, ...] | None = param(
        None,
        empty="the usual",
        kind="scores",
        section=END,
        doc="What is measured beside the loss. The usual: accuracy for classes, also IoU for those of pixels and "
        "perplexity for those of tokens; mean absolute error and R² for numbers.",
    )
    watch: str = param(
        "loss",
        label="Watched score",
        kind="score",
        section=END,
        doc="Score of the validation part that says which epoch is best. The weights of the best epoch are kept. With "
        "several steps of a batch, whose losses may pull against each other, “loss” keeps those of the last epoch.",
    )
    patience: int | None = param(
        None,
        empty="never",
        ge=1,
        section=END,
        unit="epochs",
        label="Stop early after",
        doc="Stops when the watched score has not got better for this many epochs; the best weights are kept.",
    )
    min_delta: float = param(
        0.0,
        ge=0,
        section=END,
        rare=True,
        label="Smallest gain",
        doc="How much better the watched score must be to count as better.",
    )

    @model_validator(mode="after")
    def _no_scaling_where_it_looks_again(self) -> Self:
        if self.optimizer.looks_again and self.precision == "fp16":
            name = type(self.optimizer).__name__
            raise refuse("precision", f"{name} can't follow a scaled loss, so Precision must be float32 or bf16.")
        return self

    @model_validator(mode="after")
    def _one_batch_a_step_where_it_looks_again(self) -> Self:
        if self.optimizer.looks_again and self.accumulate > 1:
            name = type(self.optimizer).__name__
            raise refuse(
                "accumulate", f"{name} computes the loss of its batch several times, so Batches a step must be 1."
            )
        return self

    @model_validator(mode="after")
    def _turns_go_with_the_rest(self) -> Self:
        refuse_turns(self)
        return self

    @property
    def last_counts(self) -> bool:
        """Whether the last epoch is the one to keep: the sum of losses that pull against each other tells nothing."""
        return len(self.turns) > 1 and self.watch == "loss"


__all__ = [
    "END",
    "HOLD",
    "OPTIMIZERS",
    "RATE",
    "RUN",
    "SCHEDULES",
    "Adam",
    "Optimizer",
    "ScoreName",
    "TrainingSettings",
    "Turn",
]
