"""Copied blocks as readable text, and back: what a person can paste into a chat, and what they find there.

The text has the form of a project file without the settings, with places counted from the upper left block. What
comes back is as little trusted as a file: it is read by the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from engine import decorating
from engine.blocks.unknown import Unknown
from engine.copying import excerpt, insert, moved
from engine.graph import Graph
from engine.group import Group
from engine.grouping import OUTSIDE, PORTS
from engine.problem import UserError
from engine.project import Position, Project
from engine.storage import DEEPEST, dumps_drawing, loads_drawing

LONGEST = 16 * 2**20  # characters; what is longer was copied by mistake
FARTHEST = 100_000.0  # pixels; places beyond can't be reached on the canvas
COLUMN, ROW, ABREAST = 190.0, 130.0, 4  # how blocks without a place are put
LEVELS = 3  # of nesting in the file for each group
FENCE = re.compile(r"^[ >]*(?:```|~~~)[^\n]*\n(.*?)^[ >]*(?:```|~~~)", re.MULTILINE | re.DOTALL)
PLAIN = str.maketrans({"“": '"', "”": '"', "„": '"', "\u00a0": " "})


class Pasted(NamedTuple):
    """A project with blocks, frames and notes that were pasted, their ids, and what should be said about it."""

    project: Project
    ids: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    decor: tuple[str, ...] = ()


def clip(project: Project, ids: Iterable[str], decor: Iterable[str] = ()) -> tuple[str, tuple[str, ...]]:
    """These blocks, frames and notes and the wires between them as text, and what should be said about it."""
    part = _from_corner(excerpt(project, ids, decor))
    return dumps_drawing(part), _parted(project, part)


def _parted(project: Project, part: Project) -> tuple[str, ...]:
    """A sentence on blocks whose weights' owner was left behind."""
    graph = project.graph
    keys = [key for key, node in part.graph.nodes.items() if graph.owner(key) not in part.graph.nodes]
    if not keys:
        return ()
    names = ", ".join(dict.fromkeys(graph.nodes[graph.owner(key)].name for key in keys))
    return (f"{_listed(part.graph, keys)}: own weights in the copy, as {names} is not copied along.",)


def read_clip(text: str) -> Project:
    """The blocks in a text: what `clip` wrote, a whole project file, or either within other words.

    Raises:
        UserError: when there are none, or when what is there is damaged.
    """
    if len(text) > LONGEST:
        raise UserError("What was copied is longer than 16 million characters. Copy fewer blocks.")
    refused: UserError | None = None
    for candidate in _candidates(text):
        try:
            part = loads_drawing(candidate, "What was copied")
        except UserError as error:
            refused = refused or UserError(_brief(str(error)))
        else:
            if part.graph.nodes or decorating.placed(part):
                return _from_corner(_placed(part))
            refused = UserError("There are no blocks in what was copied.")
    if refused is None or '"plexus"' not in text.translate(PLAIN):
        raise UserError("What was copied holds no blocks. Copy some here, or the text of a project file.")
    raise refused


def _candidates(text: str) -> Iterator[str]:
    """What in a text may be JSON; after that, the same with quotes and spaces that a chat has made beautiful."""
    text = text.removeprefix("\ufeff").strip()
    yield from _parts(text)
    plain = text.translate(PLAIN)
    if plain != text:
        yield from _parts(plain)


def _parts(text: str) -> Iterator[str]:
    """All of a text, what stands between fences, and from the first brace to the last."""
    if text.startswith("{"):
        yield text
    for fenced in FENCE.findall(text):
        yield re.sub(r"^ *>+ ?", "", fenced, flags=re.MULTILINE)
    start, end = text.find("{"), text.rfind("}")
    if 0 <= start < end and (start, end) != (0, len(text) - 1):
        yield re.sub(r"^ *>+ ?", "", text[start : end + 1], flags=re.MULTILINE)


