"""Change the run under way: how fast it learns, its weight decay, and when it stops; the design stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from designer.controls import LineField
from designer.form import Form
from designer.theme import SIZES, Theme
from designer.training.changes import change_in_words
from designer.training.rate_chart import RateChart
from engine.record import BadValue
from engine.training.changes import Standing, changeable, changed, value_of
from engine.training.pace import course
from engine.training.settings import TrainingSettings

EDITORS, WIDTH = 150, 372  # pixels
Ask = Callable[[Mapping[str, Any]], None]


class ChangeDialog(QDialog):
    """Nothing is changed before it is told to: what is being typed would end a run on the way to what is meant."""

    def __init__(self, run: int, settings: TrainingSettings, ask: Ask, theme: Theme, parent: QWidget) -> None:
        """`ask` carries out what is wanted, by name; it raises `BadValue` when that comes too late."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Change run {0}").format(run))
        self._now = self._draft = settings
        self._ask, self._standing = ask, Standing()
        self._spans: Sequence[tuple[float, TrainingSettings]] = ((0.0, settings),)
        self._seen, self._batches = 0.0, 0
        self._bad: set[str] = set()
        self.heading = QLabel(self.tr("Run {0}, while it goes").format(run))
        self.heading.setProperty("role", "strong")
        self.words = QLabel(
            self.tr(
                "These count from its next step on. The design and the Train page stay as they are, for the next run."
            )
        )
        self.words.setProperty("role", "muted")
        self.words.setWordWrap(True)
        self.form = Form(EDITORS, units=True)
        self.form.edited.connect(self._edit)
        self.chart = RateChart(theme)
        self.chart.show_curve(())
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.change = QPushButton(self.tr("Change the run"))
        self.change.setDefault(True)
        self.change.setProperty("role", "primary")
        self.change.setToolTip(self.tr("Let the run go on with these values (Enter)"))
        self.change.clicked.connect(self.accept)
        self.leave = QPushButton(self.tr("Cancel"))
        self.leave.setAutoDefault(False)
        self.leave.setToolTip(self.tr("Leave the run as it is (Escape)"))
        self.leave.clicked.connect(self.reject)
        self._lay_out()
        self._show()
        self.form.focus()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(self.change)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(SIZES.margin + 4,) * 4)
        layout.setSpacing(SIZES.margin)
        for widget in (self.heading, self.words, self.form, self.chart, self.summary):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addLayout(row)
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetMinimumSize)  # room for a sentence at a field
        self.words.setMinimumWidth(WIDTH)
        _make_room(self.words)
        values = {described.name: value_of(self._now, described.name) for described in changeable(self._now)}
        self.form.show_params(changeable(self._now), values, self._take)
        for name, editor in self.form.editors.items():
            editor.refused.connect(lambda sentence, name=name: self._refused(name, sentence))
            if isinstance(editor.control, LineField):
                editor.control.entered.connect(self._entered)

    def show_course(
        self, spans: Sequence[tuple[float, TrainingSettings]], seen: float, batches: int, standing: Standing
    ) -> None:
        """Where the run stands: its settings, each from an epoch on, epochs gone through and batches in each."""
        self._spans, self._seen, self._batches, self._standing = spans, seen, batches, standing
        self._show_rates()

    def show_theme(self, theme: Theme) -> None:
        self.chart.show_theme(theme)

    @property
    def wanted(self) -> dict[str, Any]:
        """What differs from the settings of the run."""
        names = [described.name for described in changeable(self._now)]
        return {
            name: value_of(self._draft, name)
            for name in names
            if value_of(self._draft, name) != value_of(self._now, name)
        }

    def accept(self) -> None:
        if not self.change.isEnabled():
            return
        try:
            self._ask(self.wanted)
        except BadValue as error:
            self.form.show_errors(error.errors)
            return
        super().accept()

    def _take(self, name: str, value: Any) -> Any:
        return value_of(changed(self._draft, {name: value}, self._standing), name)

    def _edit(self, name: str, value: Any) -> None:
        self._draft = changed(self._draft, {name: value})
        self.form.show_errors({})
        self._show()

    def _refused(self, name: str, sentence: str) -> None:
        self._bad.add(name) if sentence else self._bad.discard(name)
        self._show()

    def _entered(self) -> None:
        self.accept()

    def _show(self) -> None:
        changes = [change_in_words(name, value_of(self._now, name), value) for name, value in self.wanted.items()]
        self.summary.setText(" · ".join(changes) if changes else self.tr("Nothing is changed yet."))
        self.summary.setProperty("role", "" if changes else "muted")
        self.summary.style().polish(self.summary)
        _make_room(self.summary)
        self.change.setEnabled(bool(changes) and not self._bad)
        self._show_rates()

    def _show_rates(self) -> None:
        if self._batches:
            self.chart.show_curve(course([*self._spans, (self._seen, self._draft)], self._batches))


def _make_room(words: QLabel) -> None:
    """Room for all lines, which a dialog that only knows least sizes takes from its fields."""
    words.ensurePolished()
    words.setMinimumHeight(words.heightForWidth(WIDTH))
