"""What all tests share: no display, no settings but their own, one thread, patience, and random tests that repeat.

It only sets the surroundings, before Qt or torch is loaded by anyone; it loads neither. Hypothesis tries the same
examples on every run, so that a failure is never a matter of luck, and tells the first that fails as it is;
`pytest --hypothesis-profile=search` looks for more, and for the smallest.
"""

from __future__ import annotations

import gc
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from pytestqt.qtbot import QtBot

HOME = Path(tempfile.mkdtemp(prefix="plexus-tests-"))

os.environ.update(
    {
        **{f"XDG_{kind}_HOME": str(HOME / kind.lower()) for kind in ("CONFIG", "DATA", "STATE", "CACHE")},
        "XDG_CONFIG_DIRS": str(HOME / "config"),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "LANGUAGE": "",
        "OMP_NUM_THREADS": "1",
        "OMP_WAIT_POLICY": "PASSIVE",
        "PLEXUS_DEBUG": "1",  # an error that nobody foresaw shall fail a test, not become a sentence
    }
)
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

QUIET = {"deadline": None, "database": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("same", derandomize=True, phases=(Phase.explicit, Phase.generate), **QUIET)
settings.register_profile("search", max_examples=1000, **QUIET)
settings.load_profile("same")


@pytest.fixture(scope="session", autouse=True)
def _settings_of_qt_lie_apart() -> None:
    """Keep Qt's standard folders away from the person's own, where they don't follow the XDG variables."""
    core = sys.modules.get("PySide6.QtCore")  # engine tests need no Qt, so it is not loaded here
    if core is not None and not sys.platform.startswith("linux"):
        core.QStandardPaths.setTestModeEnabled(True)


LONG = (  # that take longest; where one of these came last, one core would wait for the other
    *("engine/training/compiled/test_block.py", "engine/training/test_state.py", "engine/test_injection.py"),
    *("engine/test_networks.py", "journeys/test_trouble.py", "test_house.py", "designer/test_run_commands.py"),
    *("engine/blocks/test_contract.py", "engine/blocks/test_verdicts.py", "engine/commands/test_train.py"),
    *("designer/inspector/test_panel.py", "engine/test_cli.py", "designer/canvas/test_gesture_machine.py"),
    *("engine/printing/test_contract.py", "journeys/test_first_trip.py", "engine/training/test_remote.py"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files are shared out in the order in which they come, so the longest are begun first."""
    here = Path(__file__).parent
    places = {here / name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path, len(LONG)))


def pytest_collection_finish() -> None:
    """Torch and the tests themselves are no garbage: half a second is saved wherever all is looked through."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:
    """Windows that a test closed go at once, and widgets that a file of tests left behind go after it.

    Each that stays is painted anew whenever a theme changes. Work that a test began on other threads ends with it, and
    garbage is collected here alone: elsewhere it could take down Qt objects on a thread that isn't theirs.
    """
    result = yield
    core = sys.modules.get("PySide6.QtCore")
    if core is not None and core.QCoreApplication.instance() is not None:
        gc.disable()
        core.QThreadPool.globalInstance().waitForDone(60_000)
        if nextitem is None or nextitem.path != item.path:
            widgets = sys.modules.get("PySide6.QtWidgets")
            for widget in widgets.QApplication.topLevelWidgets() if widgets is not None else ():
                widget.deleteLater()
            gc.collect()
            if not gc.get_freeze_count():  # a window was closed, which let go of it
                gc.freeze()
        else:
            gc.collect(1)
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
        gui = sys.modules.get("PySide6.QtGui")
        if nextitem is None and gui is not None:
            gui.QGuiApplication.clipboard().clear()  # the offscreen platform would clear it when Python is gone
    return result


class Patient(QtBot):
    """Waits for as long as a very busy machine may take, since only what never comes shall fail a test."""

    PATIENCE = 120_000  # milliseconds

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE, **how: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **how)

    def waitExposed(self, widget: Any, *, timeout: int = PATIENCE) -> Any:
        return super().waitExposed(widget, timeout=timeout)

    def waitActive(self, widget: Any, *, timeout: int = PATIENCE) -> Any:
        return super().waitActive(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    return Patient(request)


class _Errors(logging.Handler):
    """Gathers what is logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(f"{record.name}: {record.getMessage()}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """A logged error fails the test, as warnings and Qt's warnings do."""
    handler = _Errors()
    logging.getLogger().addHandler(handler)
    try:
        result = yield
    finally:
        logging.getLogger().removeHandler(handler)
    if handler.texts:
        pytest.fail("An error was logged: " + "; ".join(handler.texts), pytrace=False)
    return result


def pytest_unconfigure() -> None:
    shutil.rmtree(HOME, ignore_errors=True)
