"""Losses with class weights learn in pieces and in accumulated batches what they learn from the whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from engine.project import Project
from engine.training.run import RunFolder
from engine.training.settings import OPTIMIZERS
from engine.training.trainer import Trainer
from tests.engine.drawing import block, draw

WEIGHTS = (1.0, 30.0, 0.2)


def project(several: bool = False, ignored: int = -100, **training: Any) -> Project:
    blocks = {"x": block("Input", field="features"), "fc": block("Linear", out_features=3)}
    blocks |= {"y": block("Target", field="species")}
    blocks["loss"] = block("CrossEntropyLoss", class_weights=WEIGHTS, ignore_index=ignored)
    wires = ["x -> fc -> loss.prediction", "y -> loss.target"]
    if several:
        blocks |= {"plain": block("CrossEntropyLoss", weight=0.5)}
        wires += ["fc -> plain.prediction", "y -> plain.target"]
    optimizer = OPTIMIZERS["SGD"](lr=0.1, momentum=0.0)
    return draw(blocks, *wires, source="Iris", **{"optimizer": optimizer, "epochs": 1, **training})


def learned(drawn: Project, folder: Path, pieces: int = 1, steps: int | None = None) -> dict[str, torch.Tensor]:
    """The weights after an epoch, and the loss of it as "loss"."""
    trainer = Trainer(drawn, RunFolder.create(folder), resume=False)
    trainer.course.pieces.count = pieces
    try:
        for count, batch in trainer.batches.epoch(1):
            trainer.step(count, batch)
            trainer.progress.step += 1
        loss = torch.tensor(trainer.window()["loss"])
        return {
            **{name: tensor.detach().clone() for name, tensor in trainer.network.state_dict().items()},
            "loss": loss,
        }
    finally:
        trainer.restore_surroundings()


@pytest.mark.parametrize("several", [False, True], ids=["one loss", "two losses"])
@pytest.mark.parametrize("ignored", [-100, 0], ids=["all count", "a class is ignored"])
def test_pieces_and_batches_come_to_the_same_as_the_whole(several: bool, ignored: int, tmp_path: Path) -> None:
    whole = learned(project(several, ignored, batch_size=24), tmp_path / "whole")
    pieces = learned(project(several, ignored, batch_size=24), tmp_path / "pieces", pieces=3)
    batches = learned(project(several, ignored, batch_size=6, accumulate=4), tmp_path / "batches")
    both = learned(project(several, ignored, batch_size=6, accumulate=4), tmp_path / "both", pieces=2)
    for other in (pieces, batches, both):
        for name in ("fc.weight", "fc.bias"):
            assert torch.allclose(whole[name], other[name], atol=1e-6, rtol=1e-6), name
    assert torch.allclose(whole["loss"], pieces["loss"], atol=1e-6)
    assert torch.allclose(batches["loss"], both["loss"], atol=1e-6)
