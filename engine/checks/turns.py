"""Whether the steps of a batch have something to go down and something to move, and leave nothing out unmeant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from engine.blocks.base import Loss
from engine.blocks.elementwise import Detach
from engine.graph import Graph
from engine.group import Group, path_in_names
from engine.parts import Parts, ancestors
from engine.plan import Plan, Step
from engine.problem import Fix, Problem
from engine.project import Project
from engine.training.turn import Turn, Turns, owned

OFFERED = 3
PARAM = "turns"  # what such problems are about; behind a colon the step's name, where it is about one


def turns(project: Project, planned: Plan, parts: Parts) -> Iterator[Problem]:
    """What is wrong with the steps of a batch; a project with a single step over everything has no such problems."""
    steps = owned(project.training.turns, project.graph)
    if not steps or not planned.losses or any(not loss.complete for loss in planned.losses):
        return  # else it is told what keeps values from arriving
    learning = tuple(learning_blocks(planned.living))
    for turn in steps:
        yield from _of(turn, project.graph, planned, parts, learning)
    yield from _left_out(steps, project.graph, parts, learning, planned)


def learning_blocks(planned: Plan, front: str = "") -> Iterator[str]:
    """The paths of all blocks with weights that learn, those in groups behind these; shared weights once."""
    for step in planned.steps.values():
        if step.shares or step.node.weights.frozen or not step.trace.weights:
            continue
        if step.trace.inner:
            yield from learning_blocks(step.trace.inner[0], f"{front}{step.id}/")
        else:
            yield front + step.id


def _of(turn: Turn, graph: Graph, planned: Plan, parts: Parts, learning: Sequence[str]) -> Iterator[Problem]:
    """What is wrong with one of the steps."""
    param = f"{PARAM}:{turn.name}"
    gone = [key for key in turn.losses if key not in graph.nodes or not isinstance(graph.nodes[key].block, Loss)]
    gone += [path for path in turn.blocks if not _is_there(graph, path)]
    if gone:
        listed = " and ".join(f"“{key}”" for key in gone[:OFFERED])
        yield Problem(
            f"The step “{turn.name}” names what is not there",
            f"There is no {listed} any more. Take it out of the step, or choose another.",
            param=param,
            builds=True,
            fixes=(Fix(f"Take it out of {turn.name}", partial(_without, name=turn.name, gone=frozenset(gone))),),
        )
    losses = [step for step in parts.losses.values() if step.id in turn.losses]
    moved = [path for path in learning if turn.moves(path)]
    remove = Fix(f"Remove “{turn.name}”", partial(_removed, name=turn.name))
    if not turn.losses and not turn.blocks:
        text = "Choose the losses that it goes down, and the blocks that it moves, or remove it."
        yield Problem(f"The step “{turn.name}” does nothing yet", text, param=param, builds=True, fixes=(remove,))
        return
    if not losses:
        text = "It computes a batch and goes nowhere. Choose one or more losses for it, or remove it."
        yield Problem(f"The step “{turn.name}” has no loss", text, param=param, builds=True, fixes=(remove,))
    if not moved:
        text = "None of its blocks has weights that learn. Choose blocks that have, or remove it."
        yield Problem(f"The step “{turn.name}” moves no weights", text, param=param, builds=True, fixes=(remove,))
    if not losses or not moved:
        return
    idle = [loss for loss in losses if not _reaches(planned.living, loss, moved)]
    for loss in idle:
        alone = len(idle) == len(losses)
        yield Problem(
            f"{loss.name} can't move what the step “{turn.name}” moves",
            f"No way for gradients leads from {loss.name} to the blocks of this step"
            + (", so it would do nothing." if alone else ", so it changes nothing in it.")
            + " Choose blocks in front of the loss, or another loss.",
            loss.id,
            param=param,
            severity="error" if alone else "warning",
            builds=True,
        )


def _left_out(steps: Turns, graph: Graph, parts: Parts, learning: Sequence[str], planned: Plan) -> Iterator[Problem]:
    """Losses that no step goes down, and blocks that none moves."""
    for loss in parts.losses.values():
        if not any(loss.id in turn.losses for turn in steps):
            yield Problem(
                f"No step of a batch goes down {loss.name}",
                f"{loss.name} is measured, but nothing learns from it. Add it to a step in the Train workspace.",
                loss.id,
                param=PARAM,
                severity="warning",
                fixes=tuple(
                    Fix(f"Add it to {turn.name}", partial(_with_loss, name=turn.name, key=loss.id))
                    for turn in steps[:OFFERED]
                ),
            )
    needed = ancestors(planned.living, (loss.id for loss in parts.losses.values()))
    still = [path for path in learning if not any(turn.moves(path) for turn in steps)]
    told = dict.fromkeys(_outermost(path, learning, still) for path in still if path.partition("/")[0] in needed)
    for path in told:
        name = path_in_names(graph, path).rpartition("/")[2]
        yield Problem(
            f"No step of a batch moves {name}",
            f"The weights of {name} stay as they begin. Add it to a step in the Train workspace, or freeze it.",
            path,
            param=PARAM,
            severity="warning",
            fixes=tuple(
                Fix(f"Let {turn.name} move it", partial(_with_block, name=turn.name, path=path))
                for turn in steps[:OFFERED]
            ),
        )


def _outermost(path: str, learning: Sequence[str], still: Sequence[str]) -> str:
    """The outermost group around a block of which nothing at all is moved, or the block itself."""
    parts = path.split("/")
    for depth in range(1, len(parts)):
        front = "/".join(parts[:depth]) + "/"
        if all(other in still for other in learning if other.startswith(front)):
            return front[:-1]
    return path


def _is_there(graph: Graph, path: str) -> bool:
    for key in path.split("/"):
        if key not in graph.nodes:
            return False
        block = graph.nodes[key].block
        graph = block.graph if isinstance(block, Group) else Graph()
    return True


def _reaches(planned: Plan, loss: Step, moved: Sequence[str]) -> bool:
    """Whether a gradient of a loss may come to one of these blocks; what is in a group counts as one."""
    owners = {path.partition("/")[0] for path in moved}
    waiting, seen = [loss.id], set[str]()
    while waiting:
        key = waiting.pop()
        step = planned.steps.get(key)
        if step is None or key in seen or isinstance(step.block, Detach):
            continue
        if (step.shares or key) in owners:
            return True
        seen.add(key)
        waiting += [wire.source for wire in step.wires if wire is not None]
    return False


# What mends


def _changed(project: Project, steps: Turns) -> Project:
    return project.with_(training=project.training.change(turns=steps))


def _without(project: Project, name: str, gone: frozenset[str]) -> Project:
    def kept(turn: Turn) -> Turn:
        losses, blocks = ([key for key in keys if key not in gone] for keys in (turn.losses, turn.blocks))
        return turn.change(losses=tuple(losses), blocks=tuple(blocks)) if turn.name == name else turn

    return _changed(project, tuple(kept(turn) for turn in project.training.turns))


def _removed(project: Project, name: str) -> Project:
    return _changed(project, tuple(turn for turn in project.training.turns if turn.name != name))


def _with_loss(project: Project, name: str, key: str) -> Project:
    steps = project.training.turns
    return _changed(project, tuple(t.change(losses=(*t.losses, key)) if t.name == name else t for t in steps))


def _with_block(project: Project, name: str, path: str) -> Project:
    steps = project.training.turns
    return _changed(project, tuple(t.change(blocks=(*t.blocks, path)) if t.name == name else t for t in steps))
