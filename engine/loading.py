"""Loading the large libraries in one order, each by one thread at a time.

Python lets a thread import `numpy.typing` while another is still in the middle of importing `numpy`, and hands it
half a module. So whoever is about to use one of these libraries off the main thread, or first on it, asks here.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import os
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path


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
# the first optimizer of a process wants `torch._dynamo`, which takes two seconds by itself
_TRAINING = Stage(("torch", "torch._dynamo", "safetensors.torch", "engine.training.trainer"))  # several seconds


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
    if "torch" not in sys.modules:
        _map_torch()
    _TRAINING.load()


def _map_torch() -> None:
    """Map torch's largest library while other threads go on.

    `import torch` maps it too, but keeps all threads of Python waiting meanwhile, 0.4 s on a two-core machine. A
    foreign function called through ctypes does not. Where this does not work, `import torch` does it all the same.
    """
    package = importlib.util.find_spec("torch")
    if not sys.platform.startswith("linux") or package is None or package.origin is None:
        return
    opened = ctypes.CDLL(None).dlopen
    opened.restype, opened.argtypes = ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_int)
    for name in ("libc10.so", "libtorch_cpu.so"):
        opened(os.fsencode(Path(package.origin).parent / "lib" / name), os.RTLD_NOW)
