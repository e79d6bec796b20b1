"""How large the gradient of each block is: bars on a logarithmic scale, and in words whether that is healthy."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from designer.theme import SIZES, Theme, font
from designer.training.figures import measured

VANISHING, EXPLODING = 1e-7, 1e3  # below and above, training goes nowhere; also the ends of the scale
ROW, THICKNESS, GAP = 22, 8, 12  # pixels

Health = Literal["healthy", "vanishing", "exploding", "not finite"]
COLOURS: Mapping[Health, str] = {
    "healthy": "bar",
    "vanishing": "warning",
    "exploding": "danger",
    "not finite": "danger",
}


def health(norm: float) -> Health:
    """What a gradient's norm says about the training of its block."""
    if not math.isfinite(norm):
        return "not finite"
    if norm < VANISHING:
        return "vanishing"
    return "exploding" if norm > EXPLODING else "healthy"


def fraction(norm: float) -> float:
    """Length of a norm's bar, from 0 at the limit of vanishing to 1 at that of exploding."""
    if not math.isfinite(norm):
        return 1.0
    if norm <= 0:
        return 0.0
    low, high = math.log10(VANISHING), math.log10(EXPLODING)
    return min(max((math.log10(norm) - low) / (high - low), 0.0), 1.0)


@dataclass(frozen=True)
class _Row:
    name: str
    norm: float
    health: Health
    words: str  # the health, as the interface says it


class GradientBars(QFrame):
    """The panel "Gradients by block"; it scrolls where there are many."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        title = QLabel(self.tr("Gradients by block"))
        title.setFont(font("strong"))
        title.setFixedHeight(SIZES.header)
        self._bars = _Bars(theme)
        self._scroll = _Scroll(self._bars)
        self._summary = QLabel()
        self._summary.setProperty("role", "small")
        self._summary.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SIZES.margin, SIZES.gap, SIZES.gap, SIZES.gap)
        layout.setSpacing(4)
        layout.addWidget(title)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._summary)
        layout.addStretch(0)
        self.show_norms({})

    def show_norms(self, norms: Mapping[str, float]) -> None:
        """Show the norm of the gradient of each block, in the order given."""
        rows = [_Row(name, norm, health(norm), self.words(health(norm))) for name, norm in norms.items()]
        self._bars.show_rows(rows)
        self._scroll.fit(len(rows) * ROW)
        self._summary.setText(self._summarised(rows))
        self._scroll.setAccessibleName(self.tr("Gradients by block"))
        self._scroll.setAccessibleDescription(
            "; ".join(f"{row.name} {measured(row.norm)} {row.words}" for row in rows) or self._summary.text()
        )

    def show_theme(self, theme: Theme) -> None:
        self._bars.show_theme(theme)

    def words(self, state: Health) -> str:
        return {
            "healthy": self.tr("healthy"),
            "vanishing": self.tr("vanishing"),
            "exploding": self.tr("exploding"),
            "not finite": self.tr("not finite"),
        }[state]

    def summary(self) -> str:
        """The line below the bars."""
        return self._summary.text()

    def _summarised(self, rows: list[_Row]) -> str:
        if not rows:
            return self.tr("They appear while a network trains.")
        ill = [row for row in rows if row.health != "healthy"]
        if not ill:
            finding = self.tr("healthy")
        elif len(ill) == 1:
            finding = f"{ill[0].name} {ill[0].words}"
        else:
            counts = {row.words: sum(other.words == row.words for other in ill) for row in ill}
            finding = ", ".join(f"{count} {words}" for words, count in counts.items())
        return self.tr("norm, log scale · {0}").format(finding)


class _Scroll(QScrollArea):
    """Holds the bars; no higher than they are, so that the summary stands right below the last one."""

    def __init__(self, bars: QWidget) -> None:
        super().__init__(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(bars)
        self.viewport().setAutoFillBackground(False)
        bars.setAutoFillBackground(False)

    def fit(self, height: int) -> None:
        self.setMaximumHeight(height)
        self._choose_bar()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose_bar()

    def _choose_bar(self) -> None:
        """Show the scroll bar where it is needed; Qt's own rule leaves it standing after the area has grown."""
        needed = self.widget().minimumHeight() > self.height()
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOn if needed else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if policy != self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(policy)


class _Bars(QWidget):
    """The rows themselves: name, bar, and a word where the norm isn't healthy."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: list[_Row] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)

    def show_rows(self, rows: list[_Row]) -> None:
        if len(rows) != len(self._rows):
            self.setMinimumHeight(len(rows) * ROW)
        self._rows = rows
        self.update()

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(180, len(self._rows) * ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics, small = QFontMetrics(font("text")), QFontMetrics(font("small"))
        names = max((metrics.horizontalAdvance(row.name) for row in self._rows), default=0)
        names = min(names, self.width() * 2 // 5)
        words = max((small.horizontalAdvance(row.words) for row in self._rows if row.health != "healthy"), default=0)
        track = QRectF(names + GAP, 0, self.width() - names - GAP - SIZES.gap - (words and words + GAP), THICKNESS)
        for index, row in enumerate(self._rows):
            top = index * ROW
            if top + ROW >= event.rect().top() and top <= event.rect().bottom():
                track.moveTop(top + (ROW - THICKNESS) / 2)
                painter.setFont(font("text"))
                painter.setPen(QColor(self._theme.muted))
                name = metrics.elidedText(row.name, Qt.TextElideMode.ElideMiddle, names + 1)
                painter.drawText(QRectF(0, top, names + 1, ROW), Qt.AlignmentFlag.AlignVCenter, name)
                self._draw_bar(painter, track, row)
                if row.health != "healthy":
                    painter.setFont(font("small"))
                    painter.setPen(QColor(self._theme.role(COLOURS[row.health])))
                    place = QRectF(track.right() + GAP, top, words + 1, ROW)
                    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, row.words)
        painter.end()

    def _draw_bar(self, painter: QPainter, track: QRectF, row: _Row) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.track))
        painter.drawRoundedRect(track, THICKNESS / 2, THICKNESS / 2)
        length = track.width() * fraction(row.norm)
        if length > 0:
            painter.setBrush(QColor(self._theme.role(COLOURS[row.health])))
            bar = QRectF(track.left(), track.top(), max(length, THICKNESS), THICKNESS)
            painter.drawRoundedRect(bar, THICKNESS / 2, THICKNESS / 2)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            index = event.pos().y() // ROW
            if 0 <= index < len(self._rows):
                row = self._rows[index]
                QToolTip.showText(event.globalPos(), f"{row.name}: {measured(row.norm)} · {row.words}", self)
                return True
        return super().event(event)
