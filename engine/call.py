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
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.tensor import AnyTensor

# what each sign does and how tightly it binds, as in Python itself
INFIX: Mapping[str, tuple[Callable[[Any, Any], Any], int]] = {
    "==": (operator.eq, 1),
    "!=": (operator.ne, 1),
    "<": (operator.lt, 1),
    "<=": (operator.le, 1),
    ">": (operator.gt, 1),
    ">=": (operator.ge, 1),
    "|": (operator.or_, 2),
    "^": (operator.xor, 3),
    "&": (operator.and_, 4),
    "+": (operator.add, 6),
    "-": (operator.sub, 6),
    "*": (operator.mul, 7),
    "/": (operator.truediv, 7),
    "//": (operator.floordiv, 7),
    "%": (operator.mod, 7),
    "@": (operator.matmul, 7),
    "**": (operator.pow, 9),
}
PREFIX: Mapping[str, Callable[[Any], Any]] = {"-": operator.neg, "~": operator.invert}
PREFIX_STRENGTH = 8
# what may be asked of a tensor by name in printed Python
METHODS = (
    "size", "expand", "repeat", "to", "unfold", "unsqueeze", "squeeze", "transpose",
    "triu", "detach", "contiguous", "float", "long", "bool", "requires_grad_",
)  # fmt: skip
ATTRIBUTES = ("device", "dtype")
# modules of torch that can be quoted, as printed Python names them
MODULES = {
    "nn": "torch.nn",
    "F": "torch.nn.functional",
    "torch": "torch",
    "torch.linalg": "torch.linalg",
    "torch.special": "torch.special",
    "torch.fft": "torch.fft",
    "nn.init": "torch.nn.init",
    "nn.utils.parametrizations": "torch.nn.utils.parametrizations",
}


SIMPLE = re.compile(r"-?([A-Za-z_][\w.]*|\d[\d.]*(e[+-]?\d+)?)")  # a name or a number


class Sizes(tuple[int, ...]):
    """One size an axis; prints as a single number where they are equal, as torch's layers allow."""

    def __repr__(self) -> str:
        return repr(self[0]) if len(set(self)) == 1 else tuple.__repr__(self)


Kept = Literal["", "module", "parameter", "buffer"]


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

    @property
    def kept(self) -> Kept:
        """What a network makes of this once and keeps as an attribute; empty for what it computes each time."""
        return ""


@dataclass(frozen=True, eq=False)
class Call(Expression):
    """`nn.Linear(64, 10)`, `torch.flatten(x, 1)`: a name of torch's and its arguments."""

    target: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] | None = None

    @property
    def kept(self) -> Kept:
        if self.target == "nn.Parameter":
            return "parameter"
        module = self.target.rpartition(".")[0]
        return "module" if module in ("nn", "nn.utils.parametrizations") else ""

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
class Buffer(Expression):
    """A tensor that a network computes once from numbers alone, keeps, and moves to its device; it is not learned."""

    value: Expression

    @property
    def kept(self) -> Kept:
        return "buffer"

    def text(self, names: Mapping[str, str]) -> str:
        return self.value.text(names)

    def make(self, values: Mapping[str, Any] | None = None) -> Any:
        return self.value.make(values or {})


@dataclass(frozen=True, eq=False)
class Item(Expression):
    """`y[0]`, `y[:, -1]`, `y[:, ::2]`: a part of a value; `...` and None (a new axis) may stand in the index."""

    whole: Any
    index: Any

    def text(self, names: Mapping[str, str]) -> str:
        parts = self.index if isinstance(self.index, tuple) else (self.index,)
        return f"{_atom(self.whole, names)}[{', '.join(_index_text(part, names) for part in parts)}]"

    def make(self, values: Mapping[str, Any]) -> Any:
        return _value(self.whole, values)[_value(self.index, values)]


