"""What every block of the catalogue promises, held against torch; a new block is safe without a test of its own."""

from __future__ import annotations

import copy
import inspect
import itertools
import re

import pytest
import torch
from _pytest.mark import ParameterSet
from torch.utils.flop_counter import FlopCounterMode

import engine
from engine.blocks import CATALOGUE, Block, Loss, Source
from engine.blocks.inputs import Input, Output
from engine.blocks.recurrent import Recurrent
from engine.call import Call
from engine.graph import Wire, refused_name
from engine.plan import trace_block
from engine.project import Project
from engine.storage import dumps, loads
from tests.engine.blocks.carried_out import Specs, call_of, carry_out, numbers

# Settings besides the defaults: each is put through the same contract as the examples.
SETTINGS: dict[str, list[dict[str, object]]] = {
    "Linear": [{"out_features": 1}, {"out_features": 3, "bias": False}],
    "Embedding": [{"num_embeddings": 3, "embedding_dim": 1, "padding_idx": 2}, {"max_norm": 0.5, "norm_type": 1.0}],
    "Conv1d": [
        {"kernel_size": 4, "stride": 3, "padding": 2, "dilation": 2, "groups": 2, "out_channels": 6, "bias": False},
        {"padding": "same", "padding_mode": "circular", "kernel_size": 5},
    ],
    "Conv2d": [
        {"kernel_size": (5, 2), "stride": (3, 2), "padding": (2, 0), "dilation": (1, 3), "bias": False},
        {"groups": 3, "out_channels": 9, "padding": "same", "padding_mode": "reflect", "kernel_size": (4, 3)},
        {"padding": 1, "padding_mode": "replicate"},
    ],
    "ConvTranspose2d": [
        {"kernel_size": (3, 4), "stride": (3, 2), "padding": (1, 2), "output_padding": (2, 1), "bias": False},
        {"groups": 3, "out_channels": 9, "dilation": 2, "stride": 1},
    ],
    "MaxPool2d": [
        {"kernel_size": (3, 2), "stride": (2, 3), "padding": (1, 1), "ceil_mode": True},
        {"kernel_size": 3, "dilation": (2, 1), "stride": 1},
    ],
    "AvgPool2d": [
        {"kernel_size": (3, 2), "stride": (2, 3), "padding": (1, 1), "ceil_mode": True, "count_include_pad": False},
        {"kernel_size": 5, "divisor_override": 7},
    ],
    "AdaptiveAvgPool2d": [{"output_size": (3, 5)}, {"output_size": 20}],
    "LSTM": [
        {"hidden_size": 3, "num_layers": 2, "bidirectional": True, "output": "last step"},
        {"hidden_size": 4, "num_layers": 3, "dropout": 0.3, "bias": False},
        {"output": "last step"},
    ],
    "GRU": [
        {"hidden_size": 3, "num_layers": 2, "bidirectional": True, "output": "last step"},
        {"hidden_size": 4, "num_layers": 3, "dropout": 0.3, "bias": False},
        {"output": "last step"},
    ],
    "BatchNorm1d": [{"affine": False}, {"bias": False}, {"momentum": None, "eps": 0.1}, {"momentum": 0.5}],
    "BatchNorm2d": [{"affine": False}, {"momentum": None, "eps": 0.1}, {"track_running_stats": False}],
    "LayerNorm": [{"elementwise_affine": False}, {"bias": False, "eps": 0.1}],
    "LeakyReLU": [{"negative_slope": 0.3}],
    "GELU": [{"approximate": "tanh"}],
    "Softmax": [{"dim": 1}],
    "LogSoftmax": [{"dim": 1}],
    "Dropout": [{"p": 0.0}, {"p": 0.9}],
    "Flatten": [{"start_dim": 1, "end_dim": 1}],
    "Reshape": [{"sample_shape": (1, -1, 2)}],
    "CrossEntropyLoss": [{"label_smoothing": 0.2}],
}

