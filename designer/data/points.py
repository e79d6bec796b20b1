"""Vectors of two numbers as points in the plane, told apart by colour and by form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from designer.theme import Theme, font

if TYPE_CHECKING:
    import numpy.typing

    Array = numpy.typing.NDArray[Any]

SYMBOLS = ("o", "t", "s", "d", "+", "x", "star", "p")
SIGNS = ("●", "▼", "■", "◆", "+", "×", "★", "⬟")  # the same in writing


class Points(QWidget):
    """A scatter plot with a legend above it; pyqtgraph is imported with the first points."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[Array, Array | None, tuple[str, ...], str] | None = None
        self._axes = ("", "")
        self._plot: Any = None
        self._legend = QLabel()
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._legend.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(self._legend)

    @property
    def legend(self) -> str:
        return self._legend.text()

    @property
    def axes(self) -> tuple[str, str]:
        """What stands at the axis across and at the one up."""
        return self._plot.getAxis("bottom").labelText, self._plot.getAxis("left").labelText

    def show_points(self, points: Array, classes: Array | None, names: tuple[str, ...], name: str) -> None:
        """Show points, (samples, 2), and the index of the class of each, (samples,), where there are classes.

        `name` is that of the field; its two numbers are called as in the table of values.
        """
        self._shown = (points, classes, names, self.tr("Points of {0}").format(name))
        self._axes = (f"{name} 1", f"{name} 2")
        self._draw()

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._draw()

    def _draw(self) -> None:
        if self._shown is None:
            return
        import pyqtgraph

        points, classes, names, title = self._shown
        if self._plot is None:
            self._plot = pyqtgraph.PlotWidget(background=None)
            self._plot.setMenuEnabled(False)
            self._plot.hideButtons()
            self._plot.setAspectLocked(True)
            self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.layout().addWidget(self._plot)
        self._plot.setAccessibleName(title)
        self._plot.clear()
        for axis in ("left", "bottom"):
            item = self._plot.getAxis(axis)
            item.setPen(QColor(self._theme.border))
            item.setTextPen(QColor(self._theme.muted))
            item.setTickFont(font("tiny"))
            item.label.setFont(font("small"))
        for axis, name in zip(("bottom", "left"), self._axes, strict=True):
            self._plot.getAxis(axis).enableAutoSIPrefix(False)  # it would turn 2 000 into 2 k behind the name
            self._plot.setLabel(axis, name, color=self._theme.muted)
        self._plot.showGrid(x=True, y=True, alpha=0.15)
        groups = (
            [(0, points)] if classes is None else [(index, points[classes == index]) for index in range(len(names))]
        )
        for index, group in groups:
            colour = QColor(self._theme.curve(index))
            colour.setAlpha(210)
            scatter = pyqtgraph.ScatterPlotItem(
                x=group[:, 0], y=group[:, 1], symbol=SYMBOLS[index % len(SYMBOLS)], size=7, pen=None, brush=colour
            )
            self._plot.addItem(scatter)
        self._legend.setText(" &nbsp; ".join(self._entry(index, name) for index, name in enumerate(names)))
        self._legend.setVisible(bool(names))

    def _entry(self, index: int, name: str) -> str:
        sign = SIGNS[index % len(SIGNS)]
        return f'<span style="color: {self._theme.curve(index)}">{sign}</span>&nbsp;{name}'
