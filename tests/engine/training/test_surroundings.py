"""What a training changes for the whole process is given back as it was."""

from __future__ import annotations

import torch

from engine.training.surroundings import Surroundings


def test_random_numbers_threads_and_ways_of_computing_are_put_back() -> None:
    before = Surroundings("cpu")
    threads = torch.get_num_threads()
    expected = torch.rand(3)
    before.restore()
    torch.set_num_threads(threads + 1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(1)
    before.restore()
    assert torch.equal(torch.rand(3), expected)
    assert torch.get_num_threads() == threads
    assert not torch.are_deterministic_algorithms_enabled()
