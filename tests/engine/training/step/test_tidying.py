"""Nothing is done twice or for nothing, and all that matters stays."""

from __future__ import annotations

from collections import Counter
from typing import Any

import torch

from engine.training.step.recording import Recorder, Recording
from engine.training.step.tidying import Tidied
from engine.training.step.traced import record
from tests.engine.training.given import noisy, small
from tests.engine.training.step.made import made


def tidied(make: Any) -> Counter[str]:
    project = made(make())
    recording = record(project.forward, project.flat, project.batches.first(8))
    staying = [*project.forward.network.parameters(), *project.forward.network.buffers()]
    return Counter(operation.name for operation in Tidied(recording, staying).operations)


def test_second_names_windows_into_weights_and_constants_go() -> None:
    names = tidied(small)
    assert not names.keys() & {"detach", "ones_like", "expand"}
    assert names["addmm"] == 2
    assert names["mm"] == 3  # two gradients of weights and one of a value


def test_draws_and_statistics_stay() -> None:
    names = tidied(noisy)
    assert names["bernoulli_"] == names["native_batch_norm"] == names["add_"] == 1


def test_a_draw_for_nothing_stays_too() -> None:
    """The random numbers after it would be others."""
    x = torch.ones(3)
    recording = Recording({"x": x})
    with Recorder(recording):
        torch.rand(3)
        torch.ones(3).add(1)
        recording.losses = [x.sum()]
    assert [operation.name for operation in Tidied(recording, []).operations] == ["rand", "sum"]


def test_what_is_written_to_is_no_constant() -> None:
    x = torch.ones(3)
    recording = Recording({"x": x})
    with Recorder(recording):
        total = torch.zeros(3)
        total.add_(x)
        recording.losses = [total + torch.arange(3)]
    operations = Tidied(recording, []).operations
    assert [operation.name for operation in operations] == ["zeros", "add_", "add"]
