"""A compiled library bound to a training: its own weights, its optimizer's memory, its random numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from engine.training.compiled.drawing import Drawn
from engine.training.descent import Descent
from engine.training.step.flat import FlatWeights
from engine.training.step.forward import Outcome, Tensors

Run = Callable[[list[torch.Tensor]], Sequence[torch.Tensor]]  # what `whole` does, over tensors in the same order


def loaded(library: Path) -> Run:
    """What a library does.

    Raises:
        RuntimeError: when it can't be loaded.
    """
    run: Run = torch._C._aoti.AOTIModelContainerRunnerCpu(str(library), 1).run
    return run


class Block:
    """Several steps in one go; `Descent` and `FlatWeights` are left as the same steps one by one leave them."""

    def __init__(self, run: Run, drawn: Drawn, flat: FlatWeights, descent: Descent) -> None:
        """The optimizer must have taken a step before, so that it has its memory."""
        blueprint = drawn.blueprint
        self._run = run
        self.together, self._drawn, self._descent = blueprint.together, drawn, descent
        forms = [blueprint.forms[value] for value in blueprint.batch]
        self._forms = tuple((form, form.made().dtype) for form in forms)
        self._told = blueprint.told
        self._segments = _segments(flat, descent)
        windows = [
            [
                _window(self._segments[index].state[slot], weight)
                for index, weight in zip(blueprint.segments, flat.weights, strict=True)
            ]
            for slot in blueprint.rule.slots
        ]
        weights = [weight.detach() for weight in flat.weights]
        fixed = [*weights, *(slot for slots in windows for slot in slots), *flat.gradients, *drawn.others]
        self._fixed = [tensor.detach() for tensor in fixed]

    def fits(self, batches: Sequence[Tensors]) -> bool:
        """Whether these batches are as many, and such, as it was compiled for."""
        return len(batches) == self.together and all(
            form.fits(tensor)
            for batch in batches
            for tensor, (form, kind) in zip(batch.values(), self._forms, strict=True)
        )

    @torch.no_grad()
    def __call__(self, batches: Sequence[Tensors], done: int) -> list[Outcome]:
        """Take as many steps as `together` says, one a batch, after `done` others."""
        blueprint = self._drawn.blueprint
        rows: list[tuple[float, ...]] = []
        for number in range(self.together):
            self._descent.at(done + number)
            for segment in self._segments:
                rows.append((*blueprint.rule.numbers(segment.group, segment.steps + number + 1), segment.l1))
        numbers = torch.tensor(rows).view(self.together, len(self._segments), -1)
        for segment in self._segments:
            segment.count(self.together)
        steps: list[torch.Tensor] = []
        for batch in batches:
            steps += batch.values()
            steps += [noise() for noise in self._drawn.noise]
        return self._outcomes(batches, self._run([*self._fixed, numbers, *steps]))

    def _outcomes(self, batches: Sequence[Tensors], tensors: Sequence[torch.Tensor]) -> list[Outcome]:
        blueprint = self._drawn.blueprint
        losses, told = len(blueprint.losses), len(self._told)
        behind = losses * self.together
        found = []
        for number, batch in enumerate(batches):
            start = behind + number * told
            values = dict(zip(self._told, tensors[start : start + told], strict=True))
            values |= dict(zip(blueprint.batch, batch.values(), strict=True))
            own = tuple(tensors[number * losses : (number + 1) * losses])
            found.append(Outcome(own, tuple(values[value] for value in blueprint.compared)))
        return found


class _Segment:
    """A long weight: its group in the optimizer, what the optimizer keeps for it, and its penalty."""

    def __init__(self, group: dict[str, Any], state: dict[str, Any], l1: float) -> None:
        self.group, self.state, self.l1 = group, state, l1

    @property
    def steps(self) -> float:
        return float(self.state["step"]) if "step" in self.state else 0.0

    def count(self, steps: int) -> None:
        if "step" in self.state:
            self.state["step"] += steps


def _segments(flat: FlatWeights, descent: Descent) -> list[_Segment]:
    optimizer = descent.optimizers[0]
    groups = {id(weight): group for group in optimizer.param_groups for weight in group["params"]}
    l1 = {id(weight): factor for weight, factor in descent.l1}
    return [
        _Segment(groups[id(each.weight)], optimizer.state[each.weight], l1.get(id(each.weight), 0.0))
        for each in flat.segments
    ]


def segments_of(flat: FlatWeights) -> tuple[int, ...]:
    """For each weight, in which of the long ones it lies."""
    places = [segment.weight.untyped_storage().data_ptr() for segment in flat.segments]
    return tuple(places.index(weight.untyped_storage().data_ptr()) for weight in flat.weights)


def _window(long: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """What lies in a long tensor where a weight lies in the long weight."""
    return long.as_strided(weight.shape, weight.stride(), weight.storage_offset())
