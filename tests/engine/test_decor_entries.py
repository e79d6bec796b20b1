"""Decor in files: one entry a line, old files load, what is new is kept, what is hostile is refused in words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine import decorating
from engine.decor import Strange
from engine.graph import Wire
from engine.group import Group
from engine.grouping import make_group
from engine.places import Area
from engine.project import Project
from engine.storage import Unreadable, dumps, loads
from tests.engine.drawing import block, draw


def drawn() -> Project:
    """A frame, a note, a bent wire and a labelled one; the same inside of a group."""
    project = draw(
        {"x": block("Input", sample_shape=(4,)), "a": block("ReLU"), "b": block("ReLU"), "out": block("Output")},
        "x -> a -> b -> out",
    )
    project = project.move({"x": (0, 0), "a": (200, 0), "b": (400, 0), "out": (600, 0)})
    project, key = make_group(project, ["a", "b"])
    inner = decorated(project.inside((key,)), Wire("a", "y", "b", "x"))
    return decorated(project.put_back((key,), inner), Wire("x", "y", key, "x"))


def decorated(project: Project, wire: Wire) -> Project:
    project, _ = decorating.add_frame(project, Area(-20, -40, 400, 200), "Backbone “1”", "blue")
    project, _ = decorating.add_note(project, Area(0, 200.5, 160, 90), "# Why\n- so")
    return decorating.label(decorating.bend(project, wire, [(180, 90), (190.5, 95)]), [wire])


SECTION = """ "decor": {
  "frame1": {"kind": "frame", "area": [-20, -40, 400, 200], "title": "Backbone “1”", "colour": "blue"},
  "group1/frame1": {"kind": "frame", "area": [-20, -40, 400, 200], "title": "Backbone “1”", "colour": "blue"},
  "group1/note1": {"kind": "note", "area": [0, 200.5, 160, 90], "text": "# Why\\n- so", "colour": "yellow"},
  "note1": {"kind": "note", "area": [0, 200.5, 160, 90], "text": "# Why\\n- so", "colour": "yellow"},
  "group1/a.y -> b.x": {"kind": "wire", "bends": [[180, 90], [190.5, 95]], "labelled": true},
  "x.y -> group1.x": {"kind": "wire", "bends": [[180, 90], [190.5, 95]], "labelled": true}
 }
}
"""


def test_it_reads_like_this_and_comes_back() -> None:
    text = dumps(drawn())
    assert text.endswith(SECTION)
    assert loads(text) == drawn()
    assert dumps(loads(text)) == text


def test_a_file_without_decor_has_no_section_for_it() -> None:
    plain = drawn().with_(decor={})
    assert '"decor"' not in dumps(plain)
    assert loads(dumps(plain)).decor == {}


def test_a_moved_frame_changes_one_line() -> None:
    project = drawn()
    area = project.decor["frame1"].area.by(10, 0)  # type: ignore[union-attr]
    before, after = dumps(project), dumps(decorating.change(project, "frame1", area=area))
    differing = [one for one, other in zip(before.splitlines(), after.splitlines(), strict=True) if one != other]
    assert len(differing) == 1


def with_decor(entries: Any) -> str:
    return json.dumps({**json.loads(dumps(drawn())), "decor": entries})


def test_what_a_later_version_wrote_is_saved_back() -> None:
    entries = {
        "frame1": {"kind": "frame", "area": [0, 0, 50, 50], "title": "", "colour": "ultraviolet", "locked": [1]},
        "sticker1": {"kind": "sticker", "anything": {"goes": None}},
        "x.y -> group1.x": {"kind": "wire", "style": "dotted"},
    }
    project = loads(with_decor(entries))
    assert isinstance(project.decor["sticker1"], Strange)
    assert json.loads(dumps(project))["decor"] == entries


def test_what_is_not_there_any_more_is_left_out() -> None:
    entries = {
        "gone/frame1": {"kind": "frame", "area": [0, 0, 50, 50]},
        "x.y -> gone.x": {"kind": "wire", "labelled": True},
        "group1/b.y -> a.x": {"kind": "wire", "labelled": True},
    }
    assert loads(with_decor(entries)).decor == {}


AREA = [0, 0, 50, 50]
HOSTILE: dict[str, Any] = {
    "no object": [],
    "no entry": {"frame1": 3},
    "no area": {"frame1": {"kind": "frame"}},
    "three numbers": {"frame1": {"kind": "frame", "area": [0, 0, 5]}},
    "far away": {"frame1": {"kind": "frame", "area": [1e9, 0, 50, 50]}},
    "words": {"frame1": {"kind": "frame", "area": ["0", 0, 50, 50]}},
    "truth": {"frame1": {"kind": "frame", "area": [True, 0, 50, 50]}},
    "turned over": {"frame1": {"kind": "frame", "area": [0, 0, -50, 50]}},
    "no text": {"note1": {"kind": "note", "area": AREA, "text": 5}},
    "endless text": {"note1": {"kind": "note", "area": AREA, "text": "x" * 100_001}},
    "endless title": {"frame1": {"kind": "frame", "area": AREA, "title": "x" * 201}},
    "colour": {"frame1": {"kind": "frame", "area": AREA, "colour": ["red"]}},
    "odd id": {"frame 1": {"kind": "frame", "area": AREA}},
    "no wire": {"x to y": {"kind": "wire"}},
    "bends": {"x.y -> group1.x": {"kind": "wire", "bends": [[1, 2, 3]]}},
    "many bends": {"x.y -> group1.x": {"kind": "wire", "bends": [[0, 0]] * 101}},
    "labelled": {"x.y -> group1.x": {"kind": "wire", "labelled": "yes"}},
}


@pytest.mark.parametrize("entries", HOSTILE.values(), ids=HOSTILE)
def test_what_is_malformed_is_refused_in_words(entries: Any) -> None:
    with pytest.raises(Unreadable, match=r"is damaged: .*(should be|can't be|has no|is no wire)"):
        loads(with_decor(entries))


@pytest.mark.parametrize("muted", [1, "yes", None])
def test_whether_a_block_is_muted_is_true_or_false(muted: object) -> None:
    data = json.loads(dumps(drawn()))
    data["blocks"]["x"]["muted"] = muted
    with pytest.raises(Unreadable, match="true or false"):
        loads(json.dumps(data))


def test_muted_blocks_come_back_muted_each_use_of_shared_weights_by_itself() -> None:
    project = drawn()
    graph, other = project.graph.share("group1")
    group = graph.nodes["group1"].block
    assert isinstance(group, Group)
    graph = graph.replace("group1", group.with_graph(group.graph.mute(["a"]))).mute([other])
    again = loads(dumps(project.edit(graph)))
    assert again.graph == graph
    assert [node.muted for node in again.graph.nodes.values()] == [False, False, False, True]
    assert again.inside(("group1",)).graph.nodes["a"].muted
    assert '"muted": true' in dumps(again)
    assert "false" not in dumps(again).partition('"layout"')[0].partition('"blocks"')[2]
