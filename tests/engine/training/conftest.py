"""How often a run tells of its steps: as often as there are steps, or as seldom as it may."""

from __future__ import annotations

import pytest

from engine.training import loop


@pytest.fixture
def every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step is told, so that a run can be left anywhere."""
    monkeypatch.setattr(loop, "TELL_EVERY", 0.0)


@pytest.fixture
def no_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """No step is told but the last of each epoch, as if the machine were endlessly fast."""
    monkeypatch.setattr(loop, "TELL_EVERY", float("inf"))
