"""The words beside a chart's title that say which stroke is which part of the data."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from designer.theme import SIZES, Theme, font

STROKE = 16  # length of a sample, in pixels
GAP = 6


class Legend(QWidget):
    """A dashed and a solid sample, each with its word, in the colours of the only run or in grey for several.

    Where there is no room for both words, there is none.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._colours = {"validation": theme.muted, "train": theme.muted}
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setToolTip(self.tr("Dashed line: validation. Solid line: train."))
        self.setAccessibleName(self.tr("Dashed line: validation. Solid line: train."))

    def show_colours(self, theme: Theme, train: str, validation: str) -> None:
        colours = {"validation": validation, "train": train}
        if (theme, colours) != (self._theme, self._colours):
            self._theme, self._colours = theme, colours
            self.update()

    def words(self) -> dict[str, str]:
        return {"validation": self.tr("validation"), "train": self.tr("train")}

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(font("small"))
        widths = [STROKE + GAP + metrics.horizontalAdvance(word) for word in self.words().values()]
        return QSize(sum(widths) + 2 * SIZES.gap * (len(widths) - 1), metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        """Where room is scarce, the samples do without their words."""
        return QSize(2 * STROKE + SIZES.gap, self.sizeHint().height())

    @property
    def worded(self) -> bool:
        """Whether there is room for the words."""
        return self.width() >= self.sizeHint().width()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font("small"))
        metrics = QFontMetrics(font("small"))
        x, middle = 0.0, self.height() / 2
        for part, word in self.words().items():
            pen = QPen(QColor(self._colours[part]), 2.0)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            if part == "validation":
                pen.setDashPattern([2.5, 1.5])
            painter.setPen(pen)
            painter.drawLine(QPointF(x, middle), QPointF(x + STROKE, middle))
            if not self.worded:
                x += STROKE + SIZES.gap
                continue
            x += STROKE + GAP
            painter.drawText(QPointF(x, middle + (metrics.ascent() - metrics.descent()) / 2), word)
            x += metrics.horizontalAdvance(word) + 2 * SIZES.gap
        painter.end()
