"""`summary` prints the table for people and the same facts as JSON for programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.engine.commands.conftest import Answer


def test_the_table_ends_with_the_network(command: Callable[..., Answer], iris: Path) -> None:
    answer = command("summary", iris)
    assert (answer.code, answer.err) == (0, "")
    *_, network, memory = answer.out.splitlines()
    assert network.split()[:3] == ["Network", "131", "112"]
    assert memory.startswith("Training memory at batch size 16: 4.18 KiB (weights 524 B, gradients 524 B, optimizer")


def test_json(command: Callable[..., Answer], iris: Path) -> None:
    answer = command("summary", iris, "--json")
    assert answer.code == 0
    assert (answer.json["parameters"], answer.json["multiply_adds"]) == (131, 112)
    assert [block["name"] for block in answer.json["blocks"]][:3] == ["features", "fc1", "relu1"]
    memory = answer.json["training_memory"]
    assert memory["total"] == sum(memory[part] for part in ("weights", "gradients", "optimizer", "activations"))


def test_what_is_known_is_told_and_errors_are_listed(command: Callable[..., Answer], faulty: Path) -> None:
    answer = command("summary", faulty)
    assert answer.code == 1
    row = next(line.split() for line in answer.out.splitlines() if line.startswith("layer1"))
    assert row == ["layer1", "Conv2d", "?", "0", "0", "0", "B"]
    assert answer.err.startswith("error: layer1: layer1 does not fit")
