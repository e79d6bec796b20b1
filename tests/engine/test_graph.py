"""Edits of the graph answer with a new graph, and never leave a wire without its ends."""

from __future__ import annotations

import keyword
from typing import Any

import pytest
import torch
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.blocks import CATALOGUE
from engine.graph import NAME, RESERVED, Graph, Node, Wire, refused_name
from engine.record import BadValue
from engine.weight_settings import WeightSettings
from tests.engine.drawing import block, graph
from tests.engine.examples import examples

CHAIN = graph({"a": block("Input"), "b": block("Linear"), "c": block("ReLU")}, "a -> b -> c")


def test_wires_read_back_as_they_are_written() -> None:
    wire = Wire("conv1", "y", "fc_2", "x")
    assert str(wire) == "conv1.y -> fc_2.x"
    assert Wire.parse(str(wire)) == wire


@pytest.mark.parametrize("text", ["", "a -> b", "a.y->b.x", "a.y -> b.x ", "a.y -> b.x -> c.x", "a b.y -> c.x", "3"])
def test_other_text_is_no_wire(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no wire; expected “block.output -> block.input”"):
        Wire.parse(text)


@pytest.mark.parametrize("name", ["conv1", "x", "A_b_9", "a" * 64, "None_", "print", "torchvision"])
def test_takes_names(name: str) -> None:
    assert refused_name(name) is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "can't be a name in Python"),
        ("1st", "can't be a name in Python"),
        ("_hidden", "can't be a name in Python"),
        ("a b", "can't be a name in Python"),
        ("größe", "can't be a name in Python"),
        ("а", "can't be a name in Python"),  # Cyrillic
        ("a" * 65, "64 characters at most"),
        ("a\n", "can't be a name in Python"),
        ('a"; import os', "can't be a name in Python"),
        ("class", "a word of Python itself; try “class_1”"),
        ("None", "a word of Python itself"),
        ("match", "a word of Python itself"),
        ("train", "taken by PyTorch; try “train_1”"),
        ("forward", "taken by PyTorch"),
        ("torch", "taken by PyTorch"),
        ("self", "taken by PyTorch"),
        ("super", "taken by PyTorch"),
    ],
)
def test_refuses_names(name: str, words: str) -> None:
    assert words in str(refused_name(name))


def test_nothing_that_a_module_has_can_be_a_name() -> None:
    """A block is an attribute of the printed network: it must not hide one of torch's."""
    attributes = {name for name in dir(torch.nn.Module()) if not name.startswith("_")}
    assert attributes <= RESERVED
    assert all(refused_name(name) for name in attributes | set(keyword.kwlist))


def test_adds_with_a_name_of_its_own() -> None:
    first, key = Graph().add(block("Conv2d"))
    second, other = first.add(block("Conv2d"))
    assert (key, other) == ("conv1", "conv2")
    assert [node.name for node in second.nodes.values()] == ["conv1", "conv2"]
    assert list(first.nodes) == ["conv1"]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("body", "body"),
        ("conv1", "conv2"),  # the id is taken; the name stays what was asked for
        ("no name", "conv2"),  # an id must be one that a wire in a file can name
        ("ein Größerer", "conv2"),
        ('a"b', "conv2"),
    ],
)
def test_ids_are_plain(name: str, key: str) -> None:
    drawn, _ = Graph().add(block("Conv2d"))
    after, given = drawn.add(block("Conv2d"), name)
    assert given == key
    assert after.nodes[key].name == name
    assert Wire.parse(str(Wire(given, "y", given, "x")))


def test_free_names() -> None:
    drawn = graph({"conv1": block("Conv2d"), "conv3": block("Conv2d")})
    assert drawn.free_name("conv") == "conv2"
    assert drawn.free_name("conv1") == "conv2"
    assert drawn.free_name("pool") == "pool1"
    assert drawn.free_name("7") == "71"
    assert NAME.match(drawn.free_name("a" * 64))


