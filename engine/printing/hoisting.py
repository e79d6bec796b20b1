"""Long expressions made short: what can't be laid out over several lines gets a variable of its own in front."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from engine.call import Attribute, Call, Expression, Infix, Item, Method, Name, Prefix
from engine.tensor import AnyTensor

STEP = 4  # spaces by which the inside of a bracket is moved


def shortened(
    value: Expression, room: int, inside: int, names: Mapping[str, str], aside: Callable[[Expression], Name]
) -> Expression:
    """The value with what has no room in a line put aside, in the order in which it is computed.

    `room` is what a line has for it, `inside` what a line in its brackets has. Calls are left as they are, since
    their arguments can have a line each.
    """
    if len(value.text(names)) <= room:
        return value
    if isinstance(value, Call):
        args = tuple(_argument(arg, inside, names, aside) for arg in value.args)
        kwargs = value.kwargs or {}
        return replace(
            value,
            args=args,
            kwargs={key: _argument(arg, inside - len(key) - 1, names, aside) for key, arg in kwargs.items()},
        )
    if isinstance(value, Item) and isinstance(value.whole, Call):
        return replace(value, whole=shortened(value.whole, 0, inside, names, aside))
    if isinstance(value, Infix):
        return replace(value, terms=tuple(_operand(term, aside) for term in value.terms))
    if isinstance(value, Prefix):
        return replace(value, term=_operand(value.term, aside))
    if isinstance(value, Item):
        return replace(value, whole=_operand(value.whole, aside))
    if isinstance(value, (Method, Attribute)):
        return replace(value, owner=_operand(value.owner, aside))
    return value


def _operand(value: Any, aside: Callable[[Expression], Name]) -> Any:
    """A name or a number as it is, all else by the name of a variable."""
    return aside(value) if isinstance(value, Expression) and not isinstance(value, Name) else value


def _argument(value: Any, room: int, names: Mapping[str, str], aside: Callable[[Expression], Name]) -> Any:
    if type(value) in (list, tuple):
        return type(value)(_argument(item, room - STEP, names, aside) for item in value)
    if not isinstance(value, Expression) or isinstance(value, AnyTensor) or len(value.text(names)) < room:
        return value
    if isinstance(value, Call):
        return shortened(value, room - 1, room - STEP, names, aside)
    return _operand(value, aside)
