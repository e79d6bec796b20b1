"""Trying a step without a trace, and telling whether it gives the same once more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

TOLERANCE = 1e-5


@contextmanager
def nothing_happened(staying: list[torch.Tensor]) -> Iterator[None]:
    """Afterwards random numbers, weights and statistics are as they were."""
    kept = [tensor.detach().clone() for tensor in staying]
    random = torch.get_rng_state()
    random_cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else []  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        torch.set_rng_state(random)
        if random_cuda:
            torch.cuda.set_rng_state_all(random_cuda)
        with torch.no_grad():
            for tensor, before in zip(staying, kept, strict=True):
                tensor.copy_(before)


def close(one: torch.Tensor, two: torch.Tensor) -> bool:
    """Whether all numbers are the same but for rounding; integers exactly."""
    if not one.is_floating_point():
        return bool(torch.equal(one, two))
    finite = two[two.isfinite()]  # of a loss that has run away nothing may be
    size = float(finite.abs().max()) if finite.numel() else 0.0
    return bool(torch.allclose(one, two, rtol=TOLERANCE, atol=TOLERANCE * size, equal_nan=True))
