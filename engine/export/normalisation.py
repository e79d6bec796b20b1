"""How numbers that enter and leave a network were scaled in training, so that they can be elsewhere too."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from engine.blocks.inputs import Input, Target
from engine.data.preparation import prepare
from engine.parts import split
from engine.plan import plan
from engine.problem import UserError
from engine.project import Project

WIDTH = 100  # characters of a printed line


@dataclass(frozen=True)
class Normalisation:
    """What one input is brought to in training, or one prediction comes in: (value - mean) / std."""

    name: str  # of the input or the prediction
    field: str
    entering: bool
    mean: tuple[float, ...]
    std: tuple[float, ...]

    @property
    def lines(self) -> list[str]:
        """The rule and its numbers as lines of a docstring."""
        rule = f"({self.name} - mean) / std" if self.entering else f"{self.name} * std + mean"
        rows = [f"    {self.name}: {rule}"]
        for label, numbers in (("mean", self.mean), ("std", self.std)):
            text = f"{label} = [{', '.join(f'{number:.9g}' for number in numbers)}]"
            rows += textwrap.wrap(text, WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 12)
        return rows


def normalisations(project: Project) -> tuple[Normalisation, ...]:
    """What was normalised in training: the inputs of the network, and predictions of numbers. Reads the data.

    Raises:
        UserError: when the data can't be read.
    """
    if not project.data.normalise:
        return ()
    planned = plan(project.graph, project.data.fields())
    parts = split(planned)
    used = {step.name: step.block.field for step in parts.inputs if isinstance(step.block, Input)}
    predicted: dict[str, str] = {}
    names = {value: name for name, value in parts.predictions.items()}
    for loss in parts.losses.values():
        ends = [(wire.source, wire.output) if wire else ("", "") for wire in loss.wires]
        target = planned.steps[ends[1][0]].block if ends[1][0] in planned.steps else None
        if isinstance(target, Target) and ends[0] in names:
            predicted[names[ends[0]]] = target.field
    if not any(used.values()):
        return ()
    scaling = prepare(project.data).scaling
    return tuple(
        Normalisation(
            name,
            field,
            entering,
            tuple(scaling[field].mean.reshape(-1).tolist()),
            tuple(scaling[field].std.reshape(-1).tolist()),
        )
        for entering, fields in ((True, used), (False, predicted))
        for name, field in fields.items()
        if field in scaling
    )


def docstring_lines(project: Project) -> list[str]:
    """What the docstring of an exported network says of normalisation; nothing where there was none."""
    try:
        found = normalisations(project)
    except UserError:
        return []  # the data are not there; the network can be taken away all the same
    lines: list[str] = []
    for entering, heading in (
        (True, "Trained on normalised inputs. Do the same to yours:"),
        (False, "Predicts normalised numbers. In the units of the data they are:"),
    ):
        rows = [line for item in found if item.entering == entering for line in item.lines]
        if rows:
            lines += ["", heading, *rows]
    return lines
