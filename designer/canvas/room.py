"""Where a block comes to lie that is set into a wire, and which blocks make room for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSizeF

from designer.canvas.geometry import COLUMN, GRID, HEIGHT, WIDTH, snapped

GAP = COLUMN - WIDTH  # from card to card in a row
LEVEL = HEIGHT / 2  # ends of a wire whose heights differ less stand in one row


@dataclass(frozen=True)
class Landing:
    """The upper left corner of a new card, and new corners of those that are moved out of its way."""

    corner: QPointF
    moved: Mapping[str, QPointF] = field(default_factory=dict)


def landing(
    size: QSizeF,
    centre: QPointF,
    port: float,
    ends: tuple[QPointF, QPointF],
    source: QRectF,
    boxes: Mapping[str, QRectF],
    grid: float,
) -> Landing:
    """Where a card comes to lie that is let go over a wire, around `centre`.

    In a row it stands on the row, behind the wire's source; whatever stands in its way moves right. `ends` are those
    of the wire, `port` is how far below the card's upper edge its input lies, and `boxes` are all other cards.
    """
    start, end = ends
    corner = centre - QPointF(size.width() / 2, size.height() / 2)
    if start.x() < end.x() and abs(start.y() - end.y()) < LEVEL:
        corner.setY(start.y() - port)
        least, most = source.right() + GAP, end.x() - GAP - size.width()
        if most < least:  # too narrow for usual gaps, but perhaps not for smaller ones
            tight = (start.x() + end.x() - size.width()) / 2
            least = most = tight if tight - source.right() >= GAP / 2 else least
        corner.setX(max(least, min(most, corner.x())))
    corner = QPointF(snapped(corner, grid).x(), corner.y() if grid <= 0 else snapped(corner, grid).y())
    if _meet(QRectF(corner, size), source):
        corner.setX(source.right() + GAP)
    return Landing(corner, pushed(QRectF(corner, size), boxes))


def pushed(taken: QRectF, boxes: Mapping[str, QRectF], staying: Collection[str] = ()) -> dict[str, QPointF]:
    """New corners of the cards that have to go right so that none lies on `taken`, nor on another that was moved."""
    now = {key: QRectF(box) for key, box in boxes.items() if key not in staying}
    waiting, moved = [taken], {}
    while waiting:
        by = waiting.pop(0)
        for key, box in now.items():
            if box is not by and box.center().x() > by.left() and _meet(by, box):
                box.moveLeft(by.right() + GAP)
                moved[key] = box.topLeft()
                waiting.append(box)
    return moved


def _meet(one: QRectF, other: QRectF) -> bool:
    """Whether two cards lie on each other, or so near that no wire would be seen between them."""
    return one.adjusted(-GAP / 2, -GRID, GAP / 2, GRID).intersects(other)
