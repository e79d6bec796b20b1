"""Frames and notes: drawn, moved with what is in them, resized, written, coloured and deleted by mouse and by keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from designer.canvas import Canvas
from designer.theme import DARK, LIGHT
from engine import decorating
from engine.decor import COLOURS, Frame, Note
from engine.places import Area
from engine.project import Project
from tests.designer.canvas.conftest import chain
from tests.designer.canvas.equality import exactly_undone
from tests.designer.canvas.hand import Hand

Show = Callable[[Project], Canvas]
Key, Button = Qt.Key, Qt.MouseButton
NONE, SHIFT, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def framed(show: Show) -> Canvas:
    """Input → Conv2d → ReLU → Flatten; a frame around the second and the third, and a note beside."""
    project = chain("Input", "Conv2d", "ReLU", "Flatten")
    project, _ = decorating.add_frame(project, Area(170, -60, 380, 180), "Body")
    project, _ = decorating.add_note(project, Area(0, 200, 160, 90), "**Why**")
    canvas = show(project)
    canvas.fit()
    return canvas


def steps(canvas: Canvas) -> list[str]:
    stack = canvas.document.undo_stack
    return [stack.text(index) for index in range(stack.count())]


def on(canvas: Canvas, x: float, y: float) -> QPoint:
    return canvas.view.from_scene(QPointF(x, y)).toPoint()


def drag(canvas: Canvas, start: tuple[float, float], by: tuple[float, float]) -> None:
    viewport = canvas.view.viewport()
    first, last = on(canvas, *start), on(canvas, start[0] + by[0], start[1] + by[1])
    QTest.mousePress(viewport, Button.LeftButton, NONE, first)
    QTest.mouseMove(viewport, (first + last) / 2)
    QTest.mouseMove(viewport, last)
    QTest.mouseRelease(viewport, Button.LeftButton, NONE, last)


def test_a_frame_dragged_by_its_title_carries_its_blocks(framed: Canvas) -> None:
    before = framed.document.project
    drag(framed, (360, -46), (40, 30))
    after = framed.document.project
    assert steps(framed) == ["Move frames and notes"]
    assert decorating.placed(after)["frame1"].area == (210, -30, 380, 180)
    for key in ("b", "c"):
        assert after.layout[key] == before.layout[key].by(40, 30)
    assert after.layout["a"] == before.layout["a"]
    exactly_undone(framed, before)


def test_an_edge_resizes_and_leaves_the_blocks(framed: Canvas) -> None:
    before = framed.document.project
    drag(framed, (550, 60), (50, 0))
    drag(framed, (600, 120), (20, 40))
    after = framed.document.project
    assert decorating.placed(after)["frame1"].area == (170, -60, 450, 220)
    assert after.layout == before.layout
    assert steps(framed) == ["Resize a frame or a note"] * 2


def test_a_drag_inside_of_a_frame_draws_a_box(framed: Canvas) -> None:
    drag(framed, (172 + 20, 100), (200, -60))
    assert steps(framed) == []
    assert "b" in framed.selected()


def test_a_selection_is_framed_and_named(canvas: Canvas) -> None:
    before = canvas.document.project
    canvas.select(["b", "c"])
    canvas.marking.frame()
    editor = canvas.marking.editor
    assert isinstance(editor, QLineEdit)
    QTest.keyClicks(editor, "Features")
    QTest.keyClick(editor, Key.Key_Return)
    (frame,) = decorating.placed(canvas.document.project).values()
    assert isinstance(frame, Frame)
    assert frame.title == "Features"
    assert decorating.carried(canvas.document.project, ["frame1"])[0] == {"b", "c"}
    assert steps(canvas) == ["Frame the selection", "Rename a frame"]
    canvas.document.undo_stack.undo()
    canvas.document.undo_stack.undo()
    assert canvas.document.project == before
    assert not canvas.scene.placed.items


def test_a_note_is_written_where_it_stands(canvas: Canvas) -> None:
    canvas.marking.add_note()
    editor = canvas.marking.editor
    assert isinstance(editor, QPlainTextEdit)
    QTest.keyClicks(editor, "# Idea")
    QTest.keyClick(editor, Key.Key_Escape)  # what was written is kept
    note = decorating.placed(canvas.document.project)["note1"]
    assert isinstance(note, Note)
    assert note.text == "# Idea"
    QTest.mouseDClick(canvas.view.viewport(), Button.LeftButton, NONE, on(canvas, *note.area.middle))
    assert isinstance(canvas.marking.editor, QPlainTextEdit)
    assert canvas.marking.editor.toPlainText() == "# Idea"
    canvas.marking.close(keep=False)


def test_new_notes_neither_hide_anything_nor_are_hidden(canvas: Canvas, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each near the pointer, which rests upon a block, and in view."""
    block = canvas.scene.cards["b"].body
    monkeypatch.setattr(canvas.marking, "_aim", lambda: block.center())
    canvas.view.look_at(block.center() + QPointF(canvas.view.width() / 2 - 60, 0))
    for _ in range(4):
        canvas.marking.add_note()
        canvas.marking.close(keep=True)
    areas = [item.area for item in canvas.scene.placed.items.values()]
    bodies = [card.body for card in canvas.scene.cards.values()]
    for place, area in enumerate(areas):
        assert not any(area.intersects(other) for other in (*bodies, *areas[:place]))
        assert (area.center() - block.center()).manhattanLength() < 1200
    shown = QRectF(canvas.view.viewport().rect())
    assert shown.contains(canvas.view.viewportTransform().mapRect(areas[-1]))


