"""Each thing that can be wrong with a drawing: how it is told, where, and that its fixes mend it."""

from __future__ import annotations

import itertools

import pytest

import engine
from engine.blocks import Block
from engine.blocks.unknown import Unknown
from engine.check import check, refusal, review
from engine.graph import Wire
from engine.group import Group, GroupInput, GroupOutput
from engine.problem import Problem
from engine.project import Project
from tests.engine.designs import autoencoder, branches, chain, nothing_but_names, residual, words
from tests.engine.drawing import block, draw, graph
from tests.engine.ruleless import Probed

IRIS: dict[str, Block] = {
    "x": block("Input", field="features"),
    "fc": block("Linear", out_features=3),
    "label": block("Target", field="species"),
    "loss": block("CrossEntropyLoss"),
}
WIRED = ("x -> fc -> loss.prediction", "label -> loss.target")


def iris(*wires: str, **others: Block) -> Project:
    """A classifier of irises, wired, with other blocks in place of its own or besides."""
    return draw({**IRIS, **others}, *WIRED, *wires, source="Iris")


def with_wires(project: Project, *texts: str) -> Project:
    """Wires as only a file can hold them: no edit would leave them."""
    wires = (*project.graph.wires, *(Wire.parse(text) for text in texts))
    return project.edit(project.graph.model_copy(update={"wires": wires}))


def named(project: Project, key: str, name: str) -> Project:
    nodes = {**project.graph.nodes, key: project.graph.nodes[key].model_copy(update={"name": name})}
    return project.edit(project.graph.model_copy(update={"nodes": nodes}))


