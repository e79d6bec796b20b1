"""Setting blocks into wires, taking them out of chains, and leading wires to other ports."""

from __future__ import annotations

import pytest

from engine.blocks import CATALOGUE
from engine.fitting import Fit
from engine.graph import Wire
from engine.plan import Plan, plan
from engine.problem import UserError
from engine.project import Project
from engine.wiring import (
    entry_refusals,
    led_from,
    led_into,
    misfit,
    move_refusals,
    move_wires,
    remove_and_reconnect,
    splice,
    wires_from,
    wires_into,
)

BLOCKS = {
    "image": CATALOGUE["Input"](sample_shape=(3, 16, 16)),
    "conv": CATALOGUE["Conv2d"](out_channels=8),
    "relu": CATALOGUE["ReLU"](),
    "pool": CATALOGUE["MaxPool2d"](),
    "flatten": CATALOGUE["Flatten"](),
    "logits": CATALOGUE["Linear"](out_features=10),
    "add": CATALOGUE["Add"](),
    "skip": CATALOGUE["Conv2d"](out_channels=8),
}
CHAIN = ("image.y -> conv.x", "conv.y -> relu.x", "relu.y -> pool.x", "pool.y -> flatten.x", "flatten.y -> logits.x")


def drawn(*wires: str) -> Project:
    project = Project()
    for name, block in BLOCKS.items():
        project, _ = project.add(block, (0, 0), name)
    graph = project.graph
    for wire in wires:
        graph = graph.connect(Wire.parse(wire))
    return project.edit(graph)


def planned(project: Project) -> Plan:
    return plan(project.graph, {}, probing=False)


def wires(project: Project) -> set[str]:
    return {str(wire) for wire in project.graph.wires}


def test_a_block_is_set_into_a_wire() -> None:
    before = drawn("conv.y -> flatten.x")
    after = splice(before, Wire.parse("conv.y -> flatten.x"), "pool", Fit("x", "y"))
    assert wires(after) == {"conv.y -> pool.x", "pool.y -> flatten.x"}
    assert after.layout == before.layout


@pytest.mark.parametrize(
    ("drawing", "gone", "left"),
    [
        (CHAIN, {"relu"}, {"image.y -> conv.x", "conv.y -> pool.x", *CHAIN[3:]}),
        (CHAIN, {"conv", "relu"}, {"image.y -> pool.x", *CHAIN[3:]}),
        (CHAIN, {"conv", "pool"}, {"image.y -> relu.x", "relu.y -> flatten.x", CHAIN[4]}),
        (CHAIN, {"image"}, set(CHAIN[1:])),
        (CHAIN, {"logits"}, set(CHAIN[:4])),
        (
            ("image.y -> conv.x", "image.y -> skip.x", "conv.y -> add.x1", "skip.y -> add.x2", "add.y -> relu.x"),
            {"add"},
            {"image.y -> conv.x", "image.y -> skip.x", "conv.y -> relu.x"},
        ),
        (
            ("image.y -> conv.x", "conv.y -> relu.x", "conv.y -> pool.x"),
            {"conv"},
            {"image.y -> relu.x", "image.y -> pool.x"},
        ),
    ],
    ids=["one", "two in a row", "two apart", "the first", "the last", "a join", "a fork"],
)
def test_what_is_taken_out_leaves_no_gap(drawing: tuple[str, ...], gone: set[str], left: set[str]) -> None:
    before = drawn(*drawing)
    after, _ = remove_and_reconnect(before, planned(before), gone, (), planned)
    assert wires(after) == left
    assert not gone & set(after.graph.nodes)


def test_other_wires_go_with_it() -> None:
    before = drawn(*CHAIN)
    after, healed = remove_and_reconnect(before, planned(before), {"relu"}, {Wire.parse(CHAIN[4])}, planned)
    assert wires(after) == {CHAIN[0], "conv.y -> pool.x", CHAIN[3]}
    assert healed == (Wire.parse("conv.y -> pool.x"),)


@pytest.mark.parametrize(
    ("drawing", "gone", "words"),
    [
        (
            ("image.y -> flatten.x", "flatten.y -> logits.x", "logits.y -> add.x1", "flatten.y -> add.x2"),
            {"logits"},
            None,
        ),
        (("image.y -> conv.x", "image.y -> skip.x", "conv.y -> add.x1", "skip.y -> add.x2"), {"conv"}, "add"),
        (("image.y -> flatten.x", "flatten.y -> conv.x"), {"image"}, None),
    ],
    ids=["something was wrong before", "the other side would not match", "no chain"],
)
def test_a_chain_that_can_not_be_closed_says_why(drawing: tuple[str, ...], gone: set[str], words: str | None) -> None:
    before = drawn(*drawing)
    if words is None:
        remove_and_reconnect(before, planned(before), gone, (), planned)
        return
    with pytest.raises(UserError, match=rf"can't be wired to {words} instead: .+ Delete without reconnecting"):
        remove_and_reconnect(before, planned(before), gone, (), planned)


def test_what_a_port_refuses_is_told() -> None:
    project = Project()
    for name, block in {
        "words": CATALOGUE["Input"](sample_shape=(20,), dtype="int64"),
        "embedding": CATALOGUE["Embedding"](),
        "lstm": CATALOGUE["LSTM"](),
    }.items():
        project, _ = project.add(block, (0, 0), name)
    graph = project.graph.connect(Wire.parse("words.y -> embedding.x")).connect(Wire.parse("embedding.y -> lstm.x"))
    project = project.edit(graph)
    with pytest.raises(UserError, match="words can't be wired to lstm instead: lstm expects decimal numbers"):
        remove_and_reconnect(project, planned(project), {"embedding"}, (), planned)


