"""Find blocks by what people call them: names, other names, categories and what the blocks do."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.blocks import CATALOGUE, Block

NO_MATCH = 100  # worse than every real place


@dataclass(frozen=True)
class _Entry:
    name: str
    parts: tuple[str, ...]  # of the name: AdaptiveAvgPool2d → adaptive, avg, pool, 2d
    aliases: tuple[str, ...]
    category: str
    doc: str


def search(query: str) -> list[str]:
    """Names of the blocks that match every word of `query`, best first; all of them for an empty query.

    Where nothing matches, names that are spelled nearly like it are given.
    """
    words = query.casefold().split()
    ranks = {entry.name: max((_rank(entry, word, query) for word in words), default=0) for entry in _entries()}
    found = [name for name, rank in ranks.items() if rank < NO_MATCH]
    return sorted(found, key=ranks.__getitem__) if found else _nearly(query.casefold())


def first_sentence(block: type[Block]) -> str:
    """What a block does, in a sentence."""
    return re.split(r"(?<=[.!?])\s", block.doc(), maxsplit=1)[0]


@functools.cache
def _entries() -> tuple[_Entry, ...]:
    return tuple(
        _Entry(
            name,
            tuple(part.casefold() for part in re.findall(r"\d+[a-z]|[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)),
            tuple(alias.casefold() for alias in block.aliases),
            block.category.casefold(),
            first_sentence(block).casefold(),
        )
        for name, block in CATALOGUE.items()
    )


def _rank(entry: _Entry, word: str, query: str) -> int:
    """How well a word fits: 0 is the name itself. A whole query may be an alias of several words."""
    name, whole = entry.name.casefold(), query.casefold().strip()
    tests = (
        name in (word, whole),
        word in entry.aliases or whole in entry.aliases,
        name.startswith(word),
        any(part.startswith(word) for part in entry.parts),
        any(alias.startswith(word) for alias in entry.aliases),
        word in name,
        any(word in alias for alias in entry.aliases),
        entry.category.startswith(word),
        any(part.startswith(word) for part in re.findall(r"\w+", f"{entry.category} {entry.doc}")),
    )
    return next((place for place, fits in enumerate(tests) if fits), NO_MATCH)


def _nearly(query: str) -> list[str]:
    spellings = dict(_spellings())
    close = difflib.get_close_matches(query, spellings, n=4, cutoff=0.72)
    return list(dict.fromkeys(spellings[spelling] for spelling in close))


def _spellings() -> Iterator[tuple[str, str]]:
    for entry in reversed(_entries()):  # so that of two blocks with one alias, the first remains
        for alias in entry.aliases:
            yield alias, entry.name
    for entry in _entries():
        yield entry.name.casefold(), entry.name