ERROR, WARNING = "error", "warning"
# design → the one problem that is looked at: title, severity, block, port, parameter, labels of the fixes
TABLE: dict[str, tuple[Project, tuple[str, str, str | None, str | None, str | None, list[str]]]] = {
    "an empty canvas": (Project(), ("Nothing is drawn yet", ERROR, None, None, None, [])),
    "no input": (
        draw({"fc": block("Linear")}),
        ("There is no input", ERROR, None, None, None, []),
    ),
    "no loss": (
        draw({"x": block("Input", field="pixels"), "fc": block("Linear")}, "x -> fc"),
        ("There is no loss", ERROR, None, None, None, []),
    ),
    "a shape but no data": (
        iris(x=block("Input", sample_shape=(4,))),
        (
            "x has a shape but no data",
            ERROR,
            "x",
            None,
            "field",
            ["Set field of x to features", "Set field of x to sepal", "Set field of x to petal"],
        ),
    ),
    "a shape with which only some fields agree": (
        draw({"x": block("Input", sample_shape=(3, 12, 12)), "conv": block("Conv2d")}, "x -> conv"),
        ("x has a shape but no data", ERROR, "x", None, "field", ["Set field of x to image"]),
    ),
    "a shape where no field works": (
        draw({"x": block("Input", sample_shape=(3, 12, 12)), "conv": block("Conv2d", kernel_size=9)}, "x -> conv"),
        ("x has a shape but no data", ERROR, "x", None, "field", []),
    ),
    "a kind of numbers that no field has": (
        draw({"x": block("Input", sample_shape=(12,), dtype="int64"), "embed": block("Embedding")}, "x -> embed"),
        ("x has a shape but no data", ERROR, "x", None, "field", []),
    ),
    "a circle in front of the loss, which is all that is told": (
        iris("fc -> sum.x1", "sum -> act -> loss.prediction", "act -> sum.x2", sum=block("Add"), act=block("ReLU")),
        ("The wires go round in a circle", ERROR, "sum", "x2", None, ["Remove the wire from act to sum"]),
    ),
    "nothing to learn": (
        iris(fc=block("ReLU")),
        ("There is nothing to learn", ERROR, None, None, None, []),
    ),
    "an input that goes straight into the loss": (
        draw({"x": block("Input", field="pixels"), "mse": block("MSELoss")}, "x -> mse.prediction", "x -> mse.target"),
        ("There is nothing to learn", ERROR, None, None, None, []),
    ),
    "a missing input": (
        draw(IRIS, "fc -> loss.prediction", "label -> loss.target", source="Iris"),
        ("fc is missing an input", ERROR, "fc", "x", None, []),
    ),
    "a missing target": (
        draw(IRIS, "x -> fc -> loss.prediction", source="Iris"),
        ("loss is missing an input", ERROR, "loss", "target", None, ["Wire it to label"]),
    ),
    "a missing input of several": (
        iris("fc -> sum.x1", sum=block("Add")),
        ("sum is missing an input", ERROR, "sum", "x2", None, []),
    ),
    "an input without a field": (
        iris(x=block("Input")),
        (
            "x can't work like this",
            ERROR,
            "x",
            None,
            "field",
            ["Set field of x to features", "Set field of x to sepal", "Set field of x to petal"],
        ),
    ),
    "a target without a field, which is more likely a class than an image": (
        draw({"image": block("Input", field="image"), "label": block("Target")}, source="Digits"),
        (
            "label can't work like this",
            ERROR,
            "label",
            None,
            "field",
            ["Set field of label to digit", "Set field of label to image", "Set field of label to pixels"],
        ),
    ),
    "a field that the dataset lacks": (
        iris(label=block("Target", field="colour")),
        ("label can't work like this", ERROR, "label", None, "field", ["Set field of label to species"]),
    ),
    "an encoding that the field does not have": (
        iris(label=block("Target", field="species", encoding="number")),
        ("label can't work like this", ERROR, "label", None, "encoding", ["Set encoding of label to index"]),
    ),
    "a wire that does not fit": (
        iris("x -> conv", conv=block("Conv2d")),
        ("conv does not fit", ERROR, "conv", "x", None, []),
    ),
    "a window that is too large": (
        chain().edit(chain().graph.change("conv1", kernel_size=(9, 3))),
        (
            "conv1 does not fit",
            ERROR,
            "conv1",
            "x",
            "kernel_size",
            ["Set kernel size of conv1 to 3 × 3", "Set padding of conv1 to 1 × 1"],
        ),
    ),
    "a parameter that contradicts another": (
        draw(
            {"words": block("Input", sample_shape=(5, 4)), "rnn": block("LSTM", dropout=0.5), "out": block("Output")},
            "words -> rnn -> out",
        ),
        (
            "rnn can't work like this",
            ERROR,
            "rnn",
            None,
            "dropout",
            ["Set dropout of rnn to 0", "Set layers of rnn to 2"],
        ),
    ),
    "a target in the wrong form": (
        iris(loss=block("MSELoss")),
        (
            "loss does not fit",
            ERROR,
            "loss",
            "target",
            None,
            ["Set encoding of label to one-hot", "Use CrossEntropyLoss instead"],
        ),
    ),
    "a prediction and a target of other shapes": (
        iris(loss=block("MSELoss"), label=block("Target", field="features")),
        (
            "loss does not fit",
            ERROR,
            "loss",
            "target",
            None,
            ["Set features out of fc to 4", "Put a Linear (4) in front of “prediction”"],
        ),
    ),
    "a circle of two": (
        draw({"a": block("ReLU"), "b": block("ReLU")}, "a -> b -> a"),
        ("The wires go round in a circle", ERROR, "a", "x", None, ["Remove the wire from b to a"]),
    ),
    "a circle of one": (
        draw({"a": block("Add")}, "a -> a.x2"),
        ("The wires go round in a circle", ERROR, "a", "x2", None, ["Remove the wire from a to a"]),
    ),
    "two blocks of one name": (
        named(iris("fc -> act", act=block("ReLU")), "act", "fc"),
        ("“fc” can't be the name of a block", ERROR, "act", None, None, ["Rename to fc1"]),
    ),
    "two blocks of one long name": (
        named(named(iris("fc -> act", act=block("ReLU")), "fc", "f" * 64), "act", "f" * 64),
        (f"“{'f' * 64}” can't be the name of a block", ERROR, "act", None, None, [f"Rename to {'f' * 56}1"]),
    ),
    "a name that Python takes": (
        named(iris(), "fc", "lambda"),
        ("“lambda” can't be the name of a block", ERROR, "fc", None, None, ["Rename to fc1"]),
    ),
    "a name that is code": (
        named(iris(), "loss", 'x"; import os'),
        ('“x"; import os” can\'t be the name of a block', ERROR, "loss", None, None, ["Rename to loss1"]),
    ),
    "a wire from nowhere": (
        with_wires(iris("fc -> act", act=block("ReLU")), "ghost.y -> act.x"),
        ("A wire comes from nowhere", ERROR, "act", None, None, ["Remove the wire"]),
    ),
    "a wire from an output that is not there": (
        with_wires(iris(sum=block("Add")), "fc.z -> sum.x1"),
        ("A wire comes from nowhere", ERROR, "sum", None, None, ["Remove the wire"]),
    ),
    "a wire to nowhere": (
        with_wires(iris(), "fc.y -> ghost.x"),
        ("A wire leads nowhere", ERROR, "fc", None, None, ["Remove the wire"]),
    ),
    "a wire to an input that is not there": (
        with_wires(iris(), "x.y -> fc.z"),
        ("A wire leads nowhere", ERROR, "x", None, None, ["Remove the wire"]),
    ),
    "two wires into one input": (
        with_wires(iris("x -> act", act=block("ReLU")), "act.y -> fc.x"),
        ("Two wires enter fc", ERROR, "fc", "x", None, ["Keep only act"]),
    ),
    "a block that can't be read": (
        iris(odd=Unknown(type_name="Mystery", values_json="{}", reason="No block “Mystery”.")),
        ("odd can't be read", ERROR, "odd", None, None, []),
    ),
    "a block that leads nowhere": (
        iris("fc -> act", act=block("ReLU")),
        ("act leads nowhere", WARNING, "act", None, None, ["Remove act"]),
    ),
    "a loss that no input reaches": (
        draw({**IRIS, "one": block("Target", field="features"), "two": block("MSELoss")}, *WIRED,
             "one -> two.prediction", "one -> two.target", source="Iris"),
        ("No input reaches two", ERROR, "two", "prediction", None, []),
    ),
    "a loss as an input": (
        iris("loss.loss -> act", act=block("ReLU")),
        ("act does not fit", ERROR, "act", "x", None, []),
    ),
}  # fmt: skip


