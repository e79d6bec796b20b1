"""Loading what the curves are drawn with, beside what the engine loads; see `engine.loading` for why one asks here."""

from __future__ import annotations

import importlib
import threading

from engine.loading import load_heavy, load_light

_one_at_a_time = threading.Lock()


def load_curves() -> None:
    """Have numpy and pyqtgraph ready; waits for the thread that is at it already."""
    with _one_at_a_time:
        load_light()
        importlib.import_module("designer.training.plot")


def load_everything() -> None:
    """What the window needs soon after it is shown, the quick before the slow."""
    load_curves()
    load_heavy()
