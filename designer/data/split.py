"""How the data are divided: a bar with the three parts, and shares that can be slid as well as typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QWidget

from designer.counts import grouped
from designer.data.tables import PARTS
from designer.editors import Take, TextEditor, tooltip
from designer.theme import SIZES, Theme, font
from engine.record import Param

MOST = 95  # per cent, the end of a slider
FIELD = 64  # width in pixels of the field beside it


class ShareEditor(TextEditor):
    """A share as a slider and a field."""

    def __init__(self, described: Param, take: Take, parent: QWidget | None = None) -> None:
        super().__init__(described, take, parent)
        self.control.setFixedWidth(FIELD)
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.setSpacing(SIZES.gap)
        layout.insertWidget(0, self._slider, 1)
        QWidget.setTabOrder(self._slider, self.control)

    def _build(self) -> QWidget:
        self._slider = _Slider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, MOST)
        self._slider.setPageStep(5)
        self._slider.setAccessibleName(self.described.label)
        self._slider.setToolTip(tooltip(self.described))
        self._slider.valueChanged.connect(self._slid)
        self._slider.sliderReleased.connect(self._release)
        return super()._build()

    def _show(self) -> None:
        super()._show()
        self._place()

    def _offer(self, value: Any) -> bool:
        taken = super()._offer(value)
        self._place()
        return taken

    def _place(self) -> None:
        """The slider where the value is, unless it is in someone's hand."""
        if not self._slider.isSliderDown() and self._value is not None:
            self._slider.blockSignals(True)
            self._slider.setValue(round(self._value * 100))
            self._slider.blockSignals(False)

    def _slid(self, per_cent: int) -> None:
        if self._offer(per_cent / 100):
            self._line.setText(self.described.format(self._value))
            self._line.bad = False
        if not self._slider.isSliderDown():
            self._place()

    def _release(self) -> None:
        self._show()
        self.settled.emit()


class _Slider(QSlider):
    """A slider that the wheel scrolls past."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class PartsBar(QWidget):
    """The three parts as lengths, each with its name and number of samples."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sizes: Mapping[str, int] = {}
        self._words = {"train": self.tr("Train"), "validation": self.tr("Validation"), "test": self.tr("Test")}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(240, 10 + 6 + 2 * self.fontMetrics().height())

    def show_sizes(self, sizes: Mapping[str, int]) -> None:
        self._sizes = dict(sizes)
        words = ", ".join(f"{self._words[part]} {sizes[part]}" for part in PARTS)
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        total = sum(self._sizes.values())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        left = 0.0
        colours = (self._theme.accent_fill, self._theme.validation, self._theme.disabled)
        for part, colour in zip(PARTS, colours, strict=True):
            width = self.width() * self._sizes.get(part, 0) / total if total else 0
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(QRectF(left, 0, max(0.0, width - 2), 10), 3, 3)
            left += width
        third = self.width() / 3
        for place, (part, colour) in enumerate(zip(PARTS, colours, strict=True)):
            self._paint_word(painter, place, third, part, colour)

    def _paint_word(self, painter: QPainter, place: int, third: float, part: str, colour: str) -> None:
        height = self.fontMetrics().height()
        at = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)[place]
        area = QRectF(place * third, 16, third, height)
        painter.setFont(font("small"))
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(area, at | Qt.AlignmentFlag.AlignVCenter, self._words[part])
        painter.setFont(font("strong"))
        painter.setPen(QColor(self._theme.text))
        count = grouped(self._sizes[part]) if part in self._sizes else "–"
        painter.drawText(area.translated(0, height), at | Qt.AlignmentFlag.AlignVCenter, count)
