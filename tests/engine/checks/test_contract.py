"""What can be wrong with groups and shared weights: how each is told, where, and that its fixes mend it."""

from __future__ import annotations

from typing import Any

import pytest

from engine.blocks import Block
from engine.check import check
from engine.graph import Graph, Wire
from engine.group import Exposed, Group, GroupInput, GroupOutput
from engine.problem import Problem
from engine.project import Project
from engine.weight_settings import WeightSettings
from tests.engine.drawing import block, draw, graph

ERROR, WARNING = "error", "warning"
Told = tuple[str, str, str | None, list[str]]  # title, severity, block, labels of the fixes


def group(blocks: dict[str, Block], *wires: str, **values: Any) -> Group:
    """A group of these blocks, with an input x and an output y."""
    ports: dict[str, Block] = {"x": GroupInput(), "y": GroupOutput()}
    drawn = graph({**ports, **blocks}, *wires)
    return Group(graph=drawn, **values)


def within(stage: Block, *wires: str, **others: Block) -> Project:
    """A classifier of irises whose middle is a block named stage."""
    blocks = {
        "row": block("Input", field="features"),
        "stage": stage,
        "fc": block("Linear", out_features=3),
        "label": block("Target", field="species"),
        "loss": block("CrossEntropyLoss"),
        **others,
    }
    project = draw(blocks, "label -> loss.target", "fc -> loss.prediction", *wires, source="Iris")
    wired = (*project.graph.wires, Wire("row", "y", "stage", "x"), Wire("stage", "y", "fc", "x"))
    return project.edit(Graph(nodes=project.graph.nodes, wires=wired))


def pooled(shrinking: Block, repeat: int) -> Project:
    """A classifier of digits whose middle makes the image smaller, several times."""
    stage = group({"pool": shrinking}, "x -> pool -> y", repeat=repeat)
    blocks = {
        "image": block("Input", field="image"),
        "stage": stage,
        "flat": block("Flatten"),
        "fc": block("Linear", out_features=10),
        "label": block("Target", field="digit"),
        "loss": block("CrossEntropyLoss"),
    }
    return draw(blocks, "image -> stage", "stage -> flat -> fc -> loss.prediction", "label -> loss.target")


def settled(project: Project, key: str, **values: Any) -> Project:
    return project.edit(project.graph.treat(key, WeightSettings().change(**values)))


def renamed_port(project: Project, old: str) -> Project:
    """The project in which a port of the stage is another one, as removing it and adding one leaves it."""
    inner = project.inside(("stage",))
    slim = inner.remove([old])
    kind = type(inner.graph.nodes[old].block)
    grown, new = slim.add(kind(), (0.0, 0.0), "other")
    wires = [Wire(new, "y", "fc1", "x")] if kind is GroupInput else [Wire("fc1", "y", new, "x")]
    return project.put_back(("stage",), grown.edit(grown.graph.connect(wires[0])))


SOUND = group({"fc1": block("Linear", out_features=4), "act": block("ReLU")}, "x -> fc1 -> act -> y")
LINEAR = group({"fc1": block("Linear", out_features=4)}, "x -> fc1 -> y")
NESTED = group({"inner": LINEAR, "act": block("ReLU")}, "x -> inner -> act", "act -> y")
WIDE = group({"fc1": block("Linear", out_features=8), "skip": block("Add")}, "x -> fc1 -> skip.x1", "x -> skip.x2",
             "skip -> y")  # fmt: skip


def shared(stage: Block, *wires: str, **others: Block) -> Project:
    """Two uses of the same weights, `stage` and `stage2`."""
    project = within(stage, **others)
    graph, key = project.graph.share("stage")
    for text in wires:
        graph = graph.connect(Wire.parse(text.replace("again", key)))
    return project.edit(graph)