def test_all_wires_of_an_output_move() -> None:
    before = drawn("image.y -> conv.x", "image.y -> skip.x", "image.y -> relu.x", "relu.y -> flatten.x")
    assert len(wires_from(before.graph, "image", "y")) == 3
    before = before.edit(before.graph.disconnect([Wire.parse("image.y -> relu.x")]))
    assert move_refusals(before, planned(before), ("image", "y"))(("relu", "y")) is None
    after = move_wires(before, led_from(wires_from(before.graph, "image", "y"), ("relu", "y")))
    assert wires(after) == {"relu.y -> conv.x", "relu.y -> skip.x", "relu.y -> flatten.x"}


@pytest.mark.parametrize(
    ("goal", "words"), [("conv", "circle"), ("skip", "feed itself"), ("flatten", "channels × height × width")]
)
def test_wires_that_can_not_move_say_why(goal: str, words: str) -> None:
    before = drawn("image.y -> flatten.x", "relu.y -> skip.x", "skip.y -> logits.x", "logits.y -> conv.x")
    assert words in (move_refusals(before, planned(before), ("relu", "y"))((goal, "y")) or "")


def joined(*wires: str, inputs: int = 3) -> Project:
    """The blocks above, where `add` has some inputs, and another sum `total` of two, and a loss."""
    project = drawn()
    for block, name in ((CATALOGUE["Add"](), "total"), (CATALOGUE["CrossEntropyLoss"](), "loss")):
        project, _ = project.add(block, (0, 0), name)
    graph = project.graph.change("add", inputs=inputs)
    for wire in wires:
        graph = graph.connect(Wire.parse(wire))
    return project.edit(graph)


SUM = ("conv.y -> add.x1", "relu.y -> add.x2", "pool.y -> total.x1", "logits.y -> loss.prediction")


@pytest.mark.parametrize(
    ("start", "goal", "left"),
    [
        (("add", "x1"), ("total", "x1"), {"conv.y -> total.x1", "relu.y -> total.x2"}),
        (("add", "x2"), ("total", "x1"), {"conv.y -> total.x1", "relu.y -> total.x2"}),
        (("add", "x1"), ("add", "x2"), {"conv.y -> add.x2", "relu.y -> add.x3", "pool.y -> total.x1"}),
        (("total", "x1"), ("add", "x3"), {"conv.y -> add.x1", "relu.y -> add.x2", "pool.y -> add.x3"}),
        (("total", "x1"), ("skip", "x"), {"conv.y -> add.x1", "relu.y -> add.x2", "pool.y -> skip.x"}),
    ],
    ids=["a row takes the place of another", "from its second", "down in its row", "one behind others", "one"],
)
def test_all_wires_of_an_input_move(start: tuple[str, str], goal: tuple[str, str], left: set[str]) -> None:
    before = joined(*SUM)
    assert entry_refusals(before, planned(before), start)(goal) is None
    after = move_wires(before, led_into(before.graph, wires_into(before.graph, *start), goal))
    assert wires(after) == left | {SUM[3]}


@pytest.mark.parametrize(
    ("drawing", "start", "goal", "words"),
    [
        (SUM, ("add", "x1"), ("total", "x2"), "total has one input from x2 on, too few for 2 wires"),
        (SUM, ("add", "x1"), ("skip", "x"), "too few for 2 wires. Give it more inputs first."),
        (("conv.y -> relu.x", "relu.y -> pool.x"), ("pool", "x"), ("conv", "x"), "circle"),
        (("conv.y -> relu.x", "relu.y -> pool.x"), ("pool", "x"), ("relu", "x"), "feed itself"),
        (("image.y -> flatten.x", "flatten.y -> logits.x"), ("logits", "x"), ("conv", "x"), "channels × height"),
    ],
    ids=["below the row", "a single one", "a circle", "itself", "another shape"],
)
def test_wires_that_can_not_enter_elsewhere_say_why(
    drawing: tuple[str, ...], start: tuple[str, str], goal: tuple[str, str], words: str
) -> None:
    before = joined(*drawing)
    assert words in (entry_refusals(before, planned(before), start)(goal) or "")


@pytest.mark.parametrize(
    ("place", "count"), [(("add", "x1"), 2), (("add", "x3"), 2), (("loss", "prediction"), 1), (("loss", "target"), 0)]
)
def test_numbered_inputs_take_their_wires_together(place: tuple[str, str], count: int) -> None:
    assert len(wires_into(joined(*SUM).graph, *place)) == count


@pytest.mark.parametrize(
    ("wire", "words"),
    [
        ("logits.y -> add.x2", "add "),
        ("conv.y -> add.x2", None),
        ("logits.y -> add.x1", None),
        ("logits.y -> conv.x", "conv expects channels × height × width"),
        ("skip.y -> add.x2", None),
    ],
    ids=["beside another shape", "beside its own shape", "alone", "another kind", "not known yet"],
)
def test_a_wire_that_would_not_fit_by_its_shape_says_why(wire: str, words: str | None) -> None:
    before = joined("image.y -> conv.x", "conv.y -> add.x1", "image.y -> flatten.x", "flatten.y -> logits.x", inputs=2)
    reason = misfit(before.graph, planned(before), Wire.parse(wire))
    assert (reason is None) == (words is None)
    assert (words or "") in (reason or "")
