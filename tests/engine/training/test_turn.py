"""What a step of a batch may be, how a file holds it, and how it follows the edits of the drawing."""

from __future__ import annotations

from typing import Any

import pytest

from engine.copying import share, unshare
from engine.grouping import make_group, ungroup
from engine.project import Project
from engine.record import BadValue
from engine.storage import Unreadable, dumps, loads
from engine.training.optimizers import LBFGS
from engine.training.schedules import ReduceOnPlateau
from engine.training.settings import TrainingSettings
from engine.training.turn import Turn, owned
from tests.drawn.networks import gan
from tests.engine.drawing import block, draw

ONE, TWO = Turn(name="one", losses=("a",), blocks=("b",)), Turn(name="two", losses=("c",), blocks=("d/e",))


def test_the_default_is_one_step_over_everything() -> None:
    assert TrainingSettings().turns == ()
    assert '"turns"' not in dumps(Project())


@pytest.mark.parametrize(
    ("path", "moves"),
    [("b", True), ("b/c", True), ("bc", False), ("d", False), ("d/e", True), ("d/e/f", True), ("", False)],
)
def test_a_group_stands_for_all_in_it(path: str, moves: bool) -> None:
    assert Turn(blocks=("b", "d/e")).moves(path) == moves


@pytest.mark.parametrize(("every", "due"), [(1, [0, 1, 2, 3, 4, 5]), (2, [1, 3, 5]), (5, [4])])
def test_it_is_due_at_each_batch_of_its_number(every: int, due: list[int]) -> None:
    assert [batch for batch in range(6) if Turn(every=every).due(batch)] == due


@pytest.mark.parametrize(
    ("values", "name", "words"),
    [
        ({"every": 0}, "every", "Every n-th batch must be at least 1"),
        ({"name": "  "}, "name", "Name must be 1 to 40 letters"),
        ({"name": "n" * 41}, "name", "Name must be 1 to 40 letters"),
        ({"learning_rate": 0}, "learning_rate", "Rate factor must be more than 0"),
    ],
)
def test_what_a_step_can_not_be(values: dict[str, Any], name: str, words: str) -> None:
    with pytest.raises(BadValue, match=words) as refusal:
        Turn.build(values)
    assert set(refusal.value.errors) == {name}


@pytest.mark.parametrize(
    ("values", "name", "words"),
    [
        ({"turns": (ONE, TWO.change(name="one"))}, "turns", "Two steps are called “one”"),
        ({"turns": (ONE.change(every=2), TWO.change(every=3))}, "turns", "At least one step must be taken at each"),
        ({"turns": (ONE.change(every=2),)}, "turns", "At least one step must be taken at each"),
        ({"turns": (ONE, TWO), "accumulate": 2}, "accumulate", "Batches a step must be 1"),
        ({"turns": (ONE, TWO), "patience": 3}, "patience", "Stop early after needs another Watched score first"),
        ({"turns": (ONE, TWO), "target_loss": 0.1}, "target_loss", "Target loss needs another Watched score"),
        ({"turns": (ONE, TWO), "schedule": ReduceOnPlateau()}, "schedule", "needs another Watched score first"),
        ({"turns": (ONE, TWO.change(learning_rate=2)), "optimizer": LBFGS()}, "turns", "LBFGS moves all weights"),
    ],
)
def test_what_several_steps_do_not_go_with(values: dict[str, Any], name: str, words: str) -> None:
    with pytest.raises(BadValue, match=words) as refusal:
        TrainingSettings().change(**values)
    assert set(refusal.value.errors) == {name}


def test_with_a_score_to_watch_a_run_may_stop_early() -> None:
    assert TrainingSettings().change(turns=(ONE, TWO), watch="a", patience=3, schedule=ReduceOnPlateau())