def the_one(project: Project, title: str, block: str | None) -> Problem:
    found = [problem for problem in check(project) if (problem.title, problem.block) == (title, block)]
    assert len(found) == 1, [str(problem) for problem in check(project)]
    return found[0]


@pytest.mark.parametrize("case", TABLE)
def test_tells(case: str) -> None:
    project, (title, severity, where, port, param, labels) = TABLE[case]
    problem = the_one(project, title, where)
    assert (problem.severity, problem.port, problem.param) == (severity, port, param)
    assert [fix.label for fix in problem.fixes] == labels
    assert problem.text.endswith(".")
    if where is not None and port is not None:
        assert port in [entry.name for entry in project.graph.nodes[where].block.input_ports()]


@pytest.mark.parametrize("case", TABLE)
def test_every_fix_mends_it(case: str) -> None:
    project, (title, _, where, *_) = TABLE[case]
    before = project.model_dump()
    for fix in the_one(project, title, where).fixes:
        after = fix.edit(project)
        assert (title, where) not in [(problem.title, problem.block) for problem in check(after)], fix.label
    assert project.model_dump() == before


@pytest.mark.parametrize("make", [chain, branches, residual, autoencoder], ids=lambda make: make.__name__)
def test_a_sound_design_has_no_problems(make: object) -> None:
    assert callable(make)
    assert engine.check(make()) == []


@pytest.mark.parametrize("make", [words, nothing_but_names], ids=lambda make: make.__name__)
def test_what_builds_without_data_says_only_that(make: object) -> None:
    assert callable(make)
    assert all(problem.builds for problem in check(make()))


def test_a_circle_reads_well() -> None:
    for case, part in (("a circle of two", "a → b feed each other"), ("a circle of one", "a feeds itself")):
        assert part in the_one(TABLE[case][0], "The wires go round in a circle", "a").text


def test_the_first_of_one_name_keeps_it() -> None:
    project = named(named(iris("fc -> act", act=block("ReLU")), "act", "same"), "fc", "same")
    assert [p.block for p in check(project) if "name" in p.title] == ["act"]


