"""The loss for sequences whose labels are known but not when each of them occurs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from engine.blocks.base import Meaning
from engine.blocks.losses import Examples, WeightedLoss
from engine.call import Attribute, Expression, F, Infix, Method, size, torch
from engine.problem import Misfit
from engine.record import param
from engine.tensor import Sequence, TensorSpec, Tokens

INDEX = TensorSpec((), "int64")


class CTCLoss(WeightedLoss):
    """Measures how improbable a row of labels is, over all ways to spread it along a longer sequence.

    It trains the recognition of speech or handwriting. It takes log-probabilities, length × classes, one class of
    which is the blank, “no label here”. Source: Graves et al. 2006.
    """

    reference: ClassVar[str] = "torch.nn.CTCLoss"
    formula: ClassVar[str] = r"\ell = -\log \sum_{\pi \to y} \prod_t p_t(\pi_t)"
    aliases: ClassVar[tuple[str, ...]] = (
        "connectionist temporal classification",
        "speech recognition",
        "handwriting",
        "ocr",
        "alignment",
    )
    examples: ClassVar[Examples] = (
        (TensorSpec((12, 6)), TensorSpec((4,), "int64"), None, None),
        (TensorSpec((12, 6)), TensorSpec((4,), "int64"), INDEX, INDEX),
    )

    blank: int = param(
        0, ge=0, doc="Index of the blank. Labels are filled up with it at their end where they are fewer than others."
    )
    zero_infinity: bool = param(
        True,
        label="Skip impossible",
        doc="Labels too many for the sequence count 0, not infinity, which ends a training.",
    )

    def layer(
        self, prediction: Sequence, target: Tokens, input_lengths: Tokens | None, target_lengths: Tokens | None
    ) -> Expression:
        device = Attribute(prediction, "device")
        whole = torch.full((Method(prediction, "size", (0,)),), size(prediction, 1), device=device)
        written = torch.sum(Infix("!=", (target, self.blank)), dim=1)
        return F.ctc_loss(
            torch.transpose(prediction, 0, 1),
            target,
            input_lengths if input_lengths is not None else whole,
            target_lengths if target_lengths is not None else written,
            blank=self.blank,
            zero_infinity=self.zero_infinity,
        )

    def fit(
        self, prediction: Sequence, target: Tokens, input_lengths: Tokens | None, target_lengths: Tokens | None
    ) -> None:
        if len(target.shape) != 1:
            raise Misfit(f"expects a row of labels for each sample, but receives {target}", "target")
        for lengths in (input_lengths, target_lengths):
            if lengths is not None and lengths.shape:
                raise Misfit(f"expects one length for each sample, but receives {lengths}", lengths.port)
        classes = prediction.shape[1]
        if classes is not None and self.blank >= classes:
            raise Misfit(
                f"has {self.blank} for its blank, but its {classes} classes end at {classes - 1}", None, "blank"
            )

    def meanings(
        self, prediction: Sequence, target: Tokens, input_lengths: Tokens | None, target_lengths: Tokens | None
    ) -> Mapping[str, Meaning]:
        return {"prediction": "log-probabilities"}


BLOCKS = (CTCLoss,)
