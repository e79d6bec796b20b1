"""What may be done about a run that failed: ways out as buttons say them, each an edit of the settings.

A run repeats to the bit, so going on from what was saved is of use only with other settings; which of them a run can
take along in the midst, `taken_along` says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.problem import Fix
from engine.project import Project
from engine.training.events import Failed, Way
from engine.training.run import RunFolder
from engine.training.settings import TrainingSettings

CLIP, LESS = 1.0, 10.0  # norm that gradients are cut to at first, and what rate and norm are divided by after that
# what a run that goes on may have otherwise than it began: nothing that the saved state or the order of data hangs on
TAKEN_ALONG = (
    *("clip_norm", "clip_value", "l1", "l2", "device", "epochs"),
    *("max_steps", "max_minutes", "target_loss", "patience", "min_delta"),
)
OF_THE_OPTIMIZER = ("lr", "weight_decay")


@dataclass(frozen=True)
class Remedy:
    """One way out; `used` tells of settings whether they are already so."""

    way: Way
    fix: Fix
    used: Callable[[TrainingSettings], bool]


def remedies(failed: Failed, trained: TrainingSettings, now: TrainingSettings | None = None) -> tuple[Remedy, ...]:
    """The ways out of a failure that are edits of the settings.

    `trained` are the settings that the run had in the end, `now` those of the project: a run whose rate was raised
    while it went may well fail when the project's own rate is low enough, and no way out makes that one higher.
    """
    made = (_remedy(way, trained, now or trained) for way in failed.ways)
    return tuple(remedy for remedy in made if remedy is not None)


def _remedy(way: Way, trained: TrainingSettings, now: TrainingSettings) -> Remedy | None:
    if way == "clip":
        norm = CLIP if trained.clip_norm is None else trained.clip_norm / LESS
        norm = norm if now.clip_norm is None else min(norm, now.clip_norm)
        return _setting(way, f"Clip gradients at {norm:g}", {"clip_norm": norm})
    if way == "lower_rate":
        return _rate(min(trained.optimizer.lr / LESS, now.optimizer.lr))
    if way == "use_cpu":
        return _setting(way, "Use the CPU", {"device": "cpu"})
    if way == "smaller_batch" and trained.batch_size > 1:
        half = trained.batch_size // 2
        alone = trained.optimizer.looks_again or len(trained.turns) > 1  # gradients of batches are not added up
        together = {} if alone else {"accumulate": 2 * trained.accumulate}
        return _setting(way, f"Use batches of {half}", {"batch_size": half, **together})
    return None


def _setting(way: Way, label: str, values: Mapping[str, object]) -> Remedy:
    return Remedy(
        way,
        Fix(label, lambda project: project.with_(training=project.training.change(**values))),
        lambda settings: all(getattr(settings, name) == value for name, value in values.items()),
    )


def _rate(rate: float) -> Remedy:
    rate = float(f"{rate:.3g}")

    def edit(project: Project) -> Project:
        optimizer = project.training.optimizer.change(lr=rate)
        return project.with_(training=project.training.change(optimizer=optimizer))

    return Remedy("lower_rate", Fix(f"Learn at {rate:g}", edit), lambda settings: settings.optimizer.lr == rate)


def taken_along(trained: TrainingSettings, wanted: TrainingSettings) -> TrainingSettings:
    """The settings a run goes on with: its own, and those of `wanted` that may change in the midst of a run."""
    values = {name: getattr(wanted, name) for name in TAKEN_ALONG}
    optimizer = trained.optimizer
    if type(wanted.optimizer) is type(optimizer):
        known = [name for name in OF_THE_OPTIMIZER if name in optimizer.values()]
        optimizer = optimizer.change(**{name: getattr(wanted.optimizer, name) for name in known})
    return trained.change(**values, optimizer=optimizer)


def go_on_with(folder: RunFolder, wanted: TrainingSettings) -> None:
    """Have a run go on with other settings when it is resumed, as far as it can.

    Raises:
        UserError: when its project can't be read or written.
    """
    project = folder.read_project()
    after = taken_along(project.training, wanted)
    if after != project.training:
        folder.write_project(project.with_(training=after))