@dataclass(frozen=True, eq=False)
class Infix(Expression):
    """`a + b + c`, `a @ b`, `x >= 0.5`; parentheses are printed where they are needed."""

    symbol: str
    terms: tuple[Any, ...]

    def text(self, names: Mapping[str, str]) -> str:
        strength = INFIX[self.symbol][1]
        words = []
        for place, term in enumerate(self.terms):
            loose = strength_of(term)
            needed = loose < strength or (loose == strength and not self._chains(place, term))
            words.append(f"({_text(term, names)})" if needed else _text(term, names))
        tight = self.symbol == "**" and all(SIMPLE.fullmatch(word) for word in words)  # as ruff writes it
        return (self.symbol if tight else f" {self.symbol} ").join(words)

    def _chains(self, place: int, term: Any) -> bool:
        """Whether a term that binds equally tightly means the same without parentheses; the first one does."""
        return place == 0 and self.symbol != "**" and strength_of(self) > 1

    def make(self, values: Mapping[str, Any]) -> Any:
        return functools.reduce(INFIX[self.symbol][0], (_value(term, values) for term in self.terms))


@dataclass(frozen=True, eq=False)
class Prefix(Expression):
    """`-x`, `~mask`"""

    symbol: str
    term: Any

    def text(self, names: Mapping[str, str]) -> str:
        inner = _text(self.term, names)
        return f"{self.symbol}({inner})" if strength_of(self.term) < PREFIX_STRENGTH else f"{self.symbol}{inner}"

    def make(self, values: Mapping[str, Any]) -> Any:
        return PREFIX[self.symbol](_value(self.term, values))


@dataclass(frozen=True, eq=False)
class Method(Expression):
    """`x.size(1)`, `x.expand(-1, 8, -1)`: one of a few methods of tensors."""

    owner: Any
    name: str
    args: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        assert self.name in METHODS, self.name

    def text(self, names: Mapping[str, str]) -> str:
        return f"{_atom(self.owner, names)}.{self.name}({', '.join(_text(value, names) for value in self.args)})"

    def make(self, values: Mapping[str, Any]) -> Any:
        return getattr(_value(self.owner, values), self.name)(*(_value(value, values) for value in self.args))


@dataclass(frozen=True, eq=False)
class Attribute(Expression):
    """`x.device`, `x.dtype`"""

    owner: Any
    name: str

    def __post_init__(self) -> None:
        assert self.name in ATTRIBUTES, self.name

    def text(self, names: Mapping[str, str]) -> str:
        return f"{_atom(self.owner, names)}.{self.name}"

    def make(self, values: Mapping[str, Any]) -> Any:
        return getattr(_value(self.owner, values), self.name)


@dataclass(frozen=True, eq=False)
class Name(Expression):
    """`self.conv1.weight`: something that the printed class holds by that name."""

    dotted: str

    def text(self, names: Mapping[str, str]) -> str:
        return self.dotted

    def make(self, values: Mapping[str, Any]) -> Any:
        return values[self.dotted]


@dataclass(frozen=True, eq=False)
class Constant(Expression):
    """`torch.float32`: a thing of torch's that is named, not called."""

    target: str

    def text(self, names: Mapping[str, str]) -> str:
        return self.target

    def make(self, values: Mapping[str, Any]) -> Any:
        return resolve(self.target)


def size(x: AnyTensor, axis: int) -> Any:
    """The length of an axis, counted as torch counts (0: the batch): its number, or `x.size(axis)` where it varies."""
    known = None if x.batched and axis == 0 else x.shape[axis - (1 if x.batched and axis > 0 else 0)]
    return Method(x, "size", (axis,)) if known is None else known


def strength_of(value: Any) -> int:
    """How tightly the outermost sign of a printed value binds; a name or a call binds tightest."""
    if isinstance(value, Infix):
        return INFIX[value.symbol][1]
    negative = type(value) in (int, float) and value < 0
    return PREFIX_STRENGTH if isinstance(value, Prefix) or negative else 99


