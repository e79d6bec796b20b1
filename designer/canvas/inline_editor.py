"""The one editor that floats over a card, at the place of the name or of the value that it edits."""

from __future__ import annotations

import html
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextDocumentFragment
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from designer.canvas.scene import Scene
from designer.canvas.spots import line_of, spot_at, spots
from designer.canvas.view import View
from designer.controls import ChoiceBox
from designer.editors import Editor, editor
from designer.scope import Scope
from designer.theme import SIZES, Theme, font
from designer.together import NAME, Value, alike, changed, step_text, taken, values_of
from designer.typing import Typing
from engine.graph import Graph
from engine.group import Group
from engine.project import Project

NARROWEST, WIDEST = 132, 260  # pixels
INSET = 7  # from the frame's edge to the text in the field, so that it stands where it stood on the card
STAYS = (
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
)
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class InlineEditor(QFrame):
    """Edits one value of one block, or of several of one kind.

    Every key is an edit of the document, so that inspector and card are in step with it; all of them together are
    one step of its history. Enter and leaving it end the edit, Tab goes on to the next value, Escape takes it back.
    """

    closed = Signal()

    def __init__(self, here: Scope, scene: Scene, view: View, refuse: Callable[[str], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._refuse_all = refuse
        self._here, self._scene, self._view = here, scene, view
        self._typing = Typing(here)
        self._keys: tuple[str, ...] = ()
        self._value: Value | None = None
        self._editor: Editor | None = None
        self._theme: Theme | None = None
        self._refusal = ""
        self.setObjectName("inline")
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.RichText)
        self._words.setWordWrap(True)
        self._words.setContentsMargins(INSET - 3, 1, INSET - 3, 2)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(3, 3, 3, 3)
        self._layout.setSpacing(1)
        self._layout.addWidget(self._words)
        view.camera_moved.connect(self.place)
        self.hide()

    @property
    def editor(self) -> Editor | None:
        """The editor that is shown, while there is one."""
        return self._editor

    @property
    def what(self) -> str:
        """The key of the value that is edited; empty while none is."""
        return self._value.key if self._value is not None else ""

    @property
    def told(self) -> str:
        """What stands below the field, without its colours."""
        return QTextDocumentFragment.fromHtml(self._words.text()).toPlainText()

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._words.setFont(font("small"))
        self._tell()

    # Opening and closing

    def activate(self) -> None:
        """Go into the selected group, or edit what is selected."""
        selected = self._scene.selected
        if len(selected) == 1 and self._is_group(selected[0]):
            self._here.enter(selected[0])
        else:
            self.edit()

    def open_at(self, key: str, at: QPointF) -> None:
        """Go into a group; else edit the value at a point of the scene, on the plain body what matters most.

        What one opens a block for is what it does: its name has a place of its own on the card, and a key.
        """
        if self._is_group(key):
            self._here.enter(key)
            return
        self._scene.select((key,))
        self.edit(None if self._view.far else spot_at(self._scene.cards[key], at, self._view.zoom))

    def edit(self, what: str | None = None) -> None:
        """Edit a value of what is selected, without a name the one that matters most; several blocks together."""
        keys = self._scene.selected
        if keys:
            self._view.reveal(self._scene.content(keys[:1]))
            if not self.open(keys, what):
                self._refuse_all(self.tr("Only blocks of one kind can be edited together. Select fewer."))

    def rename(self) -> None:
        """Give the selected block another name."""
        self.edit(NAME)

    def open(self, keys: tuple[str, ...], what: str | None = None) -> bool:
        """Edit a value, or the one that matters most; answers whether there is any."""
        self.finish()
        nodes = self._here.project.graph.nodes
        if not keys or not alike([nodes[key].block for key in keys]):
            return False
        values = {value.key: value for value in values_of(self._here.project.graph, keys)}
        if what is None:  # what the card tells first, else the first parameter, else the name
            told = [key for key, _ in nodes[keys[0]].block.told() if key in values]
            what = next(iter([*told, *(key for key in values if key != NAME), *values]), None)
        if what not in values:
            return False
        self._keys, self._value = keys, values[what]
        self._show_editor(self._value)
        return True

    def finish(self) -> None:
        """The edit is over, and stays."""
        if self._editor is None:
            return
        made, self._editor, self._value = self._editor, None, None
        for part in (made.control, *made.control.findChildren(QLineEdit)):
            part.removeEventFilter(self)
        if self._view.isVisible() and (made.hasFocus() or made.isAncestorOf(self.focusWidget() or self)):
            self._view.setFocus()
        self.hide()
        self._typing.settle()
        made.setParent(None)
        made.deleteLater()
        self.closed.emit()

    def cancel(self) -> None:
        """The edit is over, and everything is as it was before."""
        if self._editor is not None:
            self._typing.withdraw()
            self.finish()

    def refresh(self) -> None:
        """The document has changed, by this editor or in any other way."""
        if self._editor is None or self._value is None:
            return
        graph, what = self._here.project.graph, self._value.key
        if not all(key in graph.nodes for key in self._keys):
            self.finish()
            return
        now = next((value for value in values_of(graph, self._keys) if value.key == what), None)
        if now is None or now.described != self._value.described:
            self.finish()
            return
        self._value = now
        self._show_value(now)
        self.place()

    def _show_editor(self, value: Value) -> None:
        self._refusal = ""
        made = self._editor = editor(value.described, lambda typed: taken(self._graph, self._keys, value.key, typed))
        made.control.setAccessibleName(self._label(value))
        made.setMinimumHeight(SIZES.field)
        made.edited.connect(self._edit)
        made.refused.connect(self._refuse)
        for part in (made.control, *made.control.findChildren(QLineEdit)):
            part.installEventFilter(self)
        self._layout.insertWidget(0, made)
        made.show_fields(self._here.project.data.fields())
        self._show_value(value)
        self._tell()
        self.show()
        self.place()
        self.raise_()
        made.control.setFocus(Qt.FocusReason.TabFocusReason)  # which marks the text, ready to be typed over
        if isinstance(made.control, ChoiceBox) and not made.control.isEditable():
            QTimer.singleShot(0, made.control, made.control.showPopup)

    def _is_group(self, key: str) -> bool:
        return isinstance(self._here.project.graph.nodes[key].block, Group)

    @property
    def _graph(self) -> Graph:
        return self._typing.before.graph

    def _show_value(self, value: Value) -> None:
        assert self._editor is not None
        if value.mixed:
            self._editor.show_mixed()
        else:
            self._editor.show_value(value.now)

    # Editing

    def _edit(self, new: object) -> None:
        assert self._value is not None
        keys, what = self._keys, self._value.key

        def edit(project: Project) -> Project:
            return project.edit(changed(project.graph, keys, what, new))

        text = step_text(self._typing.before, keys, what, new)
        self._typing.change(f"{','.join(keys)}.{what}", edit, text)

    def _refuse(self, sentence: str) -> None:
        self._refusal = sentence
        if self._editor is not None:
            self._editor.show_error(sentence)
        self._tell()

    def _go(self, direction: int) -> None:
        """On to the next value, round and round."""
        assert self._value is not None
        keys = self._keys
        order = [value.key for value in values_of(self._here.project.graph, keys)]
        told = [key for key, _ in self._here.project.graph.nodes[keys[0]].block.told()]
        order.sort(key=lambda key: (key != NAME, told.index(key) if key in told else len(told)))
        self.open(keys, order[(order.index(self._value.key) + direction) % len(order)])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._editor is None:
            return False
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event.key())
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut and event.reason() not in STAYS:
            QTimer.singleShot(0, self, self._left)  # once the focus has arrived where it goes
        return False

    def _key(self, key: int) -> bool:
        if key == Qt.Key.Key_Escape:
            self.cancel()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            if not self._refusal:
                self._go(1 if key == Qt.Key.Key_Tab else -1)
        elif key in ENTER:
            if not self._refusal:
                self.finish()
        else:
            return False
        return True

    def _left(self) -> None:
        focus = self.window().focusWidget()
        if self._editor is not None and not (focus is not None and self._editor.isAncestorOf(focus)):
            self.finish()

    # What is shown

    def _label(self, value: Value) -> str:
        nodes = self._here.project.graph.nodes
        if len(self._keys) > 1:
            return self.tr("{0} of {1} blocks").format(value.described.label, len(self._keys))
        return self.tr("{0} of {1}").format(value.described.label, nodes[self._keys[0]].name)

    def _tell(self) -> None:
        """What is edited, within which limits; or why what is typed can't be taken."""
        if self._theme is None or self._value is None:
            return
        edge = self._theme.danger if self._refusal else self._theme.accent
        self.setStyleSheet(
            f"#inline {{ background: {self._theme.raised}; border: 2px solid {edge};"
            f" border-radius: {SIZES.small_radius}px }}"
            " #inline QLineEdit, #inline QComboBox { border: none; background: transparent; min-height: 0 }"
        )
        if self._refusal:
            words = f'<span style="color: {self._theme.danger}">{html.escape(self._refusal)}</span>'
        else:
            limits = ", ".join(filter(None, (self._value.described.limits, self._value.described.unit)))
            label = self._label(self._value) if len(self._keys) > 1 else self._value.described.label
            words = f'<span style="color: {self._theme.text}">{html.escape(label)}</span>'
            if limits:
                words += f' <span style="color: {self._theme.muted}">{html.escape(limits)}</span>'
        self._words.setText(words)
        self.place()

    def place(self) -> None:
        """Stand over the value, wherever its card is seen now."""
        if self._editor is None or self._value is None or self._keys[0] not in self._scene.cards:
            return
        card = self._scene.cards[self._keys[0]]
        found = spots(card, self._view.zoom)
        spot = self._view.viewportTransform().mapRect(found.get(self._value.key) or line_of(card))
        width = round(min(WIDEST, max(NARROWEST, spot.width() + 3 * INSET)))
        self.setFixedWidth(width)
        self._words.setFixedHeight(self._words.heightForWidth(width - 4))
        self.setFixedHeight(self._layout.totalHeightForWidth(width))
        self._put(spot)

    def _put(self, spot: QRectF) -> None:
        """Inside the canvas."""
        room: QRect = self.parentWidget().rect().adjusted(4, 4, -4, -4)
        left = min(round(spot.left()) - INSET, room.right() - self.width())
        top = min(round(spot.center().y()) - SIZES.field // 2 - 2, room.bottom() - self.height())
        self.move(max(room.left(), left), max(room.top(), top))
