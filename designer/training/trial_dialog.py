"""Trials before a run, watched as they go: which learning rate suits, and whether one batch can be learned."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from designer.background import Items, Stream
from designer.theme import SIZES
from designer.training.figures import measured
from designer.training.trial_chart import TrialChart
from engine.problem import UserError
from engine.training.events import BatchPoint, Event, Failed, RatePoint, TrialStep
from engine.training.trials import BATCH_STEPS, RATE_STEPS, suggested_rate, verdict

Told = RatePoint | TrialStep | BatchPoint  # one point of a trial


class TrialDialog(QDialog):
    """Carries a trial out as soon as it is shown; closing it ends the trial. The project stays as it is."""

    steps, log = 1, False  # how many there will be, and whether the axis across is logarithmic

    def __init__(self, make: Callable[[], Items], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.heading())
        self.told: list[Told] = []
        self._broke = False  # whether a failure was told
        self.words = QLabel(self.tr("Getting ready…"), self)
        self.words.setWordWrap(True)
        self.words.setMinimumHeight(4 * self.words.fontMetrics().lineSpacing())
        self.chart = self.make_chart()
        self.drawings: list[QWidget] = [self.chart]  # all that is of no use where nothing could be tried
        self.progress = QProgressBar(self)
        self.progress.setRange(0, self.steps)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress of the trial"))
        self.leave = QPushButton(self.tr("Cancel"), self)
        self.leave.setToolTip(self.tr("End the trial; nothing is changed (Escape)"))
        self.leave.clicked.connect(self.reject)
        self.buttons = QHBoxLayout()
        self.buttons.addStretch()
        self.buttons.addWidget(self.leave)
        layout = QVBoxLayout(self)
        layout.setSpacing(SIZES.margin)
        layout.addWidget(self.words)
        layout.addWidget(self.chart, 1)
        layout.addWidget(self.progress)
        layout.addLayout(self.buttons)
        self._stream: Stream | None = Stream(self, make)
        self._stream.received.connect(self._received)
        self._stream.ended.connect(self._ended)
        self._stream.start()

    def done(self, result: int) -> None:
        super().done(result)
        if self._stream is not None:
            self._stream.stop()  # and `_ended` deletes the dialog, since the thread that pulls is its child
        else:
            self.deleteLater()

    def end(self) -> None:
        """Stop and wait, for when the program closes."""
        if self._stream is not None:
            self._stream.stop()
            self._stream.wait()

    def make_chart(self) -> TrialChart:
        return TrialChart(self.axis(), self.log, self)

    def heading(self) -> str:
        raise NotImplementedError

    def axis(self) -> str:
        raise NotImplementedError

    def point(self, told: Told) -> tuple[float, float]:
        raise NotImplementedError

    def show_told(self) -> None:
        """Something more has been told."""
        points = [point for point in map(self.point, self.told) if math.isfinite(point[1])]
        self.chart.show_points(points)
        if points:
            self.words.setText(self.tr("Loss {0} after {1} steps").format(measured(points[-1][1]), len(self.told)))

    def conclude(self) -> None:
        """All has been told: say what it came to."""
        raise NotImplementedError

    def _received(self, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event, Failed):
                self.told, self._broke = [], True
                self._fail(f"{event.message} {event.remedy}")
                return
            if isinstance(event, Told):
                self.told.append(event)
        self.progress.setValue(len(self.told))
        self.show_told()

    def _fail(self, words: str) -> None:
        """Say why nothing came of it, and take away what is drawn."""
        self.words.setText(words)
        self.words.setMinimumWidth(self.chart.minimumWidth())
        self.words.setMinimumHeight(0)
        self.words.setProperty("role", "danger")
        self.words.style().polish(self.words)
        for drawing in self.drawings:
            drawing.hide()
        self.layout().activate()
        self.adjustSize()

    def _ended(self, error: Exception | None) -> None:
        self._stream = None
        if not self.isVisible():
            self.deleteLater()
            return
        self.progress.hide()
        self.leave.setText(self.tr("Close"))
        self.leave.setToolTip(self.tr("Close this window (Escape)"))
        if isinstance(error, UserError):
            self._fail(str(error))
        elif error is not None:
            raise error
        elif not self._broke:
            self.conclude()


class RateDialog(TrialDialog):
    """The loss while the learning rate rises, and the rate at which it falls fastest."""

    chosen = Signal(float)
    steps, log = RATE_STEPS, True

    def __init__(self, make: Callable[[], Items], parent: QWidget | None = None) -> None:
        super().__init__(make, parent)
        self.rate: float | None = None
        self.use = QPushButton(self)
        self.use.setDefault(True)
        self.use.hide()
        self.use.clicked.connect(self._use)
        self.buttons.addWidget(self.use)

    def heading(self) -> str:
        return self.tr("Find the learning rate")

    def axis(self) -> str:
        return self.tr("rate")

    def point(self, told: Told) -> tuple[float, float]:
        assert isinstance(told, RatePoint)
        return told.rate, math.nan if told.loss is None else told.loss

    def conclude(self) -> None:
        points = [told for told in self.told if isinstance(told, RatePoint)]
        self.rate = suggested_rate(points)
        self.chart.show_points([self.point(told) for told in points], self.rate)
        if self.rate is None:
            words = self.tr(
                "The loss fell at no rate, so none can be suggested. Run > Overfit one batch tells whether the "
                "network can learn at all."
            )
            self.words.setText(words)
            return
        words = self.tr("The loss falls fastest at a learning rate of about {0}; further right it becomes unsteady.")
        self.words.setText(words.format(f"{self.rate:g}"))
        self.use.setText(self.tr("Use {0}").format(f"{self.rate:g}"))
        self.use.setToolTip(self.tr("Make it the learning rate of the optimizer (Enter)"))
        self.use.show()
        self.use.setFocus()

    def _use(self) -> None:
        assert self.rate is not None
        self.chosen.emit(self.rate)
        self.accept()


class BatchDialog(TrialDialog):
    """The loss of one batch that is learned again and again, and what follows from it."""

    steps = BATCH_STEPS

    def heading(self) -> str:
        return self.tr("Overfit one batch")

    def axis(self) -> str:
        return self.tr("step")

    def point(self, told: Told) -> tuple[float, float]:
        assert isinstance(told, TrialStep)
        return float(told.step), math.nan if told.loss is None else told.loss

    def conclude(self) -> None:
        losses = [self.point(told)[1] for told in self.told]
        if not losses:
            return
        words = {
            "by heart": self.tr(
                "The network can learn one batch by heart: its loss fell from {0} to {1}. Wires, loss and targets go "
                "together. If a whole training still fails, look at the learning rate, the data or the size."
            ),
            "slowly": self.tr(
                "The network learns, but slowly: its loss fell from {0} to {1}. A higher learning rate or a larger "
                "network may help."
            ),
            "not at all": self.tr(
                "The network can't learn even one batch: its loss went from {0} to {1}. Look for frozen weights, a "
                "learning rate that is far off, or targets that don't belong to their inputs."
            ),
            "exploded": self.tr("The loss began at {0} and is no longer a number. Lower the learning rate."),
        }
        self.words.setText(words[verdict(losses)].format(measured(losses[0]), measured(losses[-1])))
