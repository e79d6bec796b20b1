"""The graph of a network: named blocks and the wires between them, with pure edits that answer with a new graph."""

from __future__ import annotations

import functools
import keyword
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, InstanceOf, SerializeAsAny

from engine.blocks.base import Block
from engine.weight_settings import WeightSettings

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}\Z")
WRITTEN = re.compile(r"(\w+)\.(\w+) -> (\w+)\.(\w+)")  # a wire in a file
# What `dir(torch.nn.Module)` holds without a leading underscore, and names that printed Python uses itself.
RESERVED = frozenset(
    [
        "T_destination",
        "add_module",
        "apply",
        "bfloat16",
        "buffers",
        "call_super_init",
        "children",
        "compile",
        "cpu",
        "cuda",
        "double",
        "dump_patches",
        "eval",
        "extra_repr",
        "float",
        "forward",
        "get_buffer",
        "get_extra_state",
        "get_parameter",
        "get_submodule",
        "half",
        "ipu",
        "load_state_dict",
        "modules",
        "mtia",
        "named_buffers",
        "named_children",
        "named_modules",
        "named_parameters",
        "parameters",
        "register_backward_hook",
        "register_buffer",
        "register_forward_hook",
        "register_forward_pre_hook",
        "register_full_backward_hook",
        "register_full_backward_pre_hook",
        "register_load_state_dict_post_hook",
        "register_load_state_dict_pre_hook",
        "register_module",
        "register_parameter",
        "register_state_dict_post_hook",
        "register_state_dict_pre_hook",
        "requires_grad_",
        "set_extra_state",
        "set_submodule",
        "share_memory",
        "state_dict",
        "to",
        "to_empty",
        "train",
        "training",
        "type",
        "xpu",
        "zero_grad",
        "torch",
        "nn",
        "F",
        "self",
        "super",
    ]
)


class Wire(NamedTuple):
    """From an output port of one block to an input port of another; blocks by id, ports by name."""

    source: str
    output: str
    target: str
    input: str

    def __str__(self) -> str:
        return f"{self.source}.{self.output} -> {self.target}.{self.input}"

    @classmethod
    def parse(cls, text: str) -> Wire:
        """The wire that `str(wire)` wrote.

        Raises:
            ValueError: when the text isn't of that form.
        """
        match = WRITTEN.fullmatch(text)
        if match is None:
            raise ValueError(f"“{text}” is no wire; expected “block.output -> block.input”.")
        return cls(*map(sys.intern, match.groups()))  # ids and ports stand in many wires


def refused_name(name: str) -> str | None:
    """Why `name` can't be a block's name, in words; None when it can."""
    if not NAME.match(name):
        return (
            f"“{name}” can't be a name in Python: use letters (a–z), digits and _, beginning with a letter, "
            "64 characters at most."
        )
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        return f"“{name}” is a word of Python itself; try “{name}_1”."
    if name in RESERVED:
        return f"“{name}” is taken by PyTorch; try “{name}_1”."
    return None


class Node(BaseModel):
    """A block as it stands in a graph: its name and parameters, how its weights are treated, and a note."""

    model_config = ConfigDict(frozen=True)

    name: str
    # records are valid from when they are made, so that none needs to be judged again at each edit
    block: SerializeAsAny[InstanceOf[Block]]
    weights: InstanceOf[WeightSettings] = WeightSettings()
    note: str = ""
    muted: bool = False  # passed over: what enters it leaves it, where that can be (see engine.muting)
    same_as: str = ""  # id of the block whose weights this one shares; empty for weights of its own

    def with_(self, **changes: Any) -> Self:
        return self.model_copy(update=changes)


