"""Exported weights fit the exported Python, to the last bit."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import engine
from engine.export.weights import export_weights
from engine.problem import UserError
from engine.training.run import RunFolder, read_tensors
from tests.engine.training.given import noisy, run


def test_the_weights_of_the_best_epoch_fit_the_exported_network(tmp_path: Path) -> None:
    run(noisy(), tmp_path / "run")
    export_weights(RunFolder(tmp_path / "run"), tmp_path / "weights.safetensors")
    names: dict[str, type[torch.nn.Module]] = {"__name__": "exported"}
    exec(engine.export_python(noisy()), names)
    network = names["Drawn"]()
    network.load_state_dict(read_tensors(tmp_path / "weights.safetensors"))
    ours = engine.compile(noisy())
    ours.load_state_dict(RunFolder(tmp_path / "run").read_best())
    x = torch.randn(5, 4)
    assert torch.equal(network.eval()(x), ours.eval()(x))


def test_says_that_there_are_none_yet(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="stopped before anything was saved"):
        export_weights(RunFolder(tmp_path), tmp_path / "weights.safetensors")