def test_a_title_that_is_not_wanted_is_dropped(framed: Canvas) -> None:
    framed.scene.select((), (), ["frame1"])
    QTest.keyClick(framed.view, Key.Key_Return)
    assert framed.marking.editor is not None
    QTest.keyClicks(framed.marking.editor, "x")
    QTest.keyClick(framed.marking.editor, Key.Key_Escape)
    assert steps(framed) == []


def test_by_keys_alone(framed: Canvas) -> None:
    before = framed.document.project
    framed.marking.next_placed()
    assert framed.scene.placed.selected == ("frame1",)
    QTest.keyClick(framed.view, Key.Key_Right, SHIFT)
    QTest.keyClick(framed.view, Key.Key_Down, SHIFT)
    moved = framed.document.project
    assert moved.layout["b"] == before.layout["b"].by(10, 10)
    assert steps(framed) == ["Move frames and notes"]
    QTest.keyClick(framed.view, Key.Key_Right, SHIFT | ALT | Qt.KeyboardModifier.ControlModifier)
    assert decorating.placed(framed.document.project)["frame1"].area == (180, -50, 390, 180)
    framed.marking.next_colour()
    assert decorating.placed(framed.document.project)["frame1"].colour == COLOURS[1]
    framed.marking.next_placed()
    assert framed.scene.placed.selected == ("note1",)
    QTest.keyClick(framed.view, Key.Key_Delete)
    assert set(decorating.placed(framed.document.project)) == {"frame1"}
    framed.marking.next_placed()
    QTest.keyClick(framed.view, Key.Key_Escape)
    assert framed.scene.placed.selected == ()


def test_a_deleted_frame_keeps_its_blocks(framed: Canvas) -> None:
    before = framed.document.project
    framed.scene.select((), (), ["frame1"])
    QTest.keyClick(framed.view, Key.Key_Delete)
    assert framed.document.project.graph == before.graph
    assert "frame1" not in framed.scene.placed.items
    exactly_undone(framed, before)


def test_blocks_and_frames_that_are_selected_move_together(framed: Canvas) -> None:
    before = framed.document.project
    framed.select_all()
    hand = Hand(framed)
    place = framed.scene.cards["a"].body.center()
    assert hand.at(place)
    drag(framed, (place.x(), place.y()), (30, 20))
    after = framed.document.project
    assert all(after.layout[key] == before.layout[key].by(30, 20) for key in "abcd")
    assert decorating.placed(after)["note1"].area == (30, 220, 160, 90)
    exactly_undone(framed, before)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_they_are_painted_near_and_far_in_both_themes(framed: Canvas, theme: object) -> None:
    framed.show_theme(theme)  # type: ignore[arg-type]
    for zoom in (1.0, 0.5, 0.2):
        framed.zoom_to(zoom)
        framed.fit() if zoom == 1.0 else None
        inside = framed.view.from_scene(QPointF(360, 100)).toPoint()
        outside = framed.view.from_scene(QPointF(360, 160)).toPoint()
        picture = framed.view.grab().toImage()
        assert picture.pixelColor(inside) != picture.pixelColor(outside)


