"""Targets in the form that a loss asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.field import Field

if TYPE_CHECKING:
    from engine.data.base import Array


def encode(field: Field, encoding: str, values: Array) -> Array:
    """The values of a field as a `Target` block of that encoding gives them.

    A class is written as its index (int64, (samples,)), as the number 0 or 1 (float32, (samples, 1)) or as a
    one-hot vector (float32, (samples, classes)). Other fields come as they are.

    Raises:
        ValueError: when the encoding is unknown, or a class that is not one of two is asked for as a number.
    """
    import numpy as np

    if encoding not in ("index", "number", "one-hot"):
        raise ValueError(f"“{encoding}” is no encoding; expected “index”, “number” or “one-hot”.")
    if field.kind != "class" or encoding == "index":
        return values
    if encoding == "one-hot":
        return np.eye(len(field.classes), dtype="float32")[values]
    if len(field.classes) != 2:
        raise ValueError(
            f"“{field.name}” has {len(field.classes)} classes, but only a choice of two can be written as 0 or 1. "
            "Take “index” or “one-hot”."
        )
    return values.astype("float32").reshape(-1, 1)
