"""Find what keeps a project from training, and say it like a colleague: where, what was expected, what helps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from engine.blocks.base import Loss, Source
from engine.blocks.inputs import Input, Output, Target
from engine.blocks.unknown import Unknown
from engine.graph import Graph, Wire, refused_name
from engine.parts import Parts, split
from engine.plan import Plan, Step, plan
from engine.problem import Fix, Problem
from engine.project import Project
from engine.traps import find_traps


@dataclass(frozen=True)
class Review:
    """What is known about a project after an edit: the plan with its shapes and counts, and the problems."""

    plan: Plan
    problems: tuple[Problem, ...]


def review(project: Project) -> Review:
    """Plan the project's graph and check it. Needs no torch."""
    planned = plan(project.graph, project.data.fields())
    parts = split(planned)
    problems = [
        problem
        for find in (_names, _cycles, _wires, _unknown, _misfits, _missing, _purpose, _unreachable, find_traps)
        for problem in find(project, planned, parts)
    ]
    return Review(planned, tuple(problems))


def check(project: Project) -> list[Problem]:
    """What keeps a project from training well; empty when nothing does."""
    return list(review(project).problems)


def refusal(project: Project, planned: Plan, wire: Wire) -> str | None:
    """Why `wire` may not be drawn, in words; None when it may."""
    graph = project.graph
    if wire.source == wire.target:
        return "A block can't feed itself."
    source, target = graph.nodes[wire.source], graph.nodes[wire.target]
    if wire.output not in source.block.output_ports():
        return f"{source.name} has no output “{wire.output}”."
    port = next((port for port in target.block.input_ports() if port.name == wire.input), None)
    if port is None:
        return f"{target.name} has no input “{wire.input}”."
    if _reaches(graph, wire.target, wire.source):
        return f"{target.name} feeds {source.name} already; the wire would close a circle."
    spec = planned.leaving(wire.source, wire.output)
    words = port.kind.refusal(spec) if spec is not None else None
    return f"{target.name} {words}." if words else None


def _reaches(graph: Graph, start: str, goal: str) -> bool:
    followers: dict[str, list[str]] = {}
    for wire in graph.wires:
        followers.setdefault(wire.source, []).append(wire.target)
    seen, waiting = set(), [start]
    while waiting:
        key = waiting.pop()
        if key == goal:
            return True
        if key not in seen:
            seen.add(key)
            waiting += followers.get(key, [])
    return False


def _names(project: Project, planned: Plan, parts: Parts) -> Iterator[Problem]:
    graph = project.graph
    counts = Counter(node.name for node in graph.nodes.values())
    for key, node in graph.nodes.items():
        words = refused_name(node.name)
        if words is None and counts[node.name] == 1:
            continue
        if words is None and next(k for k, n in graph.nodes.items() if n.name == node.name) == key:
            continue  # the first of several of one name keeps it
        free = graph.free_name(node.block.stem or "block") if words else graph.free_name(node.name)
        yield Problem(
            f"“{node.name}” can't be the name of a block",
            words or f"Another block has that name. Names tell blocks apart in the printed Python; “{free}” is free.",
            key,
            fixes=(Fix(f"Rename to {free}", partial(_rename, key=key, name=free)),),
        )


def _cycles(project: Project, planned: Plan, parts: Parts) -> Iterator[Problem]:
    graph = project.graph
    for cycle in planned.cycles:
        closing = [w for w in graph.wires if w.source in cycle and w.target in cycle][-1]
        names = " → ".join(graph.nodes[key].name for key in cycle)
        ends = f"{graph.nodes[closing.source].name} to {graph.nodes[closing.target].name}"
        several = f"{names} feed each other, so none can be computed first. Remove one of the wires between them."
        yield Problem(
            "The wires go round in a circle",
            several if len(cycle) > 1 else f"{names} feeds itself, so it can't be computed. Remove that wire.",
            closing.target,
            closing.input,
            fixes=(Fix(f"Remove the wire from {ends}", partial(_disconnect, wire=closing)),),
        )