TABLE: dict[str, tuple[Project, Told]] = {
    "a name inside a group": (
        within(Group(graph=graph({"x": GroupInput(), "y": GroupOutput(), "lambda": block("Linear")},
                                 "x -> lambda -> y"))),
        ("“lambda” can't be the name of a block", ERROR, "stage/lambda", ["Rename to fc1"]),
    ),
    "a circle inside a group": (
        within(group({"a": block("Add"), "b": block("ReLU")}, "x -> a.x1", "a -> b -> a.x2", "b -> y")),
        ("The wires go round in a circle", ERROR, "stage/a", ["Remove the wire from b to a"]),
    ),
    "a circle through a group": (
        within(group({"sum": block("Add"), "z": GroupInput()}, "x -> sum.x1", "z -> sum.x2", "sum -> y"),
               "fc -> stage.z"),
        ("The wires go round in a circle", ERROR, "fc", ["Remove the wire from stage to fc"]),
    ),
    "a misfit two groups deep": (
        within(group({"deep": group({"conv": block("Conv2d")}, "x -> conv -> y")}, "x -> deep -> y")),
        ("conv does not fit", ERROR, "stage/deep/conv", []),
    ),
    "a misfit with a remedy inside": (
        within(group({"soft": block("Softmax", dim=2)}, "x -> soft -> y")),
        ("soft can't work like this", ERROR, "stage/soft", ["Set axis of soft to 1"]),
    ),
    "an input that is missing inside": (
        within(group({"sum": block("Add")}, "x -> sum.x1", "sum -> y")),
        ("sum is missing an input", ERROR, "stage/sum", []),
    ),
    "an output that nothing is wired to": (
        within(group({"fc1": block("Linear"), "z": GroupOutput()}, "x -> fc1 -> y")),
        ("z is missing an input", ERROR, "stage/z", []),
    ),
    "an input of a group that is missing": (
        within(group({"sum": block("Add"), "z": GroupInput()}, "x -> sum.x1", "z -> sum.x2", "sum -> y")),
        ("stage is missing an input", ERROR, "stage", []),
    ),
    "a block that leads nowhere inside": (
        within(group({"fc1": block("Linear"), "act": block("ReLU")}, "x -> fc1 -> act", "fc1 -> y")),
        ("act leads nowhere", WARNING, "stage/act", ["Remove act"]),
    ),
    "an input inside a group": (
        within(group({"row2": block("Input", field="features"), "sum": block("Add")},
                     "x -> sum.x1", "row2 -> sum.x2", "sum -> y")),
        ("row2 can't stand inside a group", ERROR, "stage/row2", ["Make it an input of the group", "Remove row2"]),
    ),
    "an output inside a group": (
        within(group({"fc1": block("Linear"), "out": block("Output")}, "x -> fc1 -> y", "fc1 -> out")),
        ("out can't stand inside a group", ERROR, "stage/out", ["Make it an output of the group", "Remove out"]),
    ),
    "a loss inside a group": (
        within(group({"fc1": block("Linear"), "mse": block("MSELoss")}, "x -> fc1 -> y", "fc1 -> mse.prediction",
                     "x -> mse.target")),
        ("mse can't stand inside a group", ERROR, "stage/mse", ["Remove mse"]),
    ),
    "a port outside of a group": (
        within(block("ReLU"), port=GroupInput()),
        ("port stands outside of a group", ERROR, "port", ["Remove port"]),
    ),
    "a group with nothing inside": (
        within(group({}, "x -> y")),
        ("Nothing is inside stage", ERROR, "stage", ["Remove stage"]),
    ),
    "a group that gives nothing": (
        within(Group(graph=graph({"x": GroupInput(), "fc1": block("Linear")}, "x -> fc1"))),
        ("Nothing leaves stage", ERROR, "stage", ["Let what fc1 gives leave"]),
    ),
    "an input of a group that nobody reads": (
        within(group({"fc1": block("Linear"), "z": GroupInput()}, "x -> fc1 -> y"), "row -> stage.z"),
        ("z is read by nobody", WARNING, "stage/z", ["Remove the input z"]),
    ),
    "an input that is gone": (
        renamed_port(within(LINEAR), "x"),
        ("stage has no input “x” any more", ERROR, "stage", ["Remove the wire", "Wire it to “other”"]),
    ),
    "an input that is gone, and no other fits": (
        renamed_port(within(group({"fc1": block("Conv2d")}, "x -> fc1 -> y")), "x"),
        ("stage has no input “x” any more", ERROR, "stage", ["Remove the wire"]),
    ),
    "an output that is gone": (
        renamed_port(within(LINEAR), "y"),
        ("stage has no output “y” any more", ERROR, "stage", ["Remove the wire", "Wire it to “other”"]),
    ),
    "a repeat that can't feed itself": (
        pooled(block("MaxPool2d"), repeat=4),
        ("stage can't work like this", ERROR, "stage",
         ["Set repeat of stage to 3", "Set stride of pool in stage to 1 × 1",
          "Set padding of pool in stage to 1 × 1", "Set kernel size of pool in stage to 1 × 1"]),
    ),
    "a repeat that can't feed itself even once": (
        pooled(block("Conv2d", kernel_size=5, out_channels=1), repeat=2),
        ("stage can't work like this", ERROR, "stage",
         ["Repeat stage once", "Set padding of pool in stage to 1 × 1", "Set kernel size of pool in stage to 4 × 4"]),
    ),
    "a group with more outputs than inputs, repeated": (
        within(group({"fc1": block("Linear", out_features=4), "z": GroupOutput()}, "x -> fc1 -> y", "fc1 -> z",
                     repeat=2)),
        ("stage can't work like this", ERROR, "stage", ["Repeat stage once"]),
    ),
    "a class name of torch's": (
        within(LINEAR.change(title="F")),
        ("“F” can't be the class of stage", ERROR, "stage", ["Rename the class to FBlock"]),
    ),
    "a parameter that is gone": (
        within(LINEAR.model_copy(update={"exposed": (Exposed("Width", "ghost", "out_features"),)})),
        ("stage offers parameters that are gone: “Width”", WARNING, "stage", ["Hide what can't be set"]),
    ),
    "a parameter offered twice": (
        within(LINEAR.expose("Width", "fc1", "out_features").expose("Size", "fc1", "out_features")),
        ("stage offers one parameter twice", WARNING, "stage", ["Hide what can't be set"]),
    ),
    "a label that every group has": (
        within(LINEAR.expose("repeat", "fc1", "out_features")),
        ("“repeat” can't be set on stage", WARNING, "stage", ["Hide “repeat”"]),
    ),
    "a label for two kinds of values": (
        within(LINEAR.expose("Width", "fc1", "out_features").expose("Width", "fc1", "bias")),
        ("“Width” can't be set on stage", WARNING, "stage", ["Hide “Width”"]),
    ),
    "weights of other shapes": (
        shared(block("Linear", out_features=4), "fc.y -> again.x", end=block("Output")),
        ("stage1 can't use the weights of stage", ERROR, "stage1", ["Give stage1 weights of its own"]),
    ),
    "a group with weights of other shapes": (
        shared(SOUND, "fc.y -> again.x"),
        ("stage1 can't use the weights of stage", ERROR, "stage1", ["Give stage1 weights of its own"]),
    ),
    "everything frozen": (
        settled(settled(within(SOUND), "stage", frozen=True), "fc", frozen=True),
        ("There is nothing to learn", ERROR, None, ["Let all weights learn"]),
    ),
    "everything frozen inside": (
        settled(within(group({"inner": LINEAR}, "x -> inner -> y")).put_back(
            ("stage", "inner"), settled(within(NESTED).inside(("stage", "inner")), "fc1", frozen=True)),
            "fc", frozen=True),
        ("There is nothing to learn", ERROR, None, ["Let all weights learn"]),
    ),
    "orthogonal vectors": (
        settled(within(block("BatchNorm1d")), "stage", initialisation="orthogonal", amount=2.0),
        ("stage has nothing that could begin as orthogonal", WARNING, "stage",
         ["Let stage begin as PyTorch chooses"]),
    ),
    "a decay without weights": (
        settled(within(block("Tanh")), "stage", weight_decay=0.1),
        ("stage has no weights", WARNING, "stage", ["Set its weights back to the defaults"]),
    ),
}  # fmt: skip


