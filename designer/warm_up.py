"""What comes after the start page is made ready while nobody waits for it."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from designer import background, block_search
from designer.top_bar import WORKSPACES
from engine.loading import load_data, load_light

if TYPE_CHECKING:
    from designer.window import Window

BREATH = 20  # milliseconds between two pieces of work that hold the screen


def warm_up(window: Window) -> None:
    """Load what the workspaces need, and make them.

    What belongs to Qt is loaded on this thread, piece by piece; what does not, on another; torch, in the process that
    trains.
    """

    def load(work: Callable[[], None], done: Callable[[], None] = lambda: None) -> None:
        words = window.status.showMessage
        background.run(window, work, lambda _none: done(), lambda error: words(str(error), 15000))

    def go_on() -> None:
        pages = (partial(window.page, name) for name in WORKSPACES)
        pieces = (_load_curves, _load_strip, lambda: window.strip, _load_pages, *pages, lambda: load(load_data))
        _in_turn(window, *pieces)
        load(block_search.prepare)

    load(window.session.crew.start)
    _in_turn(window, _load_design, lambda: window.design, lambda: load(load_light, go_on))


def _in_turn(window: Window, *pieces: Callable[[], object]) -> None:
    """Do one piece after the other, and let the window answer in between, for as long as there is one."""
    first, *rest = pieces
    first()
    if rest:
        QTimer.singleShot(BREATH, window, partial(_in_turn, window, *rest))


def _load_design() -> None:
    importlib.import_module("designer.design_page")


def _load_curves() -> None:
    importlib.import_module("designer.training.plot")  # brings pyqtgraph


def _load_strip() -> None:
    importlib.import_module("designer.training.strip")


def _load_pages() -> None:
    importlib.import_module("designer.data.page")
    importlib.import_module("designer.training.settings_page")