def test_removing_takes_the_wires_along() -> None:
    after = CHAIN.remove(["b", "nobody"])
    assert list(after.nodes) == ["a", "c"]
    assert after.wires == ()
    assert len(CHAIN.wires) == 2


def test_an_input_takes_one_wire() -> None:
    drawn = graph({"a": block("Input"), "b": block("Input"), "c": block("ReLU")}, "a -> c")
    after = drawn.connect(Wire("b", "y", "c", "x"))
    assert after.wires == (Wire("b", "y", "c", "x"),)
    assert after.into("c", "x") == Wire("b", "y", "c", "x")
    assert after.into("c", "z") is None
    assert after.disconnect(after.wires).wires == ()
    assert drawn.wires == (Wire("a", "y", "c", "x"),)


def test_changes_one_block() -> None:
    after = CHAIN.change("b", out_features=3)
    assert after.nodes["b"] == Node(name="b", block=block("Linear", out_features=3))
    assert after.wires == CHAIN.wires
    assert list(after.nodes) == list(CHAIN.nodes)
    with pytest.raises(BadValue, match="Features out must be at least 1"):
        CHAIN.change("b", out_features=0)


def test_wires_go_when_their_port_goes() -> None:
    drawn = graph({"a": block("Input"), "sum": block("Add", inputs=3)}, "a -> sum.x1", "a -> sum.x2", "a -> sum.x3")
    after = drawn.change("sum", inputs=2)
    assert [wire.input for wire in after.wires] == ["x1", "x2"]


def test_a_block_can_be_replaced() -> None:
    after = CHAIN.replace("b", block("Dropout"))
    assert after.nodes["b"].name == "b"
    assert after.wires == CHAIN.wires
    assert CHAIN.replace("b", block("MSELoss")).wires == ()


def test_renames() -> None:
    after = CHAIN.rename("b", "dense")
    assert after.nodes["b"].name == "dense"
    assert after.wires == CHAIN.wires
    assert CHAIN.rename("b", "b") == CHAIN
    with pytest.raises(ValueError, match="Another block is named “c” already; try “c1”"):
        CHAIN.rename("b", "c")
    with pytest.raises(ValueError, match="word of Python"):
        CHAIN.rename("b", "for")


def tied() -> Graph:
    """Three uses of the weights of b, and a wire from each to the next."""
    drawn, b1 = CHAIN.share("b")
    drawn, b2 = drawn.share(b1)
    return drawn.connect(Wire("c", "y", b1, "x")).connect(Wire(b1, "y", b2, "x"))


def test_shares_weights() -> None:
    drawn = tied()
    assert list(drawn.nodes) == ["a", "b", "c", "b1", "b2"]
    assert {key: node.same_as for key, node in drawn.nodes.items()} == {"a": "", "b": "", "c": "", "b1": "b", "b2": "b"}
    assert [drawn.owner(key) for key in drawn.nodes] == ["a", "b", "c", "b", "b"]
    assert drawn.sharing("b1") == drawn.sharing("b") == ("b", "b1", "b2")
    assert drawn.sharing("a") == ("a",)
    assert CHAIN.sharing("b") == ("b",)
    assert drawn.shared == {"b": ("b", "b1", "b2")}
    assert not CHAIN.shared


def test_an_edit_of_one_is_an_edit_of_all_that_share() -> None:
    drawn = tied()
    for key in ("b", "b1", "b2"):
        changed = drawn.change(key, out_features=7)
        assert {changed.nodes[k].block.out_features for k in ("b", "b1", "b2")} == {7}
        treated = drawn.treat(key, WeightSettings(frozen=True))
        assert {treated.nodes[k].weights.frozen for k in ("b", "b1", "b2")} == {True}
        assert not treated.nodes["a"].weights.frozen
        replaced = drawn.replace(key, block("Bilinear"))
        assert [str(wire) for wire in replaced.wires] == ["b.y -> c.x"], "all of them have other inputs now"
    assert drawn.annotate("b1", "here").nodes["b2"].note == "", "a note is about one place"
    assert drawn.rename("b1", "again").nodes["b"].name == "b"