def the_one(project: Project, title: str, where: str | None) -> Problem:
    found = [problem for problem in check(project) if (problem.title, problem.block) == (title, where)]
    assert len(found) == 1, [f"{problem.block}: {problem}" for problem in check(project)]
    return found[0]


@pytest.mark.parametrize("case", TABLE)
def test_tells(case: str) -> None:
    project, (title, severity, where, labels) = TABLE[case]
    problem = the_one(project, title, where)
    assert problem.severity == severity
    assert [fix.label for fix in problem.fixes] == labels
    assert problem.text.endswith(".")


@pytest.mark.parametrize("case", TABLE)
def test_every_fix_mends_it(case: str) -> None:
    project, (title, _, where, _) = TABLE[case]
    before = project.model_dump()
    for fix in the_one(project, title, where).fixes:
        after = fix.edit(project)
        assert (title, where) not in [(problem.title, problem.block) for problem in check(after)], fix.label
    assert project.model_dump() == before


SOUND_ONES = {
    "plain": SOUND,
    "nested": NESTED,
    "repeated": SOUND.change(repeat=3),
    "exposed": SOUND.expose("Width", "fc1", "bias"),
    "two of one class": group({"a": LINEAR, "b": LINEAR}, "x -> a", "a -> b", "b -> y"),
}


