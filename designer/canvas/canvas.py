"""The canvas as the window knows it: shows the document's graph, and edits it by mouse and keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from designer.canvas import edits
from designer.canvas.adding import Adding
from designer.canvas.announcer import Announcer
from designer.canvas.arranging import Arranging
from designer.canvas.breadcrumb import Breadcrumb
from designer.canvas.clipboard import Clipboard
from designer.canvas.cursor_label import CursorLabel
from designer.canvas.empty import EmptyHint
from designer.canvas.geometry import GRID
from designer.canvas.gestures.gesture import Stage
from designer.canvas.group_edits import GroupEdits
from designer.canvas.heat import Quantity, quantity_name
from designer.canvas.inks import Inks
from designer.canvas.inline_editor import InlineEditor
from designer.canvas.keyboard import Keyboard
from designer.canvas.minimap import MiniMap
from designer.canvas.mute_edits import MuteEdits
from designer.canvas.nudging import Nudging
from designer.canvas.placed_edits import PlacedEdits
from designer.canvas.pointer import Pointer
from designer.canvas.problem_teller import EDGE, ProblemTeller
from designer.canvas.route_edits import RouteEdits
from designer.canvas.scene import Scene
from designer.canvas.searching import Searching
from designer.canvas.training_sign import TrainingSign
from designer.canvas.travels import Travels
from designer.canvas.view import NOTCH, View
from designer.canvas.wire_edits import WireEdits
from designer.document import Document
from designer.theme import Theme
from engine.check import Review
from engine.group import Path
from engine.project import Project

READ = 6.0  # seconds that a refusal stays to be read


class Canvas(QWidget):
    """Every change goes through the document; the scene follows the document, whoever changes it.

    It shows the part of the document that one is in, `document.here`: the project, or the inside of a group.
    """

    selection_changed = Signal(object)  # tuple of ids
    block_added = Signal(str)  # what it is called in the catalogue
    zoom_changed = Signal(float)
    menu_wanted = Signal(QPoint)  # where on the screen

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document, self.here = document, document.here
        self.scene = Scene(Inks(theme), self)
        self.view = View(self.scene, self)
        self._label = CursorLabel(self)
        self._stage = Stage(self.here, self.scene, self.view, self._say, self._label.hush, GRID)
        self.adding = Adding(self._stage, self)
        self._stage.seek = self.adding.seek_from
        self.pointer = Pointer(self._stage, self.adding)
        self.view.listener = self.pointer
        self._announcer = Announcer(self.here, self.scene, self.view)
        self.keyboard = Keyboard(self._stage, self.nudge, lambda _key: self.inline.activate(), self._announcer.say)
        self.marking = PlacedEdits(self._stage, lambda: self.pointer.aim, self)
        self.minimap = MiniMap(self.view, self.scene, self)
        self.travels = Travels(self.here, self.view, self)
        self.groups = GroupEdits(self.here, self.scene, self._refuse)
        self.muting = MuteEdits(self.here, self.scene, self._refuse)
        self.arranging = Arranging(self._stage)
        self.nudging = Nudging(self.scene, self._press)
        self.clipboard = Clipboard(self._stage, lambda: self.pointer.aim, self._tell)
        self.routing = RouteEdits(
            self._stage, self.travels, self.adding, lambda: self.pointer.aim, self._tell, self._announcer.say
        )
        self.pointer.keyboard = self._press
        self.wiring = WireEdits(self._stage, self.adding, self, self._refuse)
        self._teller = ProblemTeller(self, self.scene, self.view, self.minimap, lambda: self.pointer.dragging)
        self.bubble = self._teller.bubble
        self.inline = InlineEditor(self.here, self.scene, self.view, self._refuse, self)
        self.breadcrumb = Breadcrumb(self)
        self._hint = EmptyHint(self)
        self._training = TrainingSign(self.here, self.scene)
        self.search = Searching(self, document, self.scene, self.view, self.show_block, self._announcer.say)
        self._fit_on_show = True
        self._path: Path = self.here.path
        self._left: str | None = None  # the group that one comes out of
        self._cameras: dict[Path, tuple[float, QPointF]] = {}  # how each group was looked at last
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self.view)
        self.setFocusProxy(self.view)
        self.view.setAccessibleName(self.tr("Canvas"))
        self._connect()
        self.show_theme(theme)
        self._show_project(self.here.project)
        self._show_review(self.here.review)

    def _connect(self) -> None:
        self.here.moved.connect(self._move)
        self.here.changed.connect(self._show_project)
        self.here.reviewed.connect(self._show_review)
        self.document.path_changed.connect(lambda _path: self._open())
        self.scene.selection_changed.connect(self._selected)
        self.view.zoom_changed.connect(self.zoom_changed)
        self.view.step_wanted.connect(self.travels.go)
        self.minimap.resized.connect(self._place_minimap)
        self.breadcrumb.chosen.connect(lambda depth: self.here.go(self.here.path[:depth]))
        self._teller.mend.connect(self.here.mend)
        self._teller.mend.connect(self.view.setFocus)
        commands = self.pointer.commands
        commands.delete.connect(self.delete_selected)
        commands.select_all.connect(self.select_all)
        commands.leave.connect(self.here.leave)
        commands.opened.connect(self.inline.open_at)
        commands.quick_add.connect(self.quick_add)
        commands.seek_at.connect(self.adding.seek_at)
        commands.seek_on.connect(self.adding.seek_on)
        self.adding.added.connect(self.block_added)
        commands.placed_opened.connect(self.marking.open)
        commands.bend_on.connect(self.routing.add_bend_at)
        commands.label_clicked.connect(self.routing.follow)
        commands.badge_clicked.connect(self._teller.pin)
        commands.escaped.connect(self._escape)
        commands.gesture_changed.connect(self._teller.refresh)

    # Selection

    def selected(self) -> tuple[str, ...]:
        """Ids of the selected blocks, in the order they were added."""
        return self.scene.selected

    def select(self, ids: Iterable[str]) -> None:
        """Select these blocks and nothing else."""
        self.scene.select(ids)

    def select_all(self) -> None:
        self.scene.select(self.scene.cards, self.scene.wires, self.scene.placed.items)

    def show_block(self, key: str) -> None:
        """Bring a block to the middle of the view, select it, and tell what is wrong with it."""
        if key not in self.scene.cards:
            return
        with self.travels.jump():
            if self.view.far:
                self.view.zoom_to(1.0)
            self.view.look_at(self.scene.content((key,)).center())
            self.scene.select((key,))  # only now, so that what is told of it finds its place among few blocks
        self._teller.refresh()

    # Edits

    def add_block(self, name: str, at: QPointF | None = None) -> str:
        """Add what the palette calls by that name as one undo step, select it, and answer with its id.

        With a point of the scene, its card lies around that point. Without one, it is put where there is
        room near the middle of the view; if one block is selected, to the right of it and wired to it where
        that fits (a block that only gives something, to the left of it).
        """
        return self.adding.add(name, at)

    def quick_add(self) -> None:
        """Open the search for a block: on the selected wire, next to the selected block, or at the pointer."""
        self.adding.seek(self.pointer.aim)

    def rename(self) -> None:
        """Write the name of the selected block, or the title or text of the selected frame or note."""
        if self.scene.selected:
            self.inline.rename()
        else:
            self.marking.write()

    def delete_selected(self) -> None:
        """Delete the selected blocks and wires, as one undo step; of a wire with a bend in hand, that bend."""
        if self.routing.remove_picked():
            return
        ids, wires, placed = self.scene.selected, self.scene.selected_wires, self.scene.placed.selected
        if ids or wires or placed:
            self.here.change(*edits.removed(self.here.project, ids, wires, placed))

    def possible(self) -> Mapping[str, bool]:
        """Which actions of the canvas's parts make sense now."""
        parts = (self.groups, self.clipboard, self.wiring, self.muting, self.arranging, self.nudging)
        parts += (self.marking, self.routing)
        return {name: able for part in parts for name, able in part.possible().items()}

    def nudge(self, across: float, down: float) -> None:
        """Move the selected blocks a little; nudges that follow each other are one undo step."""
        ids = self.selected()
        if not ids:
            return
        self.scene.rest()
        places = {key: self.scene.cards[key].pos() for key in ids}
        after, text = edits.moved(
            self.here.project, {key: (place.x() + across, place.y() + down) for key, place in places.items()}
        )
        self.here.change(after, text, merge=f"nudge {' '.join(ids)}")
        self.view.reveal(self.scene.content(ids))

    @property
    def snap(self) -> bool:
        """Whether blocks snap to the grid."""
        return self._stage.grid > 0

    def set_snap(self, on: bool) -> None:
        self._stage.grid = GRID if on else 0.0

    def set_snap_to_blocks(self, on: bool) -> None:
        """Whether blocks snap to each other too."""
        self._stage.to_blocks = on

    def show_heat(self, quantity: Quantity | None) -> None:
        """Show each block's share in a count on the cards, or their parameters as usual."""
        self.scene.quantity = quantity
        self._show_review(self.here.review)
        self._show_way()

    # The view

    def fit(self) -> None:
        """Show the whole graph."""
        with self.travels.jump():
            self._show_area(self.scene.extent())

    def fit_selection(self) -> None:
        """Show the selected blocks, or the whole graph where none is selected."""
        with self.travels.jump():
            self._show_area(self.scene.chosen_area() if self.scene.selects_items else self.scene.extent())

    def zoom(self) -> float:
        return self.view.zoom

    def zoom_to(self, scale: float) -> None:
        with self.travels.jump():
            self.view.zoom_to(scale)

    def zoom_in(self) -> None:
        self.view.glide(NOTCH)

    def zoom_out(self) -> None:
        self.view.glide(1 / NOTCH)

    def _show_area(self, area: QRectF) -> None:
        self.view.show_area(area.adjusted(0, 0, 0, 16))  # the shape stands below a card

    # What is shown

    def show_theme(self, theme: Theme) -> None:
        """Paint everything in the colours of a theme."""
        self.scene.show_inks(Inks(theme))
        for part in (self._label, self.bubble, self.inline, self.breadcrumb, self._hint, self.adding, self.wiring):
            part.show_theme(theme)
        self.view.viewport().update()

    def show_running(self, running: bool) -> None:
        """Whether a training is under way; it is told on the blocks that it began with, and beside their name."""
        if running != self._training.on:
            self._training.show(self.document.project if running else None)
            self._show_way()

    def _move(self, path: Path) -> None:
        """One comes into another group: nothing of the one before stays, but how it was looked at."""
        self.keyboard.wire.cancel()
        self.pointer.cancel()
        self.travels.leave(path)
        self.inline.finish()
        self.adding.close()
        self.wiring.close()
        self._cameras[self._path] = self.view.zoom, self.view.to_scene(self.view.middle)
        self._left = self._path[len(path)] if self._path[: len(path)] == path else None
        self._path = path
        self.scene.show_project(Project())

    def _show_project(self, project: Project) -> None:
        self.keyboard.wire.cancel()
        self.pointer.cancel()  # an edit from elsewhere, such as undo, takes the ground from under a gesture
        self.adding.close()
        self.wiring.close()
        was_empty = not self.scene.cards
        self.scene.show_project(project)
        self.inline.refresh()
        self._training.refresh()
        self._show_way()
        self._hint.show_inside(bool(self.here.path))
        self._hint.setVisible(not self.scene.cards)
        if was_empty and self.isVisible():
            self._look_around()
        self.travels.arrive()
        if self._left is not None:
            self.scene.select((self._left,))
            self._left = None

    def _open(self) -> None:
        """Another project is open, unless the same one was saved under another name."""
        if not self.document.undo_stack.count():
            self._cameras.clear()
            self.travels.begin()
            self.search.close(back=False)

    def _look_around(self) -> None:
        """Look at what has just come into view as it was looked at last, else at all of it."""
        camera = self._cameras.pop(self._path, None)
        if camera is not None:
            self.view.zoom_to(camera[0])
            self.view.look_at(camera[1])
        elif len(self.scene.cards) > 1:
            self.fit()

    def _show_review(self, review: Review) -> None:
        self.scene.show_review(review, self.here.project.data.fields())
        self._announcer.describe()
        self._teller.refresh()

    def _show_way(self) -> None:
        remarks = [self.tr("frozen")] if self.here.frozen else []
        remarks += [self.tr("training")] if self._training.on else []
        if self.scene.quantity is not None:
            remarks.append(self.tr("heat map of {count}").format(count=quantity_name(self.scene.quantity)))
        self.breadcrumb.show_way((self.here.project.name, *self.here.names), " · ".join(remarks))

    def _selected(self, ids: tuple[str, ...]) -> None:
        self.here.settle()
        self._announcer.select()
        self._teller.select(ids)
        self.selection_changed.emit(ids)

    def _press(self, event: QKeyEvent) -> bool:
        """Keys are first about frames and notes, then about a wire, then about blocks, as these are selected."""
        return any(part.press(event) for part in (self.marking, self.routing, self.keyboard))

    def _say(self, text: str, at: QPointF, bad: bool) -> None:
        self._label.say(text, at, bad)

    def _refuse(self, text: str) -> None:
        """Tell beside the selected blocks why something can't be done with them."""
        self._tell(text, self.scene.content(self.selected()).center(), True)

    def _tell(self, text: str, at: QPointF, bad: bool) -> None:
        """Tell something beside a point of the scene, long enough to be read."""
        self._label.say(text, self.view.from_scene(at), bad)
        self._label.hush(READ)

    def _escape(self) -> None:
        if self._teller.close():
            return
        if self.scene.selects_something:
            self.scene.select(())
        else:
            self.here.leave()

    # Layout

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_minimap()
        self.breadcrumb.move(EDGE - 6, EDGE - 6)
        self._hint.setGeometry(self.rect().adjusted(40, 40, -40, -40))
        self._teller.place()

    def _place_minimap(self) -> None:
        self.minimap.fit_into(self.size())
        corner = self.rect().bottomRight() - self.minimap.rect().bottomRight() - QPoint(EDGE + 1, EDGE + 1)
        self.minimap.move(corner)
        self.view.overlay = self.minimap.geometry()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Over a block or a wire, the menu is about it; from the keyboard, about what is selected."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        if by_mouse and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.accept()  # Ctrl and the right button cut wires; some platforms ask for the menu at the press already
            return
        if self.pointer.dragging:
            return
        place, at = event.globalPos(), QPointF(self.view.viewport().mapFromGlobal(event.globalPos()))
        middle = self.scene.middle_of_selection()
        if event.reason() == QContextMenuEvent.Reason.Keyboard and middle is not None:
            at = self.view.from_scene(middle)
            place = self.view.viewport().mapToGlobal(at.toPoint())
        else:
            self.scene.select_hit(self.pointer.hit(at))
        self.pointer.aim = self.view.to_scene(at)
        event.accept()
        self.menu_wanted.emit(place)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._fit_on_show:
            self._fit_on_show = False
            self._layout.activate()
            self.fit()
