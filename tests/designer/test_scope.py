"""The document as seen from inside its groups: the same edits, the same undo, at the right place."""

from __future__ import annotations

import pytest

from designer.document import Document
from engine.blocks import CATALOGUE
from engine.check import Review
from engine.grouping import ungroup
from engine.problem import Fix, Problem
from engine.project import Project
from tests.grouped import grouped

WAY = ("encoder1", "residual_block1")


@pytest.fixture
def document(qapp: object) -> Document:
    return Document(grouped())


def told(document: Document) -> list[str]:
    """What the scope has said since the last call, one word each."""
    words: list[str] = []
    document.here.moved.connect(lambda path: words.append("/".join(path) or "out"))
    document.here.changed.connect(lambda _project: words.append("changed"))
    document.here.reviewed.connect(lambda _review: words.append("reviewed"))
    return words


def test_outside_of_groups_all_is_as_in_the_document(document: Document) -> None:
    assert document.here.project is document.project
    assert document.here.review is document.review
    assert (document.here.path, document.here.names, document.here.group) == ((), (), None)


def test_inside_a_group_its_blocks_shapes_and_problems_are_seen(document: Document) -> None:
    here, words = document.here, told(document)
    here.enter("encoder1")
    here.enter("residual_block1")
    assert words == ["encoder1", "changed", "reviewed", "encoder1/residual_block1", "changed", "reviewed"]
    assert here.path == WAY
    assert here.names == ("encoder", "stage1")
    assert here.group is not None
    assert here.group.repeat == 3
    assert set(here.project.graph.nodes) >= {"conv1", "relu1", "conv2", "add", "relu2"}
    assert here.review.plan.steps["conv2"].leaves == document.review.plan.inside(WAY).steps["conv2"].leaves  # type: ignore[union-attr]
    assert here.review.problems == ()
    here.leave()
    assert here.path == ("encoder1",)
    here.go(())
    assert here.project is document.project


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [(("image",), ()), (("encoder1", "stem"), ("encoder1",)), (("nothing",), ()), ((*WAY, "conv1"), WAY)],
)
def test_one_comes_as_far_as_the_way_leads(
    document: Document, wanted: tuple[str, ...], reached: tuple[str, ...]
) -> None:
    document.here.go(wanted)
    assert document.here.path == reached


def test_an_edit_inside_is_one_step_of_the_document(document: Document) -> None:
    before, here = document.project, document.here
    here.go(WAY)
    inner = here.project
    here.change(inner.edit(inner.graph.change("conv1", kernel_size=(5, 5))), "Change Kernel size")
    assert document.undo_stack.count() == 1
    assert document.project.inside(WAY).graph.nodes["conv1"].block.kernel_size == (5, 5)  # type: ignore[attr-defined]
    assert here.project.graph.nodes["conv1"].block.kernel_size == (5, 5)  # type: ignore[attr-defined]
    document.undo_stack.undo()
    assert document.project == before
    assert here.project == inner


def test_edits_that_merge_inside_do_not_merge_with_those_of_another_group(document: Document) -> None:
    here = document.here
    for path, places in ((WAY, (1.0, 2.0)), (("encoder1",), (1.0, 2.0)), (WAY, (3.0, 4.0))):
        here.go(path)
        first = next(iter(here.project.graph.nodes))
        for x in places:
            here.change(here.project.move({first: (x, 0.0)}), "Move", merge="move")
    assert document.undo_stack.count() == 3


def test_undo_goes_where_the_edit_was_made(document: Document) -> None:
    here = document.here
    here.go(WAY)
    here.change(here.project.move({"conv1": (9, 9)}), "Move")
    here.go(())
    outer, _ = here.project.add(CATALOGUE["ReLU"](), (0, 0))
    here.change(outer, "Add")
    here.go(("tower1",))
    document.undo_stack.undo()
    assert here.path == ()
    document.undo_stack.undo()
    assert here.path == WAY
    here.go(())
    document.undo_stack.redo()
    assert here.path == WAY


def test_what_is_edited_elsewhere_leaves_one_where_one_is(document: Document) -> None:
    document.here.go(WAY)
    project = document.project
    document.change(project.with_(training=project.training.change(epochs=3)), "Change Epochs")
    assert document.here.path == WAY
    document.undo_stack.undo()
    assert document.here.path == WAY


def test_when_the_group_vanishes_one_is_in_what_was_around_it(document: Document) -> None:
    here = document.here
    here.go(WAY)
    inner, _ = ungroup(document.project.inside(("encoder1",)), "residual_block1")
    document.change(document.project.put_back(("encoder1",), inner), "Ungroup")
    assert here.path == ("encoder1",)
    assert "conv1" in here.project.graph.nodes
    document.change(document.project.remove(["encoder1"]), "Delete")
    assert here.path == ()
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert here.project == document.project.inside(here.path)


def test_another_project_is_shown_from_outside(document: Document) -> None:
    document.here.go(WAY)
    document.open(Project(name="other"), None)
    assert document.here.path == ()
    assert document.here.project.name == "other"


def problem(way: str | None) -> Problem:
    return Problem(f"at {way}", "…", way)


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ((), ["image", "encoder1", "encoder1/stem", "encoder1/residual_block1/conv1", "tower1/act", None]),
        (("encoder1",), [None, "stem", "residual_block1/conv1"]),
        (WAY, ["conv1"]),
        (("tower1",), ["act"]),
        (("left1",), ["act"]),  # the same weights: what is wrong in one is wrong in both
    ],
)
def test_problems_by_where_one_is(document: Document, path: tuple[str, ...], seen: list[str | None]) -> None:
    ways = ["image", "encoder1", "encoder1/stem", "encoder1/residual_block1/conv1", "tower1/act", None]
    document._reviewed(Review(document.review.plan, tuple(problem(way) for way in ways)))
    document.here.go(path)
    assert [one.block for one in document.here.review.problems] == seen
    for one in document.here.review.problems:
        told_there = document.here.way_to(one)
        assert told_there[: len(path)] == path


def test_a_mended_problem_is_undone_where_it_was_mended(document: Document) -> None:
    document.here.go(WAY)
    fix = Fix("Rename", lambda project: project.with_(name="mended"))
    document.here.mend(fix)
    assert document.project.name == "mended"
    document.here.go(())
    document.undo_stack.undo()
    assert document.here.path == WAY


def test_the_plan_of_what_might_be_here(document: Document) -> None:
    here = document.here
    here.go(("encoder1",))
    inner, key = here.project.add(CATALOGUE["ReLU"](), (0, 0))
    planned = here.plan_of(inner)
    assert key in planned.steps
    assert planned.steps["stem"].leaves == here.review.plan.steps["stem"].leaves, "what enters the group is known"
    assert document.undo_stack.count() == 0
