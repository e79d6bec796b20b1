"""What can be done with frames and notes: add, write, colour, delete, and move and resize by keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from designer.canvas.geometry import GRID, free_place, snapped
from designer.canvas.gestures.gesture import Stage
from designer.canvas.placed_items import TITLE
from designer.canvas.walk import ARROWS
from engine import decorating
from engine.decor import COLOURS, LONGEST_TEXT, LONGEST_TITLE, Frame, Note
from engine.framing import around
from engine.places import Area, Position

translate = QCoreApplication.translate
NOTE = (200.0, 120.0)
FRAME = (400.0, 240.0)
Key, Modifier = Qt.Key, Qt.KeyboardModifier
SHIFT, FAR = Modifier.ShiftModifier, Modifier.ShiftModifier | Modifier.AltModifier
RESIZE = FAR | Modifier.ControlModifier
FAR_NUDGE = 5  # steps of the grid with Alt, as for blocks


class PlacedEdits(QObject):
    """Acts upon the selected frames and notes. `aim` tells where the pointer is, None when it is elsewhere."""

    def __init__(self, stage: Stage, aim: Callable[[], QPointF | None], parent: QObject) -> None:
        super().__init__(parent)
        self._stage, self._aim = stage, aim
        self.editor: QLineEdit | QPlainTextEdit | None = None
        self._key = ""

    def possible(self) -> Mapping[str, bool]:
        """Which of the edits make sense now, by the name of the action."""
        layer = self._stage.scene.placed
        some = bool(layer.selected)
        return {"frame": True, "add_note": True, "next_colour": some, "next_placed": bool(layer.items)}

    def frame(self) -> None:
        """A frame around the selected blocks and notes, or an empty one where the pointer is."""
        scene, here = self._stage.scene, self._stage.here
        area = scene.chosen_area()
        framed = _area(self._around_pointer(FRAME)) if area.isEmpty() else around([_area(area)])
        after, key = decorating.add_frame(here.project, framed)
        self._add(after, key, translate("Canvas", "Frame the selection"))

    def add_note(self) -> None:
        """A note near the pointer, or the middle of the view, where it neither hides anything nor is hidden."""
        wanted, scene = self._around_pointer(NOTE), self._stage.scene
        notes = [item.area for item in scene.placed.items.values() if isinstance(item.what, Note)]

        def free(area: QRectF) -> bool:
            return scene.free(area) and not any(area.intersects(note) for note in notes)

        area = QRectF(free_place(wanted.topLeft(), wanted.size(), free), wanted.size())
        after, key = decorating.add_note(self._stage.here.project, _area(area))
        self._add(after, key, translate("Canvas", "Add a note"))

    def next_colour(self) -> None:
        """The next colour for the selected frames and notes."""
        here, project = self._stage.here, self._stage.here.project
        for key in self._stage.scene.placed.selected:
            colour = decorating.placed(project)[key].colour
            place = COLOURS.index(colour) if colour in COLOURS else -1
            project = decorating.change(project, key, colour=COLOURS[(place + 1) % len(COLOURS)])
        here.change(project, translate("Canvas", "Change a colour"), merge="colour")

    def next_placed(self) -> None:
        """Select the next frame or note, and bring it into view."""
        scene = self._stage.scene
        keys = list(scene.placed.items)
        if keys:
            chosen = scene.placed.selected[-1:]
            key = keys[(keys.index(chosen[0]) + 1) % len(keys)] if chosen else keys[0]
            scene.select((), (), (key,))
            self._stage.view.reveal(scene.placed.items[key].area)

    def _around_pointer(self, size: tuple[float, float]) -> QRectF:
        middle = self._aim() or self._stage.view.to_scene(self._stage.view.middle)
        corner = snapped(middle - QPointF(size[0] / 2, size[1] / 2), self._stage.grid)
        return QRectF(corner.x(), corner.y(), *size)

    def _add(self, after: object, key: str, text: str) -> None:
        self._stage.here.settle()
        self._stage.here.change(after, text)  # type: ignore[arg-type]
        self._stage.scene.select((), (), (key,))
        item = self._stage.scene.placed.items[key]
        if isinstance(item.what, Note):  # a frame is around what one looks at
            self._stage.view.reveal(item.area)
        self.open(key)

    # Keys

    def press(self, event: QKeyEvent) -> bool:
        """Take a key, while frames or notes are selected."""
        key, keys = Qt.Key(event.key()), event.modifiers() & ~Modifier.KeypadModifier
        selected, here = self._stage.scene.placed.selected, self._stage.here
        if not selected:
            return False
        if key in (Key.Key_Return, Key.Key_Enter) and not keys and not self._stage.scene.selected:
            self.open(selected[0])
            return True
        if key not in ARROWS or keys not in (SHIFT, FAR, RESIZE):
            return False
        step = (FAR_NUDGE if keys == FAR else 1) * (self._stage.grid or GRID)
        across, down = (number * step for number in ARROWS[key])
        project = here.project
        self._stage.scene.rest()
        if keys == RESIZE:
            for one in selected:
                area = decorating.placed(project)[one].area
                larger = area._replace(width=area.width + across, height=area.height + down)
                project = decorating.change(project, one, area=larger)
            here.change(project, translate("Canvas", "Resize a frame or a note"), merge=f"resize {' '.join(selected)}")
        else:
            ids, moving = decorating.whole(project, self._stage.scene.selected, selected)
            cards = self._stage.scene.cards
            places = {key: (cards[key].pos().x() + across, cards[key].pos().y() + down) for key in ids}
            project = decorating.move(project, places, moving, Position(across, down))
            name = " ".join((*self._stage.scene.selected, *selected))
            here.change(project, translate("Canvas", "Move frames and notes"), merge=f"nudge {name}")
            self._stage.view.reveal(self._stage.scene.chosen_area())
        return True

    # Writing

    def write(self) -> None:
        """Write the first of the selected frames and notes."""
        for key in self._stage.scene.placed.selected[:1]:
            self.open(key)

    def open(self, key: str) -> None:
        """Write a frame's title or a note's text where it stands."""
        self.close(keep=True)
        item, view = self._stage.scene.placed.items.get(key), self._stage.view
        if item is None:
            return
        view.reveal(item.area)
        shown = view.viewportTransform().mapRect(item.area).toRect()
        if isinstance(item.what, Frame):
            line = QLineEdit(item.what.title, view.viewport())
            line.setMaxLength(LONGEST_TITLE)
            line.setPlaceholderText(translate("Canvas", "Title"))
            line.setAccessibleName(translate("Canvas", "Title of the frame"))
            line.setGeometry(shown.x(), shown.y(), max(160, shown.width()), max(26, round(TITLE * view.zoom)))
            line.selectAll()
            self.editor = line
        else:
            field = QPlainTextEdit(item.what.text, view.viewport())
            field.setAccessibleName(translate("Canvas", "Text of the note, in Markdown"))
            field.setPlaceholderText(translate("Canvas", "A note, in Markdown"))
            field.setGeometry(shown.x(), shown.y(), max(180, shown.width()), max(90, shown.height()))
            self.editor = field
        self._key = key
        self.editor.installEventFilter(self)
        self.editor.show()
        self.editor.setFocus()

    def close(self, *, keep: bool) -> None:
        """End writing; what was written is kept, or not."""
        editor, self.editor = self.editor, None
        if editor is None:
            return
        here, what = self._stage.here, decorating.placed(self._stage.here.project).get(self._key)
        text = editor.text() if isinstance(editor, QLineEdit) else editor.toPlainText()[:LONGEST_TEXT]
        focused = editor.hasFocus()
        editor.removeEventFilter(self)
        editor.hide()
        editor.deleteLater()
        if focused:
            self._stage.view.setFocus()
        if keep and isinstance(what, Frame) and text != what.title:
            here.change(decorating.change(here.project, self._key, title=text), translate("Canvas", "Rename a frame"))
        elif keep and isinstance(what, Note) and text != what.text:
            here.change(decorating.change(here.project, self._key, text=text), translate("Canvas", "Write a note"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            control = bool(event.modifiers() & Modifier.ControlModifier)
            enter = event.key() in (Key.Key_Return, Key.Key_Enter)
            line = isinstance(watched, QLineEdit)
            if event.key() == Key.Key_Escape or (enter and (line or control)):
                self.close(keep=enter or not line)  # a note is kept: a long text must not be lost by one key
                return True
        elif isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() != Qt.FocusReason.PopupFocusReason:
            self.close(keep=True)
        return False


def _area(area: QRectF) -> Area:
    return Area(area.x(), area.y(), area.width(), area.height())