def test_a_note_loads_nothing(show: Show) -> None:
    project, _ = decorating.add_note(
        chain("Input"), Area(0, 200, 200, 100), "![x](file:///etc/passwd) <img src='http://x'>"
    )
    canvas = show(project)
    asked = canvas.scene.placed.items["note1"]._document
    assert asked.resource(2, "file:///etc/passwd") is None
    canvas.view.grab()


# Copies


def grown(canvas: Canvas, before: Project) -> tuple[set[str], set[str]]:
    """Blocks, and frames and notes, that there were not before."""
    after = canvas.document.project
    return set(after.graph.nodes) - set(before.graph.nodes), set(after.decor) - set(before.decor)


def test_a_duplicated_frame_brings_what_lies_in_it(framed: Canvas) -> None:
    before = framed.document.project
    framed.scene.select((), (), ["frame1"])
    framed.groups.duplicate()
    blocks, placed = grown(framed, before)
    after = framed.document.project
    assert len(blocks) == 2
    assert placed == {"frame2"}
    assert after.decor["frame2"].title == "Body"
    assert decorating.carried(after, ["frame2"])[0] == blocks
    assert set(framed.selected()) == blocks
    assert framed.scene.placed.selected == ("frame2",)
    assert steps(framed) == ["Duplicate 2 block(s)"]
    exactly_undone(framed, before)


def test_a_note_alone_is_duplicated(framed: Canvas) -> None:
    before = framed.document.project
    framed.scene.select((), (), ["note1"])
    assert framed.possible()["duplicate"]
    framed.groups.duplicate()
    assert grown(framed, before) == (set(), {"note2"})
    assert framed.document.project.decor["note2"].area != before.decor["note1"].area
    assert steps(framed) == ["Duplicate frames and notes"]
    exactly_undone(framed, before)


def test_alt_drag_copies_a_frame_with_what_lies_in_it(framed: Canvas) -> None:
    before = framed.document.project
    framed.set_snap_to_blocks(False)
    viewport, first = framed.view.viewport(), on(framed, 360, -46)
    QTest.mousePress(viewport, Button.LeftButton, ALT, first)
    for by in (QPoint(20, 60), QPoint(40, 120)):
        QTest.mouseMove(viewport, first + by)
    framed.view.grab()
    QTest.mouseRelease(viewport, Button.LeftButton, ALT, first + by)
    blocks, placed = grown(framed, before)
    after = framed.document.project
    assert (len(blocks), placed) == (2, {"frame2"})
    old, new = before.decor["frame1"].area, after.decor["frame2"].area
    assert (new.x - old.x, new.y - old.y) == (40, 120)
    assert before.decor["frame1"] == after.decor["frame1"]
    exactly_undone(framed, before)


def test_cut_and_paste_move_a_frame_and_what_lies_in_it(framed: Canvas) -> None:
    before = framed.document.project
    framed.scene.select((), (), ["frame1"])
    framed.clipboard.cut()
    assert set(framed.document.project.graph.nodes) == {"a", "d"}
    assert set(framed.document.project.decor) == {"note1"}
    framed.clipboard.paste()
    after = framed.document.project
    assert len(after.graph.nodes) == 4
    assert len(decorating.carried(after, ["frame1"])[0]) == 2
    assert framed.scene.placed.selected == ("frame1",)
    assert steps(framed) == ["Cut 2 block(s)", "Paste 2 block(s)"]
    framed.document.undo_stack.undo()
    framed.document.undo_stack.undo()
    assert framed.document.project == before


def test_a_note_alone_goes_through_the_clipboard(framed: Canvas) -> None:
    framed.scene.select((), (), ["note1"])
    framed.clipboard.copy()
    framed.clipboard.paste()
    framed.clipboard.paste()
    notes = [item for item in decorating.placed(framed.document.project).values() if isinstance(item, Note)]
    assert [note.text for note in notes] == ["**Why**"] * 3
    assert len({note.area for note in notes}) == 3
    assert steps(framed) == ["Paste frames and notes"] * 2


def test_a_selected_frame_is_grouped_with_what_lies_in_it(framed: Canvas) -> None:
    before = framed.document.project
    framed.scene.select((), (), ["frame1"])
    assert framed.possible()["group"]
    framed.groups.group()
    after = framed.document.project
    assert set(after.graph.nodes) == {"a", "d", "group1"}
    assert set(after.decor) == {"group1/frame1", "note1"}
    exactly_undone(framed, before)


