"""How weights begin, and which of them stay as they are: the statements behind the attributes of a printed class."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from engine.call import Call, Expression, Name
from engine.printing.made import Layer, Made, Series, Statement, Weights

PARAMETRIZATIONS = "nn.utils.parametrizations."


def plain(made: Made) -> Made:
    """What is made first where weights begin in a way of their own: layers are parametrized only after that."""
    if isinstance(made, Series):
        return replace(made, items=tuple(plain(item) for item in made.items))
    if isinstance(made, Layer):
        inner = _inner(made)
        return made if inner is None else replace(made, call=inner)
    return made


def beginnings(made: Made, place: str) -> Iterator[Statement]:
    """The statements for one attribute, `place` such as "self.conv1"; a class of ours sees to its own weights."""
    if isinstance(made, Layer):
        yield from _of_layer(made, place)
    elif isinstance(made, Series):
        for number, item in enumerate(made.items):
            yield from beginnings(item, f"{place}[{number}]")
        if made.frozen:
            yield Statement(f"{place}.requires_grad_(False)", made.block)
    elif made.frozen:
        yield Statement(f"{place}.requires_grad_(False)", made.block)


def _of_layer(layer: Layer, place: str) -> Iterator[Statement]:
    inner, settings = _inner(layer), layer.settings
    for name, sizes in (_plain_weights(layer.weights) if inner is not None else layer.weights).items():
        whole = place if layer.call.kept == "parameter" else _indexed(f"{place}.{name}")
        call = settings.beginning(name, sizes, whole)
        if call is not None:
            yield Statement(str(call), layer.block)
            if name == "weight" and layer.padding is not None:
                yield Statement(f"nn.init.zeros_({whole}[{layer.padding}])", layer.block)
    if inner is not None:
        assert isinstance(layer.call, Call)
        yield Statement(str(replace(layer.call, args=(Name(place), *layer.call.args[1:]))), layer.block)
    if settings.frozen and layer.weights:
        yield Statement(f"{place}.requires_grad_(False)", layer.block)


def _inner(layer: Layer) -> Expression | None:
    """The layer whose weights are parametrized, where they begin in a way of their own; else None."""
    call = layer.call
    if layer.settings.initialisation == "default" or not isinstance(call, Call):
        return None
    first = call.args[0] if call.args else None
    return first if call.target.startswith(PARAMETRIZATIONS) and isinstance(first, Expression) else None


def _plain_weights(weights: Weights) -> Weights:
    """Weights by the names they have before they are parametrized; of several, the last has the full shape."""
    named = {re.sub(r"parametrizations\.(\w+)\.original\d*$", r"\1", name): name for name in weights}
    return {name: weights[original] for name, original in named.items()}


def _indexed(name: str) -> str:
    """`self.layers.0.norm1.weight` → `self.layers[0].norm1.weight`"""
    return re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", name)
