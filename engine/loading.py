"""Loading the large libraries in one order and by one thread at a time.

Python lets a thread import `numpy.typing` while another is still in the middle of importing `numpy`, and hands it
half a module. So whoever is about to use one of these libraries off the main thread, or first on it, asks here.
"""

from __future__ import annotations

import importlib
import threading

LIGHT = ("numpy", "networkx")  # a few tenths of a second
HEAVY = ("torch", "sklearn.datasets", "safetensors.torch", "engine.training.trainer")  # several seconds

_one_at_a_time = threading.Lock()


def load_light() -> None:
    """What planning and curves need. Cheap when it is there."""
    for name in LIGHT:
        importlib.import_module(name)


def load_heavy() -> None:
    """What compiling and training need as well; waits for another thread that is at it already."""
    with _one_at_a_time:
        for name in (*LIGHT, *HEAVY):
            importlib.import_module(name)
