"""What was found out by timing on this machine, kept in the user's own cache, so that whoever asks again gets the same.

A time is never the same twice. Where numbers hang on what was chosen by it, a run must not: the first answer stays.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import platformdirs

from engine.problem import UserError
from engine.storage import write_whole

AT_MOST = 500  # answers that are kept; the oldest go first


def recalled(key: str) -> int | None:
    """What was chosen for this; None: nothing yet."""
    return _all().get(key)


def keep(key: str, chosen: int) -> None:
    """Choose this from now on; where the cache can't be written, it is found out anew each time."""
    known = {name: value for name, value in _all().items() if name != key} | {key: chosen}
    place = _place()
    with suppress(OSError, UserError):
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, json.dumps(dict(list(known.items())[-AT_MOST:]), indent=1).encode())


def _place() -> Path:
    return platformdirs.user_cache_path("plexus") / "timings.json"


def _all() -> dict[str, int]:
    try:
        told = json.loads(_place().read_text(encoding="utf-8"))
    except (OSError, ValueError):  # there is none yet, or it is damaged and holds nothing worth a word
        return {}
    entries = told.items() if isinstance(told, dict) else ()
    return {key: value for key, value in entries if type(value) is int and value > 0}
