"""What a review of the project knows about a block, in the words of its card and of its ports' hover texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from PySide6.QtCore import QCoreApplication

from designer.counts import rounded
from engine.blocks.base import Source
from engine.field import Field
from engine.plan import Plan, Step
from engine.problem import Problem
from engine.project import Project
from engine.tensor import TensorSpec

translate = QCoreApplication.translate


class Port(NamedTuple):
    """A port on the canvas: the block by id, the side, and the port's name."""

    block: str
    side: Literal["in", "out"]
    name: str


@dataclass(frozen=True)
class Facts:
    """What was found out about a block: how much it learns, what leaves it, and what is wrong with it."""

    count: str = ""
    shape: str = ""
    problems: tuple[Problem, ...] = ()
    refused: frozenset[str] = frozenset()  # input ports that can't take what arrives

    @property
    def severity(self) -> Literal["error", "warning"] | None:
        if not self.problems:
            return None
        return "error" if any(problem.severity == "error" for problem in self.problems) else "warning"


NOTHING = Facts()


def facts_of(step: Step | None, fields: Mapping[str, Field], problems: tuple[Problem, ...]) -> Facts:
    """The facts of one block; a block on a cycle has no step, and nothing is known but its problems."""
    if step is None:
        return Facts(problems=problems, refused=frozenset(problem.port for problem in problems if problem.port))
    learned = step.trace.parameters
    shapes = (shape_text(spec, _field(step, fields)) for spec in step.leaves)
    misfit = step.trace.misfit
    refused = frozenset((misfit.port,) if misfit and misfit.port else ())
    return Facts(rounded(learned) if learned else "", " · ".join(filter(None, shapes)), problems, refused)


def shape_text(spec: TensorSpec | None, field: Field | None = None) -> str:
    """A shape as it stands under a card: 32×26×26, scalar, 10 classes; empty when it isn't known."""
    if spec is None:
        return ""
    if not spec.shape and spec.batched and field is not None:
        return field.in_words
    return str(spec).replace(" × ", "×")


def port_text(project: Project, plan: Plan, port: Port) -> str:
    """The hover text of a port: its name, what may enter in words, and the shape that is there."""
    node = project.graph.nodes[port.block]
    if port.side == "out":
        return f"{node.name}.{port.name}\n{_carried(plan.leaving(port.block, port.name))}"
    kind = next((one.kind for one in node.block.input_ports() if one.name == port.name), None)
    lines = [f"{node.name}.{port.name}"]
    if kind is not None:
        lines.append(translate("Canvas", "Takes {kind}").format(kind=kind.words))
    wire = project.graph.into(port.block, port.name)
    if wire is None:
        lines.append(translate("Canvas", "Nothing is connected"))
    elif wire.source in project.graph.nodes:
        shape = shape_text(plan.leaving(wire.source, wire.output)) or translate("Canvas", "an unknown shape")
        source = project.graph.nodes[wire.source].name
        lines.append(translate("Canvas", "Receives {shape} from {source}").format(shape=shape, source=source))
    return "\n".join(lines)


def _carried(spec: TensorSpec | None) -> str:
    if spec is None:
        return translate("Canvas", "Its shape isn't known yet")
    return f"{shape_text(spec)} · {spec.dtype}" if spec.shape else shape_text(spec)


def _field(step: Step, fields: Mapping[str, Field]) -> Field | None:
    return fields.get(getattr(step.block, "field", "")) if isinstance(step.block, Source) else None
