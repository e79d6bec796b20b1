"""One quantity over the epochs, for several runs: their curves, a legend, a crosshair, log scale and zoom."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QContextMenuEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from designer.icons import icon
from designer.theme import SIZES, Theme, font
from designer.training.curves import PARTS, Curves, Part, Reading, Run, y_span
from designer.training.legend import Legend

if TYPE_CHECKING:
    from designer.training.plot import Plot

# Milliseconds from one drawing to the next, at least: two charts at 15 Hz leave the processor to the training.
FRAME = 66
_PHASES = itertools.cycle((0, 1, 2))  # thirds of a frame: charts side by side are not drawn in the same one
MANY = 20  # epochs; from here on the crosshair counts whole ones
NEAR = 6  # pixels from a mark at which the crosshair tells of it
BUCKET = 2  # pixels that one averaged point stands for
SMOOTHING = {"Off": 0.0, "Light": 0.6, "Medium": 0.9, "Strong": 0.97}


class Chart(QFrame):
    """A titled card with the curves of some runs. What is appended is drawn at most 15 times a second."""

    title_chosen = Signal(int)  # of those offered by `offer_titles`

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._curves = Curves()
        self._span: tuple[float, float] | None = None
        self._fitted = True
        self._cursor: float | None = None
        self._plot: Plot | None = None
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._phase = next(_PHASES) * FRAME // 3
        self._timer.timeout.connect(self.redraw)
        self.setProperty("role", "panel")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._build(title)
        self.set_title(title)

    def _build(self, title: str) -> None:
        self._title = QLabel(title)
        self._title.setFont(font("strong"))
        self._titles = QComboBox(visible=False)
        self._titles.setProperty("role", "title")
        self._titles.setFont(font("strong"))
        self._titles.activated.connect(self.title_chosen)
        self._fit_button = QToolButton(visible=False)
        self._fit_button.setIcon(icon("corners-out", "muted"))
        self._fit_button.setToolTip(self.tr("Show the whole curve (F, or a double click)"))
        self._fit_button.setAccessibleName(self.tr("Fit"))
        self._fit_button.clicked.connect(self.fit)
        self._log_button = QToolButton(checkable=True)
        self._log_button.setText(self.tr("log"))
        self._log_button.setFont(font("small"))
        self._log_button.setProperty("role", "quiet")
        self._log_button.setToolTip(self.tr("Logarithmic scale (L)"))
        self._log_button.setAccessibleName(self.tr("Logarithmic scale"))
        self._log_button.toggled.connect(self.set_log)
        for button in (self._fit_button, self._log_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._legend = Legend(self._theme)
        for widget in (self._title, self._titles, self._fit_button, self._log_button):
            widget.setFixedHeight(SIZES.header)
        header = QHBoxLayout()
        header.setSpacing(SIZES.gap)
        header.addWidget(self._title)
        header.addWidget(self._titles)
        header.addStretch(1)
        header.addWidget(self._fit_button)
        header.addWidget(self._log_button)
        header.addSpacing(SIZES.gap)
        header.addWidget(self._legend)
        # with a parent at once: a stack shows its first page as soon as it gets it, else as a window of its own
        self._empty = QLabel(self._why_empty(), self, alignment=Qt.AlignmentFlag.AlignCenter)
        self._empty.setProperty("role", "muted")
        self._empty.setWordWrap(True)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SIZES.margin, SIZES.gap, SIZES.margin, 4)
        layout.setSpacing(4)
        layout.addLayout(header)
        layout.addLayout(self._stack, 1)

    # What to show

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self.setAccessibleName(self.tr("Chart: {0}").format(title))

    def offer_titles(self, titles: Sequence[str], chosen: int) -> None:
        """Let the title be chosen from several quantities; `title_chosen` tells which."""
        self._titles.clear()
        self._titles.addItems(list(titles))
        self._titles.setCurrentIndex(chosen)
        self._titles.setAccessibleName(self.tr("Score shown in this chart"))
        self._titles.setVisible(len(titles) > 1)
        self._title.setVisible(len(titles) <= 1)
        self.set_title(titles[chosen])

    def add_run(self, run_id: int, name: str, colour: str) -> None:
        """Make room for a run's curves; one that is there already gets this name and colour."""
        run = self._curves.runs.setdefault(run_id, Run(name, colour))
        run.name, run.colour = name, colour
        self._changed()

    def append(self, run_id: int, part: Part, xs: ArrayLike, ys: ArrayLike) -> None:
        """Lengthen one of a run's two curves; see `Series.append` for what it accepts."""
        self._curves.append(run_id, part, xs, ys)
        self._changed()

    def mark_best(self, run_id: int, epoch: float) -> None:
        """Mark the best epoch on a run's validation curve."""
        self._curves.runs[run_id].best = epoch
        self._changed()

    def mark_change(self, run_id: int, epoch: float, words: str) -> None:
        """Mark where a run's settings changed; the crosshair tells the words."""
        self._curves.runs[run_id].changes.append((epoch, words))
        self._changed()

    def clear_run(self, run_id: int) -> None:
        """Take away a run's points; its name and colour stay."""
        run = self._curves.runs[run_id]
        self._curves.runs[run_id] = Run(run.name, run.colour, run.visible)
        self._changed()

    def remove_run(self, run_id: int) -> None:
        del self._curves.runs[run_id]
        self._changed()

    def set_visible(self, run_id: int, visible: bool) -> None:
        self._curves.runs[run_id].visible = visible
        self._changed()

    def set_span(self, first: float, last: float) -> None:
        """Epochs that the axis shows at least, so that a curve has room to grow into."""
        self._span = (first, last)
        self._changed()

    def set_log(self, log: bool) -> None:
        self._curves.log = log
        self._log_button.setChecked(log)
        self.fit()

    @property
    def log(self) -> bool:
        return self._curves.log

    def set_smoothing(self, weight: float) -> None:
        """Draw the train curves as running means; 0 leaves them as they are, towards 1 they get calmer.

        Raises:
            ValueError: when the weight isn't from 0 to below 1.
        """
        if not 0 <= weight < 1:
            raise ValueError(f"smoothing goes from 0 to below 1, not {weight}")
        self._curves.smoothing = weight
        self._changed()

    def show_theme(self, theme: Theme) -> None:
        """Wear another theme; the owner gives the runs new colours with `add_run`."""
        self._theme = theme
        if self._plot is not None:
            self._plot.show_theme(theme)
        self._changed()

    def fit(self) -> None:
        """Show all of the curves, and go on doing so as they grow."""
        self._fitted = True
        self._fit_button.hide()
        self._changed()

    # Drawing

    def _changed(self) -> None:
        if not self._timer.isActive():
            now = int(time.monotonic() * 1000)
            self._timer.start(FRAME - (now - self._phase) % FRAME)

    def redraw(self) -> None:
        """Draw at once what else the timer would draw."""
        self._timer.stop()
        self._colour_legend()
        if not self._curves.shown:
            self._empty.setText(self._why_empty())
            self._stack.setCurrentWidget(self._empty)
            return
        if not self.isVisible():
            return  # drawn when it is shown
        plot = self._ensured_plot()
        self._stack.setCurrentWidget(plot)
        buckets = plot.columns // BUCKET
        span = self._curves.x_span(self._span) if self._fitted else plot.x_range
        lines = self._curves.lines(span, buckets, self._theme)
        if self._fitted:
            plot.show_range(span, y_span(lines), self._curves.log)
        plot.show_lines(lines)
        plot.show_marks(self._curves.marks(self._theme))
        plot.show_turns(self._curves.turns())
        self._read()

    def _why_empty(self) -> str:
        if not self._curves.runs:
            return self.tr("No run yet. Press Run to train.")
        if any(run.visible for run in self._curves.runs.values()):
            return self.tr("Waiting for the first values…")
        return self.tr("No run is shown. Click one in the table to see its curves.")

    def _colour_legend(self) -> None:
        runs = list(self._curves.shown.values())
        colours = [self._curves.colour(runs[0], part, self._theme) for part in PARTS] if len(runs) == 1 else None
        self._legend.show_colours(self._theme, *(colours or [self._theme.muted] * 2))

    def _ensured_plot(self) -> Plot:
        if self._plot is None:
            from designer.training.plot import Plot  # brings pyqtgraph, which no chart needs before its first curve

            self._plot = Plot(self._theme)
            self._plot.moved.connect(self._zoomed)
            self._plot.hovered.connect(self._hovered)
            self._plot.viewport().installEventFilter(self)
            self._stack.addWidget(self._plot)
        return self._plot

    # The crosshair

    def _hovered(self, x: float | None) -> None:
        self._cursor = x
        self._read()

    def _read(self) -> None:
        if self._plot is not None:
            self._plot.show_reading(None if self._cursor is None else self.reading(self._cursor))

    def reading(self, x: float) -> Reading:
        """The values of every visible curve at the point nearest to epoch `x`."""
        epoch = f"{x:.2f}" if self._curves.x_span(self._span)[1] < MANY else f"{x:.0f}"
        header = (self.tr("epoch {0}").format(epoch), self.tr("train"), self.tr("validation"))
        near = 0.0
        if self._plot is not None:
            left, right = self._plot.x_range
            near = (right - left) / self._plot.columns * NEAR
        return self._curves.reading(x, self._theme, header, self.tr("best"), near)

    # Events

    def _zoomed(self) -> None:
        self._fitted = False
        self._fit_button.show()
        self.redraw()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self.fit()
            return True
        if event.type() == QEvent.Type.Resize:
            self._changed()
        if event.type() == QEvent.Type.MouseButtonPress:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        return False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._changed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() == Qt.Key.Key_L:
            self.set_log(not self._curves.log)
        elif event.key() == Qt.Key.Key_F:
            self.fit()
        elif event.key() in steps and self._plot is not None:
            self._step_cursor(self._plot, steps[event.key()])
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Minus) and self._plot is not None:
            self._plot.zoom(0.8 if event.key() == Qt.Key.Key_Plus else 1.25)
        elif event.key() == Qt.Key.Key_Escape and self._cursor is not None:
            self._hovered(None)
        else:
            super().keyPressEvent(event)

    def _step_cursor(self, plot: Plot, direction: int) -> None:
        left, right = plot.x_range
        here = (left + right) / 2 if self._cursor is None else self._cursor + direction * (right - left) / 100
        self._hovered(min(max(here, left), right))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        log = menu.addAction(self.tr("Logarithmic scale"))
        log.setCheckable(True)
        log.setChecked(self._curves.log)
        log.triggered.connect(self.set_log)
        calm = menu.addMenu(self.tr("Smoothing"))
        group = QActionGroup(calm)
        for name, weight in SMOOTHING.items():
            choice = QAction(self.tr(name), group, checkable=True, checked=weight == self._curves.smoothing)
            choice.triggered.connect(lambda _checked, weight=weight: self.set_smoothing(weight))
            calm.addAction(choice)
        menu.addSeparator()
        menu.addAction(self.tr("Show the whole curve")).triggered.connect(self.fit)
        menu.exec(event.globalPos())
