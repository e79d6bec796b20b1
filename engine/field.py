"""A named part of a dataset: what one sample holds under that name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.tensor import TensorSpec


@dataclass(frozen=True)
class Field:
    """A field and its form: an image (channels × height × width), a vector, a class or a number.

    A class arrives as its index (int64, no axes); a number as a vector of length 1 (float32), so
    that it lines up with the output of `Linear(…, 1)`.
    """

    name: str
    kind: Literal["image", "vector", "class", "number"]
    shape: tuple[int, ...] = ()  # of an image or a vector
    classes: tuple[str, ...] = ()  # names of the classes, in the order of their index
    doc: str = ""

    @property
    def spec(self) -> TensorSpec:
        if self.kind == "class":
            return TensorSpec((), "int64")
        return TensorSpec((1,) if self.kind == "number" else self.shape)

    @property
    def in_words(self) -> str:
        if self.kind == "class":
            return f"{len(self.classes)} classes"
        return "number" if self.kind == "number" else str(self.spec)
