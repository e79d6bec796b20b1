"""What the contract tests need to know beyond the blocks themselves: a module a family, its tables put together here.

A module may hold any of these tables, keyed by the name of the block unless it says otherwise:

- `SETTINGS`: lists of parameters; each is put through the whole contract, besides the defaults.
- `LEFT_OUT`: arguments of torch's that the block does not offer, each with the reason.
- `OUR_OWN`: names of parameters that torch does not know.
- `OTHER_DEFAULTS`: by block and parameter, why our default is not torch's.
- `WITHOUT_FORMULA`: a set of blocks that compute nothing.
- `MISFITS`: rows of what a block can't work on, and the words in which it says so.
- `STRICTER`: words of a refusal → why we refuse what torch takes.
- `VALUES`: a function (block, specs, random values) → the values to put in place of random ones, by port.
- `MULTIPLICATIONS`: a function (block, specs) → the count by hand, where torch's counter sees none.
- `NO_GRADIENT`: by the name of an input or a weight (`*`: all), why no gradient reaches it.

Types and shapes for them are in `specs`; these modules can't import `carried_out`, which imports them.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Any

FAMILIES: tuple[ModuleType, ...] = tuple(
    importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)
)


def table(name: str) -> dict[Any, Any]:
    """All families' tables of that name as one; no block stands in two of them."""
    whole: dict[Any, Any] = {}
    for family in FAMILIES:
        part = getattr(family, name, {})
        assert not whole.keys() & part.keys(), f"{name} of {family.__name__} repeats {whole.keys() & part.keys()}"
        whole |= part
    return whole


SETTINGS: dict[str, list[dict[str, object]]] = table("SETTINGS")
LEFT_OUT: dict[str, dict[str, str]] = table("LEFT_OUT")
OUR_OWN: dict[str, set[str]] = table("OUR_OWN")
OTHER_DEFAULTS: dict[tuple[str, str], str] = table("OTHER_DEFAULTS")
WITHOUT_FORMULA = {name for family in FAMILIES for name in getattr(family, "WITHOUT_FORMULA", ())}
MISFITS = [row for family in FAMILIES for row in getattr(family, "MISFITS", ())]
STRICTER: dict[str, str] = table("STRICTER")
VALUES = table("VALUES")
MULTIPLICATIONS = table("MULTIPLICATIONS")
NO_GRADIENT: dict[str, dict[str, str]] = table("NO_GRADIENT")
