"""What every block of the catalogue promises, held against torch; a new block is safe without a test of its own."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from engine.blocks import CATALOGUE, Block, Loss
from engine.plan import trace_block
from engine.tensor import TensorSpec
from tests.engine.blocks.carried_out import call_of, carry_out, fits, numbers, views_of
from tests.engine.blocks.cases import LAYERS, cases, each_case
from tests.engine.blocks.contract import MULTIPLICATIONS, NO_GRADIENT, SETTINGS
from tests.engine.blocks.contract.specs import Specs

PRINTED_NAMES = {"nn": torch.nn, "F": torch.nn.functional, "torch": torch}


def test_every_setting_and_every_example_is_used() -> None:
    used = [(block, specs) for _, block, specs in cases()]
    blocks = {block for block, _ in used}
    for name, cls in LAYERS.items():
        for values in ({}, *SETTINGS.get(name, ())):
            assert cls.build(values) in blocks, f"{name} {values} goes with none of its examples"
        for number, specs in enumerate(cls.examples):
            assert any(type(block) is cls and own == specs for block, own in used), f"{name}: example {number} is idle"
    assert not SETTINGS.keys() - LAYERS.keys()


def test_every_port_is_tried_with_a_wire_and_every_optional_one_without() -> None:
    for name in LAYERS:
        tried: dict[str, set[bool]] = {}
        optional: dict[str, bool] = {}
        for _, block, specs in cases():
            if type(block).__name__ == name:
                for port, spec in zip(block.input_ports(), specs, strict=True):
                    tried.setdefault(port.name, set()).add(spec is not None)
                    optional[port.name] = port.optional
        for port_name, ways in tried.items():
            assert ways == ({True, False} if optional[port_name] else {True}), f"{name}.{port_name}"


def test_all_that_computes_has_examples() -> None:
    assert set(CATALOGUE) - set(LAYERS) == {"Input", "Target", "Output"}


@each_case()
def test_foretold_is_real(block: Block, specs: Specs) -> None:
    foretold, call = trace_block(block, specs).outputs, call_of(block, specs)
    for batch in (1, 3):
        outputs = carry_out(block, call, specs, numbers(block, specs, batch)).outputs
        assert len(outputs) == len(foretold) == len(block.output_ports())
        for output, told in zip(outputs, foretold, strict=True):
            assert told is not None
            assert fits(output, told, batch), f"{told} (batched: {told.batched}) is really {tuple(output.shape)}"
            assert None not in told.shape


def freed(specs: Specs) -> Iterator[Specs]:
    """The specs with one axis varying: alone, and together with every other axis of its length and place."""
    for number, spec in enumerate(specs):
        for axis in range(len(spec.shape) if spec is not None else 0):
            yield tuple(free(other, axis) if place == number else other for place, other in enumerate(specs))
            length = spec.shape[axis]
            twins = [other is not None and axis < len(other.shape) and other.shape[axis] == length for other in specs]
            if number == 0 and sum(twins) > 1:
                yield tuple(free(other, axis) if twin else other for other, twin in zip(specs, twins, strict=True))


def free(spec: TensorSpec | None, axis: int) -> TensorSpec:
    assert spec is not None
    return TensorSpec((*spec.shape[:axis], None, *spec.shape[axis + 1 :]), spec.dtype, spec.batched)


def filled(specs: Specs, like: Specs, times: int) -> Specs:
    """The free axes `times` as long as in `like`."""
    return tuple(
        spec
        and TensorSpec(
            tuple(b * times if a is None else a for a, b in zip(spec.shape, own.shape, strict=True)),
            spec.dtype,
            spec.batched,
        )
        for spec, own in zip(specs, like, strict=True)
    )


@each_case()
def test_axes_stay_free(block: Block, specs: Specs) -> None:
    """What is said of an axis that varies is true at two lengths of it, for one and the same layer."""
    for varying in freed(specs):
        trace = trace_block(block, varying)
        if trace.misfit is not None or trace.call is None:
            continue  # this axis has to be fixed
        kept = trace.call.make({}) if trace.call.kept else None
        for times in (1, 2):
            real = filled(varying, specs, times)
            outputs = carry_out(block, trace.call, real, numbers(block, real, 3), kept).outputs
            for output, told in zip(outputs, trace.outputs, strict=True):
                assert told is not None
                assert fits(output, told, 3), f"{varying}: {told} is really {tuple(output.shape)}"


@each_case()
def test_weights_are_those_of_the_layer(block: Block, specs: Specs) -> None:
    call, trace = call_of(block, specs), trace_block(block, specs)
    weights: dict[str, Any] = {}
    if call.kept == "module":
        module = call.make({})
        weights = dict(module.named_parameters())
        assert set(weights) <= set(module.state_dict())
    elif call.kept == "parameter":
        weights = {"": call.make({})}
    assert dict(trace.weights) == {name: tuple(weight.shape) for name, weight in weights.items()}
    assert trace.parameters == sum(weight.numel() for weight in weights.values())


@each_case()
def test_multiplications_are_counted(block: Block, specs: Specs) -> None:
    told = trace_block(block, specs).multiply_adds
    by_hand = MULTIPLICATIONS.get(type(block).__name__)
    if by_hand:
        assert told == by_hand(block, specs)
        return
    values, call = numbers(block, specs, 3), call_of(block, specs)
    kept = call.make({}) if call.kept else None
    with FlopCounterMode(display=False) as counter:
        carry_out(block, call, specs, values, kept)
    batch = 3 if any(spec is None or spec.batched for spec in trace_block(block, specs).outputs) else 1
    assert told == counter.get_total_flops() / 2 / batch


def same(ones: Any, others: Any) -> bool:
    """Whether two answers of a layer, which may be tuples of tuples, agree bit for bit."""
    if isinstance(ones, torch.Tensor):
        return ones.dtype == others.dtype and torch.equal(ones.nan_to_num(), others.nan_to_num())
    if isinstance(ones, (tuple, list)):
        return len(ones) == len(others) and all(itertools.starmap(same, zip(ones, others, strict=True)))
    return bool(ones == others)


@each_case()
def test_what_is_printed_is_what_is_built(block: Block, specs: Specs) -> None:
    call, values = call_of(block, specs), numbers(block, specs, 3)
    text = call.text({port: port for port in values})
    torch.default_generator.manual_seed(1)  # for random weights and for dropout
    printed = eval(text, {**PRINTED_NAMES, **values})
    torch.default_generator.manual_seed(1)
    built = call.make({} if call.kept else values)
    if call.kept != "module":
        assert same(printed, built)
        return
    assert repr(printed) == repr(built)
    printed.load_state_dict(built.state_dict())
    outputs = []
    for module in (printed, built):
        torch.default_generator.manual_seed(1)
        outputs.append(carry_out(block, call, specs, values, module).outputs)
    assert same(*outputs)


def has_function(block: Block, specs: Specs) -> bool:
    return block.function(*views_of(block, specs)) is not None


@each_case(has_function)
def test_the_function_does_what_the_module_does(block: Block, specs: Specs) -> None:
    function = block.function(*views_of(block, specs))
    assert function is not None
    call, values = call_of(block, specs), numbers(block, specs, 3)
    assert call.kept == "module", "only a layer has another form as a function"
    assert not trace_block(block, specs).weights, "a function keeps no weights"
    text = function.text({port: port for port in values})
    torch.default_generator.manual_seed(1)
    answer = block.applied(*views_of(block, specs)).make({**values, "module": call.make({})})
    for compute in (lambda: function.make(values), lambda: eval(text, {**PRINTED_NAMES, **values})):
        torch.default_generator.manual_seed(1)
        assert same(compute(), answer)


@each_case(lambda block, _: len(block.output_ports()) > 1 and block.unpacked != "")
def test_the_answer_falls_apart_as_told(block: Block, specs: Specs) -> None:
    ports = block.output_ports()
    carried = carry_out(block, call_of(block, specs), specs, numbers(block, specs, 3))
    found: dict[str, Any] = {}

    def unpack(target: ast.expr, value: Any) -> None:
        if isinstance(target, ast.Name):
            found[target.id] = value
            return
        assert isinstance(target, ast.Tuple)
        for part, item in zip(target.elts, value, strict=True):
            unpack(part, item)

    unpack(ast.parse(block.unpacked, mode="eval").body, carried.answer)
    found.pop("_", None)
    assert set(found) >= set(ports)
    if type(block).forward is Block.forward:  # or else the parts are worked on before they leave
        for name, output in zip(ports, carried.outputs, strict=True):
            assert same(found[name], output), name


def gradients(block: Block, specs: Specs) -> dict[str, torch.Tensor]:
    """What a change of the outputs asks of each input and each weight that is made of decimal numbers."""
    values = numbers(block, specs, 4)
    watched = {name: value for name, value in values.items() if value.is_floating_point()}
    if isinstance(block, Loss):
        watched.pop("target", None)  # nothing is learned there
    for value in watched.values():
        value.requires_grad_()
    carried = carry_out(block, call_of(block, specs), specs, values)
    watched |= {f"weight {name}": weight for name, weight in carried.weights.items()}
    learned = [output for output in carried.outputs if output.is_floating_point() and output.requires_grad]
    if learned:
        torch.stack([(output * torch.randn(output.shape)).sum() for output in learned]).sum().backward()
    elif all(not output.is_floating_point() for output in carried.outputs):
        return {}  # whole numbers and truth values have no slope
    return {name: torch.zeros(()) if value.grad is None else value.grad for name, value in watched.items()}


@each_case()
def test_gradients_flow(block: Block, specs: Specs) -> None:
    excused = NO_GRADIENT.get(type(block).__name__, {})
    for name, gradient in gradients(block, specs).items():
        assert bool(gradient.isfinite().all()), name
        if "*" not in excused and name.removeprefix("weight ") not in excused:
            assert bool(gradient.any()), f"no gradient reaches {name}"


@each_case(lambda block, specs: bool(trace_block(block, specs).weights))
def test_one_step_of_training_moves_every_weight(block: Block, specs: Specs) -> None:
    excused = NO_GRADIENT.get(type(block).__name__, {})
    call, values = call_of(block, specs), numbers(block, specs, 4)
    kept = call.make({})
    weights = carry_out(block, call, specs, values, kept).weights
    before = {name: weight.detach().clone() for name, weight in weights.items()}
    optimizer = torch.optim.SGD(weights.values(), lr=0.5)

    outputs = [output for output in carry_out(block, call, specs, values, kept).outputs if output.is_floating_point()]
    loss = torch.stack([(output - torch.randn(output.shape)).square().mean() for output in outputs]).sum()
    loss.backward()
    optimizer.step()

    assert bool(loss.isfinite())
    for name, weight in weights.items():
        assert bool(weight.isfinite().all()), name
        assert name in excused or not torch.equal(weight, before[name]), f"{name} has not moved"
