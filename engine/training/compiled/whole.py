"""The function that is compiled: all that a blueprint says, several steps one after the other, over tensors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch

from engine.training.compiled.blueprint import KINDS, VALUE, Blueprint, Call

Whole = Callable[..., list[torch.Tensor]]


def taken(blueprint: Blueprint) -> list[torch.Tensor]:
    """Tensors of zeros in the order that `whole` takes them.

    Weights; for each slot of the rule, that of every weight; gradients; other values that stay; the numbers
    (steps, segments, those of the rule and the factor of L1); then, for each step, the tensors of its batch and its
    random numbers.
    """
    forms = blueprint.forms
    weights = [forms[value] for value in blueprint.weights]
    copies = 2 + len(blueprint.rule.slots)  # with those of the slots and of the gradients
    step = [forms[value] for value in (*blueprint.batch, *blueprint.noise)]
    segments = max(blueprint.segments) + 1
    return [
        *(form.made() for form in (*weights * copies, *(forms[value] for value in blueprint.others))),
        torch.zeros(blueprint.together, segments, blueprint.rule.count + 1),
        *(form.made() for form in step * blueprint.together),
    ]


def whole(blueprint: Blueprint) -> Whole:
    """Losses of each step, then what is told of each step; weights, slots and gradients change in place."""

    def carried_out(*tensors: torch.Tensor) -> list[torch.Tensor]:
        given = iter(tensors)
        count = len(blueprint.weights)
        weights = _next(given, count)
        slots = [_next(given, count) for _ in blueprint.rule.slots]
        places, others = _next(given, count), _next(given, len(blueprint.others))
        numbers = next(given)
        losses, told = [], []
        gradients: list[torch.Tensor] = []
        for step in range(blueprint.together):
            values = dict(zip((*blueprint.weights, *blueprint.others), (*weights, *others), strict=True))
            for value in (*blueprint.batch, *blueprint.noise):
                values[value] = next(given)
            for call in blueprint.calls:
                _carry_out(call, values)
            losses += [values[value].clone() for value in blueprint.losses]
            told += [values[value].clone() for value in blueprint.told]
            gradients = [values[value] for value in blueprint.gradients]
            gradients = _held(blueprint, weights, gradients, numbers[step])
            for index, (weight, gradient) in enumerate(zip(weights, gradients, strict=True)):
                own = numbers[step, blueprint.segments[index], :-1]
                blueprint.rule.move(weight, gradient, [slot[index] for slot in slots], own)
        for place, gradient in zip(places, gradients, strict=True):
            place.copy_(gradient)
        return losses + told

    return carried_out


def _next(tensors: Iterator[torch.Tensor], count: int) -> list[torch.Tensor]:
    return [next(tensors) for _ in range(count)]


def _carry_out(call: Call, values: dict[int, torch.Tensor]) -> None:
    name, overload, arguments = call.name, call.overload, [_given(value, values) for value in call.arguments]
    if name == "native_batch_norm":  # which does not say that it changes statistics; this one does
        name, overload = "_native_batch_norm_legit", "default"
        if arguments[3] is None:
            overload, arguments = "no_stats", [*arguments[:3], *arguments[5:]]
    operation = getattr(getattr(torch.ops.aten, name), overload)
    result = operation(*arguments, **{key: _given(value, values) for key, value in call.named.items()})
    _keep(call.result, result, values)


def _keep(numbers: Any, result: Any, values: dict[int, torch.Tensor]) -> None:
    if isinstance(numbers, dict):
        values[numbers[VALUE]] = result
    for inner, part in zip(numbers, result, strict=True) if isinstance(numbers, list) else ():
        _keep(inner, part, values)


def _given(value: Any, values: dict[int, torch.Tensor]) -> Any:
    if isinstance(value, list):
        return [_given(inner, values) for inner in value]
    if not isinstance(value, dict):
        return value
    ((kind, told),) = value.items()
    if kind == VALUE:
        return values[told]
    assert kind in KINDS
    return torch.device(told) if kind == "device" else getattr(torch, told)


def _held(
    blueprint: Blueprint, weights: Sequence[torch.Tensor], gradients: list[torch.Tensor], numbers: torch.Tensor
) -> list[torch.Tensor]:
    """The gradients with the slopes of the penalties, within their bounds; `numbers` is (segments, numbers)."""
    holding = blueprint.holding
    pairs = list(zip(weights, gradients, strict=True))
    if holding.l1:
        factors = [numbers[segment, -1] for segment in blueprint.segments]
        gradients = [g + weight.sign() * factor for (weight, g), factor in zip(pairs, factors, strict=True)]
        pairs = list(zip(weights, gradients, strict=True))
    if holding.l2:
        gradients = [gradient + 2 * holding.l2 * weight for weight, gradient in pairs]
    if holding.clip_value is not None:
        gradients = [gradient.clamp(-holding.clip_value, holding.clip_value) for gradient in gradients]
    if holding.clip_norm is not None:
        squares = [gradient.square().sum() for gradient in gradients]
        norm = torch.stack(squares).sum().sqrt()
        factor = (holding.clip_norm / (norm + 1e-6)).clamp(max=1.0)
        gradients = [gradient * factor for gradient in gradients]
    return gradients
