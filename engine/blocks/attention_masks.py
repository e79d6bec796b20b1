"""Masks of attention: true where a place must not be looked at, as torch's layers have it."""

from __future__ import annotations

from engine.blocks.rules import in_words
from engine.call import Attribute, Constant, Expression, Infix, Method, size, torch
from engine.problem import Misfit
from engine.tensor import AnyTensor, Mask, Size


def check_padding(mask: Mask | None, length: Size) -> None:
    """Refuse a padding mask that isn't one truth value for each place of a sample.

    Raises:
        Misfit
    """
    if mask is None:
        return
    if not mask.batched or mask.shape != (length,):
        raise Misfit(
            f"expects one truth value for each of the {in_words((length,))} places of a sample, but {mask.port} is "
            f"{_told(mask)}",
            mask.port,
        )


def check_pairs(mask: Mask | None, rows: Size, columns: Size, heads: int) -> None:
    """Refuse a mask that isn't a truth value for each pair of places: for all, for each sample, or for each head too.

    Raises:
        Misfit
    """
    if mask is None:
        return
    shape = mask.shape
    if mask.batched and len(shape) == 3 and shape[0] == heads:
        shape = shape[1:]
    if shape != (rows, columns):
        raise Misfit(
            f"expects one truth value for each pair of places, {in_words((rows, columns))}, but {mask.port} is "
            f"{_told(mask)}",
            mask.port,
        )


def pairs(mask: Mask | None, heads: int, causal: bool, looks: AnyTensor, at: AnyTensor) -> Expression | Mask | None:
    """A mask over pairs of places as torch takes it, joined with the one that hides what comes later."""
    given: Expression | Mask | None = mask
    if mask is not None and mask.batched:  # torch wants the heads of all samples in one axis
        one_for_all = len(mask.shape) == 2
        given = torch.repeat_interleave(mask, heads, dim=0) if one_for_all else torch.flatten(mask, 0, 1)
    if not causal:
        return given
    ones = torch.ones(size(looks, 1), size(at, 1), dtype=Constant("torch.bool"), device=Attribute(looks, "device"))
    later = Method(ones, "triu", (1,))
    return later if given is None else Infix("|", (given, later))


def _told(mask: Mask) -> str:
    return f"{mask} for each sample" if mask.batched else f"{mask} for the whole batch"
