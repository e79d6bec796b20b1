"""The memory of recurrent layers: how it goes in and out, and that an encoder's can enter a decoder."""

from __future__ import annotations

import pytest
import torch

import engine
from engine.blocks.inputs import Input, Output
from engine.project import Project
from engine.tensor import TensorSpec
from tests.engine.blocks.carried_out import call_of, carry_out, numbers
from tests.engine.drawing import block, graph

BATCH, LENGTH, FEATURES, HIDDEN = 3, 7, 5, 4
X = TensorSpec((LENGTH, FEATURES))
ONE = TensorSpec((HIDDEN,))
KINDS = {"RNN": 1, "GRU": 1, "LSTM": 2}  # how many memories each has


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.default_generator.manual_seed(0)


def rows(layers: int, directions: int) -> TensorSpec:
    return TensorSpec((layers * directions, HIDDEN))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("layers", "directions"), [(1, 1), (1, 2), (3, 1), (2, 2)])
@pytest.mark.parametrize("given", [True, False])
def test_is_that_of_torch_sample_by_sample(kind: str, layers: int, directions: int, given: bool) -> None:
    chosen = block(kind, hidden_size=HIDDEN, num_layers=layers, bidirectional=directions == 2)
    memory = ONE if layers * directions == 1 else rows(layers, directions)
    specs = (X, *[memory if given else None] * KINDS[kind])
    values = numbers(chosen, specs, BATCH)
    carried = carry_out(chosen, call_of(chosen, specs), specs, values)

    entering = [value.reshape(BATCH, -1, HIDDEN).transpose(0, 1).contiguous() for value in list(values.values())[1:]]
    state = {0: None, 1: entering[0] if entering else None, 2: tuple(entering)}[len(entering)]
    y, states = carried.kept(values["x"], state)
    wanted = states if isinstance(states, tuple) else (states,)
    assert torch.equal(carried.outputs[0], y)
    assert len(carried.outputs) == 1 + len(wanted)
    for left, state_of_torch in zip(carried.outputs[1:], wanted, strict=True):
        assert torch.equal(left.reshape(BATCH, -1, HIDDEN), state_of_torch.transpose(0, 1))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bidirectional", [True, False])
def test_the_last_step_is_the_memory_of_the_last_layer(kind: str, bidirectional: bool) -> None:
    chosen = block(kind, hidden_size=HIDDEN, num_layers=2, bidirectional=bidirectional, output="last step")
    specs = (X, *[None] * KINDS[kind])
    y, h, *_ = carry_out(chosen, call_of(chosen, specs), specs, numbers(chosen, specs, BATCH)).outputs
    assert torch.equal(y, h[:, -2:].flatten(1) if bidirectional else h[:, -1])


@pytest.mark.parametrize("kind", ["LSTM", "LSTMCell"])
@pytest.mark.parametrize("wired", ["h", "c"])
def test_a_memory_without_a_wire_begins_at_zero(kind: str, wired: str) -> None:
    chosen = block(kind, hidden_size=HIDDEN)
    x = X if kind == "LSTM" else TensorSpec((FEATURES,))
    both, one = (x, ONE, ONE), (x, ONE if wired == "h" else None, ONE if wired == "c" else None)
    values = numbers(chosen, both, BATCH)
    values["c" if wired == "h" else "h"] = torch.zeros(BATCH, HIDDEN)
    given = carry_out(chosen, call_of(chosen, both), both, values)
    alone = carry_out(chosen, call_of(chosen, one), one, values, given.kept)
    for left, other in zip(alone.outputs, given.outputs, strict=True):
        assert torch.equal(left, other)


@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM", "RNNCell", "GRUCell", "LSTMCell"])
def test_a_memory_without_a_batch_axis_is_that_of_every_sample(kind: str) -> None:
    """Such as a learned one."""
    chosen = block(kind, hidden_size=HIDDEN)
    x = TensorSpec((FEATURES,)) if kind.endswith("Cell") else X
    rest = [None] * (len(chosen.input_ports()) - 2)
    for_all = (x, TensorSpec((HIDDEN,), batched=False), *rest)
    for_each = (x, ONE, *rest)
    values = numbers(chosen, for_all, BATCH)
    carried = carry_out(chosen, call_of(chosen, for_all), for_all, values)
    spread = {**values, "h": values["h"].expand(BATCH, -1)}
    other = carry_out(chosen, call_of(chosen, for_each), for_each, spread, carried.kept)
    assert torch.equal(carried.outputs[0], other.outputs[0])


@pytest.mark.parametrize("kind", KINDS)
def test_a_sequence_read_in_two_parts_is_read_as_one(kind: str) -> None:
    """What leaves one layer enters another with the same weights, and nothing is lost between."""
    memories = ("h", "c")[: KINDS[kind]]
    layer = block(kind, hidden_size=HIDDEN, num_layers=2)
    drawn = graph(
        {
            "first": Input(sample_shape=(4, FEATURES)),
            "second": Input(sample_shape=(3, FEATURES)),
            "encoder": layer,
            "decoder": layer,
            "read": Output(),
            "written": Output(),
        },
        "first -> encoder.x",
        "second -> decoder.x",
        *(f"encoder.{memory} -> decoder.{memory}" for memory in memories),
        "encoder -> read",
        "decoder -> written",
    )
    network = engine.compile(Project(graph=drawn))
    network.decoder.load_state_dict(network.encoder.state_dict())
    x = torch.randn(BATCH, LENGTH, FEATURES)
    parts = network(x[:, :4], x[:, 4:])
    whole, _ = network.encoder(x)
    assert torch.equal(torch.cat([parts["read"], parts["written"]], dim=1), whole)


def test_cells_in_a_row_read_as_the_layer_does() -> None:
    cell = block("LSTMCell", hidden_size=HIDDEN)
    steps = {f"step{number}": Input(sample_shape=(FEATURES,)) for number in range(3)}
    cells = {f"cell{number}": cell for number in range(3)}
    wires = [f"step{number} -> cell{number}.x" for number in range(3)]
    wires += [f"cell{number}.{memory} -> cell{number + 1}.{memory}" for number in range(2) for memory in "hc"]
    drawn = graph({**steps, **cells, "out": Output()}, *wires, "cell2.h -> out")
    network = engine.compile(Project(graph=drawn))
    layer = torch.nn.LSTM(FEATURES, HIDDEN, batch_first=True)
    for child in network.children():
        child.load_state_dict({name.removesuffix("_l0"): weight for name, weight in layer.state_dict().items()})
    x = torch.randn(BATCH, 3, FEATURES)
    assert torch.allclose(network(*x.unbind(1)), layer(x)[0][:, -1], atol=1e-6)
