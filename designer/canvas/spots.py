"""Where on a card its name and its values stand, to be edited there."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from designer.canvas.card import LEFT, NAME_LINE, NAMES_ONLY, Card
from designer.together import NAME
from engine.blocks.base import BETWEEN

ABOVE, BELOW, BESIDE = 12.0, 5.0, 3.0  # of a text's base line, and at its sides, that still count as the text


def spots(card: Card, scale: float) -> dict[str, QRectF]:
    """By the key of a `together.Value`, areas of the scene; from far away, the name alone can be pointed at."""
    if scale < NAMES_ONLY:
        return {NAME: card.body}
    return {key: area.translated(card.pos()) for key, area in _found(card).items()}


def _found(card: Card) -> dict[str, QRectF]:
    """Those that stand on it near by, in its own coordinates; the pointer asks with every move."""
    if card.spots is None:
        line, head = card.line(), card.node.block.summary()
        card.spots = {NAME: _area(LEFT, LEFT + card.name_length(), NAME_LINE + card.shift)}
        told = [] if card.is_group else card.node.block.told()
        place = len(head) - len(BETWEEN.join(words for _, words in told))
        for key, words in told:
            start, end = (line.metrics.horizontalAdvance(head[:count]) for count in (place, place + len(words)))
            if start < line.width:  # else it had to be cut off
                card.spots[key] = _area(LEFT + start, LEFT + min(end, line.width), line.base)
            place += len(words + BETWEEN)
    return card.spots


def can_be_edited(card: Card, scale: float) -> bool:
    """Whether a double click edits what it meets, rather than the block as a whole: a group is entered."""
    return scale >= NAMES_ONLY and not card.is_group


def line_of(card: Card) -> QRectF:
    """Where values stand that the card doesn't tell, being as they are by default."""
    line = card.line()
    return _area(LEFT, LEFT + line.width, line.base).translated(card.pos())


def spot_at(card: Card, point: QPointF, scale: float) -> str | None:
    """The value at a point of the scene; None on the card's plain body."""
    return next((key for key, area in spots(card, scale).items() if area.contains(point)), None)


def _area(start: float, end: float, base: float) -> QRectF:
    return QRectF(start - BESIDE, base - ABOVE, end - start + 2 * BESIDE, ABOVE + BELOW)
