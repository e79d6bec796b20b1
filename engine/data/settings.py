"""What a project says about its data: the source, how it is split, and whether it is normalised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from pydantic import SerializeAsAny, model_validator

from engine.data.base import Source
from engine.data.bundled import Digits
from engine.field import Field
from engine.record import Record, param, refuse


class DataSettings(Record):
    """The source of a project's data and its way into training."""

    source: SerializeAsAny[Source] = Digits()
    validation: float = param(
        0.2,
        gt=0,
        lt=1,
        label="Validation share",
        doc="Share of the samples that is not trained with but scored after each epoch, to steer the training.",
    )
    test: float = param(
        0.1,
        ge=0,
        lt=1,
        label="Test share",
        doc="Share of the samples that is kept back until the end, to judge the result. 0 keeps none back.",
    )
    seed: int = param(
        0, ge=0, le=2**31 - 1, label="Split seed", doc="Start of the random split; the same seed gives the same split."
    )
    normalise: bool = param(
        True,
        doc="Bring vectors, images and numbers to mean 0 and standard deviation 1, as measured on the training part.",
    )

    @model_validator(mode="after")
    def _leaves_something_to_train_with(self) -> Self:
        if self.validation + self.test > 1 - 1e-9:  # decimal shares that add up to 1 may fall short by rounding
            larger = "test" if self.test > self.validation else "validation"
            sentence = (
                f"Validation share ({self.validation:g}) and test share ({self.test:g}) must come to less than 1 "
                "together, so that samples are left to train with."
            )
            raise refuse(larger, sentence)
        return self

    def fields(self) -> Mapping[str, Field]:
        """The fields of the source by name, told without reading the data."""
        return {field.name: field for field in self.source.fields()}
