"""What belongs to the whole process and not to a training alone: kept, and put back as it was."""

from __future__ import annotations

from contextlib import suppress

import torch


class Surroundings:
    """What a training changes for the whole process: random state, number of threads, ways of computing."""

    def __init__(self, device: str) -> None:
        self.random, self.threads = torch.get_rng_state(), torch.get_num_threads()
        self.deterministic = torch.are_deterministic_algorithms_enabled()
        self.random_cuda = torch.cuda.get_rng_state() if device == "cuda" else None

    def restore(self) -> None:
        torch.set_rng_state(self.random)
        if self.random_cuda is not None:
            with suppress(RuntimeError):  # the GPU is lost, which is told elsewhere
                torch.cuda.set_rng_state(self.random_cuda)
        if torch.get_num_threads() != self.threads:
            torch.set_num_threads(self.threads)
        if torch.are_deterministic_algorithms_enabled() != self.deterministic:
            torch.use_deterministic_algorithms(self.deterministic)
