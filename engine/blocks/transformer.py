"""The layers of transformers, and whole transformers, as PyTorch has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from engine.blocks.attention import (
    CATEGORY,
    CAUSAL,
    DROPOUT,
    HEADS,
    Examples,
    attention_multiply_adds,
    attention_weights,
    check_heads,
)
from engine.blocks.attention_masks import check_padding, check_pairs, pairs
from engine.blocks.base import Block, Shape
from engine.call import Call, nn
from engine.problem import Misfit
from engine.record import param
from engine.tensor import AnyTensor, Mask, Sequence, TensorSpec

ALIASES = ("attention", "feed-forward", "sequence")
BY_SAMPLE = TensorSpec((7,), "bool")
SEQUENCE, OTHER = TensorSpec((7, 16)), TensorSpec((5, 16))


class Stack(Block):
    """How many layers a stack of a transformer has, and whether it ends with a normalisation."""

    num_layers: int = param(6, ge=1, label="Layers", doc="Layers stacked on each other; each begins alike.")
    norm: bool = param(
        False,
        label="Final norm",
        doc="Whether a LayerNorm follows the last layer, as it should where norms come first.",
    )


class OfTransformer(Block):
    """Parameters that all parts of transformers share, and what follows from them.

    Masks are true where a place must not be looked at.
    """

    category: ClassVar[str] = CATEGORY
    sums_up: ClassVar[tuple[str, ...]] = ("nhead",)

    nhead: int = param(8, ge=1, label="Heads", doc=HEADS)
    dim_feedforward: int = param(
        2048, ge=1, label="Inner features", doc="Width of the two linear layers in each layer."
    )
    dropout: float = param(0.1, ge=0, lt=1, doc=DROPOUT)
    activation: Literal["relu", "gelu"] = param("relu", doc="What stands between the two linear layers.")
    layer_norm_eps: float = param(
        1e-5, gt=0, label="Epsilon", doc="Small number against division by zero in the norms."
    )
    norm_first: bool = param(
        False, label="Norms first", doc="Whether each part normalises what enters it (easier to train) or its sum."
    )
    bias: bool = param(True, doc="Whether linear layers and norms add learned numbers.")

    def _arguments(self) -> dict[str, object]:
        """Arguments of a layer that differ from torch's, for printing."""
        names = ("dim_feedforward", "dropout", "activation", "layer_norm_eps", "norm_first", "bias")
        changed = self.changed()
        return {name: changed[name] for name in names if name in changed} | {"batch_first": True}

    def _encoder_layer(self, x: Sequence) -> Call:
        return nn.TransformerEncoderLayer(x.features, self.nhead, **self._arguments())

    def _decoder_layer(self, x: Sequence) -> Call:
        return nn.TransformerDecoderLayer(x.features, self.nhead, **self._arguments())

    def _norm(self, x: Sequence) -> Call:
        return nn.LayerNorm(x.features, eps=self.layer_norm_eps, bias=self.bias)

    def _encoder(self, x: Sequence, layers: int, norm: bool) -> Call:
        # torch's nested tensors would cut off padded ends while the network is used, and warn
        kwargs = {"norm": self._norm(x)} if norm else {}
        return nn.TransformerEncoder(self._encoder_layer(x), layers, **kwargs, enable_nested_tensor=False)

    def _norm_weights(self, name: str, features: int) -> dict[str, Shape]:
        shapes: dict[str, Shape] = {f"{name}.weight": (features,)}
        return shapes | ({f"{name}.bias": (features,)} if self.bias else {})

    def _layer_weights(self, features: int, decodes: bool) -> dict[str, Shape]:
        """One layer of an encoder, or of a decoder, which attends twice."""
        attentions = ("self_attn", "multihead_attn") if decodes else ("self_attn",)
        own = attention_weights(features, self.bias)
        shapes = {f"{attention}.{name}": shape for attention in attentions for name, shape in own.items()}
        shapes |= {
            "linear1.weight": (self.dim_feedforward, features),
            "linear2.weight": (features, self.dim_feedforward),
        }
        if self.bias:
            shapes |= {"linear1.bias": (self.dim_feedforward,), "linear2.bias": (features,)}
        for number in range(len(attentions) + 1):
            shapes |= self._norm_weights(f"norm{number + 1}", features)
        return shapes

    def _stack_weights(self, features: int, decodes: bool, layers: int, norm: bool) -> dict[str, Shape]:
        own = self._layer_weights(features, decodes)
        shapes = {f"layers.{number}.{name}": shape for number in range(layers) for name, shape in own.items()}
        return shapes | (self._norm_weights("norm", features) if norm else {})

    def _encoder_multiply_adds(self, x: Sequence) -> int:
        """One layer of an encoder."""
        length, features = x.sizes
        attention = attention_multiply_adds(features, length, length, features, features)
        return attention + 2 * length * features * self.dim_feedforward

    def _decoder_multiply_adds(self, tgt: Sequence, memory: Sequence) -> int:
        """One layer of a decoder: as in an encoder, and attention to what was encoded."""
        features = tgt.features
        attention = attention_multiply_adds(features, tgt.sizes[0], memory.sizes[0], features, features)
        return self._encoder_multiply_adds(tgt) + attention


