"""What classes of one form have in common, and the constructor arguments in which their uses differ."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from engine.printing.arguments import argument_names
from engine.printing.made import Body, Layer, Made, Series, comparable
from engine.printing.slots import Slot

TOLD = 6  # places of a class in its docstring


@dataclass
class Form:
    """A class as it is printed: all its uses, its name and its constructor's arguments."""

    name: str = ""
    uses: list[Body] = field(default_factory=list)  # those that differ in anything
    shared: list[tuple[Body, Body]] = field(default_factory=list)  # of these, with the same instances on other shapes
    path: str = ""  # ids of the blocks in front of those in its first use, such as "stage2/down/"
    count: int = 0  # instances in the whole network
    places: list[str] = field(default_factory=list)  # of the first ones: "stage2.1"
    arguments: dict[str, list[int]] = field(default_factory=dict)  # and the columns that each fills


class Forms:
    """Every class made in a network, by key, those without other classes in them first."""

    def __init__(self, root: Body, taken: Collection[str]) -> None:
        """`taken` are names that a class can't have."""
        self._columns: dict[Body, list[Slot]] = {}
        self.by_key: dict[int, Form] = {}
        self._bodies: dict[Body, str] = {}  # each with its path, those that it makes in front of it
        self._visit(root, "", set())
        del self._bodies[root]
        names = set(taken).union(root.variables, *(body.variables for body in self._bodies))
        for body, path in self._bodies.items():
            form = self.by_key.setdefault(body.key, Form(path=path))
            form.uses.append(body)
        for form in self.by_key.values():
            form.name = _free_name(form.uses[0].title, names)
            form.arguments = _arguments([self.columns(body) for body in form.uses])
        self._count(root)
        self._gather_shared(root)

    def _visit(self, body: Body, path: str, seen: set[Body]) -> None:
        seen.add(body)
        for _, instance in body.instances():
            if instance.body not in seen:
                self._visit(instance.body, f"{path}{instance.block}/", seen)
        self._bodies[body] = path

    def _count(self, root: Body) -> None:
        counts = self._counts = Counter({root: 1})
        places: dict[Body, list[tuple[tuple[int, ...], str]]] = {root: [((), "")]}
        for body in [root, *reversed(self._bodies)]:  # each behind all that make it
            for number, (place, instance) in enumerate(body.instances()):
                counts[instance.body] += counts[body]
                known = places.setdefault(instance.body, [])
                known += [
                    ((*order, number), f"{front}{place}.") for order, front in places[body][: TOLD + 1 - len(known)]
                ]
        found: dict[int, list[tuple[tuple[int, ...], str]]] = {}
        for body in self._bodies:
            self.by_key[body.key].count += counts[body]
            found.setdefault(body.key, []).extend(places[body])
        for key, form in self.by_key.items():
            form.places = [place[:-1] for _, place in sorted(found[key])][: TOLD + 1]

    def _gather_shared(self, root: Body) -> None:
        """What other uses of the same weights work on, for the remarks that tell sizes."""
        waiting = [pair for body in (root, *self._bodies) for pair in body.sharing]
        seen: set[tuple[Body, Body]] = set()
        while waiting:
            kept, other = pair = waiting.pop(0)
            if kept is not other and pair not in seen:
                seen.add(pair)
                self.by_key[kept.key].shared.append(pair)
                inside = zip(kept.instances(), other.instances(), strict=True)
                waiting += [(one.body, another.body) for (_, one), (_, another) in inside]

    @property
    def names(self) -> set[str]:
        return {form.name for form in self.by_key.values()}

    @property
    def layers(self) -> int:
        """How many layers the network is made of, each use of a class with its own."""
        kept = {body: sum(isinstance(made, Layer) for _, made in body.made()) for body in self._counts}
        return sum(count * kept[body] for body, count in self._counts.items())

    @property
    def parameters(self) -> int:
        """Numbers that the network learns, each weight counted once."""
        return sum(count * sum(map(_learned, body.made())) for body, count in self._counts.items())

    def columns(self, body: Body) -> list[Slot]:
        """All literals in a class's constructor, those it hands to other classes of ours among them."""
        known = self._columns.get(body)
        if known is None:
            entries = body.attributes.items()
            known = [slot._replace(attribute=name) for name, made in entries for slot in self._columns_of(made)]
            self._columns[body] = known
        return known

    def _columns_of(self, made: Made) -> Iterator[Slot]:
        if isinstance(made, Layer):
            yield from made.slots
        elif isinstance(made, Series):
            for item in made.items:
                yield from self._columns_of(item)
        else:
            form, row = self.by_key[made.body.key], self.columns(made.body)
            for name, columns in form.arguments.items():
                yield Slot(row[columns[0]].value, name)


def _learned(entry: tuple[str, Made]) -> int:
    made = entry[1]
    return sum(math.prod(sizes) for sizes in made.weights.values()) if isinstance(made, Layer) else 0


def _free_name(title: str, taken: set[str]) -> str:
    name, number = title, 2
    while name in taken:
        name, number = f"{title}{number}", number + 1
    taken.add(name)
    return name


def _arguments(rows: list[list[Slot]]) -> dict[str, list[int]]:
    """Columns in which the uses differ, those that always agree with each other under one name."""
    together: dict[tuple[Any, ...], list[int]] = {}
    for place, column in enumerate(zip(*rows, strict=True)):
        values = tuple(comparable(slot.value) for slot in column)
        if len(set(values)) > 1:
            together.setdefault(values, []).append(place)
    columns = list(together.values())
    names = argument_names([[rows[0][place] for place in places] for places in columns])
    return dict(zip(names, columns, strict=True))
