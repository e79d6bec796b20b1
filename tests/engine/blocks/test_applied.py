"""How blocks are written in a line of Python: layers with what they are called on, and functions in their place."""

from __future__ import annotations

import pytest

from engine.tensor import TensorSpec
from tests.engine.blocks.carried_out import call_of, views_of
from tests.engine.blocks.contract.specs import FREE, IMAGE, INDICES, ROW, SEQUENCE, Specs
from tests.engine.drawing import block

HIDDEN, ROWS = TensorSpec((64,)), TensorSpec((2, 64))
TWO_LAYERS = {"num_layers": 2}
LEARNED, LEARNED_ROWS = TensorSpec((64,), batched=False), TensorSpec((2, 64), batched=False)
WIDE, OTHER = TensorSpec((4, 16)), TensorSpec((5, 16))
PADDING, PAIRS = TensorSpec((4,), "bool"), TensorSpec((4, 4), "bool")
LATER = "torch.ones(4, 4, dtype=torch.bool, device=query.device).triu(1)"

LAYERS = [
    ("LeakyReLU", {}, (ROW,), "nn.LeakyReLU()"),
    ("LeakyReLU", {"negative_slope": 0.2}, (ROW,), "nn.LeakyReLU(0.2)"),
    ("GELU", {"approximate": "tanh"}, (ROW,), 'nn.GELU(approximate="tanh")'),
    ("Softplus", {"beta": 2.0}, (ROW,), "nn.Softplus(beta=2.0)"),
    ("Threshold", {}, (ROW,), "nn.Threshold(0.0, 0.0)"),
    ("PReLU", {"per_channel": True}, (IMAGE,), "nn.PReLU(num_parameters=6)"),
    ("Linear", {"weight_norm": "weight"}, (ROW,), "nn.utils.parametrizations.weight_norm(nn.Linear(6, 64))"),
    ("InstanceNorm2d", {"affine": True}, (IMAGE,), "nn.InstanceNorm2d(6, affine=True)"),
    ("LayerNorm", {"last_axes": 2}, (SEQUENCE,), "nn.LayerNorm((4, 6))"),
    ("RNN", {"nonlinearity": "relu"}, (SEQUENCE, None), 'nn.RNN(6, 64, nonlinearity="relu", batch_first=True)'),
    ("TransformerEncoderLayer", {"activation": "gelu"}, (WIDE, None, None), 'activation="gelu", batch_first=True)'),
    ("Transformer", {}, (OTHER, WIDE, *[None] * 6), "nn.Transformer(16, 8, batch_first=True)"),
    ("MultiheadAttention", {"num_heads": 4}, (WIDE, TensorSpec((5, 6)), None, None, None), "kdim=6, vdim=6"),
]

