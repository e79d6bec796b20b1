"""How another Python is started that works for this one: with our engine, and without a console of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def environment() -> dict[str, str]:
    """Ours, and where this very engine lies: a checkout, or wherever it was installed."""
    home = Path(__file__).parents[2]
    places = [place for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if Path(place).is_absolute()]
    if home.name not in ("site-packages", "dist-packages"):  # which Python knows, and searches after its own library
        places.insert(0, str(home))
    # without it, threads of torch that have nothing to do keep the cores from others
    return {"OMP_WAIT_POLICY": "PASSIVE", **os.environ, "PYTHONPATH": os.pathsep.join(places)}


def without_console() -> int:
    """For Windows: no console window flashes up, and Ctrl-C in ours is none of its business."""
    return int(getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0))
