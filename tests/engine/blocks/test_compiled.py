"""Every block inside a project: it survives the file, and the compiled network does what the block does."""

from __future__ import annotations

import copy

import torch

import engine
from engine.blocks import CATALOGUE, Block, Loss
from engine.graph import Graph, Wire
from engine.plan import trace_block
from engine.project import Project
from engine.storage import dumps, loads
from engine.tensor import TensorSpec
from tests.engine.blocks.carried_out import call_of, carry_out, numbers
from tests.engine.blocks.cases import each_case
from tests.engine.blocks.contract.specs import Specs


class Drawing:
    """A network around one block, and what it is fed with."""

    def __init__(self, block: Block, specs: Specs, values: dict[str, torch.Tensor]) -> None:
        self.graph, self.block = Graph().add(block, "block")
        self.fed: list[torch.Tensor] = []  # one an Input, in their order
        for port, spec in zip(block.input_ports(), specs, strict=True):
            if spec is not None:
                self.wire(self.bring_in(spec, values[port.name]), "y", self.block, port.name)
        for name, spec in zip(block.output_ports(), trace_block(block, specs).outputs, strict=True):
            assert spec is not None
            self.take_out(name, spec)

    def add(self, kind: str, **values: object) -> str:
        self.graph, key = self.graph.add(CATALOGUE[kind].build(values))
        return key

    def wire(self, source: str, output: str, target: str, entry: str) -> None:
        self.graph = self.graph.connect(Wire(source, output, target, entry))

    def bring_in(self, spec: TensorSpec, value: torch.Tensor) -> str:
        """An Input; for truth values a cast behind it, and a constant for what is the same for the whole batch."""
        if not spec.batched:
            return self.add("Constant", numbers=tuple(value.flatten().tolist()), sizes=spec.sizes, dtype=spec.dtype)
        truths = spec.dtype == "bool"
        key = self.add("Input", sample_shape=spec.shape, dtype="int64" if truths else spec.dtype)
        self.fed.append(value.long() if truths else value)
        if truths:
            cast = self.add("Cast", dtype="bool")
            self.wire(key, "y", cast, "x")
        return cast if truths else key

    def take_out(self, name: str, spec: TensorSpec) -> None:
        """An Output; what is the same for the whole batch is added to an Input of zeros first."""
        output = self.add("Output")
        if spec.batched:
            self.wire(self.block, name, output, "x")
            return
        cast, total = self.add("Cast"), self.add("Add")
        zeros = self.bring_in(TensorSpec(spec.shape), torch.zeros(3, *spec.sizes))
        self.wire(self.block, name, cast, "x")
        self.wire(zeros, "y", total, "x1")
        self.wire(cast, "y", total, "x2")
        self.wire(total, "y", output, "x")

    @property
    def project(self) -> Project:
        return Project().edit(self.graph)


def drawn(block: Block, specs: Specs) -> tuple[Drawing, dict[str, torch.Tensor]]:
    """The network and the values that enter the block."""
    values = numbers(block, specs, 3)
    for port, spec in zip(block.input_ports(), specs, strict=True):
        if spec is not None and not spec.batched and spec.dtype == "float32":
            values[port.name] = (values[port.name] * 64).ceil() / 64  # a constant holds but a few digits
    return Drawing(block, specs, values), values


@each_case(lambda block, specs: not isinstance(block, Loss))  # an objective is compiled with its data: test_source.py
def test_the_compiled_network_does_the_same(block: Block, specs: Specs) -> None:
    drawing, values = drawn(block, specs)
    network = engine.compile(drawing.project)
    kept = copy.deepcopy(getattr(network, "block", None))  # some layers change as they compute
    torch.default_generator.manual_seed(1)
    answer = network(*drawing.fed)
    found = list(answer.values()) if isinstance(answer, dict) else [answer]
    torch.default_generator.manual_seed(1)
    outputs = carry_out(block, call_of(block, specs), specs, values, kept).outputs
    for one, other, spec in zip(found, outputs, trace_block(block, specs).outputs, strict=True):
        assert spec is not None
        expected = other if spec.batched else other.float().expand(one.shape)
        assert one.dtype == expected.dtype
        assert torch.equal(one.nan_to_num(), expected.nan_to_num())


@each_case()
def test_survives_the_file(block: Block, specs: Specs) -> None:
    project = Project().edit(Graph().add(block, "block")[0])
    again = loads(dumps(project))
    assert again == project
    assert dumps(again) == dumps(project)
    kept = again.graph.nodes["block"].block
    assert {name: type(value) for name, value in kept.values().items()} == {
        name: type(value) for name, value in block.values().items()
    }
