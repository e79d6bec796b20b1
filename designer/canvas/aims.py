"""Where a block that is looked for shall go: which wires it would get there, and why it may not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication

from designer.available import Offer
from designer.block_ranks import followers, forerunners
from designer.canvas.facts import Port, shape_text
from engine.blocks import Block, Loss
from engine.blocks.inputs import Target
from engine.field import Field
from engine.fitting import fit_before, fit_behind, fit_between
from engine.graph import Node, Wire
from engine.plan import Plan
from engine.project import Project
from engine.wiring import spliced

translate = QCoreApplication.translate
NEW = ""  # stands in a wire for the id of the block that is to be added


@dataclass(frozen=True)
class Verdict:
    """The wires that a block would get; or why it gets none, in words that start after its name."""

    wires: tuple[Wire, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Aim:
    """`strict` means that only what fits may be chosen; otherwise what doesn't fit is added without a wire."""

    heading: str
    judge: Callable[[Block], Verdict] = field(default=lambda _block: Verdict())
    usual: tuple[str, ...] = ()  # names of what usually goes there
    strict: bool = False
    splits: Wire | None = None  # the wire that it is set into

    def wired(self, project: Project, key: str, verdict: Verdict) -> Project:
        """The project in which the block that was added by this id has its wires."""
        graph = project.graph.disconnect([self.splits]) if self.splits and verdict.wires else project.graph
        for wire in verdict.wires:
            graph = graph.connect(_with_key(wire, key))
        return project.edit(graph)


def on_ground() -> Aim:
    """Anywhere, without wires."""
    return Aim(translate("Canvas", "Add a block"))


def behind(project: Project, plan: Plan, port: Port) -> Aim:
    """Fed by an output."""
    node, spec = project.graph.nodes[port.block], plan.leaving(port.block, port.name)

    def judge(block: Block) -> Verdict:
        fit = fit_behind(block, spec)
        return Verdict((Wire(port.block, port.name, NEW, fit.input),) if fit.fits else (), fit.reason)

    shape = f" · {shape_text(spec)}" if spec is not None else ""
    heading = translate("Canvas", "Add behind {name}").format(name=node.name) + shape
    return Aim(heading, judge, followers(_kind(node), node.block.category), strict=True)


def before(project: Project, plan: Plan, port: Port, fields: Mapping[str, Field]) -> Aim:
    """Feeding an input."""
    node = project.graph.nodes[port.block]

    def judge(block: Block) -> Verdict:
        fit = fit_before(block, project.graph, plan, port.block, port.name, fields)
        return Verdict((Wire(NEW, fit.output, port.block, port.name),) if fit.fits else (), fit.reason)

    described = next((one for one in node.block.input_ports() if one.name == port.name), None)
    kind = f" · {described.kind.words}" if described is not None else ""
    heading = translate("Canvas", "Add in front of {name}").format(name=f"{node.name}.{port.name}") + kind
    return Aim(heading, judge, forerunners(_kind(node)), strict=True)


def within(project: Project, plan: Plan, wire: Wire) -> Aim:
    """Set into a wire."""
    source, target = project.graph.nodes[wire.source], project.graph.nodes[wire.target]

    def judge(block: Block) -> Verdict:
        fit = fit_between(block, project.graph, plan, wire)
        return Verdict(spliced(wire, NEW, fit) if fit.fits else (), fit.reason)

    heading = translate("Canvas", "Insert between {source} and {target}").format(source=source.name, target=target.name)
    usual = followers(_kind(source), source.block.category)
    leading = forerunners(_kind(target))
    both = [name for name in usual if name in leading]
    return Aim(heading, judge, tuple(dict.fromkeys((*both, *usual, *leading))), strict=True, splits=wire)


def beside(project: Project, plan: Plan, key: str, fields: Mapping[str, Field]) -> Aim:
    """Next to a block, wired to it where that fits: behind it, or in front of it what only gives something."""
    node = project.graph.nodes[key]
    following = [behind(project, plan, Port(key, "out", name)) for name in _outputs(node.block)]
    free = [port for port in node.block.input_ports() if not port.optional and not project.graph.into(key, port.name)]
    leading = [before(project, plan, Port(key, "in", port.name), fields) for port in free]

    def judge(block: Block) -> Verdict:
        aims: Sequence[Aim] = following if block.input_ports() else leading
        if isinstance(block, Target):  # what is to be predicted enters a loss last
            aims = leading[::-1]
        verdicts = [aim.judge(block) for aim in aims]
        return next((one for one in verdicts if one.wires), verdicts[0] if verdicts else Verdict())

    shape = shape_text(plan.leaving(key, next(iter(_outputs(node.block)), "")))
    heading = translate("Canvas", "Add next to {name}").format(name=node.name) + (f" · {shape}" if shape else "")
    return Aim(heading, judge, followers(_kind(node), node.block.category))


def told(project: Project, made: Offer, verdict: Verdict) -> str:
    """The wires in words: `conv1 → ReLU → flatten1`."""
    names = [_names(project, wire, made.label) for wire in verdict.wires]
    if not names:
        return ""
    return " → ".join(dict.fromkeys(name for pair in names for name in pair))


def _names(project: Project, wire: Wire, label: str) -> Iterator[str]:
    for key in (wire.source, wire.target):
        yield label if key == NEW else project.graph.nodes[key].name


def _with_key(wire: Wire, key: str) -> Wire:
    return wire._replace(
        source=wire.source if wire.source != NEW else key, target=wire.target if wire.target != NEW else key
    )


def _outputs(block: Block) -> tuple[str, ...]:
    return () if isinstance(block, Loss) else block.output_ports()


def _kind(node: Node) -> str:
    """The name of a block in the catalogue."""
    return type(node.block).__name__
