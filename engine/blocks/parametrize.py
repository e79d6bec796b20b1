"""Layers whose weights are computed from other weights: spectral and weight normalisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from engine.blocks.base import Shape
from engine.call import Call, parametrizations

WeightNorm = Literal["none", "spectral", "weight"]

# the arguments of `param` with which a layer offers it: `weight_norm: WeightNorm = param("none", **WEIGHT_NORM)`
WEIGHT_NORM: dict[str, Any] = {
    "doc": "“spectral” divides the weights by their largest singular value, which keeps a discriminator's slope in "
    "bounds; “weight” learns the length and the direction of each weight vector apart.",
}


def parametrized(layer: Call, how: WeightNorm) -> Call:
    """A layer as it is quoted (torch.nn.utils.parametrizations)."""
    if how == "spectral":
        return parametrizations.spectral_norm(layer)
    return parametrizations.weight_norm(layer) if how == "weight" else layer


def parametrized_weights(weights: Mapping[str, Shape], how: WeightNorm) -> Mapping[str, Shape]:
    """What a layer with these weights learns in their place; names as in its `state_dict`."""
    if how == "none":
        return weights
    rest = {name: shape for name, shape in weights.items() if name != "weight"}
    weight, stem = weights["weight"], "parametrizations.weight.original"
    if how == "spectral":
        return rest | {stem: weight}
    lengths = (weight[0], *(1 for _ in weight[1:]))
    return rest | {f"{stem}0": lengths, f"{stem}1": weight}
