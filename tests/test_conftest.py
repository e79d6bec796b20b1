"""The guards that all tests stand under."""

from __future__ import annotations

import inspect
import logging
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.conftest import LONG, pytest_runtest_call


@pytest.mark.parametrize(("level", "fails"), [(logging.WARNING, False), (logging.ERROR, True)])
def test_a_logged_error_fails_a_test(level: int, fails: bool) -> None:
    guard = pytest_runtest_call()
    next(guard)
    logger = logging.getLogger("plexus.test")
    outer = logging.getLogger().handlers[:]
    for handler in outer[:-1]:
        logging.getLogger().removeHandler(handler)  # the guard of this very test must not hear it
    try:
        logger.log(level, "something")
    finally:
        for handler in outer[:-1]:
            logging.getLogger().addHandler(handler)
    with pytest.raises(pytest.fail.Exception if fails else StopIteration):
        guard.send(None)


@pytest.mark.parametrize("name", ["waitUntil", "waitSignal", "waitExposed", "waitActive"])
def test_nothing_that_is_waited_for_fails_by_a_slow_machine(name: str, qtbot: QtBot) -> None:
    assert inspect.signature(getattr(qtbot, name)).parameters["timeout"].default >= 60_000


@pytest.mark.parametrize("name", LONG)
def test_a_file_that_is_begun_early_is_there(name: str) -> None:
    assert (Path(__file__).parent / name).is_file()
