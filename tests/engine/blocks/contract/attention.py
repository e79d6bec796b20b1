"""What the contract test needs to know about attention and transformers."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from engine.blocks import Block
from engine.plan import trace_block
from engine.tensor import TensorSpec
from tests.engine.blocks.contract.specs import IMAGE, ROW, SEQUENCE, TRUTHS, Misfits, Settings, Specs

SMALL = {"nhead": 4, "dim_feedforward": 12}
TORCH = {"dropout": 0.0, "norm_first": True, "activation": "gelu", "bias": False, "layer_norm_eps": 0.1}

SETTINGS: Settings = {
    "MultiheadAttention": [
        {"num_heads": 2, "is_causal": True},
        {"num_heads": 4, "dropout": 0.3, "bias": False},
        {"need_weights": True},
        {"need_weights": True, "average_attn_weights": False, "is_causal": True},
        {"add_bias_kv": True, "add_zero_attn": True, "need_weights": True},
        {"add_bias_kv": True, "is_causal": True},
    ],
    "TransformerEncoderLayer": [SMALL, {**SMALL, "is_causal": True}, {**SMALL, **TORCH}],
    "TransformerEncoder": [
        {**SMALL, "num_layers": 2},
        {**SMALL, "num_layers": 2, "is_causal": True, "norm": True},
        {**SMALL, **TORCH, "num_layers": 1, "norm": True},
    ],
    "TransformerDecoderLayer": [SMALL, {**SMALL, "tgt_is_causal": False}, {**SMALL, **TORCH}],
    "TransformerDecoder": [
        {**SMALL, "num_layers": 2},
        {**SMALL, "num_layers": 2, "tgt_is_causal": False, "norm": True},
        {**SMALL, **TORCH, "num_layers": 1, "norm": True},
    ],
    "Transformer": [
        {**SMALL, "num_encoder_layers": 1, "num_decoder_layers": 2},
        {**SMALL, **TORCH, "num_encoder_layers": 2, "num_decoder_layers": 1},
        {"nhead": 1, "dim_feedforward": 5, "num_encoder_layers": 1, "num_decoder_layers": 1, "tgt_is_causal": False},
    ],
}

FOLLOWS = {"d_model": "follows from the input", "batch_first": "always: every tensor has the batch in front"}
LAYER = {"encoder_layer": "its parameters stand among the stack's own", "decoder_layer": "likewise"}
LEFT_OUT = {
    "MultiheadAttention": {
        "embed_dim": "follows from the input",
        "kdim": "follows from the input",
        "vdim": "follows from the input",
        "batch_first": "always: every tensor has the batch in front",
    },
    "TransformerEncoderLayer": FOLLOWS,
    "TransformerDecoderLayer": FOLLOWS,
    "TransformerEncoder": {
        **LAYER,
        "enable_nested_tensor": "would cut off padded ends while the network is used",
        "mask_check": "only for nested tensors",
    },
    "TransformerDecoder": LAYER,
    "Transformer": {
        **FOLLOWS,
        "custom_encoder": "any drawing can be wired",
        "custom_decoder": "any drawing can be wired",
    },
}
OF_LAYERS = {"nhead", "dim_feedforward", "dropout", "activation", "layer_norm_eps", "norm_first", "bias"}
OUR_OWN = {
    "MultiheadAttention": {"is_causal", "need_weights", "average_attn_weights"},  # arguments of its call
    "TransformerEncoderLayer": {"is_causal"},
    "TransformerDecoderLayer": {"tgt_is_causal"},
    "TransformerEncoder": {"is_causal", *OF_LAYERS},
    "TransformerDecoder": {"tgt_is_causal", *OF_LAYERS},
    "Transformer": {"tgt_is_causal"},
}
OTHER_DEFAULTS = {
    **{(name, "activation"): "the function's name stands for it" for name in SETTINGS},
    ("TransformerEncoder", "norm"): "whether there is one, not the norm itself",
    ("TransformerDecoder", "norm"): "whether there is one, not the norm itself",
}


def seen(block: Block, specs: Specs, values: dict[str, Any]) -> dict[str, torch.Tensor]:
    """Masks that leave each place something to look at: where all is hidden, torch gives no number."""
    masks = {name: value for name, value in values.items() if name.endswith("mask")}
    for name, mask in masks.items():
        mask[..., 0] = False
        if not name.endswith("padding_mask") and mask.shape[-1] == mask.shape[-2]:
            mask.diagonal(dim1=-2, dim2=-1).fill_(False)
    return masks


VALUES = dict.fromkeys(SETTINGS, seen)


def counted(block: Block, specs: Specs) -> float:
    """What torch's counter sees where attention is computed step by step; it can't see into the fast ways."""
    from tests.engine.blocks.carried_out import carry_out, numbers

    call = trace_block(block, specs).call
    assert call is not None
    values, kept = numbers(block, specs, 3), call.make({}) if call.kept else None
    with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        carry_out(block, call, specs, values, kept)
    return counter.get_total_flops() / 2 / 3


MULTIPLICATIONS = dict.fromkeys(SETTINGS, counted)

STRICTER = {"for each pair of places": "torch would stretch a single row or column without a word"}

WIDE, LONG = TensorSpec((4, 8)), TensorSpec((5, 8))
PADDING = TensorSpec((4,), "bool")

MISFITS: Misfits = [
    ("MultiheadAttention", {}, [IMAGE, None, None, None, None], "query", None, "expects length × features"),
    (
        "MultiheadAttention",
        {"num_heads": 4},
        [SEQUENCE, None, None, None, None],
        None,
        "num_heads",
        "shares 6 features among 4 heads, which does not come out even; it could be 1, 2, 3, 6",
    ),
    ("MultiheadAttention", {}, [WIDE, None, WIDE, None, None], "key", None, "has values, but no keys to find them by"),
    ("MultiheadAttention", {}, [WIDE, WIDE, LONG, None, None], "value", None, "there are 5 values and 4 keys"),
    ("MultiheadAttention", {}, [WIDE, None, None, ROW, None], "key_padding_mask", None, "expects truth values"),
    (
        "MultiheadAttention",
        {},
        [WIDE, LONG, None, PADDING, None],
        "key_padding_mask",
        None,
        "one truth value for each of the 5 places of a sample, but key_padding_mask is 4 for each sample",
    ),
    (
        "MultiheadAttention",
        {},
        [WIDE, LONG, None, None, TRUTHS],
        "attn_mask",
        None,
        "expects one truth value for each pair of places, 4 × 5, but attn_mask is 4 × 6 for each sample",
    ),
    ("TransformerEncoderLayer", {"nhead": 4}, [SEQUENCE, None, None], None, "nhead", "shares 6 features among 4 heads"),
    ("TransformerEncoder", {}, [WIDE, TensorSpec((5,), "bool"), None], "src_key_padding_mask", None, "of the 4 places"),
    ("TransformerEncoder", {}, [WIDE, None, TRUTHS], "src_mask", None, "each pair of places, 4 × 4"),
    (
        "TransformerDecoderLayer",
        {},
        [WIDE, SEQUENCE, None, None, None, None],
        "memory",
        None,
        "needs the same number of features in both sequences, but tgt has 8 and memory 6",
    ),
    ("TransformerDecoder", {}, [WIDE, LONG, None, None, None, TRUTHS], "memory_mask", None, "pair of places, 4 × 5"),
    (
        "Transformer",
        {"nhead": 3},
        [SEQUENCE, WIDE, None, None, None, None, None, None],
        "src",
        None,
        "but tgt has 8 and src 6",
    ),
    (
        "Transformer",
        {},
        [LONG, WIDE, None, None, PADDING, None, None, None],
        "memory_key_padding_mask",
        None,
        "of the 5 places of a sample",
    ),
]
