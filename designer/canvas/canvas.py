"""The canvas as the window knows it: shows the document's graph, and edits it by mouse and keys."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from designer.canvas import edits
from designer.canvas.cursor_label import CursorLabel
from designer.canvas.empty import EmptyHint
from designer.canvas.geometry import COLUMN, GRID, card_size, free_place, snapped
from designer.canvas.gestures.gesture import Stage
from designer.canvas.inks import Inks
from designer.canvas.minimap import MiniMap
from designer.canvas.pointer import Pointer
from designer.canvas.problem_bubble import ProblemBubble
from designer.canvas.scene import Scene
from designer.canvas.view import NOTCH, View
from designer.document import Document
from designer.theme import Theme, font
from engine.blocks import CATALOGUE
from engine.check import Review
from engine.problem import Fix
from engine.project import Project

LINGER = 350  # milliseconds for which the bubble waits for the pointer to come over to it
EDGE = 14  # pixels between the view's edge and what lies in its corners


class Canvas(QWidget):
    """Every change goes through the document; the scene follows the document, whoever changes it."""

    selection_changed = Signal(object)  # tuple of ids
    block_activated = Signal(object)  # id
    zoom_changed = Signal(float)

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.scene = Scene(Inks(theme), self)
        self.view = View(self.scene, self)
        self._label = CursorLabel(self)
        self._stage = Stage(document, self.scene, self.view, self._say, self._label.hush, GRID)
        self.pointer = Pointer(self._stage, self.add_block)
        self.view.listener = self.pointer
        self.bubble = ProblemBubble(self)
        self.minimap = MiniMap(self.view, self.scene, self)
        self._name = QLabel(self)
        self._name.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._hint = EmptyHint(self)
        self._running = False
        self._pinned: str | None = None  # the block whose badge was clicked
        self._fit_on_show = True
        self._bubble_end = QTimer(self)
        self._bubble_end.setSingleShot(True)
        self._bubble_end.setInterval(LINGER)
        self._bubble_end.timeout.connect(self._show_bubble)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self.view)
        self.setFocusProxy(self.view)
        self.view.setAccessibleName(self.tr("Canvas"))
        self._connect()
        self.show_theme(theme)
        self._show_project(document.project)
        self._show_review(document.review)

    def _connect(self) -> None:
        self.document.changed.connect(self._show_project)
        self.document.reviewed.connect(self._show_review)
        self.scene.selection_changed.connect(self._selected)
        self.scene.hover_changed.connect(self._hovered)
        self.view.zoom_changed.connect(self.zoom_changed)
        self.view.camera_moved.connect(self._place_bubble)
        self.bubble.fix_chosen.connect(self._apply)
        self.bubble.entered.connect(self._bubble_end.stop)
        self.bubble.left.connect(self._bubble_end.start)
        commands = self.pointer.commands
        commands.nudged.connect(self.nudge)
        commands.delete.connect(self.delete_selected)
        commands.select_all.connect(self.select_all)
        commands.activated.connect(self.block_activated)
        commands.badge_clicked.connect(self._pin)
        commands.escaped.connect(self._escape)
        commands.gesture_changed.connect(self._show_bubble)

    # Selection

    def selected(self) -> tuple[str, ...]:
        """Ids of the selected blocks, in the order they were added."""
        return self.scene.selected

    def select(self, ids: Iterable[str]) -> None:
        """Select these blocks and nothing else."""
        self.scene.select(ids)

    def select_all(self) -> None:
        self.scene.select(self.scene.cards, self.scene.wires)

    def show_block(self, key: str) -> None:
        """Bring a block to the middle of the view, select it, and tell what is wrong with it."""
        if key not in self.scene.cards:
            return
        self.scene.select((key,))
        if self.view.far:
            self.view.zoom_to(1.0)
        self.view.look_at(self.scene.content((key,)).center())
        self._show_bubble()

    # Edits

    def add_block(self, name: str, at: QPointF | None = None) -> str:
        """Add a block of the catalogue as one undo step, select it, and answer with its id.

        With a point of the scene, its card lies around that point. Without one, it is put where there is
        room near the middle of the view; if one block is selected, to the right of it and wired to it where
        that fits (a block that only gives something, to the left of it).
        """
        block = CATALOGUE[name]()
        size = card_size(len(block.input_ports()), len(block.output_ports()))
        beside = self.selected()[0] if at is None and len(self.selected()) == 1 else None
        gives_only = not block.input_ports()
        if beside is not None:
            step = QPointF(-COLUMN if gives_only else COLUMN, 0)
            corner = free_place(self.scene.cards[beside].pos() + step, size, self.scene.free)
        else:
            corner = (at or self.view.to_scene(self.view.middle)) - _half(size)
            if at is None:
                corner = free_place(snapped(corner, self._stage.grid), size, self.scene.free)
        corner = snapped(corner, self._stage.grid)
        after, text, key = edits.added(self.document.project, name, (corner.x(), corner.y()))
        if beside is not None:
            source, target = (key, beside) if gives_only else (beside, key)
            after = edits.wired_after(after, source, target)
        self.document.change(after, text)
        self.scene.select((key,))
        self.view.reveal(self.scene.content((key,)))
        if at is not None:  # dropped here; who adds by keys may want to go on with the next block
            self.view.setFocus()
        return key

    def delete_selected(self) -> None:
        """Delete the selected blocks and wires, as one undo step."""
        ids, wires = self.scene.selected, self.scene.selected_wires
        if ids or wires:
            self.document.change(*edits.removed(self.document.project, ids, wires))

    def nudge(self, across: float, down: float) -> None:
        """Move the selected blocks a little; nudges that follow each other are one undo step."""
        ids = self.selected()
        if not ids:
            return
        places = {key: self.scene.cards[key].pos() for key in ids}
        after, text = edits.moved(
            self.document.project, {key: (place.x() + across, place.y() + down) for key, place in places.items()}
        )
        self.document.change(after, text, merge=f"nudge {' '.join(ids)}")
        self.view.reveal(self.scene.content(ids))

    @property
    def snap(self) -> bool:
        """Whether blocks snap to the grid."""
        return self._stage.grid > 0

    def set_snap(self, on: bool) -> None:
        self._stage.grid = GRID if on else 0.0

    # The view

    def fit(self) -> None:
        """Show the whole graph."""
        self._show_area(self.scene.content())

    def fit_selection(self) -> None:
        """Show the selected blocks, or the whole graph where none is selected."""
        self._show_area(self.scene.content(self.selected() or None))

    def zoom(self) -> float:
        return self.view.zoom

    def zoom_to(self, scale: float) -> None:
        self.view.zoom_to(scale)

    def zoom_in(self) -> None:
        self.view.zoom_to(self.view.zoom * NOTCH)

    def zoom_out(self) -> None:
        self.view.zoom_to(self.view.zoom / NOTCH)

    def _show_area(self, area: QRectF) -> None:
        if area.isEmpty():
            self.view.zoom_to(1.0)
            self.view.look_at(QPointF(0, 0))
        else:
            self.view.show_area(area.adjusted(0, 0, 0, 16))  # the shape stands below a card

    # What is shown

    def show_theme(self, theme: Theme) -> None:
        """Paint everything in the colours of a theme."""
        self.scene.show_inks(Inks(theme))
        for part in (self._label, self.bubble, self._hint):
            part.show_theme(theme)
        self._name.setFont(font("small"))
        ground = QColor(theme.canvas)
        ground.setAlpha(150)  # half seen through, as cards may lie below
        shade = ground.name(QColor.NameFormat.HexArgb)
        self._name.setStyleSheet(f"color: {theme.muted}; background: {shade}; padding: 2px 6px;")
        self.view.viewport().update()

    def show_running(self, running: bool) -> None:
        """Whether a training is under way; it is told beside the project's name."""
        self._running = running
        self._show_name(self.document.project)

    def _show_project(self, project: Project) -> None:
        self.pointer.cancel()  # an edit from elsewhere, such as undo, takes the ground from under a gesture
        was_empty = not self.scene.cards
        self.scene.show_project(project)
        self._show_name(project)
        self._hint.setVisible(not self.scene.cards)
        if was_empty and len(self.scene.cards) > 1 and self.isVisible():
            self.fit()
        if self._pinned not in self.scene.cards:
            self._pinned = None

    def _show_review(self, review: Review) -> None:
        project = self.document.project
        self.scene.show_review(review, project.data.fields())
        self._describe(review)
        self._show_bubble()

    def _show_name(self, project: Project) -> None:
        self._name.setText(self.tr("{name} · training").format(name=project.name) if self._running else project.name)
        self._name.adjustSize()

    def _describe(self, review: Review) -> None:
        """Words for those who don't see the picture."""
        parts = [
            self.tr("%n block(s)", "", len(self.scene.cards)),
            self.tr("%n wire(s)", "", len(self.scene.wires)),
            self.tr("%n problem(s)", "", len(review.problems)),
        ]
        names = [self.scene.cards[key].node.name for key in self.selected()]
        if names:
            parts.append(self.tr("selected: {names}").format(names=", ".join(names[:8])))
        self.view.setAccessibleDescription(", ".join(parts))

    def _selected(self, ids: tuple[str, ...]) -> None:
        self.document.settle()
        if self._pinned is not None and self._pinned not in ids:
            self._pinned = None
        self._describe(self.document.review)
        self._show_bubble()
        self.selection_changed.emit(ids)

    def _say(self, text: str, at: QPointF, bad: bool) -> None:
        self._label.say(text, at, bad)

    # Problems

    def _pin(self, key: str) -> None:
        self._pinned = key
        self._show_bubble()

    def _escape(self) -> None:
        if self.bubble.isVisible():
            self._pinned = None
            self.bubble.hide()
        else:
            self.scene.select(())

    def _hovered(self, key: str | None) -> None:
        if key is not None and self.scene.facts(key).problems:
            self._bubble_end.stop()
            self._show_bubble()
        elif self.bubble.isVisible():
            self._bubble_end.start()

    def _told(self) -> str | None:
        """The block whose problems are to be told: under the pointer, else asked for, else the only selected one."""
        if self.pointer.dragging:
            return None
        lone = self.selected()[0] if len(self.selected()) == 1 else None
        for key in (self.scene.hovered, self._pinned, lone):
            if key in self.scene.cards and self.scene.facts(key).problems:
                return key
        return None

    def _show_bubble(self) -> None:
        key = self._told()
        if key is None:
            self.bubble.hide()
            return
        self._bubble_key = key
        self.bubble.show_problems(self.scene.facts(key).problems)
        self.bubble.show()
        self.bubble.raise_()
        self._place_bubble()

    def _place_bubble(self) -> None:
        if not self.bubble.isVisible() or self._bubble_key not in self.scene.cards:
            return
        key = self._bubble_key
        others = [self._on_screen(card.key) for card in self.view.visible_cards() if card.key != key]
        room = self.rect().adjusted(EDGE, EDGE, -EDGE, -EDGE)
        self.bubble.place(self._on_screen(key), room, [*others, self.minimap.geometry()])

    def _on_screen(self, key: str) -> QRect:
        return self.view.viewportTransform().mapRect(self.scene.cards[key].body).toRect()

    def _apply(self, fix: Fix) -> None:
        self.document.settle()
        self.document.change(fix.edit(self.document.project), fix.label)
        self.view.setFocus()

    # Layout

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        corner = self.rect().bottomRight()
        self.minimap.move(corner.x() - self.minimap.width() - EDGE, corner.y() - self.minimap.height() - EDGE)
        self._name.move(EDGE - 6, EDGE - 6)
        self._hint.setGeometry(self.rect().adjusted(40, 40, -40, -40))
        self._place_bubble()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._fit_on_show:
            self._fit_on_show = False
            self._layout.activate()
            self.fit()


def _half(size: QSizeF) -> QPointF:
    return QPointF(size.width() / 2, size.height() / 2)
