"""The allocator is told to keep what is let go, where it listens."""

from __future__ import annotations

import sys

import pytest

from engine.training.step.memory import keep_freed_memory


def test_glibc_listens() -> None:
    assert keep_freed_memory() == sys.platform.startswith("linux")


def test_elsewhere_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert not keep_freed_memory()