def masked(name: str, mask: Mask | None, heads: int, causal: bool, looks: AnyTensor, at: AnyTensor) -> dict[str, Any]:
    """The arguments `…mask` and `…is_causal` of a call: told so, torch need not read the mask to find out."""
    given = pairs(mask, heads, causal, looks, at)
    return {} if given is None else {name: given}


class Encoder(OfTransformer):
    """What an encoder and one layer of it share: the ports, and that nothing changes its shape."""

    formula: ClassVar[str] = r"y = norm(x + attention(x)), z = norm(y + feedforward(y))"
    mask_name: ClassVar[str] = "src_mask"  # as the layer's forward has it
    examples: ClassVar[Examples] = (
        (SEQUENCE, None, None),
        (SEQUENCE, BY_SAMPLE, None),
        (SEQUENCE, None, TensorSpec((7, 7), "bool", batched=False)),
        (SEQUENCE, BY_SAMPLE, TensorSpec((7, 7), "bool")),
    )

    is_causal: bool = param(False, label="Causal", doc=CAUSAL)

    def applied(self, src: Sequence, src_key_padding_mask: Mask | None = None, src_mask: Mask | None = None) -> Call:
        kwargs = masked(self.mask_name, src_mask, self.nhead, self.is_causal, src, src)
        if src_key_padding_mask is not None:
            kwargs["src_key_padding_mask"] = src_key_padding_mask
        if self.mask_name in kwargs:  # else a stack would read the mask to find out
            kwargs["is_causal"] = self.is_causal and src_mask is None
        return Call("module", (src,), kwargs)

    def shape(
        self, src: Sequence, src_key_padding_mask: Mask | None = None, src_mask: Mask | None = None
    ) -> TensorSpec:
        check_heads(src.features, self.nhead, "nhead")
        check_padding(src_key_padding_mask, src.shape[0])
        check_pairs(src_mask, src.shape[0], src.shape[0], self.nhead)
        return TensorSpec(src.shape)


class TransformerEncoderLayer(Encoder):
    """Lets each place of a sequence gather from all others, then works on each place by itself.

    Both steps add to what was there and normalise it. Masks are true where a place must not be looked at.
    """

    stem: ClassVar[str] = "encoder"
    reference: ClassVar[str] = "torch.nn.TransformerEncoderLayer"
    aliases: ClassVar[tuple[str, ...]] = (*ALIASES, "transformer block", "bert", "gpt", "vit")

    def layer(self, src: Sequence, src_key_padding_mask: Mask | None = None, src_mask: Mask | None = None) -> Call:
        return self._encoder_layer(src)

    def weights(self, src: Sequence, *masks: Mask | None) -> Mapping[str, Shape]:
        return self._layer_weights(src.features, decodes=False)

    def multiply_adds(self, output: TensorSpec, src: Sequence, *masks: Mask | None) -> int:
        return self._encoder_multiply_adds(src)


class TransformerEncoder(Encoder, Stack):
    """A stack of encoder layers: each lets the places of a sequence gather from each other and works on each.

    It turns words or patches into features that know their surroundings; it does not know their order unless
    positions are added to what enters. Masks are true where a place must not be looked at.
    """

    stem: ClassVar[str] = "encoder"
    reference: ClassVar[str] = "torch.nn.TransformerEncoder"
    aliases: ClassVar[tuple[str, ...]] = (*ALIASES, "transformer blocks", "bert", "gpt", "vit")
    mask_name: ClassVar[str] = "mask"
    sums_up: ClassVar[tuple[str, ...]] = ("num_layers", "nhead")

    def layer(self, src: Sequence, src_key_padding_mask: Mask | None = None, src_mask: Mask | None = None) -> Call:
        return self._encoder(src, self.num_layers, self.norm)

    def weights(self, src: Sequence, *masks: Mask | None) -> Mapping[str, Shape]:
        return self._stack_weights(src.features, False, self.num_layers, self.norm)

    def multiply_adds(self, output: TensorSpec, src: Sequence, *masks: Mask | None) -> int:
        return self.num_layers * self._encoder_multiply_adds(src)


