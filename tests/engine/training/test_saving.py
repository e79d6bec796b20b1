"""The state is written now and then, and takes only a small share of the time."""

from __future__ import annotations

import pytest

from engine.training import saving
from engine.training.saving import Saving


class Clock:
    now = 100.0

    def perf_counter(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(saving, "time", clock)
    return clock


@pytest.mark.parametrize(
    ("every", "passed", "within", "at_the_end"),
    [
        (30.0, 1.9, False, False),
        (30.0, 2.0, False, True),  # the end of an epoch is a good place
        (30.0, 30.0, True, True),
        (1.0, 1.0, True, True),
        (0.0, 0.0, True, True),
    ],
)
def test_writes_when_it_is_time(every: float, passed: float, within: bool, at_the_end: bool, clock: Clock) -> None:
    one = Saving(every)
    clock.now += passed
    assert (one.due(epoch_over=False), one.due(epoch_over=True)) == (within, at_the_end)


def test_what_takes_long_to_write_is_written_seldom(clock: Clock) -> None:
    one = Saving(0.0)
    with one.writing():
        clock.now += 4
    for passed, due in ((79.0, False), (1.0, True)):
        clock.now += passed
        assert one.due(epoch_over=True) == due
    with one.writing():
        clock.now += 0.01
    clock.now += 1
    assert one.due(epoch_over=True)
