"""The loss of an epoch is the one that the loss itself would give of all samples at once."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch.nn.functional import cross_entropy

from engine.training.run import RunFolder
from engine.training.shares import Weighed
from engine.training.trainer import Trainer
from tests.engine.drawing import block
from tests.engine.training.given import small

TARGET, SCORES = torch.tensor([0, 2, 1, 2, 0, 1, 2]), torch.randn(7, 3, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("weights", [None, (1.0, 5.0, 0.5)])
@pytest.mark.parametrize("ignored", [-100, 2])
@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_batches_add_up_to_the_loss_of_all(weights: tuple[float, ...] | None, ignored: int, smoothing: float) -> None:
    tensor = None if weights is None else torch.tensor(weights)
    options = {"weight": tensor, "ignore_index": ignored, "label_smoothing": smoothing}
    each = Weighed(0, tensor, ignored)
    sums = overs = 0.0
    for part in (slice(0, 3), slice(3, 7)):
        over = float(each.over([TARGET[part]]))
        sums += over * float(cross_entropy(SCORES[part], TARGET[part], **options))
        overs += over
    assert sums / overs == pytest.approx(float(cross_entropy(SCORES, TARGET, **options)), rel=1e-5)


def test_targets_that_are_probabilities_count_by_samples() -> None:
    assert Weighed(0, torch.ones(3), -100).over([torch.rand(4, 3)]) is None


def test_a_weighted_training_tells_the_loss_of_its_validation_part_as_a_whole(tmp_path: Path) -> None:
    project = small()
    name = next(key for key, node in project.graph.nodes.items() if node.block.category == "Loss")
    project = project.edit(project.graph.replace(name, block("CrossEntropyLoss", class_weights=(1.0, 10.0, 100.0))))
    trainer = Trainer(project, RunFolder(tmp_path), resume=False)
    try:
        trainer.passes.at_once = 7
        for _ in trainer.score("validation"):
            continue
        told = trainer.scores["loss"]
        trainer.passes.at_once = 10_000
        for _ in trainer.score("validation"):
            continue
        assert told == pytest.approx(trainer.scores["loss"], rel=1e-5)
    finally:
        trainer.restore_surroundings()
