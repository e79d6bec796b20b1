"""From a step as PyTorch was seen to carry it out to the blueprint of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch

from engine.training.compiled.blueprint import VALUE, Blueprint, Call, Form, Holding
from engine.training.compiled.outlook import RECURRENT
from engine.training.compiled.rules import Rule
from engine.training.step.recording import Operation, Place, Recording, place_of, storage_of, tensors_in

KINDS: dict[type, str] = {
    torch.dtype: "dtype",
    torch.layout: "layout",
    torch.device: "device",
    torch.memory_format: "memory_format",
}
FILLS = {"bernoulli_", "uniform_", "normal_", "exponential_"}  # write random numbers over whatever was there
# have machine code of their own, which is called as a whole
WHOLE = {"mkldnn_rnn_layer", "mkldnn_rnn_layer_backward", "lstm", "gru", "rnn_tanh", "rnn_relu"}

Noise = Callable[[], torch.Tensor]


class CannotCompileError(Exception):
    """Why a step has no compiled form, in words that follow “not compiled:”."""


class Drawn(NamedTuple):
    """A blueprint, what fills its places for values that stay, and what draws its random numbers."""

    blueprint: Blueprint
    others: tuple[torch.Tensor, ...]
    noise: tuple[Noise, ...]


class Kept(NamedTuple):
    """What the step that was recorded belongs to."""

    weights: Sequence[torch.Tensor]  # that learn
    segments: tuple[int, ...]
    rule: Rule
    holding: Holding


def drawn(recording: Recording, kept: Kept, together: int, threads: int) -> Drawn:
    """The blueprint of a recorded step.

    Raises:
        CannotCompileError: when something in it can't be compiled.
    """
    return _Drawing(recording, kept.weights).drawn(kept, together, threads)


class _Drawing:
    def __init__(self, recording: Recording, weights: Sequence[torch.Tensor]) -> None:
        self._recording = recording
        self._numbers: dict[Place, int] = {}
        self._given_out = itertools.count()
        self._forms: dict[int, Form] = {}
        self._learning = {storage_of(weight) for weight in weights}
        self._batch = tuple(self._entered(tensor) for tensor in recording.inputs.values())
        self._weights = tuple(self._entered(weight) for weight in weights)
        self._others: dict[int, torch.Tensor] = {}
        self._noise: dict[int, Noise] = {}
        self._made = {storage_of(tensor) for tensor in recording.inputs.values()}

    def drawn(self, kept: Kept, together: int, threads: int) -> Drawn:
        recording = self._recording
        calls = tuple(call for operation in recording.operations if (call := self._call(operation)) is not None)
        ends = (recording.losses, recording.compared, recording.gradients)
        losses, compared, gradients = (tuple(self._number(tensor) for tensor in tensors) for tensors in ends)
        blueprint = Blueprint(
            calls=calls,
            forms=self._forms,
            batch=self._batch,
            noise=tuple(self._noise),
            weights=self._weights,
            others=tuple(self._others),
            losses=losses,
            compared=compared,
            gradients=gradients,
            segments=kept.segments,
            rule=kept.rule,
            holding=kept.holding,
            together=together,
            threads=threads,
        )
        return Drawn(blueprint, tuple(self._others.values()), tuple(self._noise.values()))

    def _entered(self, tensor: torch.Tensor) -> int:
        """The number of a value that comes in from outside."""
        number = self._known(place_of(tensor))
        self._forms[number] = Form.of(tensor)
        return number

    def _known(self, place: Place) -> int:
        if place not in self._numbers:
            self._numbers[place] = next(self._given_out)
        return self._numbers[place]

    def _number(self, tensor: torch.Tensor) -> int:
        place = place_of(tensor)
        if place not in self._numbers:
            if storage_of(tensor) in self._made or storage_of(tensor) in self._learning:
                raise CannotCompileError("it looks at memory in a way that the compiler does not follow")
            number = self._entered(tensor)
            self._others[number] = tensor.detach()
        return self._numbers[place]

    def _call(self, operation: Operation) -> Call | None:
        """The operation as data; None where it draws random numbers, which come in from outside."""
        name, schema = operation.name, operation.function._schema
        if name in WHOLE:
            raise CannotCompileError(RECURRENT)
        if schema.name != f"aten::{name}":
            raise CannotCompileError(f"it has an operation of its own ({name})")
        if operation.random:
            self._draw(operation)
            return None
        arguments, named = self._plain(list(operation.arguments)), self._plain(operation.named)
        self._made |= {storage_of(tensor) for tensor in operation.results if place_of(tensor) not in self._numbers}
        return Call(name, schema.overload_name or "default", arguments, named, self._left(operation.result))

    def _draw(self, operation: Operation) -> None:
        """Random numbers are drawn as ever, in the same order, by the same calls; only their place is another."""
        target, *rest = operation.arguments if operation.arguments else (None,)
        made = operation.result
        fills = operation.name in FILLS and isinstance(made, torch.Tensor) and not list(tensors_in(rest))
        if not fills or not isinstance(target, torch.Tensor) or storage_of(target) in self._learning:
            raise CannotCompileError(f"it draws random numbers in a way of its own ({operation.name})")
        function, given, form = operation.function, tuple(rest), Form.of(made)
        named = dict(operation.named)

        def noise() -> torch.Tensor:
            filled: torch.Tensor = function(form.made(), *given, **named)
            return filled

        number = self._numbers[place_of(made)] = next(self._given_out)
        self._forms[number] = form
        self._noise[number] = noise

    def _left(self, result: Any) -> Any:
        """The numbers of a result, nested as it is."""
        if isinstance(result, torch.Tensor):
            return {VALUE: self._known(place_of(result))}
        return [self._left(inner) for inner in result] if isinstance(result, (list, tuple)) else None

    def _plain(self, value: Any) -> Any:
        """An argument as JSON holds it."""
        if isinstance(value, torch.Tensor):
            return {VALUE: self._number(value)}
        if isinstance(value, (list, tuple)):
            return [self._plain(inner) for inner in value]
        if isinstance(value, dict):
            return {name: self._plain(inner) for name, inner in value.items()}
        if type(value) in KINDS:
            return {KINDS[type(value)]: str(value).removeprefix("torch.")}
        if isinstance(value, (bool, int, float, str)) or value is None:
            return value
        raise CannotCompileError(f"it has an argument that can't be told ({type(value).__name__})")
