"""Growing batches are tried as far as there is room and as long as they gain something."""

from __future__ import annotations

import pytest
import torch

from engine.memory import forecast
from engine.project import Project
from engine.training import batch_size
from engine.training.batch_size import find_batch_size, suggested_size
from engine.training.course import Stride
from engine.training.events import BatchPoint
from tests.drawn.networks import gan
from tests.engine.training.given import small


def of(size: int) -> Project:
    project = small()
    return project.with_(training=project.training.change(batch_size=size))


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_size, "SECONDS", 0.0)


def paced(monkeypatch: pytest.MonkeyPatch, *paces: float) -> None:
    given = iter(paces)
    monkeypatch.setattr(batch_size, "_pace", lambda trainer, size: next(given))


def test_goes_on_to_all_samples_while_it_gains(monkeypatch: pytest.MonkeyPatch) -> None:
    paced(monkeypatch, 1, 2, 3, 4, 5, 6, 7)
    told = list(find_batch_size(of(32)))
    assert [point.batch_size for point in told] == [8, 16, 32, 64, 105]
    assert [point.memory for point in told] == [forecast(of(size)).total for size in (8, 16, 32, 64, 105)]


def test_ends_where_nothing_is_gained(monkeypatch: pytest.MonkeyPatch) -> None:
    paced(monkeypatch, 1, 2, 2, 2, 2)
    assert [point.batch_size for point in find_batch_size(of(32))] == [8, 16, 32, 64]


def test_no_size_is_tried_that_has_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    paced(monkeypatch, 1, 2, 3, 4, 5)
    assert [point.batch_size for point in find_batch_size(of(32), forecast(of(32)).total)] == [8, 16, 32]
    assert list(find_batch_size(of(32), 1)) == []


def test_ends_where_the_memory_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.training.step.plain import PlainStep
    from engine.training.step.traced import TracedStep

    for kind in (PlainStep, TracedStep):
        whole = kind.__call__

        def call(step: object, batch: dict[str, torch.Tensor], *rest: object, whole: object = whole) -> object:
            if len(next(iter(batch.values()))) > 20:
                raise MemoryError
            return whole(step, batch, *rest)

        monkeypatch.setattr(kind, "__call__", call)
    assert [point.batch_size for point in find_batch_size(of(32))] == [8, 16]


def test_it_times_real_steps_and_leaves_no_trace() -> None:
    before = torch.get_rng_state()
    first = next(find_batch_size(of(32)))
    assert first.samples_per_second > 0
    assert torch.equal(torch.get_rng_state(), before)


def test_of_several_steps_of_a_batch_all_are_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    judge, generator = gan().training.turns
    project = gan()
    project = project.with_(training=project.training.change(turns=(judge, generator.change(every=2))))
    taken: list[str] = []
    go = Stride.go

    def counted(self: Stride, *arguments: object) -> object:
        assert self.turn is not None
        taken.append(self.turn.name)
        return go(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Stride, "go", counted)
    assert next(find_batch_size(project)).batch_size == 8
    assert taken == ["judge", "judge", "judge", "generator", "judge"], "one to make ready, and three"


@pytest.mark.parametrize(
    ("paces", "size"), [([1, 2, 4, 4.1], 32), ([5, 5, 5], 8), ([1, 2, 3], 32), ([3, 1, 1], 8), ([], None)]
)
def test_proposes_the_smallest_that_is_about_the_fastest(paces: list[float], size: int | None) -> None:
    points = [BatchPoint(8 * 2**index, pace, 1) for index, pace in enumerate(paces)]
    assert suggested_size(points) == size
