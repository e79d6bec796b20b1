"""Find blocks by what people call them: names, other names, categories and what the blocks do."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from designer.available import available, first_sentence
from engine.blocks import Block

NO_MATCH = 100  # worse than every real place
CATCH_ALL = "Function"  # goes by hundreds of names, so one of them that begins another block's name means that block
# of blocks that fit a query equally well, these come first
COMMON = (
    *("Linear", "Conv2d", "ReLU", "MaxPool2d", "BatchNorm2d", "LayerNorm", "Dropout", "Flatten", "Add", "Concat"),
    *("Input", "Target", "CrossEntropyLoss", "MSELoss", "Softmax", "Sigmoid", "Embedding", "LSTM", "Reshape"),
    *("MultiheadAttention", "ScaledDotProductAttention", "AvgPool2d", "AdaptiveAvgPool2d", "Upsample", "Multiply"),
)


@dataclass(frozen=True)
class _Entry:
    name: str
    label: str
    parts: tuple[str, ...]  # of the name: AdaptiveAvgPool2d → adaptive, avg, pool, 2d
    aliases: tuple[str, ...]
    category: str
    settings: tuple[str, ...]  # its parameters: names, labels and the words they may be
    words: tuple[str, ...]  # of the category and of what it does


def search(query: str, inside: bool = False, places: Mapping[str, int] | None = None) -> list[str]:
    """Names of the blocks that match every word of `query`, best first; all of them for an empty query.

    Where nothing matches, names that are spelled nearly like it are given. Inside a group, only what may stand there
    is found. Of blocks that match equally well, those with the lower of the `places` come first, without them the
    common ones.
    """
    words, entries = query.casefold().split(), _entries(inside)
    ranks = {entry.name: max((_rank(entry, word, query) for word in words), default=0) for entry in entries}
    found = [name for name, rank in ranks.items() if rank < NO_MATCH]
    if not words or not found:
        return found or _nearly(query.casefold(), entries)
    places = {name: place for place, name in enumerate(COMMON)} if places is None else places
    return sorted(found, key=lambda name: (ranks[name], places.get(name, len(places))))


def prepare() -> None:
    """Find out by what words each block may be called, which takes a moment; then the first search answers at once."""
    for inside in (False, True):
        _entries(inside)


@functools.cache
def _entries(inside: bool) -> tuple[_Entry, ...]:
    return tuple(
        _Entry(
            name,
            offer.label.casefold(),
            tuple(part.casefold() for part in re.findall(r"\d+[a-z]|[A-Z]+(?![a-z])|[A-Z]?[a-z]+", offer.label)),
            tuple(alias.casefold() for alias in offer.aliases),
            offer.section.casefold(),
            _settings(offer.kind),
            # of a group that comes with the program, its own words would have to be read from a file
            tuple(re.findall(r"\w+", f"{offer.section} {first_sentence(offer.kind.doc())}".casefold())),
        )
        for name, offer in available(inside).items()
    )


def _settings(kind: type[Block]) -> tuple[str, ...]:
    """What people look for who know a setting but not the block it belongs to: `label smoothing`, `bidirectional`."""
    described = kind.params()
    spoken = (word for param in described for word in (param.name, param.label, *param.choices))
    return tuple(part for word in spoken for part in re.split(r"[^a-z0-9]+", word.casefold()) if len(part) > 2)


def _rank(entry: _Entry, word: str, query: str) -> int:
    """How well a word fits: 0 is the name itself. A whole query may be an alias of several words."""
    name, whole = entry.label, query.casefold().strip()
    called = word in entry.aliases or whole in entry.aliases
    tests = (
        name in (word, whole),
        called and entry.name != CATCH_ALL,
        name.startswith(word),
        any(part.startswith(word) for part in entry.parts),
        called,
        any(alias.startswith(word) for alias in entry.aliases),
        word in name,
        any(word in alias for alias in entry.aliases),
        entry.category.startswith(word),
        any(part.startswith(word) for part in entry.words),
        any(part.startswith(word) for part in entry.settings),
    )
    return next((place for place, fits in enumerate(tests) if fits), NO_MATCH)


def _nearly(query: str, entries: tuple[_Entry, ...]) -> list[str]:
    spellings = dict(_spellings(entries))
    close = difflib.get_close_matches(query, spellings, n=4, cutoff=0.72)
    return list(dict.fromkeys(spellings[spelling] for spelling in close))


def _spellings(entries: tuple[_Entry, ...]) -> Iterator[tuple[str, str]]:
    for entry in reversed(entries):  # so that of two blocks with one alias, the first remains
        for alias in entry.aliases:
            yield alias, entry.name
    for entry in entries:
        yield entry.label, entry.name
