"""One of several steps that a batch makes: which losses it goes down, which weights it moves, and how often.

Adversarial networks need it: a generator and its judge go down losses that pull against each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from pydantic import field_validator

from engine.graph import Graph
from engine.group import Group
from engine.record import Record, param, refuse
from engine.training.schedules import ReduceOnPlateau

if TYPE_CHECKING:
    from engine.training.settings import TrainingSettings

LONGEST = 40  # letters of a name, which stands in messages and in the list of edits


class Turn(Record):
    """Losses by the ids of their blocks; blocks by theirs, those in a group as "stage1/conv1", a group for all in it.

    Blocks that share their weights go by the one that owns them.
    """

    always_written: ClassVar[tuple[str, ...]] = ("name", "losses", "blocks")

    name: str = param("step", label="Name", doc="What the step is called, such as generator.")
    losses: tuple[str, ...] = param((), kind="blocks", doc="The losses whose sum this step makes smaller.")
    blocks: tuple[str, ...] = param(
        (), kind="blocks", label="Moves", doc="The blocks whose weights this step moves; a group stands for all in it."
    )
    every: int = param(
        1,
        ge=1,
        le=1_000_000,
        label="Every n-th batch",
        doc="How often the step is taken: 5 is at every fifth batch. At least one step must be taken at each.",
    )
    learning_rate: float = param(
        1.0,
        gt=0,
        le=1000,
        label="Rate factor",
        doc="How many times faster this step learns than the learning rate says: 0.1 is ten times slower.",
    )

    @field_validator("name")
    @classmethod
    def _can_be_told(cls, value: str) -> str:
        plain = " ".join(value.split())
        if not 0 < len(plain) <= LONGEST:
            raise refuse("name", f"Name must be 1 to {LONGEST} letters.")
        return plain

    @field_validator("losses", "blocks")
    @classmethod
    def _once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value))

    def moves(self, path: str) -> bool:
        """Whether the block at a path is one of those whose weights it moves, by itself or in a group."""
        return any(path == block or path.startswith(f"{block}/") for block in self.blocks)

    def due(self, batch: int) -> bool:
        """Whether it is taken at a batch; the first of a run is 0."""
        return (batch + 1) % self.every == 0


Turns = tuple[Turn, ...]


def refuse_turns(settings: TrainingSettings) -> None:
    """Refuse what several steps a batch can't be combined with, each at the setting that is in the way."""
    turns = settings.turns
    names = [turn.name for turn in turns]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise refuse("turns", f"Two steps are called “{twice}”. Give one of them another name.")
    if turns and all(turn.every > 1 for turn in turns):
        raise refuse("turns", "At least one step must be taken at each batch: give one of them 1 at Every n-th batch.")
    if settings.optimizer.looks_again and any(turn.learning_rate != 1 for turn in turns):
        kind = type(settings.optimizer).__name__
        raise refuse("turns", f"{kind} moves all weights at one rate, so the Rate factor of each step must be 1.")
    if len(turns) < 2:
        return
    if settings.accumulate > 1:
        raise refuse("accumulate", "With several steps of a batch, Batches a step must be 1.")
    if not settings.last_counts:
        return
    sentence = (
        "With several steps of a batch the sum of all losses says little, so {0} needs another Watched score first."
    )
    for name in ("patience", "target_loss"):
        if getattr(settings, name) is not None:
            raise refuse(name, sentence.format(type(settings).param(name).label))
    if isinstance(settings.schedule, ReduceOnPlateau):
        raise refuse("schedule", sentence.format(ReduceOnPlateau.title))


def owned(turns: Turns, graph: Graph) -> Turns:
    """The turns in which blocks that use the weights of another go by that other, as they do where weights move."""
    names = {path: _owner(graph, path) for turn in turns for path in turn.blocks}
    if all(path == owner for path, owner in names.items()):
        return turns
    return tuple(turn.change(blocks=tuple(names[path] for path in turn.blocks)) for turn in turns)


def _owner(graph: Graph, path: str) -> str:
    """The path to the block whose weights the one at a path uses; a path that leads nowhere stays as it is."""
    owners = []
    for key in path.split("/"):
        if key not in graph.nodes:
            return path
        owners.append(graph.owner(key))
        block = graph.nodes[key].block
        graph = block.graph if isinstance(block, Group) else Graph()
    return "/".join(owners)


# How turns follow the edits of a drawing


def moved(turns: Turns, names: Mapping[str, Sequence[str]]) -> Turns:
    """The turns in which blocks have moved: each path leads to those it stands for now, maybe none.

    What is inside of a block that moved goes along; of a path and one further in, the latter counts.
    """
    return tuple(turn.change(blocks=_moved(turn.blocks, names)) for turn in turns) if turns and names else turns


def _moved(blocks: Iterable[str], names: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    found: list[str] = []
    for path in blocks:
        parts = path.split("/")
        for depth in range(len(parts), 0, -1):
            front, rest = "/".join(parts[:depth]), parts[depth:]
            if front in names:
                found += ["/".join((name, *rest)) for name in names[front]]
                break
        else:
            found.append(path)
    return tuple(found)


def without(turns: Turns, gone: Collection[str], heirs: Mapping[str, str]) -> Turns:
    """The turns without these blocks and losses; where an heir has the weights of one, it takes its place."""
    if not any(turns):
        return turns
    kept = moved(turns, {key: (heirs[key],) if key in heirs else () for key in gone})
    return tuple(turn.change(losses=tuple(key for key in turn.losses if key not in gone)) for turn in kept)


def folded(turns: Turns, group: str, blocks: Collection[str]) -> Turns:
    """The turns as these blocks go into a group; where a turn moves all of them, it moves the group."""
    names = {key: (f"{group}/{key}",) for key in blocks}
    after = moved(turns, names)
    inside = {f"{group}/{key}" for key in blocks}
    return tuple(
        turn.change(blocks=(*(path for path in turn.blocks if path not in inside), group))
        if inside and inside <= set(turn.blocks)
        else turn
        for turn in after
    )


def unfolded(turns: Turns, group: str, ids: Sequence[Mapping[str, str]]) -> Turns:
    """The turns as the blocks of a group stand outside; `ids` leads from inside to outside, once for each repeat."""
    names: dict[str, Sequence[str]] = {f"{group}/{inside}": [each[inside] for each in ids] for inside in ids[0]}
    return moved(turns, {group: [outside for each in ids for outside in each.values()], **names})


def seen_from(turns: Turns, front: str) -> Turns:
    """The turns as seen from inside the group whose path is `front`, with a slash at its end."""
    return tuple(
        turn.change(blocks=tuple(path.removeprefix(front) for path in turn.blocks if path.startswith(front)))
        for turn in turns
    )


def put_under(turns: Turns, front: str, inner: Turns) -> Turns:
    """The turns in which exactly what `inner` says is said of the inside of that group."""
    if len(turns) != len(inner):
        return turns
    return tuple(
        turn if seen.blocks == before.blocks else _put_under(turn, front, seen)
        for turn, seen, before in zip(turns, inner, seen_from(turns, front), strict=True)
    )


def _put_under(turn: Turn, front: str, inner: Turn) -> Turn:
    kept = (path for path in turn.blocks if not path.startswith(front))
    return turn.change(blocks=(*kept, *(front + path for path in inner.blocks)))
