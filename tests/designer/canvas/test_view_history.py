"""The history of the view as a value: what is a step, what merges, and where one comes back to."""

from __future__ import annotations

import pytest

from designer.canvas.view_history import LIMIT, Stop, ViewHistory

SIZE = (800.0, 600.0)
HOME = Stop((), 1.0, (0.0, 0.0))


@pytest.mark.parametrize(
    ("stop", "far"),
    [
        (HOME, False),
        (Stop((), 1.0, (300.0, 200.0)), False),
        (Stop((), 1.0, (500.0, 0.0)), True),
        (Stop((), 1.0, (0.0, -400.0)), True),
        (Stop((), 1.3, (0.0, 0.0)), False),
        (Stop((), 1.6, (0.0, 0.0)), True),
        (Stop((), 0.6, (0.0, 0.0)), True),
        (Stop(("group",), 1.0, (0.0, 0.0)), True),
    ],
)
def test_what_one_would_want_to_get_back_from(stop: Stop, far: bool) -> None:
    assert stop.far_from(HOME, SIZE) == far


def test_small_moves_merge_and_are_found_again() -> None:
    history = ViewHistory()
    history.jump(HOME)
    history.rest(Stop((), 1.0, (50.0, 0.0)), SIZE)
    left = Stop((), 1.0, (90.0, 0.0))
    history.rest(left, SIZE)
    history.jump(Stop((), 0.5, (0.0, 0.0)))
    assert history.step(-1) == left
    assert not history.can_step(-1)
    assert history.step(-1) is None
    assert history.step(1) == Stop((), 0.5, (0.0, 0.0))


def test_many_small_moves_come_to_a_step_at_last() -> None:
    history = ViewHistory()
    for x in range(0, 1000, 100):
        history.rest(Stop((), 1.0, (float(x), 0.0)), SIZE)
    assert history.step(-1) == Stop((), 1.0, (400.0, 0.0))


def test_a_jump_after_going_back_forgets_what_lay_ahead() -> None:
    history = ViewHistory()
    for zoom in (1.0, 2.0, 3.0):
        history.jump(Stop((), zoom, (0.0, 0.0)))
    history.step(-1)
    history.step(-1)
    history.jump(Stop((), 4.0, (0.0, 0.0)))
    assert not history.can_step(1)
    assert history.step(-1) == HOME


def test_a_jump_to_where_one_is_is_none() -> None:
    history = ViewHistory()
    history.jump(HOME)
    history.jump(HOME)
    assert not history.can_step(-1)


def test_it_does_not_grow_without_end() -> None:
    history = ViewHistory()
    for step in range(3 * LIMIT):
        history.jump(Stop((), 1.0, (1000.0 * step, 0.0)))
    steps = 0
    while history.step(-1):
        steps += 1
    assert steps == LIMIT - 1