def _wires(project: Project, planned: Plan, parts: Parts) -> Iterator[Problem]:
    """Wires that lead nowhere, and inputs that two wires enter; a file can hold them, a drawing can't."""
    graph = project.graph
    entered: dict[tuple[str, str], Wire] = {}
    for wire in graph.wires:
        source, target = graph.nodes.get(wire.source), graph.nodes.get(wire.target)
        remove = Fix("Remove the wire", partial(_disconnect, wire=wire))
        if source is None or wire.output not in source.block.output_ports():
            yield Problem(
                "A wire comes from nowhere",
                f"“{wire}” starts at an output that does not exist.",
                wire.target if target else None,
                fixes=(remove,),
            )
        elif target is None or wire.input not in {port.name for port in target.block.input_ports()}:
            yield Problem(
                "A wire leads nowhere", f"“{wire}” ends at an input that does not exist.", wire.source, fixes=(remove,)
            )
        elif (wire.target, wire.input) in entered:
            first = graph.nodes.get(entered[wire.target, wire.input].source)
            yield Problem(
                f"Two wires enter {target.name}",
                f"The input “{wire.input}” takes one value, but {first.name if first else '?'} and {source.name} feed "
                "it. Add or Concat can make one of several.",
                wire.target,
                wire.input,
                fixes=(Fix(f"Keep only {source.name}", partial(_connect, wire=wire)),),
            )
        entered[wire.target, wire.input] = wire


def _unknown(project: Project, planned: Plan, parts: Parts) -> Iterator[Problem]:
    for key, node in project.graph.nodes.items():
        if isinstance(node.block, Unknown):
            yield Problem(
                f"{node.name} can't be read",
                f"{node.block.reason} It is kept as it is; update Plexus or replace the block.",
                key,
            )


def _misfits(project: Project, planned: Plan, parts: Parts) -> Iterator[Problem]:
    for step in planned.steps.values():
        misfit = step.trace.misfit
        if misfit is None:
            continue
        fixes: tuple[Fix, ...] = ()
        if isinstance(step.block, Source) and misfit.param == "field":
            fixes = _field_fixes(project, step)
        elif isinstance(step.block, Loss) and misfit.port == "target":
            fixes = _encoding_fixes(project, planned, step)
        elif misfit.param == "kernel_size" and (smaller := _smaller_window(step)):
            fixes = (_set(step, "kernel_size", smaller),)
        title = f"{step.name} does not fit" if misfit.port else f"{step.name} can't work like this"
        yield Problem(title, f"{step.name} {misfit.message}.", step.id, misfit.port, misfit.param, fixes=fixes)


def _rename(project: Project, key: str, name: str) -> Project:
    return project.edit(project.graph.rename(key, name))


def _connect(project: Project, wire: Wire) -> Project:
    return project.edit(project.graph.connect(wire))


def _disconnect(project: Project, wire: Wire) -> Project:
    return project.edit(project.graph.disconnect([wire]))


def _remove(project: Project, key: str) -> Project:
    return project.remove([key])


def _set(step: Step, param: str, value: object) -> Fix:
    described = type(step.block).param(param)
    label = f"Set {described.label.lower()} of {step.name} to {described.format(value)}"
    return Fix(label, lambda p: p.edit(p.graph.change(step.id, **{param: value})))


def _field_fixes(project: Project, step: Step) -> tuple[Fix, ...]:
    wanted = ("class", "number") if isinstance(step.block, Target) else ("image", "vector")
    fields = [field for field in project.data.fields().values() if field.kind in wanted]
    return tuple(_set(step, "field", field.name) for field in fields[:3])


def _encoding_fixes(project: Project, planned: Plan, step: Step) -> tuple[Fix, ...]:
    """Other encodings of the target that this loss would take; tried before they are told."""
    wire = step.wires[1]
    source = planned.steps.get(wire.source) if wire else None
    if source is None or not isinstance(source.block, Target):
        return ()
    fixes = []
    for encoding in ("index", "number", "one-hot"):
        fix = _set(source, "encoding", encoding)
        tried = plan(fix.edit(project).graph, project.data.fields()).steps[step.id]
        if encoding != source.block.encoding and tried.trace.misfit is None and None not in tried.arrives:
            fixes.append(fix)
    return tuple(fixes)


