"""A whole transformer: an encoder reads one sequence, a decoder writes another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from engine.blocks.attention import CAUSAL, Examples, check_heads
from engine.blocks.attention_masks import check_padding, check_pairs
from engine.blocks.base import Block, Shape
from engine.blocks.transformer import (
    ALIASES,
    BY_SAMPLE,
    OTHER,
    SEQUENCE,
    OfTransformer,
    check_same_features,
    masked,
)
from engine.call import Call, nn
from engine.record import param
from engine.tensor import Mask, Sequence, TensorSpec


class TwoStacks(Block):
    """How many layers a whole transformer has on either side."""

    num_encoder_layers: int = param(6, ge=1, label="Encoder layers", doc="Layers that read the first sequence.")
    num_decoder_layers: int = param(6, ge=1, label="Decoder layers", doc="Layers that write the second sequence.")


class Transformer(OfTransformer, TwoStacks):
    """Reads one sequence (src) and writes another (tgt), each place looking at those before it and at what was read.

    It is the network that translates; words go through Embedding and positions before they enter, and a Linear
    behind it guesses the next word. Masks are true where a place must not be looked at.
    """

    stem: ClassVar[str] = "transformer"
    reference: ClassVar[str] = "torch.nn.Transformer"
    formula: ClassVar[str] = r"m = encoder(x), y = decoder(t, m)"
    aliases: ClassVar[tuple[str, ...]] = (*ALIASES, "encoder decoder", "seq2seq", "translation")
    sums_up: ClassVar[tuple[str, ...]] = ("num_encoder_layers", "num_decoder_layers", "nhead")
    examples: ClassVar[Examples] = (
        (OTHER, SEQUENCE, None, None, None, None, None, None),
        (OTHER, SEQUENCE, TensorSpec((5,), "bool"), BY_SAMPLE, TensorSpec((5,), "bool"), None, None, None),
        (
            OTHER,
            SEQUENCE,
            None,
            None,
            None,
            TensorSpec((5, 5), "bool", batched=False),
            TensorSpec((7, 7), "bool"),
            TensorSpec((8, 7, 5), "bool"),
        ),
    )

    tgt_is_causal: bool = param(True, label="Causal", doc=CAUSAL)

    def layer(
        self,
        src: Sequence,
        tgt: Sequence,
        src_key_padding_mask: Mask | None = None,
        tgt_key_padding_mask: Mask | None = None,
        memory_key_padding_mask: Mask | None = None,
        src_mask: Mask | None = None,
        tgt_mask: Mask | None = None,
        memory_mask: Mask | None = None,
    ) -> Call:
        counts = {"num_encoder_layers": self.num_encoder_layers, "num_decoder_layers": self.num_decoder_layers}
        plain = self.nhead % 2 == 0 and self.bias and not self.norm_first and src_key_padding_mask is None
        # torch's own encoder would warn of nested tensors then, or make use of them
        encoder = {} if plain else {"custom_encoder": self._encoder(src, self.num_encoder_layers, norm=True)}
        return nn.Transformer(src.features, self.nhead, **counts, **self._arguments(), **encoder)

    def applied(
        self,
        src: Sequence,
        tgt: Sequence,
        src_key_padding_mask: Mask | None = None,
        tgt_key_padding_mask: Mask | None = None,
        memory_key_padding_mask: Mask | None = None,
        src_mask: Mask | None = None,
        tgt_mask: Mask | None = None,
        memory_mask: Mask | None = None,
    ) -> Call:
        kwargs = masked("src_mask", src_mask, self.nhead, False, src, src)
        kwargs |= masked("tgt_mask", tgt_mask, self.nhead, self.tgt_is_causal, tgt, tgt)
        kwargs |= masked("memory_mask", memory_mask, self.nhead, False, tgt, src)
        padding = {
            "src_key_padding_mask": src_key_padding_mask,
            "tgt_key_padding_mask": tgt_key_padding_mask,
            "memory_key_padding_mask": memory_key_padding_mask,
        }
        kwargs |= {name: mask for name, mask in padding.items() if mask is not None}
        # else the stacks would read the masks to find out
        if src_mask is not None:
            kwargs["src_is_causal"] = False
        if "tgt_mask" in kwargs:
            kwargs["tgt_is_causal"] = self.tgt_is_causal and tgt_mask is None
        return Call("module", (src, tgt), kwargs)

    def shape(
        self,
        src: Sequence,
        tgt: Sequence,
        src_key_padding_mask: Mask | None = None,
        tgt_key_padding_mask: Mask | None = None,
        memory_key_padding_mask: Mask | None = None,
        src_mask: Mask | None = None,
        tgt_mask: Mask | None = None,
        memory_mask: Mask | None = None,
    ) -> TensorSpec:
        check_heads(src.features, self.nhead, "nhead")
        check_same_features(tgt, src)
        check_padding(src_key_padding_mask, src.shape[0])
        check_padding(tgt_key_padding_mask, tgt.shape[0])
        check_padding(memory_key_padding_mask, src.shape[0])
        check_pairs(src_mask, src.shape[0], src.shape[0], self.nhead)
        check_pairs(tgt_mask, tgt.shape[0], tgt.shape[0], self.nhead)
        check_pairs(memory_mask, tgt.shape[0], src.shape[0], self.nhead)
        return TensorSpec(tgt.shape)

    def weights(self, src: Sequence, tgt: Sequence, *masks: Mask | None) -> Mapping[str, Shape]:
        stacks = {
            "encoder": self._stack_weights(src.features, False, self.num_encoder_layers, norm=True),
            "decoder": self._stack_weights(src.features, True, self.num_decoder_layers, norm=True),
        }
        return {f"{stack}.{name}": shape for stack, shapes in stacks.items() for name, shape in shapes.items()}

    def multiply_adds(self, output: TensorSpec, src: Sequence, tgt: Sequence, *masks: Mask | None) -> int:
        reading = self.num_encoder_layers * self._encoder_multiply_adds(src)
        return reading + self.num_decoder_layers * self._decoder_multiply_adds(tgt, src)


BLOCKS = (Transformer,)
