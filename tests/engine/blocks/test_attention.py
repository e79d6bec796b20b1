"""What attention may look at: by its masks, and in training as in use."""

from __future__ import annotations

import pytest
import torch

from engine.blocks import Block
from engine.tensor import TensorSpec
from tests.engine.blocks.carried_out import call_of, carry_out, numbers
from tests.engine.blocks.contract.specs import Specs
from tests.engine.drawing import block

LENGTH, OTHERS, FEATURES = 6, 5, 16
SEQUENCE, OTHER = TensorSpec((LENGTH, FEATURES)), TensorSpec((OTHERS, FEATURES))
PADDING, PAIRS = TensorSpec((LENGTH,), "bool"), TensorSpec((LENGTH, LENGTH), "bool")
FOR_ALL = TensorSpec((LENGTH, LENGTH), "bool", batched=False)
SMALL = {"nhead": 2, "dim_feedforward": 8, "dropout": 0.0}
LAYERS = {**SMALL, "num_layers": 2}
STACKS = {**SMALL, "num_encoder_layers": 1, "num_decoder_layers": 2}

# block, parameters, what arrives; the first port is what is looked at
ONE_SEQUENCE = [
    ("MultiheadAttention", {"num_heads": 2}, 5),
    ("TransformerEncoderLayer", SMALL, 3),
    ("TransformerEncoder", LAYERS, 3),
    ("TransformerEncoder", {**LAYERS, "norm_first": True, "norm": True, "activation": "gelu"}, 3),
]
TWO_SEQUENCES = [
    ("TransformerDecoderLayer", SMALL, 6),
    ("TransformerDecoder", LAYERS, 6),
]


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.default_generator.manual_seed(0)


class Made:
    """A block built once, to be carried out on several inputs."""

    def __init__(self, chosen: Block, specs: Specs) -> None:
        self.block, self.specs = chosen, specs
        self.call = call_of(chosen, specs)
        self.module = self.call.make({})
        self.values = numbers(chosen, specs, 3)

    def __call__(self, **values: torch.Tensor) -> torch.Tensor:
        return carry_out(self.block, self.call, self.specs, {**self.values, **values}, self.module).outputs[0]


def changed(value: torch.Tensor, place: int) -> torch.Tensor:
    """The same sequence with another step at one place."""
    other = value.clone()
    other[:, place, 0] += 1.0
    return other


def touched(before: torch.Tensor, after: torch.Tensor) -> list[bool]:
    """For each place, whether it differs in any sample."""
    return ((before - after).abs() > 1e-6).any(dim=-1).any(dim=0).tolist()


def steps(made: Made, port: str, place: int) -> list[bool]:
    return touched(made(), made(**{port: changed(made.values[port], place)}))


@pytest.mark.parametrize(("kind", "values", "ports"), ONE_SEQUENCE)
def test_every_place_looks_at_every_other(kind: str, values: dict[str, object], ports: int) -> None:
    made = Made(block(kind, **values), (SEQUENCE, *[None] * (ports - 1)))
    assert steps(made, made.block.input_ports()[0].name, 4) == [True] * LENGTH


@pytest.mark.parametrize(("kind", "values", "ports"), ONE_SEQUENCE)
def test_causal_hides_what_comes_later(kind: str, values: dict[str, object], ports: int) -> None:
    made = Made(block(kind, is_causal=True, **values), (SEQUENCE, *[None] * (ports - 1)))
    assert steps(made, made.block.input_ports()[0].name, 3) == [False, False, False, True, True, True]


@pytest.mark.parametrize(("kind", "values", "ports"), TWO_SEQUENCES)
@pytest.mark.parametrize("causal", [True, False])
def test_a_decoder_looks_back_and_at_all_of_the_memory(
    kind: str, values: dict[str, object], ports: int, causal: bool
) -> None:
    made = Made(block(kind, tgt_is_causal=causal, **values), (SEQUENCE, OTHER, *[None] * (ports - 2)))
    assert steps(made, "tgt", 3) == [not causal] * 3 + [True] * 3
    assert steps(made, "memory", 4) == [True] * LENGTH


def test_a_transformer_writes_without_looking_ahead() -> None:
    made = Made(block("Transformer", **STACKS), (OTHER, SEQUENCE, *[None] * 6))
    assert steps(made, "tgt", 3) == [False, False, False, True, True, True]
    assert steps(made, "src", 4) == [True] * LENGTH


