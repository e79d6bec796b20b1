"""Finds blocks, frames and notes of a whole project by what is written on them, inside groups as well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from designer.canvas.facts import shape_text
from engine.decor import Frame, Note
from engine.graph import Graph, Node
from engine.group import Group, Path
from engine.plan import Plan
from engine.project import Project

NAME, KIND, ALIAS, VALUE, SHAPE, NOTE = range(0, 12, 2)  # how well a hit there ranks; one behind, inside a text


class Found(NamedTuple):
    """A hit: ids of the groups around it and its own, and in words what fits, such as “kernel size 3 × 3”."""

    way: Path
    words: str


class _Entry(NamedTuple):
    way: Path
    texts: tuple[tuple[int, str, str], ...]  # how well a hit there ranks, the text folded, and as it is written


class Index:
    """All that can be found in a project; made once for each, as every key that is typed asks it."""

    def __init__(self, project: Project, plan: Plan) -> None:
        self._entries = [*_blocks(project.graph, plan, ()), *_decor(project)]

    def find(self, query: str) -> list[Found]:
        """Where every word of `query` fits, best first; else in the order of the drawing. None for an empty query."""
        words = _folded(query).split()
        ranked = [(rank, found) for entry in self._entries if words for rank, found in _fit(entry, words)]
        ranked.sort(key=lambda pair: pair[0])
        return [found for _, found in ranked]


def _fit(entry: _Entry, words: list[str]) -> Iterator[tuple[int, Found]]:
    """The entry with its rank, if each word fits one of its texts."""
    best = []
    for word in words:
        fitting = [(rank + (not folded.startswith(word)), text) for rank, folded, text in entry.texts if word in folded]
        if not fitting:
            return
        best.append(min(fitting, key=lambda pair: pair[0]))
    told = dict.fromkeys(text for rank, text in best if rank >= KIND)  # a name needs no telling
    yield max(rank for rank, _ in best), Found(entry.way, ", ".join(told))


def _blocks(graph: Graph, plan: Plan | None, around: Path) -> Iterator[_Entry]:
    for key, node in graph.nodes.items():
        step = plan.steps.get(key) if plan is not None else None
        shapes = [shape_text(spec) for spec in step.leaves] if step is not None else []
        texts = [*_texts(node), *((SHAPE, shape) for shape in shapes if shape)]
        yield _Entry((*around, key), tuple((rank, _folded(text), text) for rank, text in texts))
        if isinstance(node.block, Group):
            inner = plan.inside((key,)) if plan is not None else None
            yield from _blocks(node.block.graph, inner, (*around, key))


def _texts(node: Node) -> Iterator[tuple[int, str]]:
    """What can be found at a block, and how well that ranks."""
    block = node.block
    yield NAME, node.name
    yield KIND, block.title if isinstance(block, Group) else type(block).__name__
    for alias in type(block).aliases:
        yield ALIAS, alias
    for param in block.params():
        value = param.format(getattr(block, param.name))
        if value:
            yield VALUE, f"{param.label.lower()} {value}"
            yield VALUE, f"{param.name} = {value}"
    if node.note:
        yield NOTE, " ".join(node.note.split())


def _decor(project: Project) -> Iterator[_Entry]:
    """Frames and notes."""
    for path, item in project.decor.items():
        text = item.title if isinstance(item, Frame) else item.text if isinstance(item, Note) else ""
        if text:
            text = " ".join(text.split())
            yield _Entry(tuple(path.split("/")), ((KIND, _folded(text), text),))


def _folded(text: str) -> str:
    """As it is compared: 3 × 3, 3x3 and 3×3 are the same."""
    return re.sub(r"(?<=\d)\s*[x×]\s*(?=\d)", "×", text.casefold())
