"""What an edit would do is foretold as planning it anew would tell, and counted through all groups around it."""

from __future__ import annotations

import random

import pytest

from engine.graph import Graph, Wire
from engine.group import Group, GroupInput, GroupOutput
from engine.plan import plan
from engine.record import BadValue
from engine.repair.changes import Insert, Replace
from engine.repair.dials import dials, values
from engine.repair.trial import amended, outcome, sound
from engine.scope import Scope
from engine.tensor import TensorSpec
from tests.engine.drawing import block, graph


def drawing() -> Graph:
    return graph(
        {
            "image": block("Input", sample_shape=(4, 8, 8)),
            "conv": block("Conv2d", out_channels=4, padding="same"),
            "act": block("ReLU"),
            "skip": block("Add"),
            "pool": block("MaxPool2d"),
            "flat": block("Flatten"),
            "fc": block("Linear", out_features=10),
            "out": block("Output"),
            "other": block("LSTM"),
        },
        "image -> conv -> act -> skip.x1",
        "image -> skip.x2",
        "skip -> pool -> flat -> fc -> out",
        "flat -> other",
    )


def scope_of(drawn: Graph) -> Scope:
    return Scope(drawn, plan(drawn, {}), {})


def test_an_edit_is_foretold_as_it_would_be_planned() -> None:
    """Random parameters of random blocks, and blocks on random wires."""
    drawn = drawing()
    scope, chance, tried = scope_of(drawn), random.Random(0), 0
    for _ in range(300):
        key = chance.choice(list(drawn.nodes))
        what = drawn.nodes[key].block
        found = [(dial, value) for dial in dials(what) for value in values(dial, (TensorSpec((4, 8, 8)),))]
        if chance.random() < 0.3 or not found:
            change: Insert | Replace = Insert(chance.choice(drawn.wires), block(chance.choice(["Flatten", "Conv2d"])))
        else:
            dial, value = chance.choice(found)
            other = dial.set(what, value)
            if other is None:
                continue
            change = Replace(key, other)
        after = change.graph(drawn)
        foretold, planned = amended(scope, after, set(change.touched(drawn))), plan(after, {}).steps
        tried += 1
        assert foretold.keys() == planned.keys()
        for place, step in planned.items():
            assert (foretold[place].wires, foretold[place].arrives) == (step.wires, step.arrives)
            assert foretold[place].leaves == step.leaves
            assert str(foretold[place].trace.misfit) == str(step.trace.misfit)
    assert tried > 100


@pytest.mark.parametrize(
    ("key", "values", "made"),
    [
        ("conv", {"kernel_size": 5}, 0),
        ("conv", {"padding": "valid"}, 1),  # no longer the size that the skip has
        ("conv", {"out_channels": 6}, 1),
        ("conv", {"groups": 3}, 1),
        ("fc", {"out_features": 3}, 0),
        ("fc", {"out_features": 10**7}, 1),  # fits, but nobody has the memory
        ("flat", {"start_dim": 2}, 0),  # and even mends what follows
    ],
)
def test_counts_the_misfits_that_an_edit_makes(key: str, values: dict[str, object], made: int) -> None:
    drawn = drawing()
    steps, told = outcome(scope_of(drawn), drawn.change(key, **values), {key})
    assert told == made
    assert sound(scope_of(drawn), drawn.change(key, **values), {key}) == (made == 0)
    assert steps[key].block == drawn.nodes[key].block.change(**values)


def test_an_edit_inside_a_group_is_judged_by_all_that_is_outside() -> None:
    inner = graph({"x": GroupInput(), "conv": block("Conv2d", out_channels=4, padding="same"), "y": GroupOutput()},
                  "x -> conv -> y")  # fmt: skip
    drawn = drawing().replace("conv", Group(graph=inner))
    drawn = drawn.connect(Wire("image", "y", "conv", "x")).connect(Wire("conv", "y", "act", "x"))
    (scope,) = scope_of(drawn).groups()
    assert sound(scope, inner.change("conv", kernel_size=5), {"conv"})
    assert not sound(scope, inner.change("conv", out_channels=5), {"conv"})
    with pytest.raises(BadValue):
        inner.change("conv", out_channels=0)