# Where torch's own argument is not among a block's parameters, and why.
FOLLOWS_FROM_THE_INPUT = {"in_features", "in_channels", "num_features", "input_size"}
TECHNICAL = {"device", "dtype", "inplace", "args", "kwargs"}
LEFT_OUT = {
    "Embedding": {
        "sparse": "sparse gradients work with few optimizers",
        "_weight": "private",
        "_freeze": "private",
    },
    "LSTM": {
        "batch_first": "always: every tensor has the batch in front",
        "proj_size": "rarely used; another layer does the same",
        "mode": "fixed by the class",
    },
    "GRU": {
        "batch_first": "always: every tensor has the batch in front",
        "proj_size": "not for GRU",
        "mode": "fixed by the class",
    },
    "MaxPool2d": {"return_indices": "would give the block a second output"},
    "ConvTranspose2d": {"padding_mode": "torch takes nothing but zeros here"},
    "LayerNorm": {"normalized_shape": "asked for as a number of axes, whose sizes follow from the input"},
}
LEFT_OUT_OF_LOSSES = {
    "weight": "of classes; our `weight` is the share in the sum of losses",
    "pos_weight": "of classes",
    "ignore_index": "the data have no such index",
    "reduction": "always the mean: training makes one number small",
    "size_average": "deprecated",
    "reduce": "deprecated",
}
OUR_OWN = {
    "LSTM": {"output"},
    "GRU": {"output"},
    "LayerNorm": {"last_axes"},
    **{name: {"weight"} for name, cls in CATALOGUE.items() if issubclass(cls, Loss)},
}
OTHER_DEFAULTS = {
    ("ConvTranspose2d", "stride"),  # the block is there to enlarge
    ("Softmax", "dim"),  # torch's None is deprecated
    ("LogSoftmax", "dim"),
}
WITHOUT_FORMULA = {"Input", "Target", "Output", "Flatten", "Reshape", "Concat"}  # a picture would say more

LAYERS = {name: cls for name, cls in CATALOGUE.items() if cls.examples}


def cases() -> list[ParameterSet]:
    """Every block with every example, by default and with its other settings, as far as they go together."""
    found = []
    for name, cls in LAYERS.items():
        for values, (number, specs) in itertools.product(({}, *SETTINGS.get(name, ())), enumerate(cls.examples)):
            chosen = cls.build(values)
            if not values or trace_block(chosen, specs).misfit is None:
                words = "-".join(str(value).replace(" ", "") for value in values.values())
                found.append(pytest.param((chosen, specs), id=f"{name}-{number}{words and '-'}{words}"))
    return found


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


@pytest.fixture(params=cases())
def case(request: pytest.FixtureRequest) -> tuple[Block, Specs]:
    return request.param


def test_every_setting_of_the_table_is_used() -> None:
    used = [parameters.values[0][0] for parameters in cases()]
    for name, rows in SETTINGS.items():
        for values in rows:
            assert CATALOGUE[name].build(values) in used, f"{name} {values} goes with none of its examples"


def test_all_that_computes_has_examples() -> None:
    assert set(CATALOGUE) - set(LAYERS) == {"Input", "Target", "Output"}


def test_foretold_is_real(case: tuple[Block, Specs]) -> None:
    block, specs = case
    trace = trace_block(block, specs)
    (foretold,) = trace.outputs
    assert foretold is not None
    for batch in (1, 3):
        output = carry_out(block, call_of(block, specs), specs, numbers(block, specs, batch)).output
        assert tuple(output.shape) == ((batch, *foretold.shape) if foretold.batched else ())
        assert str(output.dtype) == f"torch.{foretold.dtype}"


def test_weights_are_those_of_the_layer(case: tuple[Block, Specs]) -> None:
    block, specs = case
    call, trace = call_of(block, specs), trace_block(block, specs)
    if isinstance(call, Call) and call.builds_module:
        module = call.make()
        real = {name: tuple(weight.shape) for name, weight in module.named_parameters()}
        assert dict(trace.weights) == real
        assert set(real) <= set(module.state_dict())
        assert trace.parameters == sum(weight.numel() for weight in module.parameters())
    else:
        assert not trace.weights


