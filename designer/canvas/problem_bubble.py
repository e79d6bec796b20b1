"""The bubble beside a block with a problem: what is wrong, and links that mend it."""

from __future__ import annotations

import functools
import html
from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from designer.theme import Theme, font
from engine.problem import Fix, Problem

WIDTH = 220
MOST = 3  # problems shown; a line says how many more there are
GAP = 12  # between bubble and block

Rect = tuple[int, int, int, int]  # left, top, width, height: there may be hundreds of them, and Qt's own are slow


class ProblemBubble(QFrame):
    """Shows the problems of one block. `fix_chosen(fix)` tells which link was followed."""

    fix_chosen = Signal(object)
    entered = Signal()
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.problems: tuple[Problem, ...] = ()
        self._fixes: list[Fix] = []
        self._theme: Theme | None = None
        self.setObjectName("bubble")
        self.setAccessibleName(self.tr("Problems of the block"))
        self.setFixedWidth(WIDTH)
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self._text.linkActivated.connect(self._follow)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 10, 12, 10)
        self._layout.addWidget(self._text)
        self.hide()

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._text.setFont(font("small"))
        self.show_problems(self.problems)

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """The problems to tell; the colour of the frame is that of the worst."""
        self.problems = problems
        if self._theme is None or not problems:
            return
        theme, worst = self._theme, "error" if any(p.severity == "error" for p in problems) else "warning"
        self._told = sorted(problems, key=lambda problem: problem.severity != "error")[:MOST]  # errors first
        self._fixes = [fix for problem in self._told for fix in problem.fixes]
        self._text.setText(self._words(theme))
        frame = theme.danger if worst == "error" else theme.warning
        self.setStyleSheet(
            f"#bubble {{ background: {theme.raised}; border: 1px solid {frame}; border-radius: 6px; }}"
            f"#bubble QLabel {{ color: {theme.text}; background: transparent; }}"
        )
        self.setFixedHeight(self._layout.totalHeightForWidth(WIDTH))

    def place(self, block: QRect, room: QRect, others: Iterable[QRect]) -> None:
        """Lie beside a block (in the parent's pixels) where the fewest others are covered, within the room."""
        covered = [other.getRect() for other in others]
        self.move(min(self._spots(block), key=lambda spot: self._cost(spot, block, room, covered)))

    def reach(self, block: QRect) -> QRect:
        """Where it may lie, beside a block."""
        return functools.reduce(QRect.united, (QRect(spot, self.size()) for spot in self._spots(block)))

    def _spots(self, block: QRect) -> list[QPoint]:
        size, middle = self.size(), block.center()
        left, right = block.left() - GAP - size.width(), block.right() + GAP
        above, below = block.top() - GAP - size.height(), block.bottom() + GAP + 14  # the shape stands below a card
        beside = (middle.y() - size.height() // 2, block.top(), block.bottom() - size.height())
        over = (middle.x() - size.width() // 2, block.left(), block.right() - size.width())
        return [
            *(QPoint(x, below) for x in over),
            *(QPoint(x, above) for x in over),
            *(QPoint(left, y) for y in beside),
            *(QPoint(right, y) for y in beside),
        ]

    def _cost(self, spot: QPoint, block: QRect, room: QRect, others: Iterable[Rect]) -> float:
        """Pixels outside the room weigh most, then the block itself, then other blocks."""
        area = (*spot.toTuple(), *self.size().toTuple())
        outside = area[2] * area[3] - _common(area, room.getRect())
        own = _common(area, block.getRect())
        return 100.0 * outside + 10.0 * own + sum(_common(area, other) for other in others)

    def _words(self, theme: Theme) -> str:
        parts, number = [], 0
        for problem in self._told:
            colour = theme.danger if problem.severity == "error" else theme.warning
            lines = [
                f'<b style="color: {colour}">{html.escape(problem.title)}</b>',
                html.escape(problem.text),
            ]
            links = []
            for fix in problem.fixes:
                style = f"color: {theme.link}; text-decoration: none"
                links.append(f'<a href="{number}" style="{style}">{html.escape(fix.label)}</a>')
                number += 1
            if links:
                lines.append(" · ".join(links))
            parts.append("<br>".join(lines))
        if len(self.problems) > MOST:
            more = self.tr("and %n more", "", len(self.problems) - MOST)
            parts.append(f'<span style="color: {theme.muted}">{html.escape(more)}</span>')
        return "".join(
            f'<p style="margin: {8 if index else 0}px 0 0 0; line-height: 125%">{part}</p>'
            for index, part in enumerate(parts)
        )

    def _follow(self, link: str) -> None:
        self.fix_chosen.emit(self._fixes[int(link)])

    def enterEvent(self, event: QEnterEvent) -> None:
        self.entered.emit()

    def leaveEvent(self, event: object) -> None:
        self.left.emit()


def _common(one: Rect, other: Rect) -> int:
    """How many pixels two rectangles have in common."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return across * down if across > 0 and down > 0 else 0
