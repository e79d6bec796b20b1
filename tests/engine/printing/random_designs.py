"""Random drawings of all kinds of blocks, in groups and groups of groups, repeated, shared and frozen."""

from __future__ import annotations

from random import Random
from typing import Any

from engine.blocks import CATALOGUE
from engine.blocks.base import Block
from engine.copying import share
from engine.graph import Wire
from engine.group import Group
from engine.grouping import make_group
from engine.plan import plan
from engine.problem import UserError
from engine.project import Project
from engine.weight_settings import WeightSettings

SHAPES: dict[str, tuple[int, ...]] = {"row": (6,), "text": (5, 6), "image": (3, 8, 8)}
KINDS: list[tuple[str, dict[str, Any]]] = [
    ("Linear", {"out_features": 6}),
    ("Linear", {"out_features": 8, "bias": False}),
    ("Linear", {"out_features": 6, "weight_norm": "weight"}),
    ("ReLU", {}),
    ("Tanh", {}),
    ("GELU", {}),
    ("Softmax", {}),
    ("LeakyReLU", {"negative_slope": 0.2}),
    ("PReLU", {}),
    ("Add", {}),
    ("Add", {"inputs": 3}),
    ("Multiply", {}),
    ("Concat", {}),
    ("Flatten", {}),
    ("Dropout", {}),
    ("LayerNorm", {}),
    ("BatchNorm1d", {}),
    ("BatchNorm2d", {}),
    ("Conv2d", {"out_channels": 3, "padding": 1}),
    ("Conv2d", {"out_channels": 4, "kernel_size": 2, "stride": 2, "weight_norm": "spectral"}),
    ("MaxPool2d", {}),
    ("MaxPool2d", {"return_indices": True}),
    ("AdaptiveAvgPool2d", {"output_size": 2}),
    ("LSTM", {"hidden_size": 6}),
    ("LSTM", {"hidden_size": 3, "bidirectional": True, "output": "last step"}),
    ("GRU", {"hidden_size": 6, "num_layers": 2}),
    ("RNN", {"hidden_size": 4, "output": "last step"}),
    ("MultiheadAttention", {"num_heads": 2}),
    ("MultiheadAttention", {"num_heads": 3, "need_weights": True, "is_causal": True}),
    ("TransformerEncoderLayer", {"nhead": 2, "dim_feedforward": 8}),
    ("SinusoidalPositionalEncoding", {"max_length": 12}),
    ("LearnedPositionalEncoding", {"max_length": 5}),
    ("RotaryEmbedding", {"max_length": 7}),
    ("LearnedParameter", {"sizes": (6,)}),
    ("Constant", {"numbers": (1.0, 2.0, 3.0, 4.0, 5.0, 6.0), "sizes": (6,)}),
    ("Split", {"sizes": (2, -1)}),
    ("Chunk", {"chunks": 3}),
    ("Max", {"indices": True, "dim": 1}),
    ("TopK", {"k": 3}),
    ("Mean", {"dim": (1,)}),
    ("Clamp", {"min": -0.5, "max": 0.5}),
    ("Power", {}),
    ("RandomNormal", {"std": 0.5, "mean": 1.0}),
]
NAMES = (
    *("conv1", "fc", "x", "y", "h", "l", "O", "out", "block1", "Block", "ResidualBlock", "Drawn", "sum", "print"),
    *("x1", "lstm_h", "attention_y", "block", "norm", "weight", "bias", "channels", "a_rather_long_name_of_a_block"),
    *("a" * 40, "b" * 64),
)
TITLES = ("Block", "ResidualBlock", "Stem", "Drawn", "Network", "X")
SETTINGS: list[dict[str, Any]] = [
    {},
    {},
    {"frozen": True},
    {"initialisation": "xavier uniform", "amount": 1.5},
    {"initialisation": "kaiming normal", "frozen": True},
    {"initialisation": "constant", "amount": 0.25},
    {"initialisation": "orthogonal"},
]


def available(kinds: list[tuple[str, dict[str, Any]]] = KINDS) -> list[Block]:
    return [CATALOGUE[kind].build(values) for kind, values in kinds if kind in CATALOGUE]