def test_multiplications_are_counted(case: tuple[Block, Specs]) -> None:
    block, specs = case
    trace = trace_block(block, specs)
    if isinstance(block, Recurrent):
        assert trace.multiply_adds == recurrent_multiplications(block, specs)
        return
    values = numbers(block, specs, 3)
    carried = carry_out(block, call_of(block, specs), specs, values)
    with FlopCounterMode(display=False) as counter:
        carry_out(block, call_of(block, specs), specs, values, carried.module)
    assert trace.multiply_adds == counter.get_total_flops() / 2 / 3


def recurrent_multiplications(block: Recurrent, specs: Specs) -> int:
    """By hand, since torch counts none: each gate multiplies what arrives and the memory, at every step."""
    gates = {"LSTM": 4, "GRU": 3}[type(block).__name__]
    directions = 2 if block.bidirectional else 1
    length, features = specs[0].sizes
    total = 0
    for layer in range(block.num_layers):
        arriving = features if layer == 0 else block.hidden_size * directions
        total += directions * gates * block.hidden_size * (arriving + block.hidden_size)
    return total * length


def test_what_is_printed_is_what_is_built(case: tuple[Block, Specs]) -> None:
    block, specs = case
    call, values = call_of(block, specs), numbers(block, specs, 3)
    text = call.text({port: port for port in values})
    printed = eval(text, {"nn": torch.nn, "torch": torch, **values})
    if not isinstance(printed, torch.nn.Module):
        assert torch.equal(printed, call.make(values))
        return
    built = call.make()
    assert repr(printed) == repr(built)
    printed.load_state_dict(built.state_dict())
    outputs = []
    for module in (printed, built):
        torch.manual_seed(1)  # for dropout
        outputs.append(carry_out(block, call, specs, values, module).output)
    assert torch.equal(*outputs)


def network_around(block: Block, specs: Specs) -> Project:
    """Inputs of the given shapes → the block → an Output."""
    project = Project()
    project, key = project.add(block, (0, 0), "block")
    graph = project.graph
    for number, (port, spec) in enumerate(zip(block.input_ports(), specs, strict=True)):
        graph, source = graph.add(Input(sample_shape=spec.shape, dtype=spec.dtype), f"input{number}")
        graph = graph.connect(Wire(source, "y", key, port.name))
    graph, output = graph.add(Output(), "output")
    return project.edit(graph.connect(Wire(key, block.output_ports()[0], output, "x")))


def test_the_compiled_network_does_the_same(case: tuple[Block, Specs]) -> None:
    block, specs = case
    if isinstance(block, Loss):
        return  # an objective is compiled with its data: see test_source.py
    project, values, call = network_around(block, specs), numbers(block, specs, 3), call_of(block, specs)
    network = engine.compile(project)
    module = copy.deepcopy(dict(network.named_children()).get("block"))  # some layers change as they compute
    outputs = []
    for compute in (lambda: network(*values.values()), lambda: carry_out(block, call, specs, values, module).output):
        torch.manual_seed(1)
        outputs.append(compute())
    assert torch.equal(*outputs)


def test_survives_the_file(case: tuple[Block, Specs]) -> None:
    project = network_around(*case)
    again = loads(dumps(project))
    assert again == project
    assert dumps(again) == dumps(project)
    kept, written = again.graph.nodes["block"].block, case[0]
    assert {name: type(value) for name, value in kept.values().items()} == {
        name: type(value) for name, value in written.values().items()
    }


