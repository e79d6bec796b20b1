"""Growing batches, watched as they are tried: samples a second and memory of each size, and the size to take."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from designer.background import Items
from designer.counts import grouped, in_words, memory
from designer.training.trial_chart import TrialChart
from designer.training.trial_dialog import Told, TrialDialog
from engine.training.batch_size import suggested_size
from engine.training.events import BatchPoint

MEBIBYTE = 2**20


class SizeDialog(TrialDialog):
    """Samples a second above, memory below, both over the size of a batch; “Use” takes the proposal over."""

    chosen = Signal(int)
    steps, log = 0, True  # how many there will be is not known

    def __init__(self, make: Callable[[], Items], parent: QWidget | None = None) -> None:
        super().__init__(make, parent)
        self.size_: int | None = None
        words = self.tr("batches of {0}: {1}")
        self.memory = TrialChart(
            self.axis(), True, self, words=lambda x, y: words.format(grouped(round(x)), memory(round(y * MEBIBYTE)))
        )
        self.memory.setAccessibleName(self.tr("Chart of the memory, in MiB"))
        self.memory.setToolTip(self.tr("The memory that each size takes, in MiB; Left and Right move the crosshair"))
        layout = self.layout()
        above, below = self._title(self.tr("Samples a second")), self._title(self.tr("Memory, in MiB"))
        layout.insertWidget(layout.indexOf(self.chart), above)
        layout.insertWidget(layout.indexOf(self.chart) + 1, below)
        layout.insertWidget(layout.indexOf(self.chart) + 2, self.memory, 1)
        self.drawings += [above, below, self.memory]
        self.use = QPushButton(self)
        self.use.setDefault(True)
        self.use.hide()
        self.use.clicked.connect(self._use)
        self.buttons.addWidget(self.use)

    def _title(self, text: str) -> QLabel:
        title = QLabel(text, self)
        title.setProperty("role", "strong")
        return title

    def make_chart(self) -> TrialChart:
        words = self.tr("batches of {0}: {1} samples a second")
        chart = TrialChart(
            self.axis(), True, self, words=lambda x, y: words.format(grouped(round(x)), grouped(round(y)))
        )
        chart.setAccessibleName(self.tr("Chart of the samples a second"))
        chart.setToolTip(self.tr("The samples that each size learns in a second; Left and Right move the crosshair"))
        return chart

    def heading(self) -> str:
        return self.tr("Find the batch size")

    def axis(self) -> str:
        return self.tr("batch")

    def point(self, told: Told) -> tuple[float, float]:
        assert isinstance(told, BatchPoint)
        return float(told.batch_size), told.samples_per_second

    def show_told(self) -> None:
        points = [told for told in self.told if isinstance(told, BatchPoint)]
        self.chart.show_points([self.point(told) for told in points], self.size_)
        self.memory.show_points([(told.batch_size, told.memory / MEBIBYTE) for told in points], self.size_)
        if points:
            words = self.tr("Batches of {0}: {1} samples a second")
            last = points[-1]
            self.words.setText(words.format(in_words(last.batch_size), in_words(round(last.samples_per_second))))

    def conclude(self) -> None:
        points = [told for told in self.told if isinstance(told, BatchPoint)]
        self.size_ = suggested_size(points)
        self.show_told()
        if self.size_ is None:
            self.words.setText(self.tr("The memory is too small for the smallest batch that was tried."))
            return
        last = points[-1].batch_size
        words = self.tr("Batches of {0} learn the most samples a second of all that were tried.")
        if self.size_ < last:
            words = self.tr("Batches of {0} learn about as many samples a second as others up to {1}, in less memory.")
        more = self.tr("With larger batches there are fewer steps in an epoch, and often a higher learning rate suits.")
        self.words.setText(f"{words.format(in_words(self.size_), in_words(last))} {more}")
        self.use.setText(self.tr("Use {0}").format(in_words(self.size_)))
        self.use.setToolTip(self.tr("Make it the batch size of the training (Enter)"))
        self.use.show()
        self.use.setFocus()

    def _use(self) -> None:
        assert self.size_ is not None
        self.chosen.emit(self.size_)
        self.accept()
