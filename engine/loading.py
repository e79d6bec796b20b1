"""Loading the large libraries in one order, each by one thread at a time.

Python lets a thread import `numpy.typing` while another is still in the middle of importing `numpy`, and hands it
half a module. So whoever is about to use one of these libraries off the main thread, or first on it, asks here.
"""

from __future__ import annotations

import importlib
import threading
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Stage:
    """Modules that are loaded together; whoever asks while another thread is at it waits for that one."""

    names: tuple[str, ...]
    lock: threading.Lock = field(default_factory=threading.Lock)

    def load(self) -> None:
        with self.lock:
            for name in self.names:
                importlib.import_module(name)


_LIGHT = Stage(("numpy", "networkx"))  # a few tenths of a second
_DATA = Stage(("sklearn.datasets",))  # more than a second
_TRAINING = Stage(("torch", "safetensors.torch", "engine.training.trainer"))  # several seconds


def load_light() -> None:
    """What planning and curves need. Cheap when it is there, as are the others."""
    _LIGHT.load()


def load_data() -> None:
    """What reading the built-in data needs."""
    load_light()
    _DATA.load()


def load_heavy() -> None:
    """What compiling and training need as well."""
    load_data()
    _TRAINING.load()
