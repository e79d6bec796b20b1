"""A folder of its own for each test of a command, with projects to work on and a way to type commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.cli import main
from engine.storage import save
from engine.templates import open_template
from tests.engine.drawing import block, classifier, draw


@dataclass(frozen=True)
class Answer:
    """What a command left behind: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Types a command: `command("check", "iris.plexus")`."""

    def typed(*words: str | Path) -> Answer:
        capsys.readouterr()
        code = main([str(word) for word in words])
        return Answer(code, *capsys.readouterr())

    return typed


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of the test."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def iris(folder: Path) -> Path:
    save(open_template("iris").with_(name="iris"), "iris.plexus")
    return Path("iris.plexus")


@pytest.fixture
def faulty(folder: Path) -> Path:
    """A project with one error: an image layer behind a vector."""
    save(classifier(block("Conv2d")), "faulty.plexus")
    return Path("faulty.plexus")


@pytest.fixture
def warned(folder: Path) -> Path:
    """A project with one warning: it trains, though slowly."""
    blocks = {
        "features": block("Input", field="features"),
        "fc": block("Linear", out_features=3),
        "softmax": block("Softmax"),
        "species": block("Target", field="species"),
        "loss": block("CrossEntropyLoss"),
    }
    wires = ("features -> fc -> softmax -> loss.prediction", "species -> loss.target")
    save(draw(blocks, *wires, source="Iris"), "warned.plexus")
    return Path("warned.plexus")
