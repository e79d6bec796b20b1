"""Frozen records with described parameters: from one declaration come the value, the form, the file and the messages.

Blocks, data sources, optimizers and settings are all records. A parameter is declared once:

    out_channels: int = param(32, ge=1, label="Filters", doc="Number of filters.")

and `Record.params()` tells a form what to show, `Record.build()` refuses bad values in words.
"""

from __future__ import annotations

import ast
import functools
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

import pydantic
import pydantic_core
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator

from engine.call import Sizes

T = TypeVar("T")
LARGEST = 2**63


class BadValue(ValueError):
    """One or more parameters were given values they can't take; `errors` maps each to a sentence."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


def _spread(count: int) -> BeforeValidator:
    def spread(value: Any) -> Any:
        return (value,) * count if type(value) is int else value

    return BeforeValidator(spread)


def _spread_open(count: int) -> BeforeValidator:
    def spread(value: Any) -> Any:
        values = value if isinstance(value, (tuple, list)) else (value,) * count
        return tuple(None if item == "same" else item for item in values)

    return BeforeValidator(spread)


def _closed(value: tuple[int | None, ...]) -> tuple[int | None, ...]:
    return value if None in value else Sizes(typing.cast(tuple[int, ...], value))


Size2d = Annotated[tuple[int, int], _spread(2), AfterValidator(Sizes)]
Size3d = Annotated[tuple[int, int, int], _spread(3), AfterValidator(Sizes)]
# None, shown and typed as “same”, for an axis that keeps the size it arrives with
OpenSize2d = Annotated[tuple[int | None, int | None], _spread_open(2), AfterValidator(_closed)]
OpenSize3d = Annotated[tuple[int | None, int | None, int | None], _spread_open(3), AfterValidator(_closed)]
# what stands before and behind each axis, the last axis first, as torch's paddings are told
Margin1d = Annotated[tuple[int, int], _spread(2), AfterValidator(Sizes)]
Margin2d = Annotated[tuple[int, int, int, int], _spread(4), AfterValidator(Sizes)]
Margin3d = Annotated[tuple[int, int, int, int, int, int], _spread(6), AfterValidator(Sizes)]
SIZES = (Size2d, Size3d, OpenSize2d, OpenSize3d, Margin1d, Margin2d, Margin3d)
Shape = Annotated[tuple[int, ...], AfterValidator(tuple)]
Axes = Annotated[tuple[int, ...], _spread(1), AfterValidator(tuple)]  # numbers of axes; one may stand alone


def param(
    default: Any = ...,
    *,
    doc: str,
    label: str | None = None,
    ge: float | None = None,
    le: float | None = None,
    gt: float | None = None,
    lt: float | None = None,
    unit: str = "",
    kind: str | None = None,
    section: str = "",
    rare: bool = False,
    empty: str = "automatic",
) -> Any:
    """Declare a parameter of a record.

    `ge`, `le`, `gt`, `lt` bound a number, or each number of a tuple. `kind` overrides the editor that
    the annotation would give (for example `"field"`, a name of a field of the dataset). `section` is the part of a
    long form that it belongs to; what is `rare` is folded away there. `empty` is what no value means,
    in a word.
    """
    extra = {"label": label, "doc": doc, "unit": unit, "kind": kind, "ge": ge, "le": le, "gt": gt, "lt": lt}
    extra |= {"section": section, "rare": rare, "empty": empty}
    return pydantic.Field(default, json_schema_extra=typing.cast(Any, extra))


@dataclass(frozen=True)
class Param:
    """What a form, a help text and a validator need to know about one parameter."""

    name: str
    label: str
    doc: str
    unit: str
    kind: str  # "int", "float", "bool", "text", "choice", "sizes", "shape", "numbers", or what `param(kind=…)` says
    default: Any
    choices: tuple[str, ...]  # the words it may be; with a `kind` other than "choice" they are an alternative
    optional: bool  # whether None ("automatic") is a value
    ge: float | None
    le: float | None
    gt: float | None
    lt: float | None
    section: str = ""
    rare: bool = False
    empty: str = "automatic"

    def relabelled(self, label: str) -> Param:
        return replace(self, label=label)

    @property
    def limits(self) -> str:
        """`at least 1, less than 5`; empty when any number goes."""
        bounds = (("at least", self.ge), ("more than", self.gt), ("at most", self.le), ("less than", self.lt))
        return ", ".join(f"{words} {_plain(bound)}" for words, bound in bounds if bound is not None)

    def format(self, value: Any) -> str:
        """A value as a form shows it: `3 × 3`, `0.5`, `same`."""
        if value is None:
            return ""
        if isinstance(value, tuple):
            words = ["same" if item is None else item if isinstance(item, str) else _digits(item) for item in value]
            return (", " if self.kind in ("numbers", "scores", "blocks") else " × ").join(words)
        return _digits(value) if isinstance(value, float) else str(value)

    def parse(self, text: str) -> Any:
        """What was typed, as a value for `Record.change` (which judges it): `3 x 3` → (3, 3), `1e-3` → 0.001."""
        words = text.strip()
        if self.kind == "bool":
            return {"true": True, "false": False}.get(words.lower(), words)
        if words in self.choices or self.kind in ("text", "field", "score", "choice"):
            return words
        if words == "" and self.optional:
            return None
        if self.kind in ("scores", "blocks"):
            return tuple(words.replace(",", " ").split())
        if self.kind in ("sizes", "shape", "numbers"):
            items = words.strip("()[]").replace("×", " ").replace("x", " ").replace(",", " ").split()
            numbers = [_number(item) for item in items]
            return numbers[0] if len(numbers) == 1 and self.kind == "sizes" else tuple(numbers)
        if self.kind in ("int", "float"):
            words = words.replace(",", ".")  # the decimal sign of much of the world
        return _number(words)

    def refusal(self, value: Any) -> str | None:
        """Why a value of the right type lies outside the limits; None when it doesn't."""
        for number in value if isinstance(value, tuple) else (value,):
            if isinstance(number, bool) or not isinstance(number, (int, float)):
                continue
            if abs(number) >= LARGEST and isinstance(number, int):
                return f"{self.label} must be a number below 2⁶³, which is the largest that PyTorch can count to."
            if (
                (self.ge is not None and number < self.ge)
                or (self.le is not None and number > self.le)
                or (self.gt is not None and number <= self.gt)
                or (self.lt is not None and number >= self.lt)
            ):
                return f"{self.label} must be {self.limits}, not {self.format(value)}."
        return None


