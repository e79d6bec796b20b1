"""Muted blocks that can't be passed over, or of which more is read than passes through."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks import edits
from engine.muting import passage, refused_muting
from engine.problem import Problem
from engine.scope import Scope


def muting(scope: Scope) -> Iterator[Problem]:
    for key, node in scope.graph.nodes.items():
        if not node.muted:
            continue
        words, unmute = refused_muting(node.block), edits.unmute(key, node.name)
        if words is not None:
            yield Problem(
                f"{node.name} can't be muted",
                f"{node.name} {words}. It works as if it were not muted.",
                key,
                fixes=(unmute,),
            )
        elif passage(node) is not None:
            first, *others = node.block.output_ports()
            read = {wire.output for wire in scope.graph.wires if wire.source == key}
            lost = [f"“{name}”" for name in others if name in read]
            if lost:
                yield Problem(
                    f"{node.name} is muted, but more than “{first}” is read",
                    f"What enters {node.name} passes on by “{first}” alone; nothing leaves by {', '.join(lost)}. "
                    f"Unmute {node.name}, or take those wires off.",
                    key,
                    fixes=(unmute,),
                )


FINDERS = (muting,)