class Decoder(OfTransformer):
    """What a decoder and one layer of it share: the ports, and an output that looks like the target."""

    formula: ClassVar[str] = r"y = norm(x + attention(x)), z = norm(y + attention(y, m)), u = norm(z + feedforward(z))"
    examples: ClassVar[Examples] = (
        (SEQUENCE, OTHER, None, None, None, None),
        (SEQUENCE, OTHER, BY_SAMPLE, TensorSpec((5,), "bool"), None, None),
        (
            SEQUENCE,
            OTHER,
            None,
            None,
            TensorSpec((7, 7), "bool", batched=False),
            TensorSpec((7, 5), "bool", batched=False),
        ),
        (SEQUENCE, OTHER, None, None, TensorSpec((8, 7, 7), "bool"), TensorSpec((7, 5), "bool")),
    )

    tgt_is_causal: bool = param(True, label="Causal", doc=CAUSAL)

    def applied(
        self,
        tgt: Sequence,
        memory: Sequence,
        tgt_key_padding_mask: Mask | None = None,
        memory_key_padding_mask: Mask | None = None,
        tgt_mask: Mask | None = None,
        memory_mask: Mask | None = None,
    ) -> Call:
        kwargs = masked("tgt_mask", tgt_mask, self.nhead, self.tgt_is_causal, tgt, tgt)
        kwargs |= masked("memory_mask", memory_mask, self.nhead, False, tgt, memory)
        padding = {
            "tgt_key_padding_mask": tgt_key_padding_mask,
            "memory_key_padding_mask": memory_key_padding_mask,
        }
        kwargs |= {name: mask for name, mask in padding.items() if mask is not None}
        if "tgt_mask" in kwargs:  # else a stack would read the mask to find out
            kwargs["tgt_is_causal"] = self.tgt_is_causal and tgt_mask is None
        return Call("module", (tgt, memory), kwargs)

    def shape(
        self,
        tgt: Sequence,
        memory: Sequence,
        tgt_key_padding_mask: Mask | None = None,
        memory_key_padding_mask: Mask | None = None,
        tgt_mask: Mask | None = None,
        memory_mask: Mask | None = None,
    ) -> TensorSpec:
        check_heads(tgt.features, self.nhead, "nhead")
        check_same_features(tgt, memory)
        check_padding(tgt_key_padding_mask, tgt.shape[0])
        check_padding(memory_key_padding_mask, memory.shape[0])
        check_pairs(tgt_mask, tgt.shape[0], tgt.shape[0], self.nhead)
        check_pairs(memory_mask, tgt.shape[0], memory.shape[0], self.nhead)
        return TensorSpec(tgt.shape)


def check_same_features(tgt: Sequence, other: Sequence) -> None:
    """Refuse sequences of different width, which a transformer can't let look at each other.

    Raises:
        Misfit
    """
    if tgt.features != other.features:
        raise Misfit(
            f"needs the same number of features in both sequences, but tgt has {tgt.features} and {other.port} "
            f"{other.features}",
            other.port,
        )


class TransformerDecoderLayer(Decoder):
    """Lets each place of a sequence gather from the places before it and from an encoded sequence.

    Then it works on each place by itself. Each step adds to what was there and normalises it. Masks are true
    where a place must not be looked at.
    """

    stem: ClassVar[str] = "decoder"
    reference: ClassVar[str] = "torch.nn.TransformerDecoderLayer"
    aliases: ClassVar[tuple[str, ...]] = (*ALIASES, "transformer block", "cross-attention", "translation")

    def layer(
        self,
        tgt: Sequence,
        memory: Sequence,
        tgt_key_padding_mask: Mask | None = None,
        memory_key_padding_mask: Mask | None = None,
        tgt_mask: Mask | None = None,
        memory_mask: Mask | None = None,
    ) -> Call:
        return self._decoder_layer(tgt)

    def weights(self, tgt: Sequence, memory: Sequence, *masks: Mask | None) -> Mapping[str, Shape]:
        return self._layer_weights(tgt.features, decodes=True)

    def multiply_adds(self, output: TensorSpec, tgt: Sequence, memory: Sequence, *masks: Mask | None) -> int:
        return self._decoder_multiply_adds(tgt, memory)


class TransformerDecoder(Decoder, Stack):
    """A stack of decoder layers, which write a sequence while they look at an encoded one.

    Each place gathers from the places before it and from what was encoded; positions have to be added to what
    enters. Masks are true where a place must not be looked at.
    """

    stem: ClassVar[str] = "decoder"
    reference: ClassVar[str] = "torch.nn.TransformerDecoder"
    aliases: ClassVar[tuple[str, ...]] = (*ALIASES, "transformer blocks", "cross-attention", "translation")
    sums_up: ClassVar[tuple[str, ...]] = ("num_layers", "nhead")

    def layer(
        self,
        tgt: Sequence,
        memory: Sequence,
        tgt_key_padding_mask: Mask | None = None,
        memory_key_padding_mask: Mask | None = None,
        tgt_mask: Mask | None = None,
        memory_mask: Mask | None = None,
    ) -> Call:
        norm = {"norm": self._norm(tgt)} if self.norm else {}
        return nn.TransformerDecoder(self._decoder_layer(tgt), self.num_layers, **norm)

    def weights(self, tgt: Sequence, memory: Sequence, *masks: Mask | None) -> Mapping[str, Shape]:
        return self._stack_weights(tgt.features, True, self.num_layers, self.norm)

    def multiply_adds(self, output: TensorSpec, tgt: Sequence, memory: Sequence, *masks: Mask | None) -> int:
        return self.num_layers * self._decoder_multiply_adds(tgt, memory)


BLOCKS = (TransformerEncoderLayer, TransformerEncoder, TransformerDecoderLayer, TransformerDecoder)
