"""`summary` prints the table for people and the same facts as JSON for programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.storage import save
from engine.templates import open_template
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


def test_the_largest_come_first(command: Callable[..., Answer], iris: Path) -> None:
    answer = command("summary", iris, "--sort", "parameters", "--json")
    counts = [block["parameters"] for block in answer.json["blocks"]]
    assert answer.code == 0
    assert counts == sorted(counts, reverse=True) != [0, *counts[1:]]
    assert command("summary", iris, "--sort", "activations").out.splitlines()[2].startswith("fc1")


def test_the_largest_come_first_in_groups_as_well(command: Callable[..., Answer], folder: Path) -> None:
    save(open_template("googlenet"), "googlenet.plexus")
    blocks = command("summary", "googlenet.plexus", "--sort", "multiply-adds", "--json").json["blocks"]
    assert blocks[0]["name"] == "conv3"
    for told in (blocks, *(block["blocks"] for block in blocks if "blocks" in block)):
        counts = [block["multiply_adds"] for block in told]
        assert counts == sorted(counts, reverse=True)


def test_it_cannot_be_sorted_by_anything(command: Callable[..., Answer], iris: Path) -> None:
    answer = command("summary", iris, "--sort", "beauty")
    assert answer.code == 2
    assert "parameters" in answer.err