def test_a_file_holds_it() -> None:
    project = Project(training=TrainingSettings(turns=(ONE, TWO.change(every=5, learning_rate=0.5))))
    assert loads(dumps(project)) == project
    assert '"turns": [{"name": "one", "losses": ["a"], "blocks": ["b"]}, {"name": "two", "losses": ["c"], ' in dumps(
        project
    )


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('"losses": ["a"]', '"losses": "a"', "“losses” should be a list"),
        ('"losses": ["a"]', '"losses": [1]', "the “losses” of a step should be ids of blocks"),
        ('"blocks": ["b"]', '"colour": ["b"]', "Turn has no parameter “colour”"),
        ('[{"name": "one"', '[7, {"name": "one"', "each of the “turns” should be an object"),
        ('{"name": "one"', '{"name": "two"', "Two steps are called “two”"),
    ],
)
def test_a_damaged_file_is_refused_in_words(before: str, after: str, words: str) -> None:
    text = dumps(Project(training=TrainingSettings(turns=(ONE, TWO))))
    assert before in text
    with pytest.raises(Unreadable, match=words):
        loads(text.replace(before, after))


def test_shared_weights_belong_to_their_owner() -> None:
    graph = gan().graph
    turns = (Turn(blocks=("judge_again", "judge/fc1", "judge_again/fc2", "gone/fc1", "judge/fc1/in")),)
    (turn,) = owned(turns, graph)
    assert turn.blocks == ("judge", "judge/fc1", "judge/fc2", "gone/fc1", "judge/fc1/in")
    plain = gan().training.turns
    assert owned(plain, graph) is plain


# How it follows edits


def blocks(project: Project) -> list[tuple[str, ...]]:
    return [turn.blocks for turn in project.training.turns]


def flat() -> Project:
    """Three layers in a row, and a second use of the last."""
    parts = {"x": block("Input", field="features"), **{name: block("Linear") for name in ("one", "two", "three")}}
    parts |= {"loss": block("MSELoss")}
    turns = (Turn(name="a", losses=("loss",), blocks=("one", "two")), Turn(name="b", blocks=("three",)))
    project = draw(parts, "x -> one -> two -> three", source="Iris", turns=turns)
    return share(project, "three", (0.0, 0.0))[0]


def test_what_is_deleted_goes_and_heirs_take_its_place() -> None:
    project = flat().remove(["two", "three", "loss"])
    (heir,) = (key for key, node in project.graph.nodes.items() if node.name.startswith("three"))
    assert blocks(project) == [("one",), (heir,)]
    assert [turn.losses for turn in project.training.turns] == [(), ()]
    assert project.remove(["x"]).training is project.training


def test_blocks_that_part_are_both_moved_on() -> None:
    project = flat()
    other = next(key for key in project.graph.nodes if project.graph.nodes[key].same_as)
    for key in ("three", other):
        assert set(blocks(unshare(project, key))[1]) == {"three", other}


def test_a_rename_changes_nothing() -> None:
    project = flat()
    assert project.edit(project.graph.rename("one", "first")).training is project.training


def test_grouping_and_ungrouping_go_there_and_back() -> None:
    project = flat()
    folded, key = make_group(project, ["one"], "Front")
    assert blocks(folded) == [("two", key), ("three",)]  # all of the group
    part, key = make_group(project, ["one", "two"], "Front")
    assert blocks(part)[0] == (key,)
    mixed = project.with_(training=project.training.change(turns=(Turn(name="a", blocks=("two",)),)))
    half, key = make_group(mixed, ["one", "two"], "Front")
    assert blocks(half) == [(f"{key}/two",)]
    assert blocks(ungroup(half, key)[0]) == [("two",)]
    assert blocks(ungroup(part, key)[0])[0] == ("one", "two")


def test_the_blocks_of_a_repeated_group_are_all_moved_when_it_is_undone() -> None:
    project, key = make_group(flat(), ["one", "two"], "Front")
    project = project.edit(project.graph.change(key, repeat=2))
    after, ids = ungroup(project, key)
    assert set(blocks(after)[0]) == set(ids)
    assert len(ids) == 4


def test_edits_inside_of_a_group_are_followed() -> None:
    project = gan()
    turns = (Turn(name="a", blocks=("generator/fc1", "generator/fc2", "judge")), Turn(name="b", blocks=("generator",)))
    project = project.with_(training=project.training.change(turns=turns))
    inner = project.inside(("generator",))
    assert blocks(inner) == [("fc1", "fc2"), ()]
    after = project.put_back(("generator",), inner.remove(["fc1"]))
    assert blocks(after) == [("judge", "generator/fc2"), ("generator",)]
    assert project.put_back(("generator",), inner).training == project.training
    assert project.put_back((), project) is project
