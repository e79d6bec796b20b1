"""What is in a quoted expression, and the same expression with some of it exchanged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from engine.call import Call, Constant, Expression
from engine.tensor import AnyTensor


def parts(value: Any) -> Iterator[Expression | AnyTensor]:
    """All expressions and tensors in a value, outermost first, in the order in which they are printed."""
    if isinstance(value, AnyTensor):
        yield value
    elif isinstance(value, Expression):
        yield value
        for inner in _inside(value):
            yield from parts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from parts(inner)
    elif isinstance(value, slice):
        yield from parts((value.start, value.stop, value.step))
    elif isinstance(value, Mapping):
        yield from parts(list(value.values()))


def exchanged(value: Any, change: Callable[[Expression], Any]) -> Any:
    """The value with every expression for which `change` answers something replaced by that; None leaves it.

    What holds nothing that is replaced stays the very same object.
    """
    if isinstance(value, Expression):
        other = change(value)
        if other is not None or not is_dataclass(value):
            return value if other is None else other
        before = {item.name: getattr(value, item.name) for item in fields(value)}
        after = {name: exchanged(inner, change) for name, inner in before.items()}
        return value if _same(before.values(), after.values()) else replace(value, **after)
    if type(value) in (list, tuple):
        items = [exchanged(inner, change) for inner in value]
        return value if _same(value, items) else type(value)(items)
    if type(value) is slice:
        edges = (value.start, value.stop, value.step)
        others = [exchanged(edge, change) for edge in edges]
        return value if _same(edges, others) else slice(*others)
    if isinstance(value, Mapping):
        entries = {key: exchanged(inner, change) for key, inner in value.items()}
        return value if _same(value.values(), entries.values()) else entries
    return value


def targets_of(value: Any) -> set[str]:
    """Names of torch's that an expression calls or names."""
    return {part.target for part in parts(value) if isinstance(part, (Call, Constant)) and "." in part.target}


def _same(before: Iterable[Any], after: Iterable[Any]) -> bool:
    return all(one is other for one, other in zip(before, after, strict=True))


def _inside(value: Expression) -> list[Any]:
    return [getattr(value, item.name) for item in fields(value)] if is_dataclass(value) else []
