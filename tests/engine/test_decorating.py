"""Frames carry what lies in them; bends and labels follow their wires through moves, renames, copies and groups."""

from __future__ import annotations

from engine import decorating
from engine.clipping import clip, paste, read_clip
from engine.copying import duplicate, unshare
from engine.decor import Frame, Route
from engine.decorating import PLAIN, carried, going_along, label, route, routes, straighten
from engine.graph import Wire
from engine.grouping import make_group, ungroup
from engine.places import Area, Position
from engine.project import Project
from tests.engine.drawing import block, draw

WIRE = Wire("a", "y", "b", "x")


def row() -> Project:
    """Four blocks in a row, the two in the middle in a frame with a note and a smaller frame."""
    project = draw(
        {"x": block("Input", sample_shape=(4,)), "a": block("ReLU"), "b": block("ReLU"), "out": block("Output")},
        "x -> a -> b -> out",
    )
    project = project.move({"x": (0, 0), "a": (200, 0), "b": (400, 0), "out": (600, 0)})
    project, _ = decorating.add_frame(project, Area(180, -40, 400, 300), "Both")
    project, _ = decorating.add_frame(project, Area(190, -20, 180, 100), "One")
    project, _ = decorating.add_note(project, Area(200, 150, 100, 60), "Look")
    project, _ = decorating.add_note(project, Area(900, 150, 100, 60), "Far away")
    return decorating.bend(project, WIRE, [(380, 100)])


def test_a_frame_carries_blocks_notes_and_frames() -> None:
    project = row()
    assert carried(project, ["frame1"]) == ({"a", "b"}, {"frame1", "frame2", "note1"})
    assert carried(project, ["frame2"]) == ({"a"}, {"frame2"})
    assert carried(project, ["note1", "nothing"]) == (set(), {"note1"})


def test_a_moved_frame_takes_all_along_and_nothing_else() -> None:
    project = row()
    blocks, keys = carried(project, ["frame1"])
    places = {key: project.layout[key].by(50, 5) for key in blocks}
    moved = decorating.move(project, places, keys, Position(50, 5))
    assert moved.layout["a"] == (250, 5)
    assert moved.layout["x"] == (0, 0)
    assert decorating.placed(moved)["frame1"].area == (230, -35, 400, 300)
    assert decorating.placed(moved)["note2"].area == (900, 150, 100, 60)
    assert route(moved, WIRE).bends == ((430, 105),)
    back = decorating.move(moved, {key: project.layout[key] for key in blocks}, keys, Position(-50, -5))
    assert back == project


def test_routes_are_those_seen_from_here_and_drawn_otherwise() -> None:
    project = row()
    assert routes(project) == {WIRE: Route(bends=(Position(380, 100),))}
    assert routes(label(project, [WIRE])) == {WIRE: Route(bends=(Position(380, 100),), labelled=True)}
    assert routes(straighten(project, [WIRE])) == {}
    grouped, key = make_group(project, ["a", "b"])
    assert routes(grouped) == {}
    assert routes(grouped.inside((key,))) == routes(project)


def test_many_wires_are_bent_at_once() -> None:
    other = Wire("x", "y", "a", "x")
    labelled = label(row(), [WIRE])
    bent = decorating.bend_all(labelled, {WIRE: [(1, 2), (3, 4)], other: [(5, 6)]})
    assert routes(bent) == {
        WIRE: Route(bends=(Position(1, 2), Position(3, 4)), labelled=True),
        other: Route(bends=(Position(5, 6),)),
    }
    assert decorating.bend_all(bent, {WIRE: [(380, 100)], other: []}) == labelled
    assert decorating.bend_all(bent, {WIRE: [(1, 2), (3, 4)]}) is bent


def test_bends_stay_when_the_ends_part() -> None:
    assert route(row().move({"a": (100, 0)}), WIRE).bends == ((380, 100),)
    assert route(row().move({"a": (210, 0), "b": (400, 0)}), WIRE).bends == ((380, 100),)


def test_an_erased_frame_leaves_its_blocks() -> None:
    project = decorating.erase(row(), ["frame1", "note1"])
    assert project.graph == row().graph
    assert project.layout == row().layout
    assert set(project.decor) == {"frame2", "note2", str(WIRE)}


def test_what_is_drawn_too_small_is_made_large_enough() -> None:
    project = decorating.change(row(), "frame1", area=Area(1e12, 0, -5, 3))
    assert decorating.placed(project)["frame1"].area == (5e6, 0, 40, 40)


def test_a_wire_drawn_as_any_other_has_no_entry() -> None:
    project = decorating.label(row(), [WIRE])
    assert project.decor[str(WIRE)] == Route(bends=(Position(380, 100),), labelled=True)
    assert decorating.straighten(project, [WIRE]).decor[str(WIRE)] == Route(labelled=True)
    assert decorating.label(decorating.straighten(project, [WIRE]), [WIRE], False) == decorating.bend(row(), WIRE, [])
    assert str(WIRE) not in decorating.bend(row(), WIRE, []).decor