class Graph(BaseModel):
    """Blocks by id, in the order they were added, and wires. Every edit answers with a new graph.

    Blocks that share their weights are equal but for their names: an edit of one is an edit of all.
    """

    model_config = ConfigDict(frozen=True)

    nodes: Mapping[str, Node] = {}
    wires: tuple[InstanceOf[Wire], ...] = ()

    def __hash__(self) -> int:
        return self.fingerprint

    def __eq__(self, other: object) -> bool:
        """Whether both hold the same; of blocks that share their weights, only the first is looked into."""
        if self is other:
            return True
        if not isinstance(other, Graph) or self.wires != other.wires or self.nodes.keys() != other.nodes.keys():
            return False
        return all(node is other.nodes[key] or self._alike(node, other.nodes[key]) for key, node in self.nodes.items())

    def _alike(self, one: Node, other: Node) -> bool:
        if one.same_as in self.nodes and one.same_as == other.same_as:  # their blocks are alike when the owners' are
            return (one.name, one.note, one.muted) == (other.name, other.note, other.muted)
        return one == other

    @functools.cached_property
    def fingerprint(self) -> int:
        """The hash, worked out once: a group's graph is asked for it at every edit outside of it."""
        return hash((tuple(self.nodes.items()), self.wires))

    @functools.cached_property
    def followers(self) -> Mapping[str, tuple[str, ...]]:
        """What each block feeds, worked out once: while a wire is drawn, every port in view asks for it."""
        found: dict[str, dict[str, None]] = {}
        for wire in self.wires:
            found.setdefault(wire.source, {})[wire.target] = None
        return {key: tuple(targets) for key, targets in found.items()}

    @functools.cached_property
    def shared(self) -> Mapping[str, tuple[str, ...]]:
        """The blocks that use the same weights, by their owner, worked out once: a selection asks for each block."""
        found: dict[str, list[str]] = {}
        if any(node.same_as for node in self.nodes.values()):
            for key in self.nodes:
                found.setdefault(self.owner(key), []).append(key)
        return {owner: tuple(keys) for owner, keys in found.items() if len(keys) > 1}

    def _with(self, **changes: Any) -> Self:
        return type(self)(**{"nodes": self.nodes, "wires": self.wires, **changes})

    def add(self, block: Block, name: str | None = None, **settings: Any) -> tuple[Self, str]:
        """The graph with one more block, and the id it got; without a name, one is made from the block's stem."""
        stem = block.stem or type(block).__name__.lower()
        name = name or self.free_name(stem)
        key = self._free_key(name, stem)
        return self._with(nodes={**self.nodes, key: Node(name=name, block=block, **settings)}), key

    def share(self, key: str) -> tuple[Self, str]:
        """The graph with one more block that uses the weights of `key`, and the id it got."""
        node, owner = self.nodes[key], self.owner(key)
        name = self.free_name(node.name)
        other = self._free_key(name, node.block.stem or type(node.block).__name__.lower())
        return self._with(nodes={**self.nodes, other: node.with_(name=name, same_as=owner)}), other

    def unshare(self, key: str) -> Self:
        """The graph in which `key` has weights of its own; those that shared them go on sharing among themselves."""
        graph = self._rehomed({key})
        return graph._with(nodes={**graph.nodes, key: graph.nodes[key].with_(same_as="")})

    def owner(self, key: str) -> str:
        """The block whose weights `key` uses: itself, unless it shares those of another."""
        other = self.nodes[key].same_as
        return other if other in self.nodes else key

    def sharing(self, key: str) -> tuple[str, ...]:
        """All blocks that use the same weights as `key`, itself among them."""
        return self.shared.get(self.owner(key), (key,))

    def _rehomed(self, leaving: set[str]) -> Self:
        """The graph in which no block shares with one of these: the first that stays owns the weights from then on."""
        heirs: dict[str, str] = {}
        nodes = dict(self.nodes)
        for key, node in self.nodes.items():
            if node.same_as in leaving and key not in leaving:
                heir = heirs.setdefault(node.same_as, key)
                nodes[key] = node.with_(same_as="" if heir == key else heir)
        return self._with(nodes=nodes) if heirs else self

    def remove(self, ids: Iterable[str]) -> Self:
        """The graph without these blocks and without the wires that touch them."""
        gone = set(ids)
        graph = self._rehomed(gone)
        return graph._with(
            nodes={key: node for key, node in graph.nodes.items() if key not in gone},
            wires=tuple(wire for wire in graph.wires if wire.source not in gone and wire.target not in gone),
        )

    def connect(self, wire: Wire) -> Self:
        """The graph with `wire`; a wire that entered the same input before is replaced."""
        kept = tuple(w for w in self.wires if (w.target, w.input) != (wire.target, wire.input))
        return self._with(wires=(*kept, wire))

    def disconnect(self, wires: Iterable[Wire]) -> Self:
        gone = set(wires)
        return self._with(wires=tuple(wire for wire in self.wires if wire not in gone))

    def change(self, key: str, **values: Any) -> Self:
        """The graph with other parameters in one block; wires to ports that vanish go too.

        Raises:
            BadValue: when a parameter can't take its value.
        """
        return self.replace(key, self.nodes[key].block.change(**values))

    def replace(self, key: str, block: Block) -> Self:
        """The graph with another block in the same place; wires to ports it does not have go."""
        ins, outs = {port.name for port in block.input_ports()}, set(block.output_ports())
        places = self.sharing(key)
        wires = tuple(
            w
            for w in self.wires
            if not (w.target in places and w.input not in ins) and not (w.source in places and w.output not in outs)
        )
        changed = {place: self.nodes[place].with_(block=block) for place in places}
        return self._with(nodes={**self.nodes, **changed}, wires=wires)

    def treat(self, key: str, weights: WeightSettings) -> Self:
        """The graph with other settings for the weights of a block, and of those that share them.

        Raises:
            BadValue: when one of the values can't be taken.
        """
        changed = {place: self.nodes[place].with_(weights=weights) for place in self.sharing(key)}
        return self._with(nodes={**self.nodes, **changed})

    def annotate(self, key: str, note: str) -> Self:
        """The graph with another note at a block."""
        return self._with(nodes={**self.nodes, key: self.nodes[key].with_(note=note)})

    def mute(self, keys: Iterable[str], muted: bool = True) -> Self:
        """The graph in which these blocks are passed over, or work again."""
        return self._with(nodes={**self.nodes, **{key: self.nodes[key].with_(muted=muted) for key in keys}})

    def rename(self, key: str, name: str) -> Self:
        """The graph with another name for one block.

        Raises:
            ValueError: when the name can't be one, or is taken.
        """
        refusal = refused_name(name)
        if refusal:
            raise ValueError(refusal)
        if any(node.name == name for other, node in self.nodes.items() if other != key):
            raise ValueError(f"Another block is named “{name}” already; try “{self.free_name(name)}”.")
        return self._with(nodes={**self.nodes, key: self.nodes[key].with_(name=name)})

    def _free_key(self, name: str, stem: str) -> str:
        """The name itself as an id, where it can be one and is free; or else one made from the stem."""
        return name if NAME.match(name) and name not in self.nodes else _numbered(stem, self.nodes)

    def free_name(self, stem: str) -> str:
        """`stem` with the smallest number that makes it a new name; `conv` → `conv1`."""
        stem = (stem.rstrip("0123456789") or stem)[:56]  # with its number, the name must not be longer than 64
        return _numbered(stem, {node.name for node in self.nodes.values()} | set(self.nodes))

    def into(self, key: str, port: str) -> Wire | None:
        """The wire that enters an input port."""
        return next((w for w in self.wires if w.target == key and w.input == port), None)


def _numbered(stem: str, taken: Iterable[str]) -> str:
    used = set(taken)
    number = 1
    while f"{stem}{number}" in used:
        number += 1
    return f"{stem}{number}"
