"""What may be changed of a run while it goes: how fast it learns, its weight decay, and when it stops."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.record import BadValue, Param
from engine.training.settings import TrainingSettings

RATES = ("lr", "rest_lr")
OF_OPTIMIZER = (*RATES, "weight_decay")
OF_RUN = ("epochs", "max_minutes", "patience", "max_steps", "target_loss", "min_delta")

Values = Mapping[str, Any]  # by the names of the settings, those of the optimizer among them


@dataclass(frozen=True)
class Standing:
    """How far a run has come, as far as it matters to what may be changed."""

    epoch: int = 1  # the one that is under way
    steps: int = 0  # of the optimizer that are done
    minutes: float = 0.0


def changeable(settings: TrainingSettings) -> tuple[Param, ...]:
    """What may be changed, as a form shows it, the optimizer's own first."""
    own = {described.name: described for described in settings.optimizer.params() if described.name in OF_OPTIMIZER}
    if settings.optimizer.first_rate_only:
        own = {name: described for name, described in own.items() if name not in RATES}
    ordered = [own[name] for name in OF_OPTIMIZER if name in own]
    return (*ordered, *(TrainingSettings.param(name) for name in OF_RUN))


def value_of(settings: TrainingSettings, name: str) -> Any:
    """The value of what may be changed."""
    return getattr(settings if name in OF_RUN else settings.optimizer, name)


def changed(settings: TrainingSettings, values: Values, standing: Standing | None = None) -> TrainingSettings:
    """The settings with other values, for a run that stands there.

    Raises:
        BadValue: when a value can't be taken, or not any more, or is of what can't be changed.
    """
    may = {described.name: described for described in changeable(settings)}
    for name in values.keys() - may.keys():
        raise BadValue({name: f"“{name}” can't be changed while a run goes: only {', '.join(may)} can."})
    own = {name: value for name, value in values.items() if name in OF_OPTIMIZER}
    if own:
        settings = settings.change(optimizer=settings.optimizer.change(**own))
    settings = settings.change(**{name: value for name, value in values.items() if name in OF_RUN})
    refusal = _too_late(settings, values, standing or Standing())
    if refusal:
        raise BadValue(refusal)
    return settings


def _too_late(settings: TrainingSettings, values: Values, standing: Standing) -> dict[str, str]:
    """Limits that the run has passed already, each with a sentence."""
    refusal = {}
    if "epochs" in values and settings.epochs < standing.epoch:
        refusal["epochs"] = f"Epoch {standing.epoch} is under way, so Epochs must be at least {standing.epoch}."
    if values.get("max_steps") is not None and values["max_steps"] <= standing.steps:
        done = f"{standing.steps} steps are done"
        refusal["max_steps"] = f"{done}, so Steps at most must be more. To end the run now, press Stop."
    if values.get("max_minutes") is not None and values["max_minutes"] <= standing.minutes:
        passed = f"It has been training for {standing.minutes:.3g} minutes"
        refusal["max_minutes"] = f"{passed}, so Minutes at most must be more. To end the run now, press Stop."
    return refusal


def standing(settings: TrainingSettings, changes: Sequence[Values]) -> list[Values]:
    """Those of a run's changes that still hold, by the settings in its folder.

    Where these no longer have what a field began with, it was set anew since, to go on after a failure.
    """
    began: dict[str, Any] = {}
    for change in changes:
        began.setdefault(change["field"], change["before"])
    return [change for change in changes if value_of(settings, change["field"]) == began[change["field"]]]


def after_all(settings: TrainingSettings, changes: Iterable[Values]) -> TrainingSettings:
    """The settings after changes as a run's progress holds them, in their order."""
    return changed(settings, {change["field"]: change["after"] for change in changes})


class Changes:
    """What is asked of a run while it goes. Any thread may ask; the run takes it at the end of its next step."""

    def __init__(self, settings: TrainingSettings) -> None:
        self._settings = settings
        self._asked: deque[Values] = deque()

    def ask(self, **values: Any) -> None:
        """Ask for other values.

        Raises:
            BadValue: when they can't be taken.
        """
        changed(self._settings, values)
        self._asked.append(values)

    @property
    def waiting(self) -> bool:
        return bool(self._asked)

    def take(self) -> list[Values]:
        """What was asked for since this was called last."""
        return [self._asked.popleft() for _ in range(len(self._asked))]
