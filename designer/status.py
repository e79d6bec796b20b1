"""The line at the bottom: whether all is saved, how large the network is, what is wrong, and where it computes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QMenu, QStatusBar, QToolButton, QWidget

from designer.counts import grouped, rounded
from designer.theme import SIZES
from engine.check import Review
from engine.training.events import Compiled, Event, Started, Step


class Status(QStatusBar):
    """Told what to show; `problems_clicked` asks for the list of problems."""

    problems_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._saved, self._parameters, self._work = (QLabel(self) for _ in range(3))
        self._problems = QToolButton(self)
        self._problems.setToolTip(self.tr("Show the list of problems"))
        self._problems.setProperty("role", "quiet")
        self._problems.clicked.connect(self.problems_clicked)
        self._activity, self._device, self._speed = (QLabel(self) for _ in range(3))
        self._shows_review = True
        self._place = ""  # where the last run computes
        self._zoom = QToolButton(self)
        self._zoom.setProperty("role", "quiet")
        self._zoom.setToolTip(self.tr("Scale of the canvas: click to change it"))
        for widget in (self._saved, self._parameters, self._work):
            widget.setProperty("role", "muted")
            widget.setContentsMargins(SIZES.margin, 0, SIZES.gap, 0)
            self.addWidget(widget)
        self.addWidget(self._problems)
        for widget in (self._activity, self._device, self._speed):
            widget.setProperty("role", "muted")
            widget.setContentsMargins(SIZES.gap, 0, SIZES.gap, 0)
            self.addPermanentWidget(widget)
        self.addPermanentWidget(self._zoom)
        self._zoom.setMinimumWidth(self.fontMetrics().horizontalAdvance("400 %") + 2 * SIZES.gap)

    def offer_zoom(self, actions: Sequence[QAction]) -> None:
        """What a click on the scale offers."""
        menu = QMenu(self._zoom)
        menu.addActions(actions)
        self._zoom.setMenu(menu)
        self._zoom.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def show_saved(self, has_file: bool, modified: bool) -> None:
        if modified:
            self._saved.setText(self.tr("Unsaved changes"))
        else:
            self._saved.setText(self.tr("Saved") if has_file else self.tr("Not saved yet"))

    def show_review(self, review: Review | None) -> None:
        """Size and problems of the network; nothing while none is open."""
        if self._shows_review != (review is not None):  # what a message hides meanwhile must not be shown over it
            self._shows_review = review is not None
            self.clearMessage()
            for widget in (self._saved, self._parameters, self._work, self._problems, self._zoom):
                widget.setVisible(self._shows_review)
        if review is None:
            return
        self._parameters.setText(self.tr("{0} parameters").format(grouped(review.plan.parameters)))
        self._work.setText(self.tr("{0} multiply-adds").format(rounded(review.plan.multiply_adds)))
        count = len(review.problems)
        words = {0: self.tr("No problems"), 1: self.tr("1 problem")}
        self._problems.setText(words.get(count, self.tr("{0} problems").format(count)))

    def show_activity(self, text: str, where: str = "") -> None:
        """What training is about; `where` is the folder it is about, told when the pointer rests there."""
        self._activity.setText(text)
        self._activity.setToolTip(where)

    def show_training(self, event: Event) -> None:
        """Where and how a run computes, as its events tell; what else they tell is passed over."""
        if isinstance(event, Started):
            threads = self.tr("1 thread") if event.threads == 1 else self.tr("{0} threads").format(event.threads)
            self._place = f"{event.device} · {threads}"
            self._show_device("", "")
        elif isinstance(event, Compiled):
            words = {"begun": self.tr("compiling…"), "used": self.tr("compiled"), "refused": self.tr("not compiled")}
            self._show_device(words[event.state], event.words)
        elif isinstance(event, Step):
            self.show_speed(event.samples_per_second)

    def forget_training(self) -> None:
        """Tell no more of a run that belongs to another project."""
        self._place = ""
        self.show_activity("")
        self.show_speed(None)
        self._show_device("", "")

    def _show_device(self, how: str, why: str) -> None:
        self._device.setText(f"{self._place} · {how}" if how else self._place)
        self._device.setToolTip(why)

    def show_speed(self, samples_per_second: float | None) -> None:
        text = "" if samples_per_second is None else self.tr("{0} samples/s").format(grouped(round(samples_per_second)))
        self._speed.setText(text)

    def show_zoom(self, scale: float) -> None:
        self._zoom.setText(f"{scale * 100:.0f} %")
        self._zoom.setAccessibleName(self.tr("Scale of the canvas: {0} %").format(round(scale * 100)))
