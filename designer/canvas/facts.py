"""What a review of the project knows about a block, in the words of its card and of its ports' hover texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from PySide6.QtCore import QCoreApplication

from designer.canvas.heat import Heat
from designer.counts import rounded
from engine.blocks.base import Block, Source
from engine.blocks.unknown import Unknown
from engine.field import Field
from engine.graph import Wire
from engine.group import Group
from engine.muting import passage
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


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found out about a block: how much it learns, what leaves it, and what is wrong with it."""

    count: str = ""
    shape: str = ""
    problems: tuple[Problem, ...] = ()
    refused: frozenset[str] = frozenset()  # input ports that can't take what arrives
    heat: int = 0  # level on the heat map; its words stand in place of the count

    @property
    def severity(self) -> Literal["error", "warning"] | None:
        if not self.problems:
            return None
        return "error" if any(problem.severity == "error" for problem in self.problems) else "warning"


NOTHING = Facts()


def facts_of(
    step: Step | None, fields: Mapping[str, Field], problems: tuple[Problem, ...], heat: Heat | None = None
) -> Facts:
    """The facts of one block; a block on a cycle has no step, and nothing is known but its problems."""
    if step is None:
        own = (problem for problem in problems if "/" not in (problem.block or ""))
        return Facts(problems=problems, refused=frozenset(problem.port for problem in own if problem.port))
    learned = step.parameters
    shapes = (shape_text(spec, _field(step, fields)) for spec in step.leaves)
    misfit = step.trace.misfit
    refused = frozenset((misfit.port,) if misfit and misfit.port else ())
    count = heat.text if heat is not None else rounded(learned) if learned else ""
    return Facts(count, " · ".join(filter(None, shapes)), problems, refused, heat.level if heat is not None else 0)


def shape_text(spec: TensorSpec | None, field: Field | None = None) -> str:
    """A shape as it stands under a card: 32×26×26, scalar, 10 classes; empty when it isn't known."""
    if spec is None:
        return ""
    if not spec.shape and spec.batched and field is not None:
        return field.in_words
    return str(spec).replace(" × ", "×")


def kind_of(block: Block) -> str:
    """What kind of block it is, in one word."""
    if isinstance(block, Group):
        return block.title
    return block.type_name if isinstance(block, Unknown) else type(block).__name__


def wire_text(project: Project, wire: Wire) -> str:
    """From where to where a wire leads."""
    nodes = project.graph.nodes
    return f"{nodes[wire.source].name}.{wire.output} → {nodes[wire.target].name}.{wire.input}"


def card_text(project: Project, key: str, shape: str) -> str:
    """The hover text of a card: what there may be no room for on it, and what its signs mean."""
    graph, node = project.graph, project.graph.nodes[key]
    lines = [node.name, node.block.summary(), shape]
    others = [graph.nodes[other].name for other in graph.sharing(key) if other != key]
    if others:
        lines.append(translate("Canvas", "Uses the same weights as {names}").format(names=", ".join(others)))
    if node.weights.frozen:
        lines.append(translate("Canvas", "Frozen: training leaves its weights as they are"))
    if passage(node) is not None:
        lines.append(translate("Canvas", "Muted: what enters passes through"))
    if isinstance(node.block, Group):
        lines.append(translate("Canvas", "Double-click to open the group"))
    if node.note:
        lines += ["", node.note]
    return "\n".join(line for place, line in enumerate(lines) if line or place > 2)


def port_text(project: Project, plan: Plan, port: Port) -> str:
    """The hover text of a port: its name, what may enter in words, and the shape that is there."""
    node = project.graph.nodes[port.block]
    if port.side == "out":
        return f"{node.name}.{port.name}\n{_carried(plan.leaving(port.block, port.name))}"
    described = next((one for one in node.block.input_ports() if one.name == port.name), None)
    lines = [f"{node.name}.{port.name}"]
    if described is not None:
        lines.append(translate("Canvas", "Takes {kind}").format(kind=described.kind.words))
    wire = project.graph.into(port.block, port.name)
    if wire is None and described is not None and described.optional:
        lines.append(translate("Canvas", "May stay without a wire"))
    elif wire is None:
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
