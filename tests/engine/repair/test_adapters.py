"""The tables of blocks that make one thing of another name blocks and parameters that there are."""

from __future__ import annotations

import pytest

from engine.blocks import CATALOGUE
from engine.plan import trace_block
from engine.repair.adapters import ADAPTERS, LOSSES, Adapter, adapters, siblings
from engine.tensor import TensorSpec
from tests.engine.drawing import block

# what arrives and what it has to go together with, so that every adapter of the table finds something to do
CASES = [
    (TensorSpec((8, 6)), (TensorSpec((4, 3)),)),
    (TensorSpec((8, 1, 6)), (TensorSpec((4, 3, 3)), TensorSpec((6, 8)))),
    (TensorSpec((8, 5, 6, 7)), (TensorSpec((4, 3, 3, 3)),)),
    (TensorSpec((64,)), ()),
    (TensorSpec((12,), "int64"), ()),
]


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: f"{adapter.block}-{adapter.cost}")
def test_each_names_a_block_and_its_parameters(adapter: Adapter) -> None:
    fitting = 0
    for have, goals in CASES:
        for chosen in adapter.values(have, goals):
            built = CATALOGUE[adapter.block].build(chosen)
            assert len(built.input_ports()) == len(built.output_ports()) == 1 or adapter.block.startswith("Adaptive")
            fitting += trace_block(built, (have,)).misfit is None
    assert fitting


@pytest.mark.parametrize(("have", "goals"), CASES)
def test_all_that_is_built_can_be_told(have: TensorSpec, goals: tuple[TensorSpec, ...]) -> None:
    found = list(adapters(have, goals))
    assert found
    assert all(cost > 0 and adapter.summary() for cost, adapter in found)


@pytest.mark.parametrize(
    ("what", "others"),
    [
        (block("Conv2d", kernel_size=(5, 3), out_channels=7), ["Conv1d 7 · 5", "Conv3d 7 · 5×3×3"]),
        (block("BatchNorm1d", eps=0.1), ["BatchNorm2d epsilon 0.1", "BatchNorm3d epsilon 0.1"]),
        (block("Dropout2d", p=0.1), ["Dropout1d 0.1", "Dropout3d 0.1", "Dropout 0.1"]),
        (block("Linear"), []),
    ],
)
def test_siblings_keep_the_values_that_go(what: object, others: list[str]) -> None:
    assert [other.summary() for other in siblings(what)] == others  # type: ignore[arg-type]


def test_losses_stand_in_for_each_other() -> None:
    found = list(siblings(block("MSELoss", weight=0.5)))
    assert [type(other).__name__ for other in found] == [name for name in LOSSES if name != "MSELoss"]
    assert all(other.values()["weight"] == 0.5 for other in found)
