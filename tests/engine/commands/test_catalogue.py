"""`blocks`, `templates` and `new` tell what there is and begin a project without harming another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import engine
from engine.blocks import CATALOGUE
from engine.templates import names
from tests.engine.commands.conftest import Answer


def test_every_block_is_listed_under_its_category(command: Callable[..., Answer]) -> None:
    lines = command("blocks").out.splitlines()
    assert [line.split()[0] for line in lines if line.startswith("  ")] == list(CATALOGUE)
    assert lines.index("Convolution") < lines.index(next(line for line in lines if line.startswith("  Conv2d")))


def test_blocks_in_json_say_all_that_a_program_needs(command: Callable[..., Answer]) -> None:
    told = {block["name"]: block for block in command("blocks", "--json").json}
    assert list(told) == list(CATALOGUE)
    assert all(set(block) == {"name", "category", "parameters", "ports", "doc"} for block in told.values())
    loss = told["CrossEntropyLoss"]
    assert [port["name"] for port in loss["ports"]["inputs"]] == ["prediction", "target"]
    assert loss["ports"]["outputs"] == ["loss"]
    filters = next(parameter for parameter in told["Conv2d"]["parameters"] if parameter["name"] == "out_channels")
    assert (filters["default"], filters["limits"], filters["kind"]) == (32, "at least 1", "int")


def test_every_template_is_listed_with_words(command: Callable[..., Answer]) -> None:
    lines = [line.split(maxsplit=1) for line in command("templates").out.splitlines()]
    assert [name for name, _ in lines] == list(names())


def test_new_takes_its_name_from_the_file(command: Callable[..., Answer], folder: Path) -> None:
    answer = command("new", "spirals", "-o", "mine.plexus")
    assert (answer.code, answer.err) == (0, "")
    assert engine.load("mine.plexus").name == "mine"
    assert engine.check(engine.load("mine.plexus")) == []


def test_new_prints(command: Callable[..., Answer], folder: Path) -> None:
    assert command("new", "iris", "-o", "-").json["name"] == "iris"
    assert list(folder.iterdir()) == []


def test_new_replaces_nothing_unless_told(command: Callable[..., Answer], folder: Path) -> None:
    place = folder / "mine.plexus"
    place.write_text("precious")
    answer = command("new", "iris", "-o", "mine.plexus")
    assert (answer.code, place.read_text()) == (2, "precious")
    assert "mine.plexus exists already" in answer.err
    assert "--force" in answer.err
    assert command("new", "iris", "-o", "mine.plexus", "--force").code == 0
    assert engine.load(place).name == "mine"
