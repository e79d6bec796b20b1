"""Changes of a run while it goes, and what it began with, in the words that strip, curves and tables show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication

from designer.training.figures import rate
from engine.training.changes import RATES, changeable
from engine.training.events import Changed, WarmStarted
from engine.training.optimizers import Muon
from engine.training.settings import TrainingSettings

translate = QCoreApplication.translate
LABELS: Mapping[str, Any] = {described.name: described for described in changeable(TrainingSettings(optimizer=Muon()))}


def change_in_words(name: str, before: Any, after: Any) -> str:
    """`Learning rate 1e-3 → 3e-4`"""
    described = LABELS[name]

    def shown(value: Any) -> str:
        if value is None:
            return str(described.empty)
        return rate(value) if name in RATES else str(described.format(value))

    return f"{described.label} {shown(before)} → {shown(after)}"


def event_in_words(change: Changed) -> str:
    """`Learning rate 1e-3 → 3e-4, epoch 4, step 120`"""
    where = translate("changes", "epoch {0}, step {1}").format(change.epoch, change.step)
    return f"{change_in_words(change.field, change.before, change.after)}, {where}"


def warm_in_words(event: WarmStarted) -> str:
    """`begins with the weights of run 3 · 5 of 6 blocks kept`"""
    begins = translate("changes", "begins with the weights of run {0}").format(event.run or event.run_dir)
    blocks = len({name.partition(".")[0] for name in event.fresh} | set(event.kept))
    kept = (
        translate("changes", "{0} of {1} blocks kept").format(len(event.kept), blocks)
        if event.fresh
        else translate("changes", "all blocks kept")
    )
    return f"{begins} · {kept}"


def lasting(changes: Sequence[Changed], field: str) -> Any:
    """The value that a field was changed to last; None when it wasn't."""
    return next((change.after for change in reversed(changes) if change.field == field), None)
