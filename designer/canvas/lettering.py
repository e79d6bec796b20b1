"""Texts on cards: in which letters they fit, laid out once and drawn as glyphs."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGlyphRun, QPainter, QPen, QTextLayout

from designer.canvas.inks import Letters

# Laid out once, then drawn as they are. A QStaticText would be laid out anew whenever the scale changes,
# which makes it three times as slow while zooming; at rest the card is a pixmap either way.
Placed = tuple[list[QGlyphRun], QPointF, QColor]


def fits(text: str, letters: Letters, width: float) -> bool:
    """Whether a text needs not be cut short."""
    return letters[-1][1].horizontalAdvance(text) <= width


def chosen(text: str, letters: Letters, width: float) -> tuple[QFont, QFontMetricsF]:
    """The largest letters that a text fits in, else the smallest."""
    return next((pair for pair in letters if pair[1].horizontalAdvance(text) <= width), letters[-1])


def placed(text: str, letters: Letters, width: float, x: float, base: float, colour: QColor) -> Placed:
    """A text on its base line, in the largest letters that it fits in, else cut short."""
    font, metrics = chosen(text, letters, width)
    layout = QTextLayout(metrics.elidedText(text, Qt.TextElideMode.ElideRight, width), font)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    ascent = line.ascent() if line.isValid() else 0.0
    return layout.glyphRuns(), QPointF(round(x), round(base - ascent)), colour


def placed_right(text: str, letters: Letters, width: float, right: float, base: float, colour: QColor) -> Placed:
    """Likewise, in the first size, but ending at `right`."""
    metrics = letters[0][1]
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    x = right - metrics.horizontalAdvance(shown)
    return placed(shown, letters[:1], width + 1, x, base, colour)


def strike(painter: QPainter, pen: QPen, text: Placed) -> None:
    """A line through a text that was drawn; a font with such a line has it beside the text that a run draws."""
    runs, place, _ = text
    painter.setPen(pen)
    for run in runs:
        around = run.boundingRect().translated(place)
        height = around.center().y() + 0.5
        painter.drawLine(QLineF(around.left() - 1, height, around.right() + 1, height))


def draw(painter: QPainter, text: Placed) -> None:
    runs, place, colour = text
    painter.setPen(colour)
    for run in runs:
        painter.drawGlyphRun(place, run)
