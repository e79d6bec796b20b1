"""From a project's data settings to the three parts that training works with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.data import scaling
from engine.data.reading import read
from engine.data.scaling import Scaling
from engine.data.settings import DataSettings
from engine.data.splitting import PARTS, Part, split
from engine.field import Field

if TYPE_CHECKING:
    from engine.data.base import Array

WORDS: Mapping[Part, str] = {"train": "training", "validation": "validation", "test": "test"}


@dataclass(frozen=True, eq=False)
class Prepared:
    """Data ready for training: for each part one array per field, samples along axis 0, free to be written to."""

    fields: Mapping[str, Field]
    train: Mapping[str, Array]
    validation: Mapping[str, Array]
    test: Mapping[str, Array]
    rows: Mapping[Part, Array]  # which rows of the source a part holds, in rising order
    scaling: Mapping[str, Scaling]  # of each image, vector and number; changes nothing when normalisation is off

    @property
    def parts(self) -> dict[Part, Mapping[str, Array]]:
        return {"train": self.train, "validation": self.validation, "test": self.test}

    @property
    def sizes(self) -> dict[Part, int]:
        """Number of samples of each part."""
        return {part: len(rows) for part, rows in self.rows.items()}

    def counts(self, field: str) -> dict[Part, dict[str, int]]:
        """How many samples of each class each part holds, by the name of the class.

        Raises:
            ValueError: when the field is no class.
        """
        import numpy as np

        classes = self.fields[field].classes
        if not classes:
            raise ValueError(f"“{field}” is no class, so there are none to count.")
        return {
            part: dict(zip(classes, np.bincount(arrays[field], minlength=len(classes)).tolist(), strict=True))
            for part, arrays in self.parts.items()
        }

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence for each part that lacks a class which the other parts hold; most often there are none."""
        strata = _strata(self.fields)
        if strata is None:
            return ()
        counts = self.counts(strata)
        present = [name for name in self.fields[strata].classes if any(count[name] for count in counts.values())]
        notes = []
        for part in PARTS:
            missing = [f"“{name}”" for name in present if not counts[part][name]]
            if missing and self.sizes[part]:
                shown = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
                notes.append(
                    f"The {WORDS[part]} part has no sample of {shown}: there are too few of them to stand in every "
                    "part. Add samples of that class, or change the shares."
                )
        return tuple(notes)


def prepare(settings: DataSettings) -> Prepared:
    """Read the data, split it by the seed, and normalise it by what the training part alone shows.

    The split keeps the proportions of the first class field, where there is one. Reading is remembered, so a
    second call with the same source is quick.

    Raises:
        UserError: when a value is missing or infinite, or no sample is left for training.
    """
    fields, arrays = settings.fields(), read(settings.source)
    rows = split(_groups(arrays, _strata(fields)), settings.validation, settings.test, settings.seed)
    scalings = {
        name: scaling.fit(field, arrays[name][rows["train"]]) if settings.normalise else scaling.as_it_is(field)
        for name, field in fields.items()
        if field.kind != "class"
    }
    parts = {
        part: {
            name: scalings[name].apply(values[rows[part]]) if name in scalings else values[rows[part]]
            for name, values in arrays.items()
        }
        for part in PARTS
    }
    return Prepared(fields, **parts, rows=rows, scaling=scalings)


def _strata(fields: Mapping[str, Field]) -> str | None:
    """The field whose proportions the split keeps: the first class, where there is one."""
    return next((name for name, field in fields.items() if field.kind == "class"), None)


def _groups(arrays: Mapping[str, Array], strata: str | None) -> Array:
    import numpy as np

    return np.zeros(len(next(iter(arrays.values()))), "int64") if strata is None else arrays[strata]
