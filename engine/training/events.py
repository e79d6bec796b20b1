"""What a training tells while it runs: frozen events of plain numbers, the same for window, terminal and file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

Scores = Mapping[str, float]  # "loss" and the metrics by name


@dataclass(frozen=True)
class Event:
    """`json()` gives the event as one JSON object, its name under "event"; a number that JSON lacks is null."""

    name: ClassVar[str] = ""

    def json(self) -> dict[str, Any]:
        # `dataclasses.asdict` would copy deep down, which takes as long as a step of a small network
        return {"event": self.name, **{key: _finite(value) for key, value in vars(self).items()}}


@dataclass(frozen=True)
class Started(Event):
    """The run has its folder, device and data, and begins (or goes on, when `resumed`)."""

    name: ClassVar[str] = "started"

    run: int
    run_dir: str
    device: str
    threads: int
    parameters: int
    samples: Mapping[str, int]  # of the parts train, validation and test
    epochs: int
    steps_per_epoch: int
    metrics: tuple[str, ...]
    learning_rate: float
    resumed: bool = False
    traced: bool = False  # whether steps go straight on, as recorded once
    reason: str = ""  # why they don't
    losses: tuple[str, ...] = ()  # names of the losses where there are several; “loss” is their sum
    opposed: bool = False  # whether they pull against each other, so that their sum tells little


@dataclass(frozen=True)
class WarmStarted(Event):
    """The run begins with weights of an earlier one; which blocks could take them, and why the others could not."""

    name: ClassVar[str] = "warm_started"

    run: int  # number of the earlier run
    run_dir: str
    checkpoint: str  # "best" or "last"
    epoch: int  # after which these weights were kept
    kept: tuple[str, ...]  # blocks, by their paths in names
    fresh: Mapping[str, str]  # blocks, or single weights such as "fc.bias", and why they are new
    numbers_kept: int
    numbers: int  # of all weights and statistics


@dataclass(frozen=True)
class Step(Event):
    """Progress within an epoch, at most 30 a second; scores are averages over what passed since the last one."""

    name: ClassVar[str] = "step"

    epoch: int  # counted from 1
    step: int  # steps done in this epoch
    steps: int  # steps in an epoch
    seen: float  # epochs gone through, with their fraction
    train: Scores
    learning_rate: float
    samples_per_second: float
    remaining_seconds: float
    gradients: Mapping[str, float]  # norm of the gradient of each block's weights, at the last step
    seconds: float = 0.0  # that the run has been training, pauses left out


@dataclass(frozen=True)
class Changed(Event):
    """A setting of the run was changed while it goes; it counts from the next step on."""

    name: ClassVar[str] = "changed"

    field: str  # of the training settings or their optimizer
    before: float | None
    after: float | None
    epoch: int  # the one under way, counted from 1
    step: int  # steps done in it
    seen: float  # epochs gone through, with their fraction


@dataclass(frozen=True)
class Scoring(Event):
    """Progress of the scoring that ends an epoch; it keeps pause and stop quick while the validation part is long."""

    name: ClassVar[str] = "scoring"

    epoch: int
    done: int
    samples: int


@dataclass(frozen=True)
class Epoch(Event):
    """An epoch is over: scores over all training batches as they passed, and over the validation part after them."""

    name: ClassVar[str] = "epoch"

    epoch: int
    train: Scores
    validation: Scores
    seconds: float
    best: bool  # whether the watched score is the best so far


@dataclass(frozen=True)
class Saved(Event):
    """The state of the run lies in its folder; from there it can go on."""

    name: ClassVar[str] = "saved"

    epoch: int
    path: str


@dataclass(frozen=True)
class Finished(Event):
    """The run is over. Scores are those of the best epoch's weights, the test part scored with them."""

    name: ClassVar[str] = "finished"

    reason: Literal["done", "stopped"]
    epochs: int
    best_epoch: int
    train: Scores
    validation: Scores
    test: Scores
    run_dir: str
    seconds: float
    why: str = ""  # which rule ended it before its last epoch, in words
    watched: str = "loss"  # the score of the validation part that says which epoch is best


@dataclass(frozen=True)
class RatePoint(Event):
    """Of a trial that looks for a learning rate: the loss of a batch after steps at lower rates."""

    name: ClassVar[str] = "rate_point"

    rate: float
    loss: float  # smoothed


@dataclass(frozen=True)
class TrialStep(Event):
    """Of a trial on one batch: its loss after so many steps on it."""

    name: ClassVar[str] = "trial_step"

    step: int
    loss: float


@dataclass(frozen=True)
class BatchPoint(Event):
    """Of a trial of growing batches: what one size comes to."""

    name: ClassVar[str] = "batch_point"

    batch_size: int
    samples_per_second: float
    memory: int  # bytes, foretold


@dataclass(frozen=True)
class Divided(Event):
    """The memory was full, so that from now on each batch is computed in pieces; steps stay what they were."""

    name: ClassVar[str] = "divided"

    epoch: int
    pieces: int
    scoring: bool = False  # whether what is computed in pieces is only what is scored at once


@dataclass(frozen=True)
class Compiled(Event):
    """How the compiled steps stand that the settings ask for: begun in the background, used, or refused."""

    name: ClassVar[str] = "compiled"

    state: Literal["begun", "used", "refused"]
    words: str  # the same in words, with the reason


@dataclass(frozen=True)
class Searching(Event):
    """Numbers are no longer finite; the steps since the last saved state are repeated to find out where it began."""

    name: ClassVar[str] = "searching"

    epoch: int  # the one that is gone through again


Way = Literal["clip", "lower_rate", "go_back", "smaller_batch", "use_cpu", "free_disk", "check_data"]


@dataclass(frozen=True)
class Failed(Event):
    """The run can't go on; what was saved before stays."""

    name: ClassVar[str] = "failed"

    message: str
    remedy: str
    block: str | None = None
    ways: tuple[Way, ...] = ()  # what may be done about it; `go_back` only where there is a saved state


def _finite(value: Any) -> Any:
    """`value` with None in place of infinite numbers, such as the norm of a gradient that overflowed."""
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value


KINDS: Mapping[str, type[Event]] = {
    kind.name: kind
    for kind in (
        *(Started, WarmStarted, RatePoint, TrialStep, BatchPoint, Step, Changed, Scoring, Epoch, Saved),
        *(Finished, Divided, Compiled, Searching, Failed),
    )
}


def from_json(data: Mapping[str, Any]) -> Event | None:
    """The event that `json()` wrote, NaN for scores that JSON lacks; None for a kind that this version does not know.

    Raises:
        TypeError: when the event lacks something, or has more than it should.
    """
    kind = KINDS.get(str(data.get("event")))
    if kind is None:
        return None
    return kind(**{name: _read(value) for name, value in data.items() if name != "event"})


def _read(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: math.nan if inner is None else inner for name, inner in value.items()}
    return tuple(value) if isinstance(value, list) else value


def flat(scores: Scores, digits: int = 4) -> str:
    """`loss 0.0711, accuracy 0.9710`"""
    return ", ".join(f"{name} {value:.{digits}g}" for name, value in scores.items())