def paste(project: Project, part: Project, at: tuple[float, float], depth: int = 0) -> Pasted:
    """The project with the blocks of a clip, the upper left of which lies at a place of the canvas.

    `depth` counts the groups around the project as it is seen here. Blocks that can't stand here are left out.

    Raises:
        UserError: when nothing can be pasted here.
    """
    kept, left = _fitting(part.graph, inside=depth > 0)
    where = "inside of a group" if depth else "outside of groups"
    if left and not kept:
        raise UserError(f"{_listed(part.graph, left)} can't stand {where}.")
    if LEVELS * (depth + _groups_deep(part.graph)) > DEEPEST - 2 * LEVELS:
        raise UserError("What was copied holds groups in groups, too many for this place. Paste it farther outside.")
    fitting = excerpt(part, kept, decorating.placed(part)) if left else part
    after, ids = insert(project, fitting, _near(at))
    remarks = (f"{_listed(part.graph, left)} can't stand {where} and was left out.",) if left else ()
    return Pasted(after, ids, remarks, decorating.fresh(project, after))


def _brief(words: str, most: int = 240) -> str:
    """One line that can be taken in at a glance, whatever it quotes."""
    words = " ".join(words.split())
    return words if len(words) <= most else f"{words[: most - 2]} …."


def _near(at: tuple[float, float]) -> tuple[float, float]:
    """The place, or the nearest that can be reached."""
    return max(-FARTHEST, min(FARTHEST, at[0])), max(-FARTHEST, min(FARTHEST, at[1]))


def _fitting(graph: Graph, inside: bool) -> tuple[list[str], list[str]]:
    """Ids of the blocks that may stand in a group, or outside of all, and those of the others."""
    never = OUTSIDE if inside else PORTS
    kept = [key for key, node in graph.nodes.items() if not isinstance(node.block, never)]
    return kept, [key for key in graph.nodes if key not in set(kept)]


def _groups_deep(graph: Graph) -> int:
    """How many groups stand in each other; what a newer version wrote is counted by its brackets."""
    deepest = 0
    for node in graph.nodes.values():
        if isinstance(node.block, Group):
            deepest = max(deepest, 1 + _groups_deep(node.block.graph))
        elif isinstance(node.block, Unknown):
            deepest = max(deepest, _brackets(node.block.values_json) // LEVELS + 1)
    return deepest


def _brackets(text: str) -> int:
    depth = deepest = 0
    for letter in text:
        depth += (letter in "[{") - (letter in "]}")
        deepest = max(deepest, depth)
    return deepest


def _placed(part: Project) -> Project:
    """The clip with a place for every block; where these lie too far apart for the canvas, all are put anew."""
    outer = {key: place for key, place in part.layout.items() if key in part.graph.nodes}
    span = [max(places) - min(places) for places in zip(*outer.values(), strict=True)]
    inner = {key: place for key, place in part.layout.items() if key not in outer}
    if span and max(span) > FARTHEST:
        outer = {}
    left, bottom = min((x for x, _ in outer.values()), default=0), max((y for _, y in outer.values()), default=-ROW)
    for number, key in enumerate(key for key in part.graph.nodes if key not in outer):
        row, column = divmod(number, ABREAST)
        inner[key] = Position(left + column * COLUMN, bottom + (row + 1) * ROW)
    return part.with_(layout={**outer, **inner}, decor=decorating.near(part, FARTHEST))


def _from_corner(part: Project) -> Project:
    """The clip with places counted from the upper left corner of all blocks; without any, of all notes and frames."""
    outer = [place for key, place in part.layout.items() if key in part.graph.nodes]
    outer = outer or [Position(*item.area[:2]) for item in decorating.placed(part).values()]
    left, top = min((x for x, _ in outer), default=0.0), min((y for _, y in outer), default=0.0)
    layout = {
        key: moved(place, -left, -top) if key in part.graph.nodes else place for key, place in part.layout.items()
    }
    decor = {key: decorating.moved(item, (-left, -top)) if "/" not in key else item for key, item in part.decor.items()}
    return part.with_(layout=layout, decor=decor)


def _listed(graph: Graph, keys: Sequence[str], most: int = 3) -> str:
    names = [graph.nodes[key].name[:64] for key in keys[:most]]
    return ", ".join(names) + (f" and {len(keys) - most} more" if len(keys) > most else "")
