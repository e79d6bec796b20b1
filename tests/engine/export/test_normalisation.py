"""What an export says of normalisation is what the training did: raw data go in, and the same scores come out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import engine
from engine import templates
from engine.data.preparation import prepare
from engine.data.reading import read
from engine.export.normalisation import docstring_lines, normalisations
from engine.export.weights import export_weights
from engine.project import Project
from engine.training.run import RunFolder

TEMPLATES = {
    "digits-cnn": (["image"], []),
    "iris": (["features"], []),
    "diabetes": (["features"], ["prediction"]),
    "two-inputs": (["mean", "worst"], ["fc_error"]),
}


def _template(name: str) -> Project:
    return templates.open_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_inputs_and_numbers_are_told(name: str) -> None:
    entering, leaving = TEMPLATES[name]
    found = normalisations(_template(name))
    assert [item.name for item in found if item.entering] == entering
    assert [item.name for item in found if not item.entering] == leaving


@pytest.mark.parametrize("name", ["iris", "diabetes"])
def test_raw_data_treated_as_told_are_what_was_trained_on(name: str) -> None:
    project = _template(name)
    prepared = prepare(project.data)
    raw = read(project.data.source)["features"][prepared.rows["validation"]]
    (told,) = [item for item in normalisations(project) if item.entering]
    ours = (raw - np.array(told.mean)) / np.array(told.std)
    np.testing.assert_allclose(ours.astype("float32"), prepared.validation["features"], rtol=1e-6, atol=1e-6)


def test_without_normalisation_nothing_is_told() -> None:
    project = _template("iris")
    plain = project.with_(data=project.data.change(normalise=False))
    assert normalisations(plain) == ()
    assert docstring_lines(plain) == []
    assert "normalised" not in engine.export_python(plain)


def test_the_docstring_holds_the_numbers() -> None:
    text = engine.export_python(_template("diabetes"))
    assert "Trained on normalised inputs. Do the same to yours:\n    features: (features - mean) / std" in text
    assert "prediction: prediction * std + mean" in text
    assert max(map(len, text.splitlines())) <= 120


def test_weights_carry_it_too(tmp_path: Path) -> None:
    from safetensors import safe_open

    project = _template("iris")
    for _ in engine.train(project, tmp_path / "run", epochs=1):
        continue
    export_weights(RunFolder(tmp_path / "run"), tmp_path / "weights.safetensors")
    with safe_open(tmp_path / "weights.safetensors", framework="pt") as file:
        told = json.loads(file.metadata()["normalisation"])
    (expected,) = normalisations(project)
    assert told == [json.loads(json.dumps(vars(expected)))]
