"""Where a block comes to lie that is set into a wire, and which blocks make room for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSizeF

from designer.canvas.geometry import COLUMN, GRID, HEIGHT, WIDTH, snapped

GAP = COLUMN - WIDTH  # from card to card in a row
MOST = 400  # pushes, after which cards heaped up on each other are left as they lie
Box = tuple[float, float, float, float]  # left, top, right and bottom; of a heap, very many are compared
LEVEL = HEIGHT / 2  # ends of a wire whose heights differ less stand in one row


@dataclass(frozen=True)
class Landing:
    """The upper left corner of a new card, and new corners of those that are moved out of its way."""

    corner: QPointF
    moved: Mapping[str, QPointF] = field(default_factory=dict)


class Crowd:
    """Cards that may have to make room, sorted by their height, so that among many, few are looked at."""

    def __init__(self, boxes: Mapping[str, QRectF]) -> None:
        self._boxes: dict[str, Box] = {key: box.getCoords() for key, box in boxes.items()}
        self._rows: defaultdict[int, list[str]] = defaultdict(list)
        for key, box in self._boxes.items():
            for row in _rows(box):
                self._rows[row].append(key)

    def pushed(self, taken: QRectF) -> dict[str, QPointF]:
        """New corners of the cards that go right so that none lies on `taken`, nor on another that was moved."""
        moved: dict[str, Box] = {}
        waiting = [""]  # keys of what pushes; the empty one is the card that comes
        for _ in range(MOST):
            if not waiting:
                break
            pusher = waiting.pop(0)
            by = moved[pusher] if pusher else taken.getCoords()
            start = by[2] + GAP
            for key in {key: None for row in _rows(by) for key in self._rows.get(row, ())}:
                left, top, right, bottom = moved.get(key) or self._boxes[key]
                if key != pusher and left + right > 2 * by[0] and _meet(by, (left, top, right, bottom)):
                    moved[key] = (start, top, start + right - left, bottom)
                    waiting.append(key)
        return {key: QPointF(box[0], box[1]) for key, box in moved.items()}


def landing(
    size: QSizeF,
    centre: QPointF,
    port: float,
    ends: tuple[QPointF, QPointF],
    source: QRectF,
    crowd: Crowd,
    grid: float,
) -> Landing:
    """Where a card comes to lie that is let go over a wire, around `centre`.

    In a row it stands on the row, behind the wire's source; whatever stands in its way moves right. `ends` are those
    of the wire, `port` is how far below the card's upper edge its input lies, and `crowd` are all other cards.
    """
    start, end = ends
    corner = centre - QPointF(size.width() / 2, size.height() / 2)
    down = snapped(corner, grid).y()
    if start.x() < end.x() and abs(start.y() - end.y()) < LEVEL:
        down = start.y() - port  # level with the wire, even where the row lies between two lines of the grid
        least, most = source.right() + GAP, end.x() - GAP - size.width()
        if most < least:  # too narrow for usual gaps, but perhaps not for smaller ones
            tight = (start.x() + end.x() - size.width()) / 2
            least = most = tight if tight - source.right() >= GAP / 2 else least
        corner.setX(max(least, min(most, corner.x())))
    corner = QPointF(snapped(corner, grid).x(), down)
    if _meet(QRectF(corner, size).getCoords(), source.getCoords()):
        corner.setX(source.right() + GAP)
    return Landing(corner, crowd.pushed(QRectF(corner, size)))


def _rows(box: Box) -> range:
    """The rows, each as high as a card, that a card with the space around it reaches into."""
    return range(int((box[1] - GRID) // HEIGHT), int((box[3] + GRID) // HEIGHT) + 1)


def _meet(one: Box, other: Box) -> bool:
    """Whether two cards lie on each other, or so near that no wire would be seen between them."""
    across = one[0] - GAP / 2 < other[2] and other[0] < one[2] + GAP / 2
    return across and one[1] - GRID < other[3] and other[1] < one[3] + GRID