@pytest.mark.parametrize(
    ("gone", "owners"),
    [
        (["b"], {"b1": "b1", "b2": "b1"}),
        (["b1"], {"b": "b", "b2": "b"}),
        (["b", "b1"], {"b2": "b2"}),
        (["b2", "b"], {"b1": "b1"}),
        (["a"], {"b": "b", "b1": "b", "b2": "b"}),
    ],
)
def test_weights_stay_as_long_as_one_block_uses_them(gone: list[str], owners: dict[str, str]) -> None:
    after = tied().remove(gone)
    assert {key: after.owner(key) for key in owners} == owners
    assert all(after.nodes[key].block == CHAIN.nodes["b"].block for key in owners)


@pytest.mark.parametrize(
    ("key", "owners"),
    [
        ("b", {"b": "b", "b1": "b1", "b2": "b1"}),
        ("b1", {"b": "b", "b1": "b1", "b2": "b"}),
        ("b2", {"b": "b", "b1": "b", "b2": "b2"}),
        ("a", {"b": "b", "b1": "b", "b2": "b"}),
    ],
)
def test_parts_from_those_that_share(key: str, owners: dict[str, str]) -> None:
    after = tied().unshare(key)
    assert {other: after.owner(other) for other in owners} == owners
    assert after.wires == tied().wires
    assert after.unshare(key) == after


def test_names_of_uses_are_valid_however_long() -> None:
    drawn, key = graph({"a" * 64: block("Linear")}).share("a" * 64)
    assert NAME.match(drawn.nodes[key].name)
    assert Wire.parse(str(Wire(key, "y", key, "x")))


def test_equal_graphs_have_equal_hashes() -> None:
    assert hash(tied()) == hash(tied())
    assert hash(tied()) != hash(tied().annotate("a", "other"))
    assert len({tied(), tied(), CHAIN}) == 2


KINDS = sorted(CATALOGUE)


