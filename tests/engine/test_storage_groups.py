"""Files hold groups, shared weights, settings of weights and notes exactly; what is malformed is refused in words."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given

from engine.blocks.unknown import Unknown
from engine.graph import Graph
from engine.group import Exposed, Group
from engine.grouping import make_group
from engine.plan import plan
from engine.project import Position, Project
from engine.storage import DEEPEST, Unreadable, dumps, loads
from engine.weight_settings import WeightSettings
from tests.drawn.drawing import group
from tests.engine.designs import attention, groups, siamese
from tests.engine.drawing import block, draw
from tests.engine.examples import examples
from tests.engine.random_graphs import projects


def small() -> Project:
    """A group that is repeated and shared, and a layer with settings and a note."""
    inner = group(
        "Unit",
        {"fc": block("Linear", out_features=3), "act": block("ReLU")},
        "x -> fc -> act -> y",
        repeat=2,
        exposed={"Width": "fc.out_features"},
    )
    project = draw(
        {"x": block("Input", sample_shape=(3,)), "unit1": inner, "fc": block("Linear", out_features=3)},
        "x -> unit1 -> fc",
        name="small",
    )
    graph, unit2 = project.graph.share("unit1")
    graph = graph.treat("fc", WeightSettings(initialisation="normal", amount=0.5, frozen=True, l1=0.25))
    graph = graph.annotate("fc", "Warum?\n“so”").annotate(unit2, "again")
    places = {"unit1": (10.0, 0.0), "unit1/fc": (5.0, 5.0), unit2: (20.5, 0.0)}
    return project.edit(graph).move(places)


BLOCKS = """ "blocks": {
  "x": {"name": "x", "block": "Input", "field": "", "sample_shape": [3], "dtype": "float32"},
  "unit1": {"name": "unit1", "block": "Group", "title": "Unit", "repeat": 2, "exposed": [["Width", "fc", "out_features"]], "graph": {
   "blocks": {
    "x": {"name": "x", "block": "GroupInput"},
    "fc": {"name": "fc", "block": "Linear", "out_features": 3, "bias": true, "weight_norm": "none"},
    "act": {"name": "act", "block": "ReLU"},
    "y": {"name": "y", "block": "GroupOutput"}
   },
   "wires": [
    "x.y -> fc.x",
    "fc.y -> act.x",
    "act.y -> y.x"
   ]
  }},
  "fc": {"name": "fc", "block": "Linear", "out_features": 3, "bias": true, "weight_norm": "none", "weights": {"initialisation": "normal", "amount": 0.5, "frozen": true, "l1": 0.25}, "note": "Warum?\\n“so”"},
  "unit2": {"name": "unit2", "same_as": "unit1", "note": "again"}
 },
 "wires": [
  "x.y -> unit1.x",
  "unit1.y -> fc.x"
 ],
 "layout": {
  "unit1": [10, 0],
  "unit1/fc": [5, 5],
  "unit2": [20.5, 0]
 }
}
"""  # noqa: E501


def test_a_group_reads_like_this() -> None:
    assert dumps(small()).endswith(BLOCKS)
    again = loads(dumps(small()))
    assert again == small()
    node = again.graph.nodes["unit2"]
    assert (node.same_as, node.note, node.weights) == ("unit1", "again", WeightSettings())
    assert node.block is again.graph.nodes["unit1"].block


@pytest.mark.parametrize("make", [groups, siamese, attention])
def test_designs_with_groups_survive(make: Any) -> None:
    project = make()
    assert loads(dumps(project)) == project
    assert dumps(loads(dumps(project))) == dumps(project)


@examples(1)
@given(projects())
def test_any_drawing_survives(project: Project) -> None:
    text = dumps(project)
    again = loads(text)
    assert again.graph == project.graph
    assert dumps(again) == text
    assert plan(again.graph, {}).parameters == plan(project.graph, {}).parameters


def test_uses_of_the_same_weights_are_written_once() -> None:
    data = json.loads(dumps(small()))
    assert data["blocks"]["unit2"] == {"name": "unit2", "same_as": "unit1", "note": "again"}
    assert not any(key.startswith("unit2/") for key in data["layout"])


def test_the_layout_inside_of_groups_is_kept() -> None:
    project = small().move({"unit1/act": (-3.0, 4.5), "nobody": (1.0, 1.0), "unit1/nobody": (1.0, 1.0)})
    again = loads(dumps(project))
    assert again.layout["unit1/act"] == Position(-3, 4.5)
    assert set(again.layout) == {"unit1", "unit1/fc", "unit1/act", "unit2"}
    assert again.inside(("unit2",)).layout == {"fc": Position(5, 5), "act": Position(-3, 4.5)}


def changed(path: str, value: Any) -> str:
    """The small project's file with another value at a place such as "blocks/unit1/graph/wires"."""
    data = copy.deepcopy(json.loads(dumps(small())))
    *front, last = path.split("/")
    place = data
    for key in front:
        place = place[key]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return json.dumps(data)


