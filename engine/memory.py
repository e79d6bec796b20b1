"""What a training takes in memory, foretold: weights, gradients, what the optimizer keeps, and what the steps leave.

The steps are run once, forward, on tensors without data (torch's meta device), and all that autograd would keep for
the way back is counted. Nothing of that size is ever allocated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.check import review
from engine.compile import Compiled, build
from engine.plan import plan
from engine.project import Project
from engine.tensor import TensorSpec
from engine.training.treatment import treatment
from engine.training.turn import owned

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Forecast:
    """Bytes that a training takes at its batch size; the machinery of torch itself comes on top."""

    batch_size: int
    weights: int  # with the statistics that some layers keep
    gradients: int
    optimizer: int
    activations: int  # kept from the way forward for the way back, and the batch itself

    @property
    def total(self) -> int:
        return self.weights + self.gradients + self.optimizer + self.activations


def forecast(project: Project) -> Forecast:
    """The memory a training of this project takes (loads torch).

    A network that can be built but not trained yet, for want of data or a loss, is counted without its losses.

    Raises:
        UserError: when the design has problems that keep it from being built.
    """
    import torch

    trained = not any(problem.severity == "error" for problem in review(project).problems)
    with torch.device("meta"):
        compiled = build(project, objective=trained)
    network, objective = compiled.network, compiled.objective
    planned = plan(project.graph, project.data.fields())
    batch = project.training.batch_size
    parts = compiled.source.parts
    entering = {step.name: _tensor(step.leaves[0], batch) for step in parts.inputs}
    given = {name: _tensor(planned.leaving(*value), batch) for name, value in parts.arguments.items() if trained}
    kept = _Kept([*network.parameters(), *(objective.parameters() if objective is not None else ())])
    with torch.autograd.graph.saved_tensors_hooks(kept.note, lambda tensor: tensor):
        predicted = network(*entering.values())
        named = predicted if isinstance(predicted, dict) else dict.fromkeys(parts.predictions, predicted)
        if objective is not None:
            objective(*({**given, **entering, **named}[name] for name in parts.arguments))
    learned = sum(weight.numel() * weight.element_size() for weight in network.parameters() if weight.requires_grad)
    return Forecast(
        batch_size=batch,
        weights=sum(tensor.numel() * tensor.element_size() for tensor in network.state_dict().values()),
        gradients=learned,
        optimizer=_moved(project, compiled) * project.training.optimizer.kept_for_each_weight,
        activations=kept.bytes + sum(_size(tensor) for tensor in (*entering.values(), *given.values())),
    )


def _moved(project: Project, compiled: Compiled) -> int:
    """Bytes of the weights that optimizers move; those that several steps of a batch move count for each of them."""
    moved = treatment(compiled.network, compiled.source, project.graph)
    turns = owned(project.training.turns, project.graph)
    movers = [sum(turn.moves(each.path) for turn in turns) if turns else 1 for each in moved]
    return sum(
        each.weight.numel() * each.weight.element_size() * count for each, count in zip(moved, movers, strict=True)
    )


class _Kept:
    """Counts what autograd keeps, each storage once; weights are there anyway."""

    def __init__(self, weights: list[Any]) -> None:
        self.bytes = 0
        self._known = {weight.untyped_storage()._cdata: weight for weight in weights}

    def note(self, tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage._cdata not in self._known:
            self._known[storage._cdata] = tensor  # held on to, so that its place is not given to another
            self.bytes += storage.nbytes()
        return tensor


def _tensor(spec: TensorSpec | None, batch: int) -> torch.Tensor:
    import torch

    assert spec is not None, "a network is built only when every shape is known"
    sizes = [batch, *spec.sizes] if spec.batched else list(spec.sizes)
    return torch.empty(sizes, dtype=getattr(torch, spec.dtype), device="meta")


def _size(tensor: torch.Tensor) -> int:
    return tensor.numel() * tensor.element_size()