def _smaller_window(step: Step) -> tuple[int, ...] | int | None:
    """The largest window, not larger than the present one, that fits into what arrives."""
    arrives = step.arrives[0]
    size = getattr(step.block, "kernel_size", None)
    if arrives is None or size is None:
        return None
    sizes = size if isinstance(size, tuple) else (size,)
    fitting = tuple(min(k, have or k) for k, have in zip(sizes, arrives.shape[1:], strict=True))
    value = fitting if isinstance(size, tuple) else fitting[0]
    changed = step.block.change(kernel_size=value)
    try:
        changed.shape(*(port.kind.view(s, port.name) for port, s in zip(changed.input_ports(), [arrives], strict=True)))
    except ValueError:
        return None
    return value


def _missing(project: Project, planned: Plan, parts: Parts) -> Iterator[Problem]:
    targets = planned.of_kind(Target)
    for step in planned.steps.values():
        for port, wire in zip(step.block.input_ports(), step.wires, strict=True):
            if wire is not None:
                continue
            fixes: tuple[Fix, ...] = ()
            if isinstance(step.block, Loss) and port.name == "target" and len(targets) == 1:
                link = Wire(targets[0].id, "y", step.id, port.name)
                fixes = (Fix(f"Wire it to {targets[0].name}", partial(_connect, wire=link)),)
            several = len(step.block.input_ports()) > 1
            yield Problem(
                f"{step.name} is missing an input",
                f"Nothing is wired to {f'the input “{port.name}” of ' if several else ''}{step.name}, "
                f"which expects {port.kind.words}.",
                step.id,
                port.name,
                fixes=fixes,
            )


def _purpose(project: Project, planned: Plan, parts: Parts) -> Iterator[Problem]:
    """Whether there is anything to train at all."""
    if not project.graph.nodes:
        yield Problem("Nothing is drawn yet", "Begin with an Input, add layers behind it, and end with a loss.")
        return
    if not planned.of_kind(Input):
        yield Problem("There is no input", "Add an Input and choose the field of the dataset that enters there.")
    for step in planned.inputs:
        if step.complete and not getattr(step.block, "field", ""):
            yield Problem(
                f"{step.name} has a shape but no data",
                "A shape typed by hand is enough to draw and to export. To train, choose a field of the dataset.",
                step.id,
                param="field",
                builds=True,
                fixes=_field_fixes(project, step),
            )
    if not planned.losses:
        yield Problem(
            "There is no loss",
            "Training makes a loss small. Add one, such as CrossEntropyLoss for classes or MSELoss for numbers, and "
            "wire a prediction and a Target to it.",
            builds=True,
        )
    elif all(loss.complete for loss in planned.losses) and not any(s.trace.weights for s in parts.network):
        yield Problem(
            "There is nothing to learn",
            "No block between the inputs and the losses has weights. Add a layer that has, such as Linear or Conv2d.",
            builds=True,
        )


def _unreachable(project: Project, planned: Plan, parts: Parts) -> Iterator[Problem]:
    """Blocks whose work nobody uses, told at the end of each dead chain, and predictions that no input reaches."""
    if not project.graph.nodes:
        return
    import networkx as nx

    links = nx.DiGraph((wire.source, wire.target) for wire in project.graph.wires)
    links.add_nodes_from(project.graph.nodes)
    for key, node in project.graph.nodes.items():
        if not links.out_degree(key) and not isinstance(node.block, (Loss, Output)):
            yield Problem(
                f"{node.name} leads nowhere",
                f"What {node.name} gives reaches no loss and no Output, so it takes no part in training.",
                key,
                severity="warning",
                fixes=(Fix(f"Remove {node.name}", partial(_remove, key=key)),),
            )
    fed = {step.id for step in planned.steps.values() if isinstance(step.block, Input)}
    fed = fed.union(*(nx.descendants(links, key) for key in fed)) if fed else fed
    for loss in planned.losses:
        wire = loss.wires[0] if loss.wires else None
        if planned.of_kind(Input) and wire is not None and not any(w and w.source in fed for w in loss.wires):
            yield Problem(
                f"No input reaches {loss.name}",
                f"{loss.name} compares values that do not come from any Input, so nothing could be learned.",
                loss.id,
                "prediction",
                builds=True,
            )


__all__ = ["Review", "check", "refusal", "review"]
