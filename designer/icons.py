"""Icons of one family, drawn as vectors in a role's colour of whatever theme is worn.

The glyphs are those of Phosphor as QtAwesome brings them. Importing QtAwesome costs a third of a second,
since it loads a second Qt binding layer and eleven fonts; reading the one font that we use costs 15 ms, and
only when the first icon is painted.
"""

from __future__ import annotations

import functools
import importlib.util
import json
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPainterPath, QPixmap, QRawFont, QTransform

from designer.theme import current_theme

_EM = 64  # pixels at which the outlines are read; they are scaled from there


def icon(name: str, role: str = "text") -> QIcon:
    """The icon with one of Phosphor's names, such as `play-fill` or `arrow-counter-clockwise`.

    It turns grey where it is disabled, and takes on the colours of a new theme by itself.

    Raises:
        ValueError: when the family has no icon of that name.
    """
    if name not in _codes():
        raise ValueError(f"there is no icon “{name}”")
    return QIcon(_GlyphEngine(name, role))


@functools.cache
def glyph(name: str) -> QPainterPath:
    """Outline of an icon in a square of 1 × 1."""
    (index,) = _outlines().glyphIndexesForString(chr(int(_codes()[name], 16)))
    to_unit_square = QTransform(1 / _EM, 0, 0, 1 / _EM, 0, 1)  # the baseline, at 0, is the bottom of the square
    return to_unit_square.map(_outlines().pathForGlyph(index))


@functools.cache
def _codes() -> dict[str, str]:
    """The font's characters, hexadecimal, by name."""
    return json.loads(_file("phosphor-charmap-*.json").read_text(encoding="utf-8"))


@functools.cache
def _outlines() -> QRawFont:
    return QRawFont(str(_file("phosphor-*.ttf")), _EM)


def _file(pattern: str) -> Path:
    package = importlib.util.find_spec("qtawesome")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("The icons are missing. Install them with: pip install QtAwesome")
    return next((Path(package.origin).parent / "fonts").glob(pattern))


class _GlyphEngine(QIconEngine):
    """Paints one glyph at any size."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name, self._role = name, role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        role = "disabled" if mode == QIcon.Mode.Disabled else self._role
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2)
        painter.scale(side, side)
        painter.fillPath(glyph(self._name), QColor(current_theme().role(role)))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        if size.isEmpty():  # asked for while a layout has no room
            return QPixmap()
        drawn = QPixmap(size)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return drawn

    def clone(self) -> QIconEngine:
        return _GlyphEngine(self._name, self._role)
