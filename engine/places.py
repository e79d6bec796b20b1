"""Where things lie on the canvas, and mappings of them by path: "conv1", or "stage1/conv1" for what is in a group."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple, TypeVar

T = TypeVar("T")
CARD = (150.0, 58.0)  # width of every card, and height of those with few ports


class Position(NamedTuple):
    """Upper left corner of a block's card on the canvas, in pixels at 100 %.

    A layout goes by ids; a block in a group by those of the groups in front, such as "stage1/block1/conv1".
    """

    x: float
    y: float

    def by(self, across: float, down: float) -> Position:
        return Position(self.x + across, self.y + down)


class Area(NamedTuple):
    """A rectangle on the canvas."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Position:
        return Position(self.x + self.width / 2, self.y + self.height / 2)

    def by(self, across: float, down: float) -> Area:
        return self._replace(x=self.x + across, y=self.y + down)

    def holds(self, point: tuple[float, float]) -> bool:
        return self.x <= point[0] <= self.x + self.width and self.y <= point[1] <= self.y + self.height

    def holds_all(self, other: Area) -> bool:
        return self.holds(other[:2]) and self.holds((other.x + other.width, other.y + other.height))


def middle_of(place: tuple[float, float]) -> Position:
    """The middle of the card whose upper left corner stands at a place."""
    return Position(place[0] + CARD[0] / 2, place[1] + CARD[1] / 2)


def seen_from(mapping: Mapping[str, T], front: str) -> dict[str, T]:
    """What lies in the group whose path is `front` (with a slash at its end), as seen from there."""
    return {key[len(front) :]: value for key, value in mapping.items() if key.startswith(front)}


def put_under(mapping: Mapping[str, T], front: str, inner: Mapping[str, T]) -> dict[str, T]:
    """The mapping in which exactly `inner` lies in the group whose path is `front`."""
    kept = {key: value for key, value in mapping.items() if not key.startswith(front)}
    return kept | {front + key: value for key, value in inner.items()}


def inside_of(mapping: Mapping[str, T], group: str, other: str) -> dict[str, T]:
    """All that is inside a group, for the inside of another one that is like it."""
    return put_into(other, seen_from(mapping, f"{group}/"))


def insides(mapping: Mapping[str, T]) -> dict[str, dict[str, T]]:
    """All that lies in groups, as seen from there, by the id of the group: for those who ask about many of them."""
    found: dict[str, dict[str, T]] = {}
    for key, value in mapping.items():
        first, slash, rest = key.partition("/")
        if slash:
            found.setdefault(first, {})[rest] = value
    return found


def put_into(group: str, inner: Mapping[str, T]) -> dict[str, T]:
    """What is seen from within a group, as it is seen from where the group stands."""
    return {f"{group}/{key}": value for key, value in inner.items()}


def without_groups(mapping: Mapping[str, T], gone: Collection[str], heirs: Mapping[str, str]) -> dict[str, T]:
    """What is left when some groups go: what is inside of one stays where an heir uses the same weights."""
    kept: dict[str, T] = {}
    for key, value in mapping.items():
        first, slash, rest = key.partition("/")
        if not slash or first not in gone:
            kept[key] = value
        elif first in heirs:
            kept[f"{heirs[first]}/{rest}"] = value
    return kept


def numbered(stem: str, taken: Iterable[str]) -> str:
    """`stem` with the smallest number that nothing has yet."""
    used, number = set(taken), 1
    while f"{stem}{number}" in used:
        number += 1
    return f"{stem}{number}"
