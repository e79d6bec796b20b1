"""Where numbers stopped being numbers: the run is gone through again from what was saved last, step by step.

A run repeats to the bit, so its bad step comes again. Before each step the weights are kept, and the batch of the bad
one is computed once more, operation by operation. Nothing of all this touches the run's folder.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from engine.data.splitting import Part
from engine.project import Project
from engine.training.batches import edges
from engine.training.run import RunFolder
from engine.training.step.forward import Tensors
from engine.training.trainer import Trainer

# operations that are meant to fill in numbers without limit, such as the masks of attention
MEANT = frozenset({"masked_fill", "masked_fill_", "full", "full_like", "fill_", "where", "tril", "triu"})


@dataclass(frozen=True)
class Finding:
    """The first bad tensor: what it is, in words that hold a place for the block, and the block's path in names."""

    what: str
    block: str | None = None
    in_data: bool = False

    def sentence(self, when: str) -> str:
        """`The output of relu1 in stage1 is not finite in step 3 of epoch 2.`"""
        name = " in ".join(reversed(self.block.split("/"))) if self.block else "a block"
        return f"{self.what.format(block=name)} in {when}."


def retrace(
    project: Project, folder: RunFolder, epoch: int, step: int, changes: Sequence[Mapping[str, Any]] = ()
) -> Generator[int, None, tuple[Finding, str] | None]:
    """Go through the run again up to a step of an epoch, with the `changes` of its settings where they came.

    Tells the epoch after every step, and answers with what is bad, and in which step.
    """
    saved = (folder.path / "last" / "state.safetensors").exists()
    trainer = Trainer(project, folder, resume=saved)
    progress = trainer.progress
    later = deque(changes[len(progress.changes) :])

    def keep_up() -> None:
        while later and (later[0]["epoch"], later[0]["step"]) <= (progress.epoch, progress.step):
            change = later.popleft()
            trainer.change({change["field"]: change["after"]})

    while (progress.epoch, progress.step) < (epoch, step):
        for samples, batch in trainer.batches.epoch(progress.epoch, progress.step):
            keep_up()
            before = _Kept(trainer)
            trainer.step(samples, batch)
            progress.step += 1
            if not trainer.sound():
                gone = trainer.first_not_finite()
                before.put_back()
                found = first_bad(trainer, batch) or Finding("The weights of {block} grow beyond all numbers", gone)
                return found, f"step {progress.step} of epoch {progress.epoch}"
            if (progress.epoch, progress.step) >= (epoch, step):
                return None
            yield progress.epoch
        keep_up()
        for _ in trainer.validate():
            yield progress.epoch
        trainer.end_epoch(trainer.scores)
    return None


def search_validation(trainer: Trainer) -> Finding | None:
    """The first bad tensor while the validation part is scored, with the weights as they are."""
    tensors = trainer.data["validation"]
    trainer.network.eval()
    for first, last in edges(trainer.samples["validation"], trainer.batches.batch_size):
        found = first_bad(trainer, {name: tensor[first:last] for name, tensor in tensors.items()}, "validation")
        if found is not None:
            return found
    return None


def first_bad(trainer: Trainer, batch: Tensors, part: Part = "train") -> Finding | None:
    """The first tensor that is not finite while a batch is computed, or else while its gradients are."""
    for name, values in batch.items():
        if not finite(values):
            return _bad_row(trainer, part, name)
    watch = _Watch()
    try:
        with watch, torch.enable_grad():
            total = trainer.forward.total(trainer.forward(batch))
    except _FoundError as error:
        return Finding("The output of {block} is not finite", trainer.block_of(error))
    return _first_bad_gradient(trainer, batch, watch, total) if total.requires_grad else None


def _bad_row(trainer: Trainer, part: Part, name: str) -> Finding:
    """Which row of the data has it; rows count from 1, as in a table."""
    values = trainer.data[part][name]
    whole = values.isfinite().reshape(len(values), -1).all(dim=1)
    row = int(trainer.rows[part][int((~whole).nonzero()[0])]) + 1
    return Finding(
        f"Row {row} of the data has a value that is no number, which comes in through {{block}},", name, True
    )


def _first_bad_gradient(trainer: Trainer, batch: Tensors, watch: _Watch, total: torch.Tensor) -> Finding | None:
    """The block nearest to the loss that hands back a gradient which is not finite."""
    tensors = {id(tensor): tensor for _, takes, gives in watch.calls for tensor in (*takes, *gives)}
    wanted = [tensor for tensor in tensors.values() if tensor.requires_grad]
    gradients = torch.autograd.grad(total, wanted, allow_unused=True)
    bad = {
        id(tensor)
        for tensor, gradient in zip(wanted, gradients, strict=True)
        if gradient is not None and not finite(gradient)
    }
    for number, takes, gives in reversed(watch.calls):
        if any(id(tensor) in bad for tensor in takes) and not any(id(tensor) in bad for tensor in gives):
            return Finding("The gradient of {block} is not finite", _block_of_call(trainer, batch, number))
    return None


def _block_of_call(trainer: Trainer, batch: Tensors, number: int) -> str | None:
    try:
        with _Watch(stop_at=number), torch.no_grad():
            trainer.forward.total(trainer.forward(batch))
    except _FoundError as error:
        return trainer.block_of(error)
    return None


class _FoundError(Exception):
    """Raised where a bad tensor was made, so that the traceback tells the printed line of its block."""


class _Watch(TorchFunctionMode):
    """Looks at what every operation makes, and stops at the first that is bad, or at a certain one."""

    def __init__(self, stop_at: int | None = None) -> None:
        super().__init__()
        self._stop_at, self._count = stop_at, 0
        self.calls: list[tuple[int, list[torch.Tensor], list[torch.Tensor]]] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        made = func(*args, **(kwargs or {}))
        gives = [tensor for tensor in _tensors(made) if tensor.is_floating_point()]
        if not gives:
            return made
        self._count += 1
        meant = getattr(func, "__name__", "") in MEANT
        if self._stop_at == self._count or (self._stop_at is None and not meant and not all(map(finite, gives))):
            raise _FoundError
        takes = [tensor for tensor in _tensors((args, kwargs)) if tensor.is_floating_point()]
        self.calls.append((self._count, takes, gives))
        return made


def _tensors(value: Any) -> list[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        return [tensor for inner in value.values() for tensor in _tensors(inner)]
    return [tensor for inner in value for tensor in _tensors(inner)] if isinstance(value, (tuple, list)) else []


def finite(tensor: torch.Tensor) -> bool:
    return not tensor.is_floating_point() or bool(tensor.detach().isfinite().all())


class _Kept:
    """Weights, statistics and random numbers as they are before a step."""

    def __init__(self, trainer: Trainer) -> None:
        self._network = trainer.network
        self._state = {name: tensor.detach().clone() for name, tensor in trainer.network.state_dict().items()}
        self._random = torch.get_rng_state()

    def put_back(self) -> None:
        self._network.load_state_dict(self._state)
        torch.set_rng_state(self._random)
