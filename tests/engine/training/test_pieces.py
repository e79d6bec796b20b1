"""Where the memory is full, batches go in pieces, and what is learned stays the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from engine.training.events import Divided, Failed, Finished
from engine.training.pieces import memory_is_full
from engine.training.state import load_state
from engine.training.step.forward import Forward
from engine.training.step.plain import PlainStep
from engine.training.step.traced import TracedStep
from tests.engine.training.given import noisy, of_kind, run, scores, small, weights

ERRORS = [
    torch.OutOfMemoryError("CUDA out of memory"),
    MemoryError(),
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    RuntimeError("could not create a primitive"),
    RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 10 bytes"),
]


def room_for(samples: int, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the memory is full when more samples than these are computed at once."""
    for kind in (PlainStep, TracedStep):
        whole = kind.__call__

        def call(step: Any, batch: dict[str, torch.Tensor], whole: Any = whole) -> Any:
            if len(next(iter(batch.values()))) > samples:
                raise error
            return whole(step, batch)

        monkeypatch.setattr(kind, "__call__", call)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_knows_a_full_memory(error: Exception) -> None:
    assert memory_is_full(error)
    assert not memory_is_full(RuntimeError("mat1 and mat2 shapes cannot be multiplied"))


@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_goes_on_in_pieces_with_the_same_steps(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run(small(), tmp_path / "whole")
    room_for(5, error, monkeypatch)
    divided = run(small(), tmp_path / "divided")
    assert of_kind(Divided, divided) == [Divided(1, 4)]
    assert isinstance(divided[-1], Finished)
    for one, two in zip(scores(divided), scores(whole), strict=True):
        assert one[1] == pytest.approx(two[1], rel=1e-4)
        assert one[2] == pytest.approx(two[2], rel=1e-4)
    for name, values in weights(tmp_path / "whole").items():
        assert torch.allclose(values, weights(tmp_path / "divided")[name], atol=1e-5)
    assert load_state(tmp_path / "divided" / "last").progress.pieces == 4


@pytest.mark.usefixtures("every_step")
def test_a_memory_too_small_for_two_samples_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room_for(1, ERRORS[0], monkeypatch)
    failed = run(small(), tmp_path / "run")[-1]
    assert isinstance(failed, Failed)
    assert failed.message == "The memory is full."


@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_scoring_halves_what_it_scores_at_once(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run(small(epochs=2), tmp_path / "whole")
    forward = Forward.__call__

    def call(self: Forward, batch: dict[str, torch.Tensor]) -> Any:
        if torch.is_inference_mode_enabled() and len(next(iter(batch.values()))) > 10:
            raise error
        return forward(self, batch)

    monkeypatch.setattr(Forward, "__call__", call)
    divided = run(small(epochs=2), tmp_path / "divided")
    assert of_kind(Divided, divided) == [Divided(1, 32, scoring=True)]
    assert isinstance(divided[-1], Finished)
    for one, two in zip(scores(divided), scores(whole), strict=True):
        assert one[2] == pytest.approx(two[2], rel=1e-5)
    assert load_state(tmp_path / "divided" / "last").progress.score_batch == 8
    resumed = run(small(epochs=3), tmp_path / "divided", resume=True, epochs=3)
    assert not of_kind(Divided, resumed), "it goes on with what fits"


def test_the_pass_of_averaged_weights_over_the_training_part_is_halved_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = noisy(averaging="swa", swa_start=0.0)
    run(project, tmp_path / "whole")
    forward = Forward.__call__

    def call(self: Forward, batch: dict[str, torch.Tensor]) -> Any:
        if torch.is_inference_mode_enabled() and len(next(iter(batch.values()))) > 70:
            raise ERRORS[0]
        return forward(self, batch)

    monkeypatch.setattr(Forward, "__call__", call)
    divided = run(project, tmp_path / "divided")
    assert of_kind(Divided, divided) == [Divided(1, 4, scoring=True)]
    assert isinstance(divided[-1], Finished)
    one, two = weights(tmp_path / "whole"), weights(tmp_path / "divided")
    counts = {name: int(tensor) for name, tensor in two.items() if name.endswith("num_batches_tracked")}
    assert set(counts.values()) == {2}, "105 samples, 64 at once"
    # the mean of the means of batches, as it is taken, weighs a small last batch as much as the others; were they
    # sorted by class as the data are, each would have far less variance than the whole
    assert all(torch.allclose(two[name], one[name], rtol=0.1, atol=0.1) for name in one if name not in counts)
