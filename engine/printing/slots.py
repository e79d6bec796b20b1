"""The literals in a quoted call, taken out and put back: what classes of one form differ in."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

from engine.call import Buffer, Call, Expression, Infix, Item, Method, Name, Prefix, resolve
from engine.tensor import AnyTensor


class Slot(NamedTuple):
    """A literal in a call, the name of the argument it stands for, and the attribute in which it stands."""

    value: Any
    hint: str
    attribute: str = ""


def slots_of(expression: Expression) -> list[Slot]:
    """All literals of an expression in the order in which they are printed."""
    found: list[Slot] = []

    def note(value: Any, hint: str) -> Any:
        found.append(Slot(value, hint))
        return value

    refill(expression, note)
    return found


def skeleton(expression: Expression) -> str:
    """The text of an expression with its literals left open; equal for calls that differ in nothing else."""
    return str(refill(expression, lambda _value, _hint: Name("…")))


def filled(expression: Expression, values: list[Any]) -> Expression:
    """The expression with other literals (or names in their places), given in the order of `slots_of`."""
    waiting = iter(values)
    answer = refill(expression, lambda _value, _hint: next(waiting))
    assert isinstance(answer, Expression)
    return answer


def refill(value: Any, change: Callable[[Any, str], Any], hint: str = "") -> Any:
    """The expression with every literal replaced by what `change(literal, name of the argument)` answers."""
    if isinstance(value, Call):
        names = argument_names(value.target)
        args = tuple(
            refill(part, change, names[place] if place < len(names) else "value")
            for place, part in enumerate(value.args)
        )
        return Call(value.target, args, {key: refill(part, change, key) for key, part in (value.kwargs or {}).items()})
    if isinstance(value, Buffer):
        return Buffer(refill(value.value, change, hint))
    if isinstance(value, Infix):
        return Infix(value.symbol, tuple(refill(term, change, hint or "value") for term in value.terms))
    if isinstance(value, Prefix):
        return Prefix(value.symbol, refill(value.term, change, hint))
    if isinstance(value, Method):
        return Method(refill(value.owner, change, hint), value.name, value.args)
    if isinstance(value, Item):
        return Item(refill(value.whole, change, hint), value.index)
    if isinstance(value, (Expression, AnyTensor)):
        return value
    if type(value) in (list, tuple) and any(isinstance(part, (Expression, AnyTensor)) for part in value):
        return type(value)(refill(part, change, hint) for part in value)
    return change(value, hint or "value")


@functools.cache
def argument_names(target: str) -> tuple[str, ...]:
    """Names of a quoted call's positional arguments; empty where torch does not tell."""
    try:
        return tuple(inspect.signature(resolve(target)).parameters)
    except (TypeError, ValueError):  # a builtin without a signature
        return ()
