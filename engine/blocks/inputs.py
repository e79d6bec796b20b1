"""Where data enters a network and where predictions leave it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from engine.blocks.base import Block, Source
from engine.call import Expression
from engine.field import Field
from engine.problem import Misfit
from engine.record import Shape, param
from engine.tensor import AnyTensor, TensorSpec

CATEGORY = "Inputs & targets"


def _field(name: str, fields: Mapping[str, Field]) -> Field:
    if name in fields:
        return fields[name]
    have = ", ".join(f"“{field}”" for field in fields) or "none"
    if not name:
        raise Misfit(f"is not bound to a field of the dataset yet. It has {have}", param="field")
    raise Misfit(f"asks for the field “{name}”, which the dataset does not have. It has {have}", param="field")


class Input(Source):
    """Brings one field of the dataset into the network, batch by batch.

    Without a field, a shape typed by hand stands in, so that a network can be drawn before its data are there.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "input"
    aliases: ClassVar[tuple[str, ...]] = ("data", "placeholder", "feature", "x")
    sums_up: ClassVar[tuple[str, ...]] = ("field",)

    field: str = param("", kind="field", doc="Field of the dataset that enters here.")
    sample_shape: Shape | None = param(
        None, ge=1, label="Shape", doc="Shape of one sample, used while no field is chosen, such as 3 × 32 × 32."
    )
    dtype: Literal["float32", "int64"] = param(
        "float32", label="Numbers", doc="Decimal numbers (float32) or whole ones (int64), while no field is chosen."
    )

    def spec(self, fields: Mapping[str, Field]) -> TensorSpec:
        if not self.field and self.sample_shape is not None:
            return TensorSpec(self.sample_shape, self.dtype)
        return _field(self.field, fields).spec


class Target(Source):
    """Brings in what the network shall predict; losses compare predictions with it.

    Targets never enter the network itself: the printed network does not know them.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "target"
    aliases: ClassVar[tuple[str, ...]] = ("label", "truth", "y")
    sums_up: ClassVar[tuple[str, ...]] = ("field",)

    field: str = param("", kind="field", doc="Field of the dataset that is to be predicted.")
    encoding: Literal["index", "number", "one-hot"] = param(
        "index",
        doc="How a class is written: its index (for cross-entropy), the number 0 or 1 (for binary losses), "
        "or a one-hot vector. Other fields come as they are.",
    )

    def spec(self, fields: Mapping[str, Field]) -> TensorSpec:
        field = _field(self.field, fields)
        if field.kind != "class" or self.encoding == "index":
            return field.spec
        if self.encoding == "one-hot":
            return TensorSpec((len(field.classes),))
        if len(field.classes) != 2:
            raise Misfit(
                f"writes a class as 0 or 1, but “{field.name}” has {len(field.classes)} classes", param="encoding"
            )
        return TensorSpec((1,))


class Output(Block):
    """Names a prediction of the network that no loss consumes, so that it is returned all the same.

    It has no weights and changes nothing.
    """

    category: ClassVar[str] = CATEGORY
    stem: ClassVar[str] = "output"
    formula: ClassVar[str] = r"y = x"
    aliases: ClassVar[tuple[str, ...]] = ("prediction", "return", "result")
    output_names: ClassVar[tuple[str, ...]] = ()

    def layer(self, x: AnyTensor) -> Expression:
        raise NotImplementedError("an Output has no layer; the network returns what enters it")

    def shape(self, x: AnyTensor) -> TensorSpec:
        return TensorSpec(x.shape, x.dtype)


BLOCKS = (Input, Target, Output)
