"""Muted blocks, which are passed over: what enters leaves as it is, and nothing of the block is printed."""

from __future__ import annotations

from engine.blocks.base import Block, Loss, Source
from engine.blocks.inputs import Output
from engine.graph import Graph, Node
from engine.group import GroupInput, GroupOutput


def passage(node: Node) -> int | None:
    """Which input, counted from 0, passes on to the first output; None for a block that works."""
    return _entrance(node.block) if node.muted and refused_muting(node.block) is None else None


def working_owner(graph: Graph, key: str) -> str:
    """The block whose weights `key` uses; where that is muted, the first that works of those that share them."""
    owner = graph.owner(key)
    if passage(graph.nodes[owner]) is None or owner == key:
        return owner
    return next((other for other in graph.sharing(key) if passage(graph.nodes[other]) is None), key)


def refused_muting(block: Block) -> str | None:
    """Why a block can't be passed over, as the end of a sentence that begins with its name; None when it can."""
    if isinstance(block, (Source, GroupInput)):
        return "can't be muted: values begin there, so there is nothing that could pass through"
    if isinstance(block, Loss):
        return "can't be muted: nothing reads a loss but the training. Delete it, or take its wires off"
    if isinstance(block, (Output, GroupOutput)):
        return "can't be muted: it only names what enters it. Delete it instead"
    if not block.input_ports():
        return "can't be muted: nothing enters it that could pass through"
    if not block.output_ports():
        return "can't be muted: nothing leaves it, so nothing could pass through"
    needed = [port.name for port in block.input_ports() if not port.optional]
    if len(needed) > 1:
        told = f"{', '.join(needed[:-1])} and {needed[-1]}"
        return f"can't be muted: it needs several inputs ({told}), and only one of them could pass through"
    return None


def _entrance(block: Block) -> int:
    """The input that the block needs, or the first where it needs none."""
    return next((place for place, port in enumerate(block.input_ports()) if not port.optional), 0)