class Edits(RuleBasedStateMachine):
    """Random edits, one after the other; every graph that was passed on the way must stay as it was."""

    def __init__(self) -> None:
        super().__init__()
        self.graph = Graph()
        self.passed: list[tuple[Graph, dict[str, Any]]] = []

    def go(self, after: Graph) -> None:
        self.passed.append((self.graph, self.graph.model_dump()))
        self.graph = after

    @initialize(kinds=st.lists(st.sampled_from(KINDS), min_size=2, max_size=6))
    def begin(self, kinds: list[str]) -> None:
        for kind in kinds:
            self.go(self.graph.add(block(kind))[0])

    @rule(kind=st.sampled_from(KINDS), name=st.none() | st.text(max_size=5))
    def add(self, kind: str, name: str | None) -> None:
        after, key = self.graph.add(block(kind), name)
        assert key not in self.graph.nodes
        self.go(after)

    @precondition(lambda self: self.graph.nodes)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        self.go(self.graph.remove(data.draw(st.sets(st.sampled_from(list(self.graph.nodes)), max_size=2))))

    @precondition(lambda self: self.graph.nodes)
    @rule(data=st.data())
    def connect(self, data: st.DataObject) -> None:
        nodes = self.graph.nodes
        starts = [(key, port) for key, node in nodes.items() for port in node.block.output_ports()]
        ends = [(key, port.name) for key, node in nodes.items() for port in node.block.input_ports()]
        if starts and ends:
            wire = Wire(*data.draw(st.sampled_from(starts)), *data.draw(st.sampled_from(ends)))
            self.go(self.graph.connect(wire))
            assert self.graph.into(wire.target, wire.input) == wire

    @precondition(lambda self: self.graph.wires)
    @rule(data=st.data())
    def disconnect(self, data: st.DataObject) -> None:
        self.go(self.graph.disconnect(data.draw(st.sets(st.sampled_from(self.graph.wires)))))

    @precondition(lambda self: self.graph.nodes)
    @rule(data=st.data(), kind=st.sampled_from(KINDS))
    def replace(self, data: st.DataObject, kind: str) -> None:
        self.go(self.graph.replace(data.draw(st.sampled_from(list(self.graph.nodes))), block(kind)))

    @precondition(lambda self: any(hasattr(node.block, "inputs") for node in self.graph.nodes.values()))
    @rule(data=st.data(), inputs=st.integers(2, 4))
    def change(self, data: st.DataObject, inputs: int) -> None:
        keys = [key for key, node in self.graph.nodes.items() if hasattr(node.block, "inputs")]
        self.go(self.graph.change(data.draw(st.sampled_from(keys)), inputs=inputs))

    @precondition(lambda self: self.graph.nodes)
    @rule(data=st.data(), name=st.from_regex(r"\A[a-z][a-z0-9_]{0,3}\Z"))
    def rename(self, data: st.DataObject, name: str) -> None:
        key = data.draw(st.sampled_from(list(self.graph.nodes)))
        taken = {node.name for other, node in self.graph.nodes.items() if other != key}
        if refused_name(name) or name in taken:
            with pytest.raises(ValueError, match="“"):
                self.graph.rename(key, name)
        else:
            self.go(self.graph.rename(key, name))

    @precondition(lambda self: self.graph.nodes)
    @rule(data=st.data())
    def share(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(list(self.graph.nodes)))
        after, other = self.graph.share(key)
        assert other not in self.graph.nodes
        assert after.sharing(other) == (*self.graph.sharing(key), other)
        self.go(after)

    @precondition(lambda self: self.graph.nodes)
    @rule(data=st.data())
    def unshare(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(list(self.graph.nodes)))
        others = [other for other in self.graph.sharing(key) if other != key]
        self.go(self.graph.unshare(key))
        assert self.graph.sharing(key) == (key,)
        assert not others or list(self.graph.sharing(others[0])) == others

    @precondition(lambda self: self.graph.nodes)
    @rule(data=st.data(), l1=st.sampled_from([0.0, 0.5]))
    def treat(self, data: st.DataObject, l1: float) -> None:
        self.go(self.graph.treat(data.draw(st.sampled_from(list(self.graph.nodes))), WeightSettings(l1=l1)))

    @precondition(lambda self: self.graph.nodes)
    @rule(data=st.data(), note=st.text(max_size=3))
    def annotate(self, data: st.DataObject, note: str) -> None:
        key = data.draw(st.sampled_from(list(self.graph.nodes)))
        self.go(self.graph.annotate(key, note))
        assert [k for k, node in self.graph.nodes.items() if node.note == note].count(key) == 1

    @invariant()
    def uses_of_the_same_weights_are_alike(self) -> None:
        for key, node in self.graph.nodes.items():
            owner = self.graph.nodes[self.graph.owner(key)]
            assert node.same_as == "" or (node.same_as in self.graph.nodes and node.same_as != key)
            assert owner.same_as == "", "the owner has weights of its own"
            assert (node.block, node.weights) == (owner.block, owner.weights)

    @invariant()
    def no_wire_dangles(self) -> None:
        entered = set()
        for wire in self.graph.wires:
            assert wire.output in self.graph.nodes[wire.source].block.output_ports()
            assert wire.input in [port.name for port in self.graph.nodes[wire.target].block.input_ports()]
            assert (wire.target, wire.input) not in entered
            entered.add((wire.target, wire.input))
            assert Wire.parse(str(wire)) == wire

    def teardown(self) -> None:
        for passed, looked in self.passed:
            assert passed.model_dump() == looked


TestEdits = Edits.TestCase
TestEdits.settings = examples(0.5)
