"""Trainings whose steps are drawn, and a stand-in for what a compiler makes of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from engine.project import Project
from engine.training.compiled.block import Block, segments_of
from engine.training.compiled.blueprint import Blueprint, Holding
from engine.training.compiled.drawing import Drawn, Kept, drawn
from engine.training.compiled.rules import rule_of
from engine.training.compiled.whole import whole
from engine.training.run import RunFolder
from engine.training.step.nothing import nothing_happened
from engine.training.step.traced import record
from engine.training.trainer import Trainer

Run = Callable[[list[torch.Tensor]], Sequence[torch.Tensor]]


def trainer_of(project: Project, folder: Path) -> Trainer:
    return Trainer(project, RunFolder.create(folder), resume=False)


def drawn_of(trainer: Trainer, together: int) -> Drawn:
    """What the steps of a training are drawn as."""
    settings, descent, flat = trainer.project.training, trainer.course.strides[0].descent, trainer.course.flat
    rule = rule_of(descent.optimizers[0])
    assert rule is not None
    staying = [*trainer.network.parameters(), *trainer.network.buffers(), *flat.weights]
    with nothing_happened(staying):
        recording = record(trainer.forward, flat, trainer.batches.first(settings.batch_size))
        holding = Holding(bool(descent.l1), settings.l2, settings.clip_value, settings.clip_norm)
        return drawn(recording, Kept(flat.weights, segments_of(flat), rule, holding), together, 1)


def as_it_is(blueprint: Blueprint) -> Run:
    """What the library of a blueprint does, done by torch operation by operation."""
    function = whole(Blueprint.read(blueprint.text()))

    def run(tensors: list[torch.Tensor]) -> Sequence[torch.Tensor]:
        with torch.no_grad():
            return function(*tensors)

    return run


def block_of(trainer: Trainer, together: int, run: Callable[[Blueprint], Run] = as_it_is) -> Block:
    """A block over a training that has taken a step."""
    what = drawn_of(trainer, together)
    return Block(run(what.blueprint), what, trainer.course.flat, trainer.course.strides[0].descent)
