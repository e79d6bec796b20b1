"""One editor for each kind of parameter, all with the same face: show a value, say that it was edited.

An editor is given `take`, which turns what was typed into the value that the record would hold, or raises a
`ValueError` with a sentence. Typing is judged with every key: what can be taken is told at once by `edited`, what
can't stays in the field, is told by `refused`, and changes nothing. Leaving the field, or Escape, brings the last
good value back.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from designer.controls import ChoiceBox, LineField
from designer.steps import STEPS
from designer.theme import current_theme
from engine.field import Field
from engine.record import Param

Take = Callable[[Any], Any]
WORDS = Qt.ItemDataRole.UserRole + 1  # what an item of a list means


class Editor(QWidget):
    """What all editors share. `control` is the field itself: it has the focus, the name and the tooltip.

    It is no focus proxy, by way of which Tab would come to it from wherever the editor stands in its order.
    """

    edited = Signal(object)  # a value that can be taken
    refused = Signal(str)  # why what stands in the field can't be taken; "" as soon as it can
    withdrawn = Signal()  # what was typed over several different values is taken back: they are as they were
    settled = Signal()  # the edit is over: Enter, focus gone, or one click on a box

    def __init__(self, described: Param, take: Take, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.described, self._take = described, take
        self._value: Any = None
        self._mixed = False  # whether the records edited together differ here
        self._typing = False  # whether someone is at it
        self.control = self._build()
        self.control.setAccessibleName(described.label)
        self.control.setToolTip(tooltip(described))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.control, alignment=self._alignment())

    def show_value(self, value: Any) -> None:
        """Show a value. What is being typed stays as long as it means, or will mean, this value."""
        typing = self._typing and not self._mixed and value == self._value
        self._value, self._mixed = value, False
        if not typing:
            self._show()

    def drop_typing(self) -> None:
        """Forget what is being typed: another record is going to be shown."""
        self._typing = False

    def show_mixed(self) -> None:
        """Show that the records edited together have different values here."""
        self._mixed = True
        self._show()

    def show_fields(self, fields: Mapping[str, Field]) -> None:
        """Tell the dataset's fields, which some parameters choose from."""

    def show_error(self, sentence: str) -> None:
        """Mark the value as wrong; the sentence itself stands below, where there is room for it."""
        self.control.setProperty("invalid", bool(sentence))
        self.control.setAccessibleDescription(sentence or self.described.doc)
        self.control.style().unpolish(self.control)
        self.control.style().polish(self.control)

    def _build(self) -> QWidget:
        raise NotImplementedError(type(self).__name__)

    def _show(self) -> None:
        """Bring the control in line with `_value` and `_mixed`."""
        raise NotImplementedError(type(self).__name__)

    def _alignment(self) -> Qt.AlignmentFlag:
        return Qt.AlignmentFlag(0)

    def _offer(self, value: Any) -> bool:
        """Hand a value on if the record can take it; otherwise say why not."""
        try:
            taken = self._take(value)
        except ValueError as error:
            self.refused.emit(str(error))
            return False
        self.refused.emit("")
        if self._mixed or taken != self._value or type(taken) is not type(self._value):
            self._value, self._mixed = taken, False
            self.edited.emit(taken)
        return True


class TextEditor(Editor):
    """A field to type in: numbers, sizes, text. Up and Down change numbers by a step."""

    def _build(self) -> QWidget:
        return self._prepare(LineField())

    def _prepare(self, line: LineField) -> LineField:
        self._line = line
        self._start: Any = None  # what Escape brings back
        self._start_mixed = False
        line.textEdited.connect(self._typed)
        line.entered.connect(self._enter)
        line.left.connect(self._leave)
        line.came.connect(self._begin)
        line.stepped.connect(self._step)
        line.escape = self._escape
        if self.described.optional:
            line.setPlaceholderText(self.described.empty)
        return line

    def _show(self) -> None:
        self._line.bad = False
        if self._mixed:
            self._line.setText("")
            self._line.setPlaceholderText(self.tr("several values"))
        else:
            self._line.setPlaceholderText(self.described.empty if self.described.optional else "")
            self._line.setText(self.described.format(self._value))
            self._line.setCursorPosition(0)
        self.refused.emit("")

    def _begin(self) -> None:
        if not self._typing:
            self._typing, self._start, self._start_mixed = True, self._value, self._mixed

    def _typed(self, text: str) -> None:
        self._begin()
        self._line.bad = not self._offer(self.described.parse(text))

    def _enter(self) -> None:
        if not self._line.bad:
            self._show()
            self._line.selectAll()
            self._start, self._start_mixed = self._value, self._mixed
            self.settled.emit()

    def _leave(self) -> None:
        if self._line.bad:  # 100 is good on the way to a refused 1000, but nobody asked for it
            self._escape()
        self._typing = False
        self._show()
        self.settled.emit()

    def _escape(self) -> bool:
        """Take back what was typed; False when there is nothing to take back."""
        if not self._line.bad and (self._mixed or (self._value == self._start and not self._start_mixed)):
            return False
        if self._start_mixed:
            self._mixed = True
            self.withdrawn.emit()
        elif self._value != self._start:
            self._offer(self._start)
        self._show()
        self._line.selectAll()
        return True

    def _step(self, direction: int) -> None:
        step = STEPS.get(self.described.kind)
        if step is None or self._mixed or self._line.bad:
            return
        value = step(self._value, direction)
        try:
            self._take(value)
        except ValueError:  # the limit is reached, and there the arrow key ends
            return
        self._offer(value)
        self._show()
        self._line.selectAll()