def test_gradients_flow(case: tuple[Block, Specs]) -> None:
    block, specs = case
    values = numbers(block, specs, 4)
    watched = dict(values) if not isinstance(block, Loss) else {"prediction": values["prediction"]}
    watched = {name: value.requires_grad_() for name, value in watched.items() if value.is_floating_point()}
    carried = carry_out(block, call_of(block, specs), specs, values)
    if not carried.output.is_floating_point():
        return  # whole numbers, laid out in another shape
    (carried.output * torch.randn(carried.output.shape)).sum().backward()
    watched |= dict(carried.module.named_parameters()) if carried.module is not None else {}
    for name, value in watched.items():
        assert value.grad is not None, name
        assert bool(value.grad.isfinite().all()), name
        assert bool(value.grad.any()), name


def sentences(text: str) -> int:
    return len(re.findall(r"[^.!?]{3,}[.!?](?=\s|$)", text))


@pytest.mark.parametrize("name", CATALOGUE)
def test_documents_itself(name: str) -> None:
    cls = CATALOGUE[name]
    assert cls.__name__ == name
    assert sentences(cls.doc()) >= 2, "a block's help has at least two sentences"
    assert cls.category
    assert refused_name(f"{cls.stem}1") is None
    assert cls.aliases
    assert all(alias == alias.strip() != "" for alias in cls.aliases)
    for param in cls.params():
        assert sentences(param.doc) >= 1, param.name
        assert param.label[0].isupper(), param.name
        assert param.kind in ("int", "float", "bool", "choice", "sizes", "shape", "field"), param.name
    if name not in WITHOUT_FORMULA:
        assert cls.formula
    assert set(cls.sums_up) <= {param.name for param in cls.params()}
    if issubclass(cls, Source) or cls is Output:
        assert not cls.reference
        return
    assert resolved(cls.reference) is not None


def resolved(reference: str) -> object:
    """What a name in torch's documentation stands for."""
    value: object = torch
    for part in reference.removeprefix("torch.").split("."):
        value = getattr(value, part)
    return value


def test_categories_stand_together() -> None:
    categories = [category for category, _ in itertools.groupby(CATALOGUE.values(), key=lambda cls: cls.category)]
    assert len(categories) == len(set(categories))


def torch_arguments(layer: type) -> dict[str, inspect.Parameter]:
    """Every argument of a layer, those included that it hands on to the class it derives from."""
    arguments = dict(inspect.signature(layer).parameters)
    if "args" in arguments:
        arguments |= inspect.signature(layer.__bases__[0]).parameters
    return arguments


@pytest.mark.parametrize("name", [name for name, cls in LAYERS.items() if cls.reference.startswith("torch.nn.")])
def test_every_argument_of_the_layer_can_be_set(name: str) -> None:
    cls = CATALOGUE[name]
    layer = resolved(cls.reference)
    assert isinstance(layer, type)
    arguments, ours = set(torch_arguments(layer)), {param.name for param in cls.params()}
    left_out = set(LEFT_OUT_OF_LOSSES if issubclass(cls, Loss) else LEFT_OUT.get(name, {}))
    missing = arguments - TECHNICAL - FOLLOWS_FROM_THE_INPUT - left_out - ours
    assert not missing, "an argument of torch's is missing: add it, or say in LEFT_OUT why not"
    invented = ours - OUR_OWN.get(name, set()) - arguments
    assert not invented, "torch has no such argument: rename it, or name it in OUR_OWN"


@pytest.mark.parametrize("name", LAYERS)
def test_common_defaults_are_those_of_torch(name: str) -> None:
    """A person who knows torch finds what they know; what torch leaves open is ours to choose."""
    cls = CATALOGUE[name]
    layer = resolved(cls.reference)
    if not isinstance(layer, type):
        return
    arguments = torch_arguments(layer)
    for param in cls.params():
        argument = arguments.get(param.name)
        if argument is None or argument.default is inspect.Parameter.empty or param.name in OUR_OWN.get(name, set()):
            continue
        default = param.default
        if isinstance(default, tuple) and len(set(default)) == 1:
            default = default[0]
        if (name, param.name) not in OTHER_DEFAULTS:
            assert default == argument.default or (default == "valid" and argument.default == 0), param.name