class Record(BaseModel):
    """A frozen value with described parameters."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True, defer_build=True)

    aliases: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="after")
    def _within_limits(self) -> Self:
        values = self.__dict__
        for described in _numeric(type(self)):
            value = values[described.name]
            if value is not None and (refusal := described.refusal(value)):
                raise refuse(described.name, refusal)
        return self

    @classmethod
    def params(cls) -> tuple[Param, ...]:
        """The parameters in the order of their declaration."""
        return _params(cls)

    @classmethod
    def param(cls, name: str) -> Param:
        return next(described for described in cls.params() if described.name == name)

    @classmethod
    def build(cls, values: Mapping[str, Any]) -> Self:
        """A record from loose values.

        Raises:
            BadValue: with a sentence for each parameter that can't take its value.
        """
        try:
            return cls(**values)
        except pydantic.ValidationError as error:
            raise BadValue(_sentences(cls, error)) from None

    def change(self, **values: Any) -> Self:
        """The same record with some parameters replaced.

        Raises:
            BadValue: as `build` does.
        """
        return self.build({**self.values(), **values})

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in type(self).model_fields}

    def changed(self) -> dict[str, Any]:
        """The parameters that differ from their defaults; those without a default always do."""
        return {p.name: getattr(self, p.name) for p in self.params() if getattr(self, p.name) != p.default}

    @classmethod
    def doc(cls) -> str:
        """The class's docstring, its line breaks within paragraphs removed."""
        paragraphs = (cls.__doc__ or "").strip().split("\n\n")
        return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


class Registry(dict[str, type[T]]):
    """Record classes by name: what a file may call for, and nothing else."""

    def __init__(self, classes: Iterable[type[T]]) -> None:
        super().__init__((cls.__name__, cls) for cls in classes)


def refuse(name: str, sentence: str) -> Exception:
    """The error that a record's own validators raise: about one parameter, in our own words."""
    return pydantic_core.PydanticCustomError("limits", "{sentence}", {"sentence": sentence, "param": name})


