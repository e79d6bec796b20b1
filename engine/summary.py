"""What a network amounts to, block by block: shapes, learned parameters and multiply-adds, told without torch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.blocks.inputs import Input, Target
from engine.group import Group, GroupInput, GroupOutput
from engine.parts import split
from engine.plan import Step, plan
from engine.project import Project
from engine.tensor import TensorSpec

Sizes = list[int | None]
COLUMNS = ("Block", "Type", "Output", "Parameters", "Multiply-adds", "Activations")


def summary(project: Project) -> dict[str, Any]:
    """Counts of the network as it would be printed and trained, and every block in the order it runs.

    While nothing is predicted yet, the counts are those of all blocks.

    A shape is a list of sizes without the batch axis, null for an axis whose length varies; a shape that can't be
    known (because the design has problems) is null itself. Multiply-adds and activations (in bytes) are for one
    sample. A group tells of all its repeats together, and under "blocks" of what is inside, the first time it runs.
    """
    planned = plan(project.graph, project.data.fields())
    drawn = [step for step in planned.living.steps.values() if not isinstance(step.block, (Input, Target))]
    network = split(planned).network or drawn
    stuck = [key for cycle in planned.cycles for key in cycle]
    return {
        "name": project.name,
        "parameters": sum(step.parameters for step in network),
        "multiply_adds": sum(step.trace.multiply_adds for step in network),
        "activation_bytes": sum(step.trace.activation_bytes for step in network),
        "blocks": [*(_block(step) for step in planned.steps.values()), *(_stuck(project, key) for key in stuck)],
    }


def as_table(told: Mapping[str, Any]) -> str:
    """What `summary` tells, for people; in the order it runs, or as `ordered` put it."""
    rows = list(_rows(told["blocks"], 0))
    total = ("Network", "", "", *_counts(told))
    widths = [max(len(row[column]) for row in (COLUMNS, *rows, total)) for column in range(len(COLUMNS))]
    rule = "─" * (sum(widths) + 2 * (len(widths) - 1))
    return "\n".join([_row(COLUMNS, widths), rule, *(_row(row, widths) for row in rows), rule, _row(total, widths)])


def ordered(told: Mapping[str, Any], by: str) -> dict[str, Any]:
    """What `summary` tells with the largest of a count first, in groups as well; alike ones as they run."""
    blocks = sorted(told["blocks"], key=lambda block: -block[by])
    return {**told, "blocks": [ordered(block, by) if "blocks" in block else block for block in blocks]}


def memory_text(count: float) -> str:
    """`532 B`, `1.3 MiB`: bytes in the unit that suits them."""
    amount = float(count)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if amount < 1000:
            return f"{amount:.0f} B" if unit == "B" else f"{amount:.3g} {unit}"
        amount /= 1024
    return f"{amount:.3g} TiB"


def _rows(blocks: Sequence[Mapping[str, Any]], depth: int) -> Iterator[tuple[str, ...]]:
    """A row a block, those in a group indented below it."""
    for block in blocks:
        repeat = f" × {block['repeat']}" if block.get("repeat", 1) > 1 else ""
        yield "  " * depth + block["name"], block["type"] + repeat, _words(block), *_counts(block)
        yield from _rows(block.get("blocks", ()), depth + 1)


def _counts(told: Mapping[str, Any]) -> tuple[str, str, str]:
    return f"{told['parameters']:,}", f"{told['multiply_adds']:,}", memory_text(told["activation_bytes"])


def _block(step: Step) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": step.id,
        "name": step.name,
        "type": type(step.block).__name__,
        "inputs": [_sizes(spec) for spec in step.arrives],
        "output": _sizes(step.leaves[0]) if step.leaves else None,
        "parameters": step.parameters,
        "multiply_adds": step.trace.multiply_adds,
        "activation_bytes": step.trace.activation_bytes,
    }
    if step.passes is not None:
        told["muted"] = True
    if step.shares:
        told["same_as"] = step.shares
    if isinstance(step.block, Group):
        inner = step.trace.inner[0].steps.values() if step.trace.inner else ()
        inside = [_block(s) for s in inner if not isinstance(s.block, (GroupInput, GroupOutput))]
        told |= {"type": step.block.title, "repeat": step.block.repeat, "blocks": inside}
    return told


def _stuck(project: Project, key: str) -> dict[str, Any]:
    """A block on a circle of wires: nothing can be foretold of it."""
    node = project.graph.nodes[key]
    inputs = [None] * len(node.block.input_ports())
    kind = type(node.block).__name__
    nothing = {"parameters": 0, "multiply_adds": 0, "activation_bytes": 0}
    return {"id": key, "name": node.name, "type": kind, "inputs": inputs, "output": None, **nothing}


def _sizes(spec: TensorSpec | None) -> Sizes | None:
    return None if spec is None else list(spec.shape)


def _words(block: Mapping[str, Any]) -> str:
    """`32 × 26 × 26`, `scalar`, or `?` where the shape can't be known; an Output passes on what enters it."""
    sizes = block["output"]
    if block["type"] == "Output":
        sizes = block["inputs"][0]
    if sizes is None:
        return "?"
    return " × ".join("n" if size is None else str(size) for size in sizes) or "scalar"


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Words to the left, numbers to the right."""
    words = [cell.ljust(width) for cell, width in zip(cells[:3], widths[:3], strict=True)]
    numbers = [cell.rjust(width) for cell, width in zip(cells[3:], widths[3:], strict=True)]
    return "  ".join([*words, *numbers])


__all__ = ["as_table", "memory_text", "ordered", "summary"]
