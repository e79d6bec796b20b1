"""All that is known of one run, as a text: its settings at the start, what was changed, what it began with."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from designer.training.changes import change_in_words
from designer.training.figures import duration
from designer.training.scores import figure
from engine.record import Record
from engine.training.events import WarmStarted
from engine.training.history import RunRecord
from engine.training.settings import TrainingSettings

translate = QCoreApplication.translate


def details(run: RunRecord, settings: TrainingSettings) -> str:
    """Markdown. `settings` are those that the run began with."""
    parts = [_came_to(run)]
    if run.warm is not None:
        parts.append(_warm(run.warm))
    if run.changes:
        parts.append(f"### {_tr('Changed while it went')}\n\n" + _changes(run))
    parts.append(f"### {_tr('Settings at its start')}\n\n" + _settings(settings))
    return "\n\n".join(parts)


def _came_to(run: RunRecord) -> str:
    told = [_tr("{0} of {1} epochs in {2}").format(run.epochs, run.wanted, duration(run.seconds))]
    if run.best_epoch:
        told.append(_tr("best after epoch {0}").format(run.best_epoch))
    lines = [" · ".join(told) + "."]
    for part, scores in ((_tr("Validation"), run.validation), (_tr("Test"), run.test)):
        if scores:
            values = ", ".join(f"{name} {figure(name, value)}" for name, value in scores.items())
            lines.append(f"{part}: {values}")
    return "\n\n".join(_plain(line) for line in lines)


def _warm(warm: WarmStarted) -> str:
    source = _tr("run {0}").format(warm.run) if warm.run else warm.run_dir
    checkpoint = _tr("its best epoch") if warm.checkpoint == "best" else _tr("where it was saved last")
    share = f"{100 * warm.numbers_kept / warm.numbers:.0f} %" if warm.numbers else "–"
    lines = [
        f"### {_tr('Began with weights of {0}').format(source)}",
        _tr("As they were at {0} (epoch {1}); {2} of all numbers were kept.").format(checkpoint, warm.epoch, share),
    ]
    rows = [(name, _tr("kept")) for name in warm.kept]
    rows += [(name, _tr("new: {0}").format(why)) for name, why in warm.fresh.items()]
    lines.append(_table((_tr("Block"), _tr("Weights")), rows))
    return "\n\n".join(lines)


def _changes(run: RunRecord) -> str:
    rows = [
        (change_in_words(each.field, each.before, each.after), str(each.epoch), str(each.step)) for each in run.changes
    ]
    return _table((_tr("Change"), _tr("Epoch"), _tr("After step")), rows)


def _settings(settings: TrainingSettings) -> str:
    rows = [(_tr("Optimizer"), type(settings.optimizer).__name__), *_values(settings.optimizer)]
    rows += [(_tr("Schedule"), type(settings.schedule).title), *_values(settings.schedule)]
    rows += _values(settings)
    return _table((_tr("Setting"), _tr("Value")), rows)


def _values(record: Record) -> list[tuple[str, str]]:
    """The parameters that are not folded away, and those of the others that differ from their defaults."""
    changed = record.changed()
    return [
        (described.label, described.format(getattr(record, described.name)) or described.empty)
        for described in record.params()
        if not described.rare or described.name in changed
    ]


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(_plain(cell) for cell in line) + " |" for line in lines)


def _plain(text: str) -> str:
    """Text that Markdown does not take for more than that."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|" else letter for letter in text)


def _tr(text: str) -> str:
    return translate("RunDetails", text)
