"""What the contract test needs to know about tensors that come from no input."""

from __future__ import annotations

from tests.engine.blocks.contract.specs import INDICES, ONE_NUMBER, ROW, SEQUENCE, Misfits, Settings

FILLED: list[dict[str, object]] = [{"sample_shape": (2, 3)}, {"sample_shape": ()}]
SETTINGS: Settings = {
    "Constant": [
        {"numbers": (0.5,), "sizes": (2, 3)},
        {"numbers": (0.5, -1, 2), "sizes": (3, 1, 1)},
        {"numbers": (3, 2), "sizes": (2,), "dtype": "int64"},
        {"numbers": (1, 0, 1, 1), "sizes": (2, 2), "dtype": "bool"},
        {"sizes": ()},
    ],
    "LearnedParameter": [{"init": "zeros", "sizes": (3,)}, {"init": "ones", "sizes": ()}, {"std": 1.0}, {"sizes": ()}],
    "Arange": [{"dim": 1}, {"dtype": "float32"}],
    "CausalMask": [{"hides": True}, {"dim": -1}],
    "Zeros": FILLED,
    "Ones": FILLED,
    "RandomNormal": [*FILLED, {"mean": 2, "std": 0.5}, {"mean": -0.5}],
    "RandomUniform": [*FILLED, {"low": -1, "high": 1}, {"low": 0.5}],
}

LEFT_OUT = {
    "LearnedParameter": {"data": "follows from shape and beginning", "requires_grad": "any block can be frozen"},
}
OUR_OWN = {"LearnedParameter": {"sizes", "init", "std"}}

MISFITS: Misfits = [
    (
        "Constant",
        {"numbers": (1, 2), "sizes": (3,)},
        [],
        None,
        "numbers",
        "lays 2 numbers out as 3, which has 3 places",
    ),
    (
        "Constant",
        {"numbers": (0.5,), "dtype": "int64"},
        [],
        None,
        "numbers",
        "holds 0.5, which is too long or no whole",
    ),
    ("Constant", {"numbers": (1e300,)}, [], None, "numbers", "end at 3.4e38"),
    ("RandomNormal", {}, [INDICES], "x", "sample_shape", "draws decimal numbers, but its input is of whole ones"),
    ("RandomUniform", {"low": 1}, [ROW], None, "high", "draws from 1 to 1, which is no range"),
    ("Arange", {"dim": 0}, [ROW], None, "dim", "which is the batch"),
    ("CausalMask", {}, [ONE_NUMBER], None, "dim", "one number arrives for each sample"),
    ("CausalMask", {"dim": 3}, [SEQUENCE], None, "dim", "4 × 6 has axes 1 to 2"),
]

NO_GRADIENT = {
    name: {"*": "only the shape of the input counts"}
    for name in ("Zeros", "Ones", "RandomNormal", "RandomUniform", "Arange")
} | {"LearnedParameter": {"like": "only its batch size counts"}, "CausalMask": {"*": "only the length counts"}}
