"""What is compiled is the step as PyTorch takes it: the same numbers over a hundred steps, for all it is made of."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from engine.project import Project
from engine.training.compiled.blueprint import Blueprint
from engine.training.compiled.whole import taken, whole
from engine.training.optimizers import SGD, AdamW
from engine.training.schedules import Cosine, OneCycle
from engine.training.trainer import Trainer
from tests.engine.designs import autoencoder, branches
from tests.engine.drawing import block, classifier
from tests.engine.training.compiled.made import block_of, drawn_of, trainer_of
from tests.engine.training.given import noisy, regression, small
from tests.engine.training.step.test_traced import convolutions, shared

STEPS, TOGETHER = 100, 4
# what normalisation takes away follows nothing but rounding
ROUNDING = {("noisy", "layer1.bias"), ("noisy", "layer2.running_mean")}
ROUNDING |= {("convolutions", "layer0.bias"), ("convolutions", "layer1.running_mean")}


def with_training(**settings: object) -> Callable[[], Project]:
    return lambda: small(**settings)


MADE: dict[str, Callable[[], Project]] = {
    **{make.__name__: make for make in (small, noisy, regression, branches, convolutions, shared)},
    # Adam divides by the size of a gradient, also of one that is nothing but rounding, as at the edge of an image
    "autoencoder": lambda: autoencoder().with_(training=autoencoder().training.change(optimizer=SGD())),
    "sgd": with_training(optimizer=SGD(), schedule=OneCycle()),
    "adamw": with_training(optimizer=AdamW(weight_decay=0.1), schedule=Cosine(), warmup=1.5),
    "penalties": with_training(l1=0.01, l2=0.01),
    "clipped": with_training(clip_norm=0.1, clip_value=0.05, l1=0.01),
    "bf16": with_training(precision="bf16"),
    "normed": lambda: classifier(block("Linear", out_features=6), block("LayerNorm"), block("GELU")),
}


def full(trainer: Trainer) -> list[tuple[int, dict[str, torch.Tensor]]]:
    """A hundred batches of full size and some."""
    size = trainer.batches.batch_size
    every = itertools.chain.from_iterable(trainer.batches.epoch(number) for number in itertools.count(1))
    return list(itertools.islice((each for each in every if each[0] == size), STEPS + 1))


@pytest.mark.parametrize("name", MADE)
def test_a_hundred_steps_are_those_of_the_plain_way(name: str, tmp_path: Path) -> None:
    plain = trainer_of(MADE[name](), tmp_path / "plain")
    losses = []
    for samples, batch in full(plain):
        plain.step(samples, batch)
        plain.progress.step += 1
        losses.append(torch.stack([loss for loss, _ in plain._last]))
    random = torch.get_rng_state()
    close = {"rtol": 1e-5, "atol": 1e-5}
    other = trainer_of(MADE[name](), tmp_path / "other")
    batches = full(other)
    other.step(*batches[0])
    other.progress.step += 1
    piece, found = block_of(other, TOGETHER), []
    for start in range(1, STEPS, TOGETHER):
        stretch = [batch for _, batch in batches[start : start + TOGETHER]]
        assert piece.fits(stretch)
        found += piece(stretch, start)
        other.progress.step += TOGETHER
    torch.testing.assert_close([torch.stack(each.losses) for each in found], losses[1:], **close)
    assert torch.equal(torch.get_rng_state(), random)
    assert other.learning_rate == plain.learning_rate
    for (key, value), (_, mine) in zip(
        plain.network.state_dict().items(), other.network.state_dict().items(), strict=True
    ):
        if (name, key) not in ROUNDING:
            torch.testing.assert_close(mine, value, **close, msg=lambda text, key=key: f"{key}: {text}")
    assert other.gradients() == pytest.approx(plain.gradients(), rel=1e-4, abs=1e-6)
    for one, two in zip(plain.course.state()[0]["optimizers"], other.course.state()[0]["optimizers"], strict=True):
        torch.testing.assert_close(one, two, rtol=1e-4, atol=1e-6)


def test_what_it_takes_is_told_by_the_blueprint(tmp_path: Path) -> None:
    blueprint = drawn_of(trainer_of(noisy(), tmp_path / "run"), 3).blueprint
    tensors = taken(Blueprint.read(blueprint.text()))
    values = whole(blueprint)(*tensors)
    assert len(values) == 3 * (len(blueprint.losses) + len(blueprint.told))
