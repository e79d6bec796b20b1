"""Blocks as text: nothing is lost on the way, and nothing that arrives as text is trusted."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clipping import FARTHEST, clip, paste, read_clip
from engine.copying import share
from engine.graph import Graph, Wire
from engine.group import Group
from engine.grouping import make_group
from engine.problem import UserError
from engine.project import Position, Project
from engine.storage import dumps, loads
from engine.weight_settings import WeightSettings
from tests.engine.designs import DESIGNS
from tests.engine.drawing import block, graph
from tests.engine.examples import examples
from tests.engine.hostile import hostile_file
from tests.grouped import grouped


def drawn() -> Project:
    """An input, a chain behind it that is read twice, and places that begin anywhere."""
    blocks = {
        "x": block("Input", field="image"),
        "fc1": block("Linear", out_features=3),
        "relu1": block("ReLU"),
        "add1": block("Add"),
    }
    wires = graph(blocks, "x -> fc1 -> relu1 -> add1.x1", "fc1 -> add1.x2")
    places = {key: Position(300.0 + 190 * index, 77.5) for index, key in enumerate(blocks)}
    return Project(name="drawn", graph=wires, layout=places)


def same(part: Project, other: Project) -> bool:
    return part.graph == other.graph and part.layout == other.layout


def test_the_text_is_readable_and_counts_from_the_corner() -> None:
    text, remarks = clip(drawn(), ["relu1", "fc1"])
    assert remarks == ()
    read = json.loads(text)
    assert list(read) == ["plexus", "blocks", "wires", "layout"]
    assert list(read["blocks"]) == ["fc1", "relu1"]
    assert read["blocks"]["fc1"].items() >= {"name": "fc1", "block": "Linear", "out_features": 3}.items()
    assert read["wires"] == ["fc1.y -> relu1.x"]
    assert read["layout"] == {"fc1": [0, 0], "relu1": [190, 0]}
    assert text.count("\n") > 8, "one block a line"


@pytest.mark.parametrize("name", DESIGNS)
def test_all_of_a_design_comes_back(name: str) -> None:
    project = DESIGNS[name]()
    text, _ = clip(project, project.graph.nodes)
    part = read_clip(text)
    assert part.graph == project.graph
    again, _ = clip(part, part.graph.nodes)
    assert same(read_clip(again), part)
    pasted = paste(Project(), part, (0, 0))
    assert len(pasted.ids) == len(project.graph.nodes)
    assert len(pasted.project.graph.wires) == len(project.graph.wires)
    assert pasted.project.layout.keys() >= pasted.project.graph.nodes.keys()


def test_notes_weights_and_fields_are_kept() -> None:
    project = drawn()
    treated = project.edit(project.graph.treat("fc1", WeightSettings(frozen=True)).annotate("fc1", "read me\n“twice”"))
    part = read_clip(clip(treated, ["x", "fc1"])[0])
    assert part.graph.nodes["fc1"] == treated.graph.nodes["fc1"]
    assert part.graph.nodes["x"].block == treated.graph.nodes["x"].block


def test_names_are_made_new_and_wires_follow() -> None:
    project = drawn()
    pasted = paste(project, read_clip(clip(project, ["fc1", "relu1"])[0]), (10, 20))
    assert pasted.ids == ("fc2", "relu2")
    assert pasted.project.graph.wires[-1] == Wire("fc2", "y", "relu2", "x")
    assert pasted.project.layout["relu2"] == Position(200, 20)
    assert pasted.project.data is project.data
    again = paste(pasted.project, read_clip(clip(project, ["fc1", "relu1"])[0]), (10, 20))
    assert again.ids == ("fc3", "relu3")


def test_shared_weights_go_along_with_their_owner_and_not_without() -> None:
    project, other = share(drawn(), "fc1", (0, 0))
    both = read_clip(clip(project, ["fc1", other])[0])
    assert both.graph.owner(other) == "fc1"
    pasted = paste(project, both, (0, 0))
    assert {pasted.project.graph.owner(key) for key in pasted.ids} == {pasted.ids[0]}
    text, remarks = clip(project, [other])
    assert remarks == ("fc2: own weights in the copy, as fc1 is not copied along.",)
    assert read_clip(text).graph.owner(other) == other
    project, third = share(project, "fc1", (0, 90))
    left_behind = read_clip(clip(project, [other, third])[0])
    assert left_behind.graph.owner(third) == other, "they share among each other"


def test_groups_come_with_all_that_is_in_them() -> None:
    project = grouped()
    groups = [key for key, node in project.graph.nodes.items() if isinstance(node.block, Group)]
    part = read_clip(clip(project, groups)[0])
    for key in groups:
        assert part.inside((key,)).graph == project.inside((key,)).graph
        assert part.inside((key,)).layout == project.inside((key,)).layout


def test_a_whole_project_file_is_pasted_as_its_blocks() -> None:
    project = drawn()
    part = read_clip(dumps(project))
    assert same(part, read_clip(clip(project, project.graph.nodes)[0]))
    foreign = json.loads(dumps(project)) | {"training": {"optimizer": {"name": "of a newer version"}}, "data": 3}
    assert same(read_clip(json.dumps(foreign)), part), "settings aren't asked for"


WRAPPED = {
    "as it is": "{}",
    "with a mark in front": "\ufeff{}",
    "in a fence": "Look at this:\n\n```json\n{}\n```\nNice, isn't it?",
    "in a fence of tildes": "~~~\n{}\n~~~",
    "after another fence": "```python\nprint({{1: 2}})\n```\nand\n```\n{}\n```\n",
    "among words": "my network: {} what do you think?",
    "quoted": "> ```json\n> {}\n> ```\n",
}


@pytest.mark.parametrize("how", WRAPPED)
def test_a_text_within_other_words_is_found(how: str) -> None:
    text = clip(drawn(), ["fc1", "relu1"])[0]
    shown = text.strip().replace("\n", "\n> ") if how == "quoted" else text
    around = WRAPPED[how].replace("{{", "<<").replace("}}", ">>")
    assert same(read_clip(around.replace("{}", shown).replace("<<", "{").replace(">>", "}")), read_clip(text))


@pytest.mark.parametrize("how", WRAPPED)
def test_a_text_whose_quotes_and_spaces_a_chat_has_made_beautiful_is_found(how: str) -> None:
    text = clip(drawn(), ["fc1", "relu1"])[0]
    beautiful = re.sub(r'"([^"]*)"', r"“\1”", text).replace("  ", "\u00a0 ")
    assert '"' not in beautiful
    shown = beautiful.strip().replace("\n", "\n> ") if how == "quoted" else beautiful
    around = WRAPPED[how].replace("{{", "<<").replace("}}", ">>")
    assert same(read_clip(around.replace("{}", shown).replace("<<", "{").replace(">>", "}")), read_clip(text))


def test_quotes_within_a_note_stay_as_they_are() -> None:
    project = drawn()
    project = project.edit(project.graph.annotate("fc1", "as in “Attention”"))
    text = clip(project, ["fc1"])[0]
    (node,) = read_clip(text).graph.nodes.values()
    assert node.note == "as in “Attention”"


TEXT = clip(drawn(), ["fc1", "relu1"])[0]
NOTHING = "What was copied holds no blocks. Copy some here, or the text of a project file."
REFUSED = {
    "nothing": ("", NOTHING),
    "words": ("hello, world", NOTHING),
    "other JSON": ('{"a": 1}', NOTHING),
    "a list": ("[1, 2, 3]", NOTHING),
    "a fence of something else": ("```python\nprint({})\n```", NOTHING),
    "cut off, of beautiful quotes": (TEXT[:150].replace('"', "“"), "is no Plexus project, or is damaged (line"),
    "cut off": (TEXT[:150], "What was copied is no Plexus project, or is damaged (line"),
    "no blocks": ('{"plexus": 1, "blocks": {}}', "There are no blocks in what was copied."),
    "blocks left out": ('{"plexus": 1}', "What was copied is damaged: “blocks” is missing."),
    "newer": (TEXT.replace('"plexus": 1', '"plexus": 7'), "What was copied was written by a newer Plexus"),
    "a wire of another form": (TEXT.replace("fc1.y -> relu1.x", "fc1 to relu1"), "“fc1 to relu1” is no wire"),
    "a place of text": (TEXT.replace("[0, 0]", '"left"'), "the place of “fc1” should be two numbers."),
    "an id that no wire can name": (TEXT.replace('"fc1": {', '"f c": {'), "“f c” can't be the id of a block."),
    "nested without end": (TEXT.replace('"name": "fc1"', '"name": ' + "[" * 200 + "]" * 200), "150 levels deep"),
    "too long": ("x" * (16 * 2**20 + 1), "longer than 16 million characters"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_says_what_is_wrong(case: str) -> None:
    text, words = REFUSED[case]
    with pytest.raises(UserError) as refused:
        read_clip(text)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_unknown_blocks_stay() -> None:
    part = read_clip(TEXT.replace('"ReLU"', '"Warp"'))
    pasted = paste(Project(), part, (0, 0))
    assert '"Warp"' in dumps(pasted.project)
    assert pasted.project.graph.wires == (Wire("fc1", "y", "relu1", "x"),)


def test_what_can_not_stand_here_is_left_out() -> None:
    project = drawn()
    pasted = paste(project, read_clip(clip(project, ["x", "fc1"])[0]), (0, 0), depth=1)
    assert pasted.ids == ("fc2",)
    assert pasted.remarks == ("x can't stand inside of a group and was left out.",)
    with pytest.raises(UserError, match=r"x can't stand inside of a group\."):
        paste(project, read_clip(clip(project, ["x"])[0]), (0, 0), depth=1)
    whole, key = make_group(project, ["fc1", "relu1"])
    inner = whole.inside((key,))
    outside = paste(whole, read_clip(clip(inner, inner.graph.nodes)[0]), (0, 0))
    assert [outside.project.graph.nodes[key].name for key in outside.ids] == ["fc1", "relu1"]
    assert "can't stand outside of groups" in outside.remarks[0]


def test_groups_beyond_what_a_file_can_hold_are_refused() -> None:
    project = Project(graph=Graph().add(block("ReLU"), "relu1")[0])
    for _ in range(45):
        project, _ = make_group(project, list(project.graph.nodes))
    part = read_clip(clip(project, project.graph.nodes)[0])
    loads(dumps(paste(Project(), part, (0, 0), depth=3).project))
    with pytest.raises(UserError, match="too many for this place"):
        paste(Project(), part, (0, 0), depth=4)


def test_places_that_can_not_be_reached_are_not_taken() -> None:
    far = TEXT.replace("[190, 0]", "[9000000, 0]")
    pasted = paste(Project(), read_clip(far), (9e9, -9e9))
    places = pasted.project.layout.values()
    assert max(max(abs(x), abs(y)) for x, y in places) <= FARTHEST + 1000
    assert len(set(places)) == 2


@examples(20)
@given(seed=st.integers(0, 2**63), depth=st.sampled_from((0, 0, 1, 3)))
def test_whatever_is_pasted_can_be_saved_or_is_refused_in_a_sentence(seed: int, depth: int) -> None:
    """As often as 2,000 times: what came out of a hostile text reads the same once it has been saved."""
    before, text = drawn(), hostile_file(seed)
    try:
        pasted = paste(before, read_clip(text), (5, 5), depth)
    except UserError as error:
        message = str(error)
        assert message.endswith((".", "?"))
        assert "\n" not in message
        return
    after = pasted.project
    assert all(after.graph.nodes[key] == node for key, node in before.graph.nodes.items())
    assert len({node.name for key, node in after.graph.nodes.items()}) == len(after.graph.nodes)
    assert dumps(loads(dumps(after))) == dumps(after)