@dataclass(frozen=True)
class Quote:
    """Stands for one of torch's modules inside a block: attributes are names to call later."""

    module: str

    def __getattr__(self, name: str) -> Callable[..., Call]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **kwargs: Call(f"{self.module}.{name}", args, kwargs)


nn, F, torch = Quote("nn"), Quote("F"), Quote("torch")
init, parametrizations = Quote("nn.init"), Quote("nn.utils.parametrizations")


def resolve(target: str) -> Any:
    """The object in torch that a quoted name such as `nn.Conv2d` stands for (loads torch)."""
    module, _, name = target.rpartition(".")
    return getattr(importlib.import_module(MODULES[module]), name)


def literal(value: Any) -> str:
    """`value` as Python source; only exact literal types get through.

    Raises:
        ValueError: for any other type, and for numbers that Python has no literal for.
    """
    if type(value) is Sizes:
        return repr(value)
    if type(value) is str:
        return _quoted(value)
    if type(value) in (int, bool, type(None)):
        return repr(value)
    if type(value) is float and math.isfinite(value):
        return repr(value)
    if type(value) in (tuple, list):
        words = ", ".join(literal(item) for item in value)
        if type(value) is list:
            return f"[{words}]"
        return f"({words},)" if len(value) == 1 else f"({words})"
    raise ValueError(f"{value!r} has no place in printed Python; numbers, words and tuples of them do.")


def _quoted(value: str) -> str:
    """A text in double quotes, but for one that holds more of them than of single ones."""
    single = repr(value + '"')[1:-2].replace("\\'", "'")  # the added quote makes Python choose single ones
    if value.count('"') > value.count("'"):
        return "'" + single.replace("'", "\\'") + "'"
    return '"' + single.replace('"', '\\"') + '"'


def _text(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, AnyTensor):
        return names.get(value.port, value.port)
    if isinstance(value, Expression):
        return value.text(names)
    if type(value) in (list, tuple) and any(isinstance(item, (AnyTensor, Expression)) for item in value):
        words = ", ".join(_text(item, names) for item in value)
        if type(value) is list:
            return f"[{words}]"
        return f"({words},)" if len(value) == 1 else f"({words})"
    return literal(value)


def _value(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, AnyTensor):
        return values[value.port]
    if isinstance(value, Expression):
        return value.make(values)
    if type(value) in (list, tuple):
        return type(value)(_value(item, values) for item in value)
    if type(value) is slice:
        return slice(*(_value(edge, values) for edge in (value.start, value.stop, value.step)))
    return value


def _atom(value: Any, names: Mapping[str, str]) -> str:
    """A value as it stands in front of a dot or a bracket."""
    text = _text(value, names)
    return text if strength_of(value) == 99 else f"({text})"


def _index_text(part: Any, names: Mapping[str, str]) -> str:
    if part is ...:
        return "..."
    if not isinstance(part, slice):
        return _text(part, names)
    edges = [None if edge is None else _text(edge, names) for edge in (part.start, part.stop, part.step)]
    if part.step is None:
        edges.pop()
    # what is more than a name or a number stands apart from the colon, as ruff writes it
    wide = any(edge is not None and not re.fullmatch(r"[-~]?\w+", edge) for edge in edges)
    text = edges[0] or ""
    for edge in edges[1:]:
        front = " " if wide and text and not text.endswith(":") else ""
        text += f"{front}:" + (f" {edge}" if wide and edge else edge or "")
    return text


def _same(value: Any, default: Any) -> bool:
    if type(value) is Sizes:
        return tuple(value) == default or (len(set(value)) == 1 and bool(value[0] == default))
    return type(value) is type(default) and bool(value == default)


@functools.cache
def _defaults(target: str) -> Mapping[str, Any]:
    """Torch's own default arguments for a quoted name; empty where torch does not tell."""
    if target.rpartition(".")[0] not in MODULES:
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
