"""Steps of a project that a test can compare."""

from __future__ import annotations

from typing import NamedTuple

import torch

from engine.compile import build
from engine.data import prepare
from engine.plan import plan
from engine.project import Project
from engine.training.batches import Batches, tensors_of
from engine.training.step.flat import FlatWeights
from engine.training.step.forward import Forward


class Made(NamedTuple):
    forward: Forward
    flat: FlatWeights
    batches: Batches


def made(project: Project, *, train: bool = True) -> Made:
    """The network of a project with fresh weights, laid flat, and its training data."""
    torch.manual_seed(project.training.seed)
    compiled = build(project, objective=True)
    assert compiled.objective is not None
    parts = compiled.source.parts
    forward = Forward(compiled.network.train(train), compiled.objective, parts)
    flat = FlatWeights((weight, None) for weight in compiled.network.parameters() if weight.requires_grad)
    data = tensors_of(plan(project.graph, project.data.fields()), parts, prepare(project.data), "cpu")
    return Made(forward, flat, Batches(data["train"], project.training.batch_size, project.training.seed))
