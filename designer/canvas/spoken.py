"""What is said about a block to those who don't see it: name, kind, values, what leaves it, and its problems."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

from designer.canvas.facts import Facts
from engine.decor import Frame, Note
from engine.decorating import carried
from engine.graph import Graph, Node
from engine.group import Group
from engine.muting import passage
from engine.project import Project
from engine.record import Param

translate = QCoreApplication.translate
FEW = ("no", "one", "two", "three", "four", "five", "six")
LONGEST = 60  # letters of a value
MOST = 3  # names of neighbours that are told


def block_words(node: Node, facts: Facts) -> str:
    """Such as: conv2, Conv2d, 64 filters, output 64 by 11 by 11, one problem."""
    parts = [node.name, _kind(node), *_values(node)]
    if facts.shape:
        parts.append(translate("Canvas", "output {shape}").format(shape=spoken(facts.shape)))
    if passage(node) is not None:
        parts.append(translate("Canvas", "muted"))
    if node.weights.frozen:
        parts.append(translate("Canvas", "frozen"))
    if facts.problems:
        parts.append(count_words(len(facts.problems), "problem"))
    return ", ".join(parts)


def wires_words(graph: Graph, key: str) -> str:
    """Where a block's wires come from and lead to: from relu1; to pool1 and pool2."""
    sources = [wire.source for wire in graph.wires if wire.target == key]
    targets = [wire.target for wire in graph.wires if wire.source == key]
    parts = []
    if sources:
        parts.append(translate("Canvas", "from {names}").format(names=_names(graph, sources)))
    if targets:
        parts.append(translate("Canvas", "to {names}").format(names=_names(graph, targets)))
    return "; ".join(parts) or translate("Canvas", "no wires")


def placed_words(project: Project, key: str) -> str:
    """Such as: Frame “Encoder”, five blocks; or: Note “Why so deep?”."""
    what = project.decor[key]
    if isinstance(what, Frame):
        name = translate("Canvas", "Frame “{title}”").format(title=what.title) if what.title else ""
        blocks, _ = carried(project, [key])
        return f"{name or translate('Canvas', 'Frame without a title')}, {count_words(len(blocks), 'block')}"
    text = " ".join(what.text.split()) if isinstance(what, Note) else ""
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return translate("Canvas", "Note “{text}”").format(text=shown) if shown else translate("Canvas", "Empty note")


def count_words(count: int, thing: str) -> str:
    """A small number as a word: one problem, two problems, 12 problems."""
    number = FEW[count] if count < len(FEW) else str(count)
    return f"{number} {thing}" if count == 1 else f"{number} {thing}s"


def _kind(node: Node) -> str:
    if isinstance(node.block, Group):
        return translate("Canvas", "group {title}").format(title=node.block.title)
    return type(node.block).__name__


def _values(node: Node) -> list[str]:
    """The value that the block is known by, and all that differ from their defaults."""
    block = node.block
    told = dict.fromkeys((*block.sums_up[:1], *block.changed()))
    return [words for words in (_value(block.param(name), getattr(block, name)) for name in told) if words]


def _value(param: Param, value: object) -> str:
    """Such as 64 filters, or kernel size 5 by 5; empty for one that would be too long to listen to."""
    label = param.label.lower()
    if isinstance(value, bool):
        return label if value else translate("Canvas", "no {what}").format(what=label)
    words = spoken(param.format(value))
    if not words or len(words) > LONGEST:
        return ""
    return f"{words} {label}" if isinstance(value, int) and label.endswith("s") else f"{label} {words}"


def spoken(shape: str) -> str:
    """A shape as it is said: 64 by 11 by 11."""
    return re.sub(r"\s*×\s*", " by ", shape).replace(" · ", " and ")


def _names(graph: Graph, keys: list[str]) -> str:
    names = [graph.nodes[key].name for key in dict.fromkeys(keys) if key in graph.nodes]
    if len(names) > MOST:
        more = translate("Canvas", "{count} more").format(count=len(names) - MOST)
        names = [*names[:MOST], more]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""