CALLS = [
    # ports without a wire at the end are left out, others are named
    ("LSTM", {}, (SEQUENCE, None, None), "self.a(x)"),
    ("EmbeddingBag", {"mode": "sum"}, (INDICES, TensorSpec((4,))), "self.a(x, per_sample_weights=per_sample_weights)"),
    # a memory enters with the layers in front, as torch has it
    ("GRU", {}, (SEQUENCE, HIDDEN), "self.a(x, h.unsqueeze(0).contiguous())"),
    ("GRU", TWO_LAYERS, (SEQUENCE, ROWS), "self.a(x, h.transpose(0, 1).contiguous())"),
    ("GRU", {}, (SEQUENCE, LEARNED), "self.a(x, h.expand(1, x.size(0), -1).contiguous())"),
    ("GRU", TWO_LAYERS, (FREE, LEARNED_ROWS), "self.a(x, h.unsqueeze(1).expand(-1, x.size(0), -1).contiguous())"),
    (
        "LSTM",
        {},
        (SEQUENCE, HIDDEN, None),
        "self.a(x, (h.unsqueeze(0).contiguous(), torch.zeros_like(h).unsqueeze(0).contiguous()))",
    ),
    ("LSTMCell", {}, (ROW, HIDDEN, HIDDEN), "self.a(x, (h, c))"),
    ("LSTMCell", {}, (ROW, None, HIDDEN), "self.a(x, (torch.zeros_like(c), c))"),
    ("RNNCell", {}, (ROW, LEARNED), "self.a(x, h.expand(x.size(0), -1))"),
    # a sequence attends to itself unless keys, or keys and values, are wired
    ("MultiheadAttention", {}, (WIDE, None, None, None, None), "self.a(query, query, query, need_weights=False)"),
    ("MultiheadAttention", {}, (WIDE, OTHER, None, None, None), "self.a(query, key, key, need_weights=False)"),
    ("MultiheadAttention", {}, (WIDE, OTHER, OTHER, None, None), "self.a(query, key, value, need_weights=False)"),
    ("MultiheadAttention", {"need_weights": True}, (WIDE, None, None, None, None), "self.a(query, query, query)"),
    # torch wants masks of samples with the heads in one axis
    ("MultiheadAttention", {}, (WIDE, None, None, PADDING, None), "key_padding_mask=key_padding_mask, need_weights="),
    (
        "MultiheadAttention",
        {"num_heads": 4},
        (WIDE, None, None, None, PAIRS),
        "attn_mask=torch.repeat_interleave(attn_mask, 4, dim=0))",
    ),
    (
        "MultiheadAttention",
        {"num_heads": 4},
        (WIDE, None, None, None, TensorSpec((4, 4, 4), "bool")),
        "attn_mask=torch.flatten(attn_mask, 0, 1))",
    ),
    # a causal mask is told to be one, so that torch may do without it
    ("MultiheadAttention", {"is_causal": True}, (WIDE, *[None] * 4), f"attn_mask={LATER}, is_causal=True)"),
    (
        "MultiheadAttention",
        {"is_causal": True},
        (WIDE, None, None, None, TensorSpec((4, 4), "bool", batched=False)),
        f"attn_mask=attn_mask | {LATER})",
    ),
    ("TransformerEncoder", {}, (WIDE, None, None), "self.a(src)"),
    ("TransformerEncoder", {}, (WIDE, PADDING, None), "self.a(src, src_key_padding_mask=src_key_padding_mask)"),
    (
        "TransformerEncoder",
        {},
        (WIDE, None, TensorSpec((4, 4), "bool", batched=False)),
        "self.a(src, mask=src_mask, is_causal=False)",
    ),
    (
        "TransformerEncoderLayer",
        {"is_causal": True},
        (TensorSpec((None, 16)), None, None),
        "src_mask=torch.ones(src.size(1), src.size(1), dtype=torch.bool, device=src.device).triu(1), is_causal=True)",
    ),
    ("TransformerDecoder", {"tgt_is_causal": False}, (WIDE, OTHER, *[None] * 4), "self.a(tgt, memory)"),
    ("TransformerDecoder", {}, (WIDE, OTHER, *[None] * 4), "triu(1), tgt_is_causal=True)"),
]

FUNCTIONS = [
    ("ReLU", {}, (ROW,), "F.relu(x)"),
    ("LeakyReLU", {"negative_slope": 0.2}, (ROW,), "F.leaky_relu(x, 0.2)"),
    ("Sigmoid", {}, (ROW,), "torch.sigmoid(x)"),
    ("Hardtanh", {"max_val": 6.0}, (ROW,), "F.hardtanh(x, max_val=6.0)"),
    ("Softmax", {}, (ROW,), "F.softmax(x, dim=-1)"),
    ("Softmax2d", {}, (IMAGE,), "F.softmax(x, dim=1)"),
    ("GLU", {}, (ROW,), "F.glu(x)"),
    ("Threshold", {"value": 1.0}, (ROW,), "F.threshold(x, 0.0, 1.0)"),
    ("CosineSimilarity", {}, (ROW, ROW), "F.cosine_similarity(x1, x2)"),
    ("PairwiseDistance", {"p": 1.0}, (ROW, ROW), "F.pairwise_distance(x1, x2, p=1.0)"),
    ("PReLU", {}, (ROW,), None),
    ("RReLU", {}, (ROW,), None),  # it does another thing in training than in use
    ("Dropout", {}, (ROW,), None),
    ("Identity", {}, (ROW,), None),
]


@pytest.mark.parametrize(("kind", "values", "specs", "told"), LAYERS)
def test_layers(kind: str, values: dict[str, object], specs: Specs, told: str) -> None:
    text = str(call_of(block(kind, **values), specs))
    assert text.endswith(told) or f"{told}," in text


@pytest.mark.parametrize(("kind", "values", "specs", "told"), CALLS)
def test_calls(kind: str, values: dict[str, object], specs: Specs, told: str) -> None:
    chosen = block(kind, **values)
    call_of(chosen, specs)  # it fits
    text = chosen.applied(*views_of(chosen, specs)).text({"module": "self.a"})
    assert text == told if told.startswith("self.") else told in text


@pytest.mark.parametrize(("kind", "values", "specs", "told"), FUNCTIONS)
def test_functions(kind: str, values: dict[str, object], specs: Specs, told: str | None) -> None:
    chosen = block(kind, **values)
    function = chosen.function(*views_of(chosen, specs))
    assert (None if function is None else str(function)) == told
