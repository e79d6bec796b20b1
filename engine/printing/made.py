"""What a printed class keeps in its attributes: layers, series of them, and instances of other printed classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.call import Expression
from engine.printing.forward import Line
from engine.printing.slots import Slot, skeleton, slots_of
from engine.tensor import TensorSpec
from engine.weight_settings import WeightSettings

Weights = Mapping[str, tuple[int, ...]]  # names and shapes


@dataclass(frozen=True)
class Layer:
    """A quoted layer, learned tensor or buffer."""

    call: Expression
    block: str  # whose it is: ids from the class it stands in, such as "stem/conv"
    settings: WeightSettings  # how its weights begin, and whether they learn
    weights: Weights
    padding: int | None = None  # row of an embedding that stays 0

    @property
    def key(self) -> object:
        return self.call.kept, skeleton(self.call)

    @property
    def doing(self) -> object:
        return self.key

    @property
    def slots(self) -> list[Slot]:
        return slots_of(self.call)


@dataclass(frozen=True)
class Series:
    """`nn.Sequential(…)` of a straight run or a repeat, or `nn.ModuleList(…)` where more than one value goes along."""

    container: str
    items: tuple[Made, ...]
    block: str
    frozen: bool = False

    @property
    def key(self) -> object:
        return self.container, tuple(item.key for item in self.items)

    @property
    def doing(self) -> object:
        return self.container, tuple(item.doing for item in self.items)


@dataclass(frozen=True)
class Instance:
    """A class of ours, made with some arguments."""

    body: Body
    block: str
    frozen: bool = False

    @property
    def key(self) -> object:
        return self.body.key

    @property
    def doing(self) -> object:
        return self.body.doing


Made = Layer | Series | Instance


@dataclass(frozen=True)
class Statement:
    """A statement of `__init__` behind the attributes, and the block that it belongs to."""

    code: str
    block: str


@dataclass(eq=False)
class Body:
    """One use of a class: what it keeps, how it begins, what it computes."""

    title: str
    arguments: Mapping[str, TensorSpec | None]
    attributes: dict[str, Made] = field(default_factory=dict)
    beginnings: list[Statement] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    targets: set[str] = field(default_factory=set)  # names of torch's that are called
    variables: set[str] = field(default_factory=set)  # names of arguments and variables of its forward
    sharing: list[tuple[Body, Body]] = field(default_factory=list)  # an instance that it keeps, and a further use of it
    key: int = 0  # the same for all uses of one class
    doing: int = 0  # the same for all that are made alike and do the same, on whatever number of axes
    values: tuple[Any, ...] = ()  # all literals in it and in the classes it makes

    def made(self) -> Iterator[tuple[str, Made]]:
        """All that it keeps, by the place where it stands: layers, series and all that is in them."""
        for attribute, made in self.attributes.items():
            yield from all_made(attribute, made)

    def instances(self) -> Iterator[tuple[str, Instance]]:
        """The instances of other classes that it makes, by their places, such as "stage2.1"."""
        for place, made in self.made():
            if isinstance(made, Instance):
                yield place, made


def all_made(place: str, made: Made) -> Iterator[tuple[str, Made]]:
    """An attribute and, of a series, all that is in it, each by its place."""
    yield place, made
    if isinstance(made, Series):
        for number, item in enumerate(made.items):
            yield from all_made(f"{place}.{number}", item)


def values_of(made: Made) -> tuple[Any, ...]:
    """All literals in what a class keeps, those in classes of ours among them."""
    if isinstance(made, Layer):
        return tuple(comparable(slot.value) for slot in made.slots)
    if isinstance(made, Series):
        return tuple(values_of(item) for item in made.items)
    return made.body.values


def comparable(value: Any) -> Any:
    """A value under which equal ones meet: types count, and lists can't be in a set."""
    if isinstance(value, (list, tuple)):
        return type(value).__name__, tuple(comparable(item) for item in value)
    return type(value).__name__, value