def test_a_follow_up_of_a_problem_is_not_told_again() -> None:
    """A shape that is missing because of an earlier problem is no problem of its own."""
    project = chain().edit(chain().graph.change("conv1", kernel_size=9))
    assert [problem.block for problem in check(project)] == ["conv1"]


def test_problems_stand_in_one_order() -> None:
    project = with_wires(named(iris("fc -> act", act=block("ReLU")), "fc", "for"), "ghost.y -> act.x")
    assert [str(p) for p in check(project)] == [str(p) for p in check(project.with_(name="again"))]


REFUSALS = [
    ("fc.y -> fc.x", "A block can't feed itself."),
    ("fc.z -> act.x", "fc has no output “z”."),
    ("fc.y -> act.z", "act has no input “z”."),
    ("label.y -> label.x", "A block can't feed itself."),
    ("act.y -> fc.x", "fc feeds act already; the wire would close a circle."),
    ("fc.y -> label.x", "label has no input “x”."),
    ("fc.y -> conv.x", "conv expects channels × height × width, but receives 3 (1 axis)."),
    ("label.y -> lone.x", "lone expects decimal numbers (float32), but receives whole numbers (int64)."),
    (
        "loss.loss -> lone.x",
        "lone expects decimal numbers in any shape for each sample, but receives a loss, which is a single number.",
    ),
    ("fc.y -> emb.x", "emb expects whole numbers (int64), but receives decimal numbers (float32)."),
    ("fc.y -> lone.x", None),
    ("x.y -> fc.x", None),  # there already: it replaces itself
    ("conv.y -> lone.x", None),  # nothing is known of what leaves conv yet
    ("x.y -> loss.prediction", None),  # fits the port; whether it fits the target shows when it is drawn
]


@pytest.mark.parametrize(("wire", "words"), REFUSALS)
def test_refuses_wires_while_they_are_drawn(wire: str, words: str | None) -> None:
    project = iris(
        "fc -> act",
        act=block("ReLU"),
        conv=block("Conv2d"),
        lone=block("Tanh"),
        emb=block("Embedding", embedding_dim=2),
    )
    assert refusal(project, review(project).plan, Wire.parse(wire)) == words


def test_what_is_not_refused_is_drawn_without_a_circle() -> None:
    project = iris("fc -> act", act=block("ReLU"), sum=block("Add"), lone=block("Tanh"))
    planned = review(project).plan
    nodes = project.graph.nodes
    for (source, start), (target, end) in itertools.product(nodes.items(), nodes.items()):
        for output, entry in itertools.product(start.block.output_ports(), end.block.input_ports()):
            wire = Wire(source, output, target, entry.name)
            if refusal(project, planned, wire) is None:
                assert not review(project.edit(project.graph.connect(wire))).plan.cycles


def test_wires_inside_a_group_are_refused_as_outside() -> None:
    inner = graph(
        {"x": GroupInput(), "conv": block("Conv2d"), "fc": block("Linear"), "y": GroupOutput()}, "x -> fc -> y"
    )
    project = iris(stage=Group(graph=inner))
    project = project.edit(project.graph.connect(Wire("x", "y", "stage", "x")))
    seen, planned = project.inside(("stage",)), review(project).plan.inside(("stage",))
    assert refusal(seen, planned, Wire("x", "y", "conv", "x")) == (
        "conv expects channels × height × width, but receives 4 (1 axis)."
    )
    assert refusal(seen, planned, Wire("fc", "y", "x", "x")) == "x has no input “x”."
    assert refusal(seen, planned, Wire("y", "y", "fc", "x")) == "y has no output “y”."
    assert refusal(seen, planned, Wire("x", "y", "fc", "x")) is None
    assert refusal(seen, None, Wire("x", "y", "conv", "x")) is None, "where no shapes are known, none is refused"


def test_a_review_that_may_not_ask_torch_says_what_it_waits_for() -> None:
    project = iris(fc=Probed(rows=3))
    assert not review(iris(), probing=False).pending
    waiting = review(project, probing=False)
    assert waiting.pending
    assert [problem.title for problem in waiting.problems] == []
    assert not review(project).pending
    assert not review(project, probing=False).pending, "what torch said once is remembered"
