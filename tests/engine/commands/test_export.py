"""`export` writes the Python that runs and the weights that fit it, and never harms the project."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

import engine
from engine.project import Project
from engine.training.run import RunFolder
from tests.engine.commands.conftest import Answer
from tests.engine.drawing import block, classifier


@pytest.fixture
def trained(command: Callable[..., Answer], iris: Path) -> Path:
    assert command("train", iris, "--epochs", "2").code == 0
    return iris


def test_python_goes_to_the_terminal_as_it_is(command: Callable[..., Answer], iris: Path) -> None:
    answer = command("export", iris, "--to", "python", "-o", "-")
    assert answer == Answer(0, engine.export_python(engine.load(iris)), "")


def test_weights_fit_the_exported_class(command: Callable[..., Answer], trained: Path) -> None:
    assert command("export", trained, "--to", "python", "-o", "network.py").code == 0
    assert command("export", trained, "--to", "weights", "--run", "iris.runs/1", "-o", "network.safetensors").code == 0
    network = runpy.run_path("network.py")["Iris"]()
    network.load_state_dict(load_file("network.safetensors"))
    ours = engine.compile(engine.load(trained))
    ours.load_state_dict(RunFolder(Path("iris.runs/1")).read_best())
    rows = torch.randn(5, 4)
    assert torch.equal(network(rows), ours(rows))


def test_without_a_run_the_latest_is_meant(command: Callable[..., Answer], trained: Path) -> None:
    command("train", trained, "--epochs", "1", "--seed", "7")
    answer = command("export", trained, "--to", "weights", "-o", "w.safetensors")
    assert answer.out == "Wrote w.safetensors: the best weights of iris.runs/2, from epoch 1.\n"
    expected = RunFolder(Path("iris.runs/2")).read_best()
    assert all(torch.equal(tensor, expected[name]) for name, tensor in load_file("w.safetensors").items())


def test_weights_of_batch_normalisation_have_their_statistics(command: Callable[..., Answer], folder: Path) -> None:
    engine.save(classifier(block("Linear", out_features=5), block("BatchNorm1d"), epochs=1), "drawn.plexus")
    assert command("train", "drawn.plexus").code == 0
    assert command("export", "drawn.plexus", "--to", "weights", "-o", "w.safetensors").code == 0
    assert {"layer2.running_mean", "layer2.num_batches_tracked"} < set(load_file("w.safetensors"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"fc1": {"out_features": 17}}, "fc1.weight is 16 × 4 there and 17 × 4 here"),
        ({"fc1": {"bias": False}}, "the project has no fc1.bias"),
    ],
)
def test_weights_that_no_longer_fit_are_refused(
    command: Callable[..., Answer], trained: Path, change: dict[str, dict[str, object]], words: str
) -> None:
    project = engine.load(trained)
    for key, values in change.items():
        project = project.edit(project.graph.change(key, **values))
    engine.save(project, trained)
    answer = command("export", trained, "--to", "weights", "-o", "w.safetensors")
    assert answer.code == 2
    assert words in answer.err
    assert "export that file instead" in answer.err
    assert not Path("w.safetensors").exists()


def test_a_design_with_errors_has_them_listed(command: Callable[..., Answer], faulty: Path) -> None:
    answer = command("export", faulty, "--to", "python", "-o", "network.py")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("error: layer1: layer1 does not fit")
    assert not Path("network.py").exists()


def test_an_empty_design_says_what_is_needed(command: Callable[..., Answer], folder: Path) -> None:
    engine.save(Project(), "empty.plexus")
    answer = command("export", "empty.plexus", "--to", "python", "-o", "-")
    assert answer.code == 1
    assert "Nothing is drawn yet" in answer.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("python", "-o", "iris.plexus"), "iris.plexus is the project itself"),
        (("python", "-o", "./iris.plexus"), "is the project itself"),
        (("python", "-o", "no/such/folder.py"), "no/such/folder.py can't be written"),
        (("python", "-o", "-", "--run", "iris.runs/1"), "--run goes with --to weights"),
        (("weights", "-o", "-"), "Weights are no text"),
        (("weights", "-o", "w"), "has not been trained yet"),
        (("weights", "-o", "w", "--run", "nowhere"), "There is no run in nowhere"),
    ],
)
def test_refusals(command: Callable[..., Answer], iris: Path, words: tuple[str, ...], told: str) -> None:
    before = iris.read_bytes()
    answer = command("export", iris, "--to", *words)
    assert (answer.code, answer.out) == (2, "")
    assert told in answer.err
    assert len(answer.err.splitlines()) == 1
    assert iris.read_bytes() == before