class ChoiceOrTextEditor(TextEditor):
    """A field to type in that also offers words: sizes, or `same`."""

    def _build(self) -> QWidget:
        line = self._prepare(LineField())
        self._box = ChoiceBox()
        line.setStyleSheet("border: none; background: transparent; padding: 0; min-height: 0")
        self._box.setEditable(True)
        self._box.setLineEdit(line)
        self._box.setCompleter(None)  # type: ignore[arg-type]
        self._box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._box.addItems(self.described.choices)
        self._box.textActivated.connect(self._choose)
        return self._box

    def _show(self) -> None:
        self._box.setCurrentIndex(-1 if self._mixed or self._value is None else self._box.findText(str(self._value)))
        super()._show()

    def _choose(self, text: str) -> None:
        self._typed(text)
        self._enter()


class ChoiceEditor(Editor):
    """One of several words."""

    def _build(self) -> QWidget:
        self._box = ChoiceBox()
        self._box.setPlaceholderText(self.tr("several values"))
        if self.described.optional:
            self._box.addItem(self.described.empty, None)
        for choice in self.described.choices:
            self._box.addItem(choice, choice)
        self._box.activated.connect(self._choose)
        return self._box

    def _show(self) -> None:
        self._box.setCurrentIndex(-1 if self._mixed else self._box.findData(self._value))
        self.refused.emit("")

    def _choose(self, index: int) -> None:
        if not self._offer(self._box.itemData(index)):
            self._box.setCurrentIndex(self._box.findData(self._value))
        self.settled.emit()


class FieldEditor(ChoiceEditor):
    """One of the dataset's fields; the list tells what each holds."""

    def _build(self) -> QWidget:
        self._fields: dict[str, Field] = {}
        self._listed: dict[str, Field] = {}
        box = super()._build()
        self._box.setItemDelegate(_WithWords(self._box))
        return box

    def show_fields(self, fields: Mapping[str, Field]) -> None:
        """Offer these fields, and the one that is chosen even when the dataset has it no more."""
        self._fields = dict(fields)
        self._show()

    def _show(self) -> None:
        names = ["", *self._fields]
        if self._value and self._value not in self._fields:
            names.append(self._value)
        if names != [self._box.itemData(index) for index in range(self._box.count())] or self._listed != self._fields:
            self._fill(names)
        super()._show()

    def _fill(self, names: list[str]) -> None:
        self._listed = self._fields
        self._box.clear()
        widest = 0
        for name in names:
            field = self._fields.get(name)
            missing = self.tr("{0} (missing)").format(name) if name else self.tr("not chosen")
            words = _in_words(field) if field else ""
            self._box.addItem(name if field else missing, name)
            self._box.setItemData(self._box.count() - 1, words, WORDS)
            self._box.setItemData(self._box.count() - 1, field.doc if field else "", Qt.ItemDataRole.ToolTipRole)
            widest = max(widest, self._box.fontMetrics().horizontalAdvance(name + words))
        self._box.view().setMinimumWidth(widest + 56)


class SwitchEditor(Editor):
    """On or off."""

    def _build(self) -> QWidget:
        self._box = QCheckBox()
        self._box.setStyleSheet("spacing: 0")  # it has no text, and stands at the edge
        self._box.clicked.connect(self._choose)
        return self._box

    def _alignment(self) -> Qt.AlignmentFlag:
        return Qt.AlignmentFlag.AlignRight

    def _show(self) -> None:
        self._box.setTristate(self._mixed)
        if self._mixed:
            self._box.setCheckState(Qt.CheckState.PartiallyChecked)
        else:
            self._box.setChecked(bool(self._value))
        self.refused.emit("")

    def _choose(self, _checked: bool) -> None:
        self._box.setTristate(False)
        if self._offer(self._box.checkState() != Qt.CheckState.Unchecked):
            self.settled.emit()
        else:
            self._box.setChecked(bool(self._value))


class _WithWords(QStyledItemDelegate):
    """Rows of a list with what they mean in grey at the right."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        words = index.data(WORDS)
        if words:
            painter.save()
            painter.setPen(QColor(current_theme().muted))
            at_right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(option.rect.adjusted(0, 0, -8, 0), at_right, words)  # type: ignore[attr-defined]
            painter.restore()


EDITORS: Mapping[str, type[Editor]] = {
    "int": TextEditor,
    "float": TextEditor,
    "text": TextEditor,
    "sizes": TextEditor,
    "shape": TextEditor,
    "numbers": TextEditor,
    "bool": SwitchEditor,
    "choice": ChoiceEditor,
    "field": FieldEditor,
    "score": TextEditor,
}


def editor(described: Param, take: Take) -> Editor:
    """The editor for a parameter."""
    if described.choices and described.kind != "choice":
        return ChoiceOrTextEditor(described, take)
    return EDITORS[described.kind](described, take)


def tooltip(described: Param) -> str:
    """What a parameter means, within which limits and in what unit, as rich text so that long lines wrap."""
    limits = described.limits[:1].upper() + described.limits[1:]
    facts = ", ".join(fact for fact in (limits, described.unit) if fact)
    return f"<p>{html.escape(described.doc)}</p>" + (f"<p>{html.escape(facts)}.</p>" if facts else "")


def _in_words(field: Field) -> str:
    return field.in_words if field.kind in field.in_words or field.kind == "class" else f"{field.kind} {field.in_words}"


__all__ = ["EDITORS", "Editor", "Take", "editor", "tooltip"]