def test_a_box_takes_notes_and_whole_frames(framed: Canvas) -> None:
    drag(framed, (-30, 320), (260, -60))
    assert framed.scene.placed.selected == ("note1",)
    framed.zoom_to(0.6)
    framed.view.look_at(QPointF(360, 60))
    drag(framed, (160, -80), (400, 260))
    assert framed.scene.placed.selected == ("frame1",)
    assert set(framed.selected()) == {"b", "c"}


def test_a_click_leaves_one_selected(framed: Canvas) -> None:
    framed.select_all()
    QTest.mouseClick(framed.view.viewport(), Button.LeftButton, NONE, on(framed, 360, -46))
    assert framed.scene.placed.selected == ("frame1",)
    assert framed.selected() == ()


# Order, far view, words


def test_tidying_draws_frames_around_their_blocks_in_the_same_step(framed: Canvas) -> None:
    drag(framed, (190 + 75, 52), (10, 60))  # a block out of line
    before = framed.document.project
    inside = decorating.carried(before, ["frame1"])[0]
    framed.select(())
    framed.arranging.tidy()
    after = framed.document.project
    assert steps(framed)[-1] == "Tidy up"
    assert decorating.carried(after, ["frame1"])[0] == inside
    assert all(framed.scene.placed.items["frame1"].area.contains(framed.scene.cards[key].body) for key in inside)
    exactly_undone(framed, before)


def test_titles_are_as_large_from_far(framed: Canvas) -> None:
    def inked() -> int:
        """How many pixels around its upper edge differ from what stands there without a title."""
        corner = framed.view.from_scene(framed.scene.placed.items["frame1"].area.topLeft()).toPoint()
        pictures = []
        for title in ("Body", ""):
            after = decorating.change(framed.document.project, "frame1", title=title)
            framed.document.change(after, "Rename a frame")
            pictures.append(framed.view.grab().toImage())
        one, other = pictures
        spots = [(corner.x() + x, corner.y() - y) for x in range(50) for y in range(-10, 10)]
        return sum(one.pixel(*spot) != other.pixel(*spot) for spot in spots)

    counts = []
    for zoom in (0.3, 0.2):
        framed.zoom_to(zoom)
        counts.append(inked())
    assert min(counts) > 40
    assert max(counts) < 2 * min(counts)


def test_the_map_shows_a_note_far_from_all_blocks(framed: Canvas) -> None:
    after, _ = decorating.add_note(framed.document.project, Area(4000, 3000, 200, 100), "far")
    framed.document.change(after, "Add a note")
    assert framed.view.overview.content.contains(QPointF(4100, 3050))


def test_a_frame_dragged_from_far_leaves_no_ghost(framed: Canvas) -> None:
    framed.zoom_to(0.3)
    viewport, first = framed.view.viewport(), on(framed, 360, -46)
    edge = on(framed, 170, 60) + QPoint(3, 0)
    QTest.mousePress(viewport, Button.LeftButton, NONE, first)
    for down in (60, 120):
        QTest.mouseMove(viewport, first + QPoint(0, down))
        picture = framed.view.grab().toImage()
    ground = picture.pixelColor(edge - QPoint(8, 0))
    assert picture.pixelColor(edge) == ground
    QTest.mouseRelease(viewport, Button.LeftButton, NONE, first + QPoint(0, 120))
    assert framed.view.grab().toImage().pixelColor(edge) == ground
    framed.document.undo_stack.undo()
    assert framed.view.grab().toImage().pixelColor(edge) != ground


def test_a_picture_is_told_by_its_words_and_links_have_the_colour_of_links(show: Show) -> None:
    project, _ = decorating.add_note(chain("Input"), Area(0, 200, 200, 100), "![a cat](cat.png) and [more](http://x)")
    canvas = show(project)
    for theme in (DARK, LIGHT):
        canvas.show_theme(theme)
        text = canvas.scene.placed.items["note1"]._document
        assert text.toPlainText() == "[a cat] and more"
        colours = {form.foreground().color().name() for _, _, form in text._pieces()}
        assert colours == {theme.link}


def test_what_is_selected_is_announced(framed: Canvas) -> None:
    said = []
    framed._announcer.heard = lambda event: said.append(event.message())
    framed.marking.next_placed()
    framed.marking.next_placed()
    assert said == ["Frame “Body”, two blocks", "Note “**Why**”"]
    assert framed.view.accessibleName() == "Note “**Why**”, on the canvas"
