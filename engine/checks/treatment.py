"""Whether weights can be shared as drawn, and whether what is set for them changes anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.checks import edits
from engine.plan import Step
from engine.problem import Problem
from engine.scope import Scope
from engine.tensor import TensorSpec
from engine.weight_settings import WeightSettings


def sharing(scope: Scope) -> Iterator[Problem]:
    """Blocks that use the weights of another, but would need weights of other shapes."""
    for step in scope.plan.steps.values():
        owner = scope.plan.steps.get(step.shares) if step.shares else None
        if owner is None or not (step.complete and owner.complete) or step.trace.weights == owner.trace.weights:
            continue
        yield Problem(
            f"{step.name} can't use the weights of {owner.name}",
            _difference(step, owner) + f" Let the same arrive at both, or give {step.name} weights of its own.",
            step.id,
            fixes=(edits.unshare(step.id, step.name),),
        )


def _difference(step: Step, owner: Step) -> str:
    have, need = owner.trace.weights, step.trace.weights
    for name, shape in need.items():
        if name in have and have[name] != shape:
            return (
                f"The {name} of {owner.name} is {TensorSpec(have[name])}, but for what arrives at {step.name} it would "
                f"have to be {TensorSpec(shape)}."
            )
    return f"{owner.name} has {len(have)} weights, but what arrives at {step.name} takes {len(need)}."


def settings(scope: Scope) -> Iterator[Problem]:
    """Settings for weights that a block does not have."""
    for step in scope.plan.steps.values():
        chosen = step.node.weights
        if step.shares or step.passes is not None or not step.complete or chosen is DEFAULT or chosen == DEFAULT:
            continue
        weights = step.trace.weights
        kind = chosen.initialisation
        if not weights:
            words = ", ".join(WeightSettings.param(name).label.lower() for name in chosen.changed())
            yield Problem(
                f"{step.name} has no weights",
                f"What is set for its weights ({words}) changes nothing. It can go back to the defaults.",
                step.id,
                severity="warning",
                fixes=(edits.treat(step.id, DEFAULT, "Set its weights back to the defaults"),),
            )
        elif kind != "default" and all(chosen.beginning(name, shape) is None for name, shape in _learned(weights)):
            yield Problem(
                f"{step.name} has nothing that could begin as {kind}",
                f"That is made for matrices, and the weights of {step.name} have one axis each, so they begin as "
                "PyTorch chooses. Normal, uniform and constant suit any weight.",
                step.id,
                severity="warning",
                fixes=(
                    edits.treat(
                        step.id,
                        chosen.change(initialisation="default", amount=None),
                        f"Let {step.name} begin as PyTorch chooses",
                    ),
                ),
            )


def _learned(weights: Mapping[str, tuple[int, ...]]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The weights besides the biases."""
    yield from ((name, shape) for name, shape in weights.items() if "bias" not in name.rpartition(".")[2])


DEFAULT = WeightSettings()
FINDERS = (sharing, settings)
