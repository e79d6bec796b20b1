"""Names of the variables in a forward method: short ones for what is read at once, the blocks' own for the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, count

from engine.parts import Value
from engine.plan import Step

SOON = 2  # steps until a value is read that needs no name of its own
LONGEST = 32  # letters in a name; a longer one would leave no room in its lines
CONFUSED = ("l", "O", "I")  # names that look like numbers


class Variables:
    """Which name holds which value, and until when; a step goes by its place in the order."""

    def __init__(
        self, steps: Sequence[Step], results: Iterable[Value], names: Iterable[str], avoided: Collection[str]
    ) -> None:
        """`names` are given to some values beforehand; `avoided` may not be given to any."""
        self._readers: dict[Value, list[int]] = {}
        for place, step in enumerate(steps):
            for wire in step.wires:
                if wire is not None:
                    self._readers.setdefault((wire.source, wire.output), []).append(place)
        for value in results:
            self._readers.setdefault(value, []).append(len(steps))
        self._held: dict[str, Value | None] = {}
        self._blocks = {*(step.name for step in steps), *names}
        self._avoided = {*avoided, *CONFUSED}

    def readers(self, value: Value) -> list[int]:
        """The places of the steps that read a value; behind the last one for a result."""
        return self._readers.get(value, [])

    def argument(self, name: str, value: Value) -> str:
        """The name of an argument, which holds a value from the beginning."""
        while name in self._avoided or name in self._held:
            name += "_"
        self._held[name] = value
        return name

    def held(self, value: Value, place: int, wanted: str, reserved: Collection[str] = (), brief: bool = True) -> str:
        """The name of a variable for what the step at `place` gives.

        It is `wanted`, unless it may be `brief`, is read once and soon, and so needs no name that says anything.
        """
        readers = self.readers(value)
        taken = {*self._avoided, *reserved}
        soon = len(readers) <= 1 and max(readers, default=place) - place <= SOON
        if (brief and soon) or len(wanted) > LONGEST:
            numbered = (f"x{number}" for number in count(1))
            names = (name for name in chain("xyzhuvw", numbered) if name not in self._blocks)
            name = next(name for name in names if name not in taken and self._free(name, place))
        else:
            name = wanted
            while name in taken or not self._free(name, place):
                name += "_"
        self._held[name] = value
        return name

    def aside(self, wanted: str) -> str:
        """The name of a variable for something on the way to a value, unlike any other."""
        name = wanted if len(wanted) <= LONGEST else "part"
        while name in self._held or name in self._blocks or name in self._avoided:
            name += "_"
        self._held[name] = None
        return name

    @property
    def used(self) -> Mapping[str, Value | None]:
        return self._held

    def _free(self, name: str, place: int) -> bool:
        """Whether what a name held is no longer needed behind the step at `place`."""
        value = self._held.get(name)
        return value is None or max(self.readers(value), default=-1) <= place