@pytest.mark.parametrize("name", SOUND_ONES)
def test_sound_groups_have_no_problems(name: str) -> None:
    assert check(within(SOUND_ONES[name])) == []


def test_uses_of_the_same_weights_are_told_of_once() -> None:
    loose = group({"fc1": block("Linear", out_features=4), "act": block("ReLU")}, "x -> fc1 -> y", "x -> act")
    project = shared(loose, "row.y -> again.x", "again.y -> end.x", end=block("Output"))
    assert [problem.block for problem in check(project)] == ["stage/act"]


def test_what_does_not_fit_in_one_use_alone_is_told_there() -> None:
    project = shared(WIDE.with_graph(WIDE.graph.change("fc1", out_features=4)), "wide.y -> again.x", "row.y -> wide.x",
                     "again.y -> end.x", wide=block("Linear", out_features=5), end=block("Output"))  # fmt: skip
    assert [problem.block for problem in check(project) if "fit" in problem.title] == ["stage1/skip"]


def test_a_fix_inside_a_group_reaches_every_use() -> None:
    inner = group({"soft": block("Softmax", dim=2)}, "x -> soft -> y")
    project = shared(inner, "row.y -> again.x", "again.y -> end.x", end=block("Output"))
    problem = the_one(project, "soft can't work like this", "stage/soft")
    mended = problem.fixes[0].edit(project)
    assert check(mended) == []
    assert mended.graph.nodes["stage"].block == mended.graph.nodes["stage1"].block != project.graph.nodes["stage"].block


def test_removing_an_input_takes_its_wires_along() -> None:
    project, _ = TABLE["an input of a group that nobody reads"]
    mended = the_one(project, "z is read by nobody", "stage/z").fixes[0].edit(project)
    assert check(mended) == []


def test_a_fix_that_adds_a_port_gives_it_a_place() -> None:
    project, _ = TABLE["a group that gives nothing"]
    mended = the_one(project, "Nothing leaves stage", "stage").fixes[0].edit(project)
    inner = mended.inside(("stage",))
    assert [key for key, node in inner.graph.nodes.items() if isinstance(node.block, GroupOutput)] == [*inner.layout]
