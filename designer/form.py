"""A form made from a record: one row for each of its parameters, with what is wrong in words below the row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from designer.editors import Editor, editor, tooltip
from designer.theme import SIZES
from engine.field import Field
from engine.record import Record

EDITOR_WIDTH = 132


class RecordForm(QWidget):
    """Shows any record and says what was edited; whoever holds the record answers with `show_record`."""

    edited = Signal(str, object)  # name of the parameter, a value that the record can take
    settled = Signal()  # the edit is over; the next one is another step of the history

    def __init__(
        self,
        editor_width: int = EDITOR_WIDTH,
        special: Mapping[str, type[Editor]] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`special` names editors for parameters that deserve a better one than their kind would give."""
        super().__init__(parent)
        self._special = special or {}
        self._record: Record | None = None
        self._rows: dict[str, _Row] = {}
        self._editor_width = editor_width
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SIZES.gap)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnStretch(0, 1)

    @property
    def editors(self) -> Mapping[str, Editor]:
        """The editor of each parameter."""
        return {name: row.editor for name, row in self._rows.items()}

    def show_record(
        self, record: Record, fields: Mapping[str, Field] | None = None, mixed: Collection[str] = ()
    ) -> None:
        """Show a record; editors stay as they are, with focus and all, as long as its class does.

        Args:
            record: what is shown.
            fields: the dataset's fields, for parameters that name one.
            mixed: parameters that differ among the records that are edited together.
        """
        if type(record) is not type(self._record):
            self._build(type(record))
        self._record = record
        for name, row in self._rows.items():
            if fields is not None:
                row.editor.show_fields(fields)
            if name in mixed:
                row.editor.show_mixed()
            else:
                row.editor.show_value(getattr(record, name))

    def show_errors(self, errors: Mapping[str, str]) -> None:
        """Show what is wrong with values that were taken, by parameter; all others are right."""
        for name, row in self._rows.items():
            row.show_problem(errors.get(name, ""))

    def drop_typing(self) -> None:
        """Forget what is being typed, when another record of the same class is going to be shown."""
        for row in self._rows.values():
            row.editor.drop_typing()

    def focus(self, name: str = "") -> None:
        """Put the focus on a parameter, or on the first one."""
        row = self._rows.get(name) or next(iter(self._rows.values()), None)
        if row is not None:
            row.editor.setFocus(Qt.FocusReason.TabFocusReason)  # which marks the text, ready to be typed over

    def _build(self, cls: type[Record]) -> None:
        for row in self._rows.values():
            row.remove(self._grid)
        self._rows = {}
        before: QWidget = self
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # only what takes the focus can have a successor
        for place, described in enumerate(cls.params()):
            make = self._special.get(described.name, editor)
            made = make(described, lambda value, name=described.name: self._taken(name, value))
            made.edited.connect(lambda value, name=described.name: self.edited.emit(name, value))
            made.settled.connect(self.settled)
            row = _Row(made, self._grid, 2 * place, self._editor_width, self)
            self._rows[described.name] = row
            QWidget.setTabOrder(before, made.control)
            before = made.control
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _taken(self, name: str, value: Any) -> Any:
        """The value as the record would hold it.

        Raises:
            BadValue: when the record can't take it.
        """
        assert self._record is not None
        return getattr(self._record.change(**{name: value}), name)


class _Row:
    """A label, its editor, and below them the sentence when something is wrong."""

    def __init__(self, made: Editor, grid: QGridLayout, place: int, width: int, parent: QWidget) -> None:
        self.editor = made
        self._refusal, self._problem = "", ""
        self._label = QLabel(made.described.label, parent)
        self._label.setProperty("role", "muted")
        self._label.setToolTip(tooltip(made.described))
        self._label.setBuddy(made.control)
        self._error = QLabel(parent)
        self._error.setProperty("role", "danger")
        self._error.setWordWrap(True)
        self._error.setTextFormat(Qt.TextFormat.PlainText)
        self._error.setContentsMargins(0, 0, 0, 4)
        self._error.hide()
        made.setFixedWidth(width)
        made.setMinimumHeight(SIZES.field)
        made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        made.refused.connect(self._refuse)
        grid.addWidget(self._label, place, 0)
        grid.addWidget(made, place, 1)
        grid.addWidget(self._error, place + 1, 0, 1, 2)
        self._label.show()  # at once, not when the next event comes: Tab goes past what isn't shown
        made.show()

    def show_problem(self, sentence: str) -> None:
        self._problem = sentence
        self._show()

    def _refuse(self, sentence: str) -> None:
        self._refusal = sentence
        self._show()

    def _show(self) -> None:
        sentence = self._refusal or self._problem
        if sentence != self._error.text():
            self._error.setText(sentence)
            self._error.setVisible(bool(sentence))
            self.editor.show_error(sentence)

    def remove(self, grid: QGridLayout) -> None:
        for widget in (self._label, self.editor, self._error):
            grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
