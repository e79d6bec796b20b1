"""What PyTorch carries out in one step, operation by operation, forward and backward.

A dispatch mode stands below autograd and sees every operation that is really carried out, with its arguments: layers,
losses, and what autograd does for their gradients. Recurrent layers stay whole, since nothing is taken apart. A
tensor is known by the memory it looks at, so that two names of the same numbers are one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

Place = tuple[int, int, tuple[int, ...], tuple[int, ...], torch.dtype]  # storage, offset, shape, strides, kind

# write into their arguments without saying so in their schema
SECRETIVE = {"native_batch_norm", "_native_batch_norm_legit", "cudnn_batch_norm", "miopen_batch_norm"}
REFUSED_TAGS = {
    torch.Tag.dynamic_output_shape: "the size of a result depends on the data",
    torch.Tag.data_dependent_output: "it reads numbers on the way",
}
MOVES_WINDOWS = {"as_strided", "as_strided_", "set_", "resize_", "resize_as_", "as_strided_scatter"}


class CannotRecordError(Exception):
    """Why a step can't be carried out straight on, in words."""


def storage_of(tensor: torch.Tensor) -> int:
    return int(tensor.untyped_storage()._cdata)


def place_of(tensor: torch.Tensor) -> Place:
    return (storage_of(tensor), int(tensor.storage_offset()), tuple(tensor.shape), tensor.stride(), tensor.dtype)


@dataclass(eq=False)
class Operation:
    """One call; `results` are its tensors, None for those that are nothing."""

    function: Any  # torch._ops.OpOverload
    arguments: tuple[Any, ...]
    named: dict[str, Any]
    result: Any

    @property
    def name(self) -> str:
        return str(self.function.overloadpacket.__name__)

    @property
    def results(self) -> list[torch.Tensor]:
        return list(tensors_in(self.result))

    @property
    def takes(self) -> list[torch.Tensor]:
        return list(tensors_in((self.arguments, self.named)))

    @property
    def writes(self) -> list[torch.Tensor]:
        """The arguments that it changes."""
        if self.name in SECRETIVE:
            return list(tensors_in(self.arguments[3:5]))
        changed: list[torch.Tensor] = []
        for index, argument in enumerate(self.function._schema.arguments):
            if argument.alias_info is not None and argument.alias_info.is_write:
                given = self.arguments[index] if index < len(self.arguments) else self.named.get(argument.name)
                changed += tensors_in(given)
        return changed

    @property
    def random(self) -> bool:
        return torch.Tag.nondeterministic_seeded in self.function.tags


def tensors_in(value: Any) -> Iterator[torch.Tensor]:
    """The tensors in a value, as deep in lists and dicts as they are."""
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from tensors_in(inner)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from tensors_in(inner)


@dataclass
class Recording:
    """The operations of a step, and where its beginnings and ends lie.

    All tensors are kept, so that no memory is given out twice while they are told apart by it.
    """

    inputs: Mapping[str, torch.Tensor]
    losses: Sequence[torch.Tensor] = ()
    compared: Sequence[torch.Tensor] = ()
    gradients: Sequence[torch.Tensor] = ()
    operations: list[Operation] = field(default_factory=list)


class Recorder(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Fills a recording while it is entered."""

    def __init__(self, recording: Recording) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.recording = recording
        self._inputs = {storage_of(tensor) for tensor in recording.inputs.values()}

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # nothing is compiled in here; skipping it would load the compiler, which takes seconds

    def __torch_dispatch__(
        self, function: Any, types: Any, arguments: tuple[Any, ...] = (), named: dict[str, Any] | None = None
    ) -> Any:
        for tag, reason in REFUSED_TAGS.items():
            if tag in function.tags:
                raise CannotRecordError(f"{reason} ({function.overloadpacket.__name__})")
        operation = Operation(function, arguments, named or {}, None)
        if operation.name in MOVES_WINDOWS and any(storage_of(t) in self._inputs for t in operation.takes):
            raise CannotRecordError(f"the layout of a batch is taken as fixed ({operation.name})")
        operation.result = function(*arguments, **(named or {}))
        for tensor in (*operation.takes, *operation.results):
            if tensor.layout is not torch.strided:
                raise CannotRecordError(f"a tensor is not held in full ({operation.name})")
            if tensor.is_complex():
                raise CannotRecordError(f"there are complex numbers ({operation.name})")
        self.recording.operations.append(operation)
        return operation.result