UNIT, INNER = "blocks/unit1", "blocks/unit1/graph"
REFUSED = {
    "a graph without blocks": (f"{INNER}/blocks", ..., "“blocks” is missing"),
    "a graph without wires": (f"{INNER}/wires", ..., "“wires” is missing"),
    "blocks in a list": (f"{INNER}/blocks", [], "“blocks” should be an object"),
    "wires in an object": (f"{INNER}/wires", {}, "“wires” should be a list"),
    "a wire that is none": (f"{INNER}/wires", ["x -> fc"], "is no wire"),
    "a wire that is no text": (f"{INNER}/wires", [["x.y -> fc.x"]], "is no wire"),
    "a block that is no object": (f"{INNER}/blocks/fc", "Linear", "the block “fc” has no type"),
    "a block without a type": (f"{INNER}/blocks/fc", {"name": "fc"}, "the block “fc” has no type"),
    "a type that is no text": (f"{INNER}/blocks/fc/block", 3, "the block “fc” has no type"),
    "a name that is no text": (f"{INNER}/blocks/fc/name", ["fc"], "the name of the block “fc” should be text"),
    "a note that is no text": (f"{INNER}/blocks/fc/note", 7, "the note of the block “fc” should be text"),
    "a note of a use that is no text": ("blocks/unit2/note", {}, "the note of the block “unit2” should be text"),
    "an id with a slash": (f"{INNER}/blocks/a/b", {"name": "a", "block": "ReLU"}, None),
    "an id with a dot": ("blocks/a.b", {"name": "a", "block": "ReLU"}, "“a.b” can't be the id of a block"),
    "an empty id": ("blocks/", {"name": "a", "block": "ReLU"}, "“” can't be the id of a block"),
    "an id with a line break": ("blocks/a\n", {"name": "a", "block": "ReLU"}, "can't be the id of a block"),
    "an id of a use with a dot": ("blocks/a.b", {"name": "a", "same_as": "fc"}, "“a.b” can't be the id of a block"),
    "weights of nobody": ("blocks/unit2/same_as", "unit9", "shares the weights of “unit9”, which has none of its own"),
    "weights of itself": ("blocks/unit2/same_as", "unit2", "shares the weights of “unit2”, which has none"),
    "weights of a use": ("blocks/unit3", {"same_as": "unit2"}, "shares the weights of “unit2”, which has none"),
    "weights of a block inside": ("blocks/unit2/same_as", "unit1/fc", "which has none of its own"),
    "weights of a number": ("blocks/unit2/same_as", 1, "the same_as of the block “unit2” should be text"),
    "weights of nothing": ("blocks/unit2/same_as", None, "the same_as of the block “unit2” should be text"),
    "weights of an empty name": ("blocks/unit2/same_as", "", "which has none of its own"),
    "settings in a list": ("blocks/fc/weights", [], "“weights” should be an object"),
    "a setting that there is not": ("blocks/fc/weights/colour", 1, "WeightSettings has no parameter “colour”"),
    "an initialisation that there is not": ("blocks/fc/weights/initialisation", "eye", "Initialisation must be"),
    "a scale that is no number": ("blocks/fc/weights/amount", "much", "Scale or value must be a number"),
    "a scale without end": ("blocks/fc/weights/amount", 1e999, "infinite"),
    "a negative spread": ("blocks/fc/weights/amount", -1, "Scale or value must be at least 0"),
    "a scale beyond all numbers": ("blocks/fc/weights/amount", 10**400, "Scale or value must be"),
    "a negative penalty": ("blocks/fc/weights/l1", -1, "L1 penalty must be at least 0"),
    "a decay that is no number": ("blocks/fc/weights/weight_decay", [], "Weight decay must be a number"),
    "a place beyond all numbers": ("layout/fc", [10**400, 0], "the place of “fc” should be two numbers"),
    "a place inside that is none": ("layout/unit1/fc", [1], None),
    "a place of three numbers": ("layout/fc", [1, 2, 3], "the place of “fc” should be two numbers"),
    "a true place": ("layout/fc", [True, 2], "the place of “fc” should be two numbers"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refuses_what_is_malformed(case: str) -> None:
    path, value, words = REFUSED[case]
    if words is None:  # a place whose key has a slash
        data = json.loads(dumps(small()))
        section, key = ("layout", "unit1/fc") if path.startswith("layout") else ("blocks", "a/b")
        data[section][key] = value
        text, words = json.dumps(data), "“unit1/fc”" if section == "layout" else "“a/b” can't be the id of a block"
    else:
        text = changed(path, value)
    with pytest.raises(Unreadable, match="damaged") as refused:
        loads(text, "small.plexus")
    assert words in str(refused.value)


KEPT = {
    "a graph that is no object": (INNER, "x", "graph"),
    "no graph": (INNER, [], "graph"),
    "a repeat that is no number": (f"{UNIT}/repeat", "x", "Repeat must be a whole number, not “x”."),
    "a repeat of none": (f"{UNIT}/repeat", 0, "Repeat must be at least 1, at most 1000, not 0."),
    "a repeat too often": (f"{UNIT}/repeat", 10**9, "Repeat must be at least 1, at most 1000, not 1000000000."),
    "a title that is none": (f"{UNIT}/title", "unit", "Class must be a capital letter"),
    "a title with code": (f"{UNIT}/title", "Unit(print)", "Class must be a capital letter"),
    "a title too long": (f"{UNIT}/title", "U" * 61, "Class must be a capital letter"),
    "a title that is True": (f"{UNIT}/title", "True", "Class must be a capital letter"),
    "exposed rubbish": (f"{UNIT}/exposed", "rubbish", "exposed"),
    "exposed numbers": (f"{UNIT}/exposed", [1, 2, 3], "exposed"),
    "exposed pairs": (f"{UNIT}/exposed", [["Width", "fc"]], "exposed"),
    "exposed in a dict": (f"{UNIT}/exposed", {"Width": "fc"}, "exposed"),
    "an unknown parameter": (f"{UNIT}/colour", "red", "Group has no parameter “colour”."),
}


@pytest.mark.parametrize("case", KEPT)
def test_a_group_that_can_not_be_read_is_kept(case: str) -> None:
    path, value, words = KEPT[case]
    text = changed(path, value)
    project = loads(text)
    odd = project.graph.nodes["unit1"].block
    assert isinstance(odd, Unknown)
    assert words in odd.reason
    assert project.graph.nodes["unit2"].block is odd, "its other use as well"
    assert json.loads(dumps(project))["blocks"]["unit1"] == json.loads(text)["blocks"]["unit1"]
    assert dumps(loads(dumps(project))) == dumps(project)
    assert not plan(project.graph, {}).steps["unit1"].complete


def test_an_unknown_block_inside_a_group_is_kept() -> None:
    text = changed(f"{INNER}/blocks/act", {"name": "act", "block": "Mystery", "depth": [1, {"b": 2, "a": 1}]})
    project = loads(text)
    inner = project.inside(("unit1",)).graph
    assert isinstance(inner.nodes["act"].block, Unknown)
    assert (inner.nodes["act"].block.ins, inner.nodes["act"].block.outs) == (("x",), ("y",))
    assert json.loads(dumps(project))["blocks"] == json.loads(text)["blocks"]


@pytest.mark.parametrize(
    "entry",
    [["Width", "nobody", "out_features"], ["Width", "fc", "nothing"], ["", "", ""], ["title", "fc", "out_features"]],
)
def test_what_is_exposed_may_be_gone(entry: list[str]) -> None:
    project = loads(changed(f"{UNIT}/exposed", [entry]))
    unit = project.graph.nodes["unit1"].block
    assert isinstance(unit, Group)
    assert unit.exposed == (Exposed(*entry),)
    assert unit.exposed_labels() == (("title",) if entry[0] == "title" else ())
    assert loads(dumps(project)) == project


def nested(levels: int) -> Project:
    project = draw(
        {"x": block("Input", sample_shape=(3,)), "fc": block("Linear", out_features=3), "out": block("Output")},
        "x -> fc -> out",
    )
    key = "fc"
    for _ in range(levels):
        project, key = make_group(project, [key])
    return project


def test_groups_may_be_nested_deeply() -> None:
    project = nested((DEEPEST - 4) // 3)
    assert loads(dumps(project)) == project
    assert plan(project.graph, {}).parameters == 12


def test_too_deep_a_nesting_is_refused_in_words() -> None:
    text = dumps(nested(2))
    front, core, back = text.partition('{"name": "fc", "block": "Linear"')
    deep = front + '{"name": "g", "block": "Group", "graph": ' * 200 + core + back + "}" * 200
    with pytest.raises(Unreadable):
        loads(deep)
    for brackets in ("[" * 100_000, "[" * 400 + "]" * 400, '{"a":' * 200 + "1" + "}" * 200):
        with pytest.raises(Unreadable):
            loads(changed("notes", None).replace("null", brackets))


def test_a_wire_to_a_port_that_is_gone_stays() -> None:
    text = changed(f"{INNER}/blocks/y/name", "other")
    project = loads(text)
    assert [str(wire) for wire in project.graph.wires] == ["x.y -> unit1.x", "unit1.y -> fc.x"]
    assert loads(dumps(project)) == project


def test_a_graph_alone_knows_nothing_of_files() -> None:
    assert Graph() == loads(dumps(Project())).graph
