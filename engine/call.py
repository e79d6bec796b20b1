"""A PyTorch expression held as data: it can be carried out and it can be printed, and both agree.

A block quotes its layer as `nn.Conv2d(3, 32, (3, 3))`. Nothing is built then: the answer is a
`Call`, which needs no torch. `make()` builds it, `text()` prints it as a person would write it,
without the arguments that equal torch's own defaults.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.tensor import AnyTensor

INFIX: Mapping[str, Callable[[Any, Any], Any]] = {"+": operator.add, "*": operator.mul}
MODULES = {"nn": "torch.nn", "F": "torch.nn.functional", "torch": "torch"}


class Sizes(tuple[int, ...]):
    """One size an axis; prints as a single number where they are equal, as torch's layers allow."""

    def __repr__(self) -> str:
        return repr(self[0]) if len(set(self)) == 1 else tuple.__repr__(self)


class Expression:
    """Anything that stands for a value in the printed Python."""

    def text(self, names: Mapping[str, str]) -> str:
        """The expression in Python; `names` gives the variable behind each port."""
        raise NotImplementedError(type(self).__name__)

    def make(self, values: Mapping[str, Any]) -> Any:
        """The value itself; `values` gives the tensor (or module) behind each name."""
        raise NotImplementedError(type(self).__name__)

    def __getitem__(self, index: Any) -> Item:
        return Item(self, index)

    def __str__(self) -> str:
        return self.text({})


@dataclass(frozen=True, eq=False)
class Call(Expression):
    """`nn.Linear(64, 10)`, `torch.flatten(x, 1)`: a name of torch's and its arguments."""

    target: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] | None = None

    @property
    def builds_module(self) -> bool:
        return self.target.startswith("nn.")

    def text(self, names: Mapping[str, str]) -> str:
        defaults = _defaults(self.target)
        words = [_text(value, names) for value in self.args]
        words += [
            f"{key}={_text(value, names)}"
            for key, value in (self.kwargs or {}).items()
            if not (key in defaults and _same(value, defaults[key]))
        ]
        return f"{names.get(self.target, self.target)}({', '.join(words)})"

    def make(self, values: Mapping[str, Any] | None = None) -> Any:
        values = values or {}
        function = values[self.target] if self.target in values else resolve(self.target)
        kwargs = {key: _value(value, values) for key, value in (self.kwargs or {}).items()}
        return function(*(_value(value, values) for value in self.args), **kwargs)


@dataclass(frozen=True, eq=False)
class Item(Expression):
    """`y[0]`, `y[:, -1]`: a part of a value."""

    whole: Expression
    index: Any

    def text(self, names: Mapping[str, str]) -> str:
        parts = self.index if isinstance(self.index, tuple) else (self.index,)
        return f"{self.whole.text(names)}[{', '.join(_index_text(part) for part in parts)}]"

    def make(self, values: Mapping[str, Any]) -> Any:
        return self.whole.make(values)[self.index]


@dataclass(frozen=True, eq=False)
class Infix(Expression):
    """`a + b + c`"""

    symbol: str
    terms: tuple[Any, ...]

    def text(self, names: Mapping[str, str]) -> str:
        return f" {self.symbol} ".join(_text(term, names) for term in self.terms)

    def make(self, values: Mapping[str, Any]) -> Any:
        return functools.reduce(INFIX[self.symbol], (_value(term, values) for term in self.terms))


@dataclass(frozen=True)
class Quote:
    """Stands for one of torch's modules inside a block: attributes are names to call later."""

    module: str

    def __getattr__(self, name: str) -> Callable[..., Call]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **kwargs: Call(f"{self.module}.{name}", args, kwargs)


nn, F, torch = Quote("nn"), Quote("F"), Quote("torch")


def resolve(target: str) -> Any:
    """The object in torch that a quoted name such as `nn.Conv2d` stands for (loads torch)."""
    module, _, name = target.partition(".")
    return getattr(importlib.import_module(MODULES[module]), name)


def literal(value: Any) -> str:
    """`value` as Python source; only exact literal types get through.

    Raises:
        ValueError: for any other type, and for numbers that Python has no literal for.
    """
    if type(value) is Sizes:
        return repr(value)
    if type(value) in (int, str, bool, type(None)):
        return repr(value)
    if type(value) is float and math.isfinite(value):
        return repr(value)
    if type(value) in (tuple, list):
        words = ", ".join(literal(item) for item in value)
        if type(value) is list:
            return f"[{words}]"
        return f"({words},)" if len(value) == 1 else f"({words})"
    raise ValueError(f"{value!r} has no place in printed Python; numbers, words and tuples of them do.")


def _text(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, AnyTensor):
        return names.get(value.port, value.port)
    if isinstance(value, Expression):
        return value.text(names)
    if isinstance(value, (list, tuple)) and any(isinstance(item, (AnyTensor, Expression)) for item in value):
        return f"[{', '.join(_text(item, names) for item in value)}]"
    return literal(value)


def _value(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, AnyTensor):
        return values[value.port]
    if isinstance(value, Expression):
        return value.make(values)
    if type(value) in (list, tuple):
        return type(value)(_value(item, values) for item in value)
    return value


def _index_text(part: Any) -> str:
    if isinstance(part, slice):
        return ":".join("" if edge is None else literal(edge) for edge in (part.start, part.stop))
    return literal(part)


def _same(value: Any, default: Any) -> bool:
    if type(value) is Sizes:
        return tuple(value) == default or (len(set(value)) == 1 and bool(value[0] == default))
    return type(value) is type(default) and bool(value == default)


@functools.cache
def _defaults(target: str) -> Mapping[str, Any]:
    """Torch's own default arguments for a quoted name; empty where torch does not tell."""
    if target.partition(".")[0] not in MODULES:
        return {}
    function = resolve(target)
    # a layer such as LSTM hands its arguments on to the class it derives from
    bases = reversed(function.__mro__) if isinstance(function, type) else ()
    makers: list[Any] = [vars(base)["__init__"] for base in bases if "__init__" in vars(base)] or [function]
    defaults: dict[str, Any] = {}
    for maker in makers:
        try:
            parameters = inspect.signature(maker).parameters.values()
        except (TypeError, ValueError):  # a builtin without a signature
            continue
        defaults |= {p.name: p.default for p in parameters if p.default is not inspect.Parameter.empty}
    return defaults
