"""What blocks can't work on, and the words in which they say so: the tables of all families."""

from __future__ import annotations

import pytest

from engine.plan import trace_block
from engine.tensor import TensorSpec
from tests.engine.blocks.contract import FAMILIES, MISFITS
from tests.engine.blocks.contract.specs import FREE, SEQUENCE
from tests.engine.drawing import block

NOTHING_TO_REFUSE = {"inputs", "specs"}  # see test_inputs.py


@pytest.mark.parametrize(("kind", "values", "arrives", "port", "param", "words"), MISFITS)
def test_says_what_does_not_fit(
    kind: str,
    values: dict[str, object],
    arrives: list[TensorSpec | None],
    port: str | None,
    param: str | None,
    words: str,
) -> None:
    chosen = block(kind, **values)
    trace = trace_block(chosen, tuple(arrives))
    assert trace.misfit is not None
    assert words in trace.misfit.message
    assert (trace.misfit.port, trace.misfit.param) == (port, param)
    assert trace.outputs == (None,) * len(chosen.output_ports())
    assert trace.call is None
    assert not trace.weights
    if port is not None:
        assert port in [entry.name for entry in chosen.input_ports()]
    if param is not None:
        assert type(chosen).param(param).label


def test_every_family_says_what_it_can_not_do() -> None:
    silent = {family.__name__.rpartition(".")[2] for family in FAMILIES if not getattr(family, "MISFITS", None)}
    assert silent <= NOTHING_TO_REFUSE


@pytest.mark.parametrize(
    ("kind", "values", "arrives", "leaves"),
    [
        ("Conv2d", {"kernel_size": 3}, TensorSpec((3, None, 32)), (32, None, 30)),
        ("MaxPool2d", {}, TensorSpec((3, None, 32)), (3, None, 16)),
        ("ConvTranspose2d", {}, TensorSpec((3, None, 32)), (32, None, 64)),
        ("LSTM", {}, FREE, (None, 64)),
        ("GRU", {"output": "last step"}, FREE, (64,)),
        ("Flatten", {}, FREE, (None,)),
        ("Embedding", {}, TensorSpec((None,), "int64"), (None, 64)),
        ("Linear", {}, FREE, (None, 64)),
        ("AdaptiveAvgPool2d", {}, TensorSpec((3, None, None)), (3, 1, 1)),
    ],
)
def test_axes_that_vary_stay_free(
    kind: str, values: dict[str, object], arrives: TensorSpec, leaves: tuple[int | None, ...]
) -> None:
    chosen = block(kind, **values)
    trace = trace_block(chosen, (arrives, *(None for _ in chosen.input_ports()[1:])))
    assert trace.misfit is None
    assert trace.outputs[0] == TensorSpec(leaves)


def test_free_axes_meet() -> None:
    assert trace_block(block("Add"), (FREE, FREE)).outputs == (TensorSpec((None, 6)),)
    assert trace_block(block("Add"), (FREE, TensorSpec((1, 6)))).outputs == (TensorSpec((None, 6)),)
    assert trace_block(block("Concat"), (FREE, SEQUENCE)).outputs == (TensorSpec((None, 6)),)