def test_the_way_of_a_wire_vanishes_with_it() -> None:
    project = row()
    for gone in (
        project.edit(project.graph.disconnect([WIRE])),
        project.remove(["a"]),
        project.edit(project.graph.connect(Wire("x", "y", "b", "x"))),
    ):
        assert route(gone, WIRE) == PLAIN
    again = project.edit(project.graph.disconnect([WIRE]))
    assert route(again.edit(again.graph.connect(WIRE)), WIRE) == PLAIN
    assert route(project.edit(project.graph.rename("a", "other")), WIRE).bends == ((380, 100),)


def test_copies_have_bends_of_their_own() -> None:
    project, (one, other) = duplicate(row(), ["a", "b"], (0, 400), decor=["frame1", "note1"])
    assert route(project, Wire(one, "y", other, "x")).bends == ((380, 500),)
    assert route(project, WIRE).bends == ((380, 100),)
    assert decorating.placed(project)["frame3"].area == (180, 360, 400, 300)
    assert decorating.placed(project)["note3"].area == (200, 550, 100, 60)
    assert carried(project, ["frame3"]) == ({one, other}, {"frame3", "note3"})
    assert duplicate(row(), ["a"], (0, 200))[0].decor == row().decor


def test_what_is_copied_as_text_is_pasted_with_its_frame() -> None:
    project = row()
    part = read_clip(clip(project, ["a", "b"], ["frame1"])[0])
    assert set(part.decor) == {"frame1", str(WIRE)}
    pasted = paste(Project(), part, (1000, 0)).project
    (frame,) = decorating.placed(pasted)
    assert carried(pasted, [frame])[0] == set(pasted.graph.nodes)
    assert decorating.placed(pasted)[frame].area == (980, -40, 400, 300)
    assert route(pasted, pasted.graph.wires[0]).bends == ((1180, 100),)


def test_a_frame_goes_along_with_all_its_blocks() -> None:
    assert going_along(row(), {"a", "b"}) == {"frame1", "frame2", "note1"}
    assert going_along(row(), {"a"}) == {"frame2"}
    assert going_along(row(), {"a"}, ["note2"]) == {"frame2", "note2"}


def test_grouped_and_taken_apart_without_a_trace() -> None:
    before = row()
    grouped, key = make_group(before, ["a", "b"])
    assert set(grouped.decor) == {"note2", *(f"{key}/{name}" for name in ("frame1", "frame2", "note1", str(WIRE)))}
    inner = grouped.inside((key,))
    assert set(inner.decor) == {"frame1", "frame2", "note1", str(WIRE)}
    assert grouped.put_back((key,), inner) == grouped
    after, _ = ungroup(grouped, key)
    assert after.decor == before.decor


def test_a_repeat_taken_apart_has_a_frame_for_each() -> None:
    grouped, key = make_group(row(), ["a", "b"])
    grouped = grouped.edit(grouped.graph.change(key, repeat=2))
    after, _ = ungroup(grouped, key)
    titles = [item.title for item in after.decor.values() if isinstance(item, Frame)]
    assert sorted(titles) == ["Both", "Both", "One", "One"]
    for frame in (key for key, item in after.decor.items() if isinstance(item, Frame) and item.title == "Both"):
        assert len(carried(after, [frame])[0]) == 2
    assert len([item for item in after.decor.values() if isinstance(item, Route)]) == 2


def test_decor_in_a_group_is_shared_copied_and_parted_with_it() -> None:
    project, key = make_group(row(), ["a", "b"])
    graph, other = project.graph.share(key)
    shared = project.edit(graph)
    assert shared.inside((other,)).decor == shared.inside((key,)).decor
    parted = unshare(shared, other)
    inner = decorating.erase(parted.inside((other,)), ["note1"])
    parted = parted.put_back((other,), inner)
    assert "note1" in parted.inside((key,)).decor
    assert "note1" not in parted.inside((other,)).decor
    kept = shared.remove([key])
    assert set(kept.inside((other,)).decor) == {"frame1", "frame2", "note1", str(WIRE)}
    copied, (copy,) = duplicate(project, [key], (0, 300))
    assert copied.inside((copy,)).decor == project.inside((key,)).decor


def test_a_wire_to_a_port_that_is_renamed_runs_as_before() -> None:
    project, key = make_group(row(), ["a", "b"])
    outer = Wire("x", "y", key, "x")
    project = decorating.bend(project, outer, [(100, 100)])
    inner = project.inside((key,))
    port = next(port for port, node in inner.graph.nodes.items() if node.name == "x")
    renamed = project.put_back((key,), inner.edit(inner.graph.rename(port, "image")))
    assert route(renamed, outer._replace(input="image")).bends == ((100, 100),)
    assert str(outer) not in renamed.decor