@functools.cache
def _params(cls: type[Record]) -> tuple[Param, ...]:
    hints = typing.get_type_hints(cls, include_extras=True)
    found = []
    for name, info in cls.model_fields.items():
        extra = typing.cast(dict[str, Any], info.json_schema_extra or {})
        if not extra:
            continue  # a nested record, not a parameter of a form
        kind, choices, optional = _kind(hints[name])
        label = extra["label"] or name.replace("_", " ").capitalize()
        default = None if info.is_required() else info.get_default()
        found.append(
            Param(
                name=name,
                label=label,
                doc=extra["doc"],
                unit=extra["unit"],
                kind=extra["kind"] or kind,
                default=default,
                choices=choices,
                optional=optional,
                **{bound: extra[bound] for bound in ("ge", "le", "gt", "lt", "section", "rare", "empty")},
            )
        )
    return tuple(found)


@functools.cache
def _numeric(cls: type[Record]) -> tuple[Param, ...]:
    """The parameters whose values can lie outside of limits: all but words and yes or no."""
    hints = typing.get_type_hints(cls, include_extras=True)
    return tuple(p for p in _params(cls) if _kind(hints[p.name])[0] not in ("bool", "text", "choice"))


def _kind(annotation: Any) -> tuple[str, tuple[str, ...], bool]:
    """Editor kind, words to choose from, and whether None is allowed, of an annotation."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        kinds = [_kind(part) for part in typing.get_args(annotation) if part is not type(None)]
        kind = next((kind for kind, _, _ in kinds if kind != "choice"), "choice")
        choices = tuple(choice for _, words, _ in kinds for choice in words)
        return kind, choices, type(None) in typing.get_args(annotation)
    if any(annotation is sizes for sizes in SIZES):
        return "sizes", (), False
    if annotation is Shape:
        return "shape", (), False
    if annotation is Axes or typing.get_origin(annotation) is tuple:
        return "numbers", (), False
    if typing.get_origin(annotation) is Literal:
        return "choice", typing.get_args(annotation), False
    return {bool: "bool", int: "int", float: "float", str: "text"}[annotation], (), False


def _plain(number: float) -> str:
    """A limit in digits: `1000000`, `0.5`."""
    return str(int(number)) if float(number).is_integer() else f"{number:g}"


def _digits(number: float) -> str:
    """As few digits as stand for exactly this number: `0.5`, `1e-07`, `0.3333333333333333`."""
    short = f"{number:g}"
    return short if float(short) == number else str(number)


def _number(text: str) -> Any:
    """The number that was typed, or the text itself when it is none (validation then says so)."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
    return value if type(value) in (int, float) else text


def _sentences(cls: type[Record], error: pydantic.ValidationError) -> dict[str, str]:
    described = {p.name: p for p in cls.params()}
    sentences: dict[str, str] = {}
    for item in error.errors():
        name = str(item["loc"][0]) if item["loc"] else str(item.get("ctx", {}).get("param", ""))
        if item["type"] == "limits":
            sentences[name] = item["msg"]
        elif item["type"] == "extra_forbidden":
            sentences[name] = f"{cls.__name__} has no parameter “{name}”."
        elif item["type"] == "missing" and len(item["loc"]) == 1:  # else it is one number of several that lacks
            sentences[name] = f"{name} is missing."
        elif name in described:
            received = _received(item["input"])
            sentences.setdefault(name, f"{described[name].label} must be {_expected(described[name])}, not {received}.")
        else:
            sentences[name] = f"{name or cls.__name__}: {item['msg']}."
    return sentences


def _received(value: Any) -> str:
    text = f"“{value}”" if isinstance(value, str) else repr(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _expected(described: Param) -> str:
    nouns = {
        "int": "a whole number",
        "float": "a number",
        "bool": "on or off",
        "text": "text",
        "field": "the name of a field",
        "score": "the name of a score",
        "scores": "names of scores such as accuracy, f1",
        "blocks": "ids of blocks such as conv1, fc1",
        "sizes": "one whole number, or one for each axis such as 3 × 3",
        "shape": "whole numbers such as 3 × 32 × 32",
        "numbers": "numbers such as 0.9, 0.999",
    }
    choices = " or ".join(f"“{choice}”" for choice in described.choices)
    if described.kind == "choice":
        return choices
    words = nouns.get(described.kind, described.kind)
    return f"{words} or {choices}" if choices else words