@pytest.mark.parametrize(("kind", "values", "ports"), ONE_SEQUENCE)
@pytest.mark.parametrize("causal", [True, False])
def test_padding_is_not_looked_at(kind: str, values: dict[str, object], ports: int, causal: bool) -> None:
    chosen = block(kind, is_causal=causal, **values)
    padding = next(port.name for port in chosen.input_ports() if port.name.endswith("padding_mask"))
    specs = tuple(
        {0: SEQUENCE}.get(place) or (PADDING if port.name == padding else None)
        for place, port in enumerate(chosen.input_ports())
    )
    made = Made(chosen, specs)
    made.values[padding] = torch.tensor([[False, False, False, False, True, True]]).expand(3, -1)
    seen = steps(made, chosen.input_ports()[0].name, 5)
    assert seen[:4] == [False] * 4
    assert made().shape == (3, LENGTH, FEATURES)


@pytest.mark.parametrize("spec", [FOR_ALL, PAIRS, TensorSpec((2, LENGTH, LENGTH), "bool")])
@pytest.mark.parametrize("causal", [True, False])
def test_a_mask_hides_single_pairs(spec: TensorSpec, causal: bool) -> None:
    """Place 1 may look at itself alone; with `causal`, the mask that hides what is later is joined to it."""
    hidden = torch.zeros(LENGTH, LENGTH, dtype=torch.bool)
    hidden[1] = True
    hidden[1, 1] = False
    mask = hidden.expand(3, *spec.shape) if spec.batched else hidden
    made = Made(block("MultiheadAttention", num_heads=2, is_causal=causal), (SEQUENCE, None, None, None, spec))
    made.values["attn_mask"] = mask
    assert steps(made, "query", 0) == [True, False, True, True, True, True]
    assert steps(made, "query", 3) == ([False] * 3 + [True] * 3 if causal else [True, False, True, True, True, True])


def test_a_mask_of_a_sample_is_that_samples_alone() -> None:
    """Torch lays samples and heads in one axis; a mask must not slip to another sample."""
    made = Made(block("MultiheadAttention", num_heads=2), (SEQUENCE, None, None, None, PAIRS))
    mask = torch.zeros(3, LENGTH, LENGTH, dtype=torch.bool)
    mask[1, :, 5] = True
    made.values["attn_mask"] = mask
    before, after = made(), made(query=changed(made.values["query"], 5))
    blind = (before[:, :5] - after[:, :5]).abs().amax(dim=(1, 2)) < 1e-6
    assert blind.tolist() == [False, True, False]


def test_keys_serve_as_values_unless_others_are_wired() -> None:
    chosen = block("MultiheadAttention", num_heads=2)
    made = Made(chosen, (SEQUENCE, OTHER, OTHER, None, None))
    key = made.values["key"]
    by_keys = made.module(made.values["query"], key, key, need_weights=False)[0]
    assert torch.equal(made(value=key), by_keys)
    assert not torch.equal(made(), by_keys)


def test_attention_weights_sum_to_one() -> None:
    chosen = block("MultiheadAttention", num_heads=2, need_weights=True, average_attn_weights=False, is_causal=True)
    specs = (SEQUENCE, None, None, None, None)
    weights = carry_out(chosen, call_of(chosen, specs), specs, numbers(chosen, specs, 3)).outputs[1]
    assert weights.shape == (3, 2, LENGTH, LENGTH)
    assert torch.allclose(weights.sum(dim=-1), torch.ones(3, 2, LENGTH))
    assert not weights.triu(1).any()


@pytest.mark.parametrize(
    ("kind", "values", "specs"),
    [
        *((kind, values, (SEQUENCE, *[None] * (ports - 1))) for kind, values, ports in ONE_SEQUENCE),
        ("TransformerEncoder", {**LAYERS, "is_causal": True}, (SEQUENCE, None, None)),
        ("TransformerEncoder", LAYERS, (SEQUENCE, PADDING, None)),
        ("TransformerEncoder", LAYERS, (SEQUENCE, None, FOR_ALL)),
        ("TransformerEncoder", LAYERS, (SEQUENCE, PADDING, PAIRS)),
        ("TransformerDecoder", LAYERS, (SEQUENCE, OTHER, *[None] * 4)),
        ("Transformer", STACKS, (OTHER, SEQUENCE, TensorSpec((OTHERS,), "bool"), *[None] * 5)),
    ],
)
def test_in_use_it_gives_what_it_gives_in_training(kind: str, values: dict[str, object], specs: Specs) -> None:
    """Torch takes other ways when it need not learn; they agree, and padded ends stay as long as they were."""
    made = Made(block(kind, **values), specs)
    for name, mask in made.values.items():
        if name.endswith("key_padding_mask"):
            mask[:] = torch.arange(mask.shape[1]) >= mask.shape[1] - 2
    trained = made()
    made.module.eval()
    with torch.no_grad():
        used = made()
    shown = ~made.values.get("src_key_padding_mask", torch.zeros(3, LENGTH, dtype=torch.bool))
    if kind == "Transformer":
        shown = torch.ones(3, LENGTH, dtype=torch.bool)
    assert used.shape == trained.shape
    assert torch.allclose(used[shown], trained[shown], atol=1e-5)