def random_design(random: Random, blocks: int = 9) -> Project:
    """A network that fits, with one or two inputs and one or more Outputs."""
    project = Project(name=random.choice(("drawn", "Drawn", "block", "F", "my net")))
    for kind in random.sample(sorted(SHAPES), random.randint(1, 2)):
        project, _ = project.add(CATALOGUE["Input"](sample_shape=SHAPES[kind]), (0, 0), _name(random, project, kind))
    choice = available()
    for _ in range(random.randint(1, blocks)):
        project = _with_block(random, project, random.choice(choice))
    for _ in range(random.randint(0, 3)):
        project = _with_group(random, project)
    return _with_outputs(random, project)


def _name(random: Random, project: Project, stem: str) -> str:
    wanted = random.choice((*NAMES, stem))
    taken = {node.name for node in project.graph.nodes.values()} | set(project.graph.nodes)
    return wanted if wanted not in taken else project.graph.free_name(stem)


def _fits(project: Project) -> bool:
    return all(step.complete for step in plan(project.graph, {}).steps.values())


def _values(project: Project) -> list[tuple[str, str]]:
    nodes = project.graph.nodes
    return [(key, port) for key, node in nodes.items() for port in node.block.output_ports()]


def _with_block(random: Random, project: Project, block: Block) -> Project:
    """One more block, wired so that it fits; after a few trials, none."""
    for _ in range(6):
        after, key = project.add(block, (0, 0), _name(random, project, block.stem))
        graph = after.graph
        values = _values(project)[-6:]
        for port in block.input_ports():
            if not port.optional or random.random() < 0.3:
                graph = graph.connect(Wire(*random.choice(values), key, port.name))
        if _fits(after.edit(graph)):
            settings = WeightSettings.build(random.choice(SETTINGS))
            return after.edit(graph.treat(key, settings).annotate(key, random.choice(("", 'a note """ # '))))
    return project


def _with_group(random: Random, project: Project) -> Project:
    """Some blocks in a group, which is perhaps repeated, used again, or used again with the same weights."""
    keys = [key for key, node in project.graph.nodes.items() if type(node.block).__name__ != "Input"]
    if not keys:
        return project
    first = random.randrange(len(keys))
    chosen = keys[first : first + random.randint(1, 5)]
    try:
        after, key = make_group(project, chosen, random.choice(TITLES))
    except UserError:
        return project
    if not _fits(after):
        return project
    if random.random() < 0.3:
        settings = WeightSettings.build(random.choice(SETTINGS))
        after = after.edit(after.graph.treat(key, settings))
    for edit in random.sample((_repeated, _used_again, _shared, _renamed), 2):
        tried = edit(random, after, key)
        after = tried if _fits(tried) else after
    return after


def _repeated(random: Random, project: Project, key: str) -> Project:
    return project.edit(project.graph.change(key, repeat=random.randint(2, 3)))


def _renamed(random: Random, project: Project, key: str) -> Project:
    name = random.choice(NAMES)
    taken = any(node.name == name for node in project.graph.nodes.values())
    return project if taken else project.edit(project.graph.rename(key, name))


def _used_again(random: Random, project: Project, key: str) -> Project:
    group = project.graph.nodes[key].block
    assert isinstance(group, Group)
    inner = group.graph
    for other, node in inner.nodes.items():
        if hasattr(node.block, "out_features") and random.random() < 0.7:
            inner = inner.change(other, out_features=random.choice((6, 8)))
    after, copy = project.add(group.with_graph(inner), (0, 0))
    return _wired(random, after, copy)


def _shared(random: Random, project: Project, key: str) -> Project:
    after, copy = share(project, key, (0, 0))
    return _wired(random, after, copy)


def _wired(random: Random, project: Project, key: str) -> Project:
    """The last block, wired to what there is."""
    graph = project.graph
    values = [value for value in _values(project) if value[0] != key]
    for port in graph.nodes[key].block.input_ports():
        graph = graph.connect(Wire(*random.choice(values), key, port.name))
    return project.edit(graph)


def _with_outputs(random: Random, project: Project) -> Project:
    """An Output behind each value that nobody reads; at least one."""
    read = {(wire.source, wire.output) for wire in project.graph.wires}
    loose = [value for value in _values(project) if value not in read] or _values(project)[-1:]
    planned = plan(project.graph, {})
    loose = [value for value in loose if (spec := planned.leaving(*value)) is not None and spec.batched]
    chosen = loose or [next(value for value in _values(project))]
    for value in random.sample(chosen, min(len(chosen), random.randint(1, 4))):
        project, key = project.add(CATALOGUE["Output"](), (0, 0), _name(random, project, "out"))
        project = project.edit(project.graph.connect(Wire(*value, key, "x")))
    return project
