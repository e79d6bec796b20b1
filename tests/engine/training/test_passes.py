"""A part of the data is gone through in batches that are halved until they fit the memory."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from engine.training.passes import Passes
from engine.training.step.forward import Outcome

FULL = torch.OutOfMemoryError("CUDA out of memory")


class Small:
    """A network for which there is room for so many samples; notes the sizes of what it was given."""

    def __init__(self, room: int) -> None:
        self.room, self.seen = room, list[int]()

    def __call__(self, batch: dict[str, torch.Tensor]) -> Outcome:
        assert torch.is_inference_mode_enabled()
        self.seen.append(len(batch["x"]))
        if len(batch["x"]) > self.room:
            raise FULL
        return Outcome((batch["x"].sum(),), ())


def passes(network: Any, samples: int = 20, at_once: int = 8, fixed: bool = False) -> Passes:
    return Passes(network, {"train": {"x": torch.arange(float(samples))}}, at_once, fixed=fixed)


@pytest.mark.parametrize(
    ("samples", "at_once", "room", "sizes", "after"),
    [
        (20, 8, 8, [8, 8, 4], 8),
        (17, 8, 9, [8, 9], 8),
        (3, 8, 8, [3], 8),
        (20, 8, 5, [4, 4, 4, 4, 4], 4),
        (20, 8, 1, [1] * 20, 1),
    ],
)
def test_each_sample_counts_once(samples: int, at_once: int, room: int, sizes: list[int], after: int) -> None:
    tried = passes(Small(room), samples, at_once)
    told = list(tried.outcomes("train"))
    assert [count for count, _ in told] == sizes
    assert sum(float(outcome.losses[0]) for _, outcome in told) == sum(range(samples))
    assert (tried.at_once, tried.halved) == (after, after < at_once)


def test_a_batch_that_does_not_fit_begins_the_whole_anew() -> None:
    network = Small(5)
    tried = passes(network, 20)
    assert list(tried.through("train")) == [False]
    assert list(tried.through("train")) == [True] * 5
    assert network.seen == [8, 4, 4, 4, 4, 4]


@pytest.mark.parametrize(("room", "fixed"), [(0, False), (5, True)])
@pytest.mark.parametrize("ask", ["outcomes", "through"])
def test_what_can_not_be_halved_is_told(ask: str, room: int, fixed: bool) -> None:
    tried = passes(Small(room), fixed=fixed)

    def all_of_it() -> None:
        for _ in range(9):
            list(getattr(tried, ask)("train"))

    with pytest.raises(torch.OutOfMemoryError):
        all_of_it()


def test_other_errors_pass() -> None:
    def broken(batch: dict[str, torch.Tensor]) -> Outcome:
        raise RuntimeError("shapes cannot be multiplied")

    with pytest.raises(RuntimeError, match="shapes"):
        list(passes(broken).outcomes("train"))
