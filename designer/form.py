"""A form made from a record: one row for each of its parameters, with what is wrong in words below the row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from designer.editors import Editor, editor, tooltip
from designer.theme import SIZES
from engine.field import Field
from engine.record import Param, Record

EDITOR_WIDTH = 132
Take = Callable[[str, Any], Any]


class Form(QWidget):
    """Shows parameters and their values, and says what was edited; whoever holds the values shows the new ones."""

    edited = Signal(str, object)  # name of the parameter, a value that can be taken
    withdrawn = Signal()  # what was typed over several different values is taken back
    settled = Signal()  # the edit is over; the next one is another step of the history

    def __init__(
        self,
        editor_width: int = EDITOR_WIDTH,
        special: Mapping[str, type[Editor]] | None = None,
        parent: QWidget | None = None,
        beside: Callable[[Param], QWidget] | None = None,
        units: bool = False,
    ) -> None:
        """`special` names editors for parameters that deserve a better one than their kind would give.

        `beside` makes what stands at the right of each editor. With `units`, labels tell in what a value counts.
        """
        super().__init__(parent)
        self._special = special or {}
        self._beside, self._units = beside, units
        self._params: tuple[Param, ...] = ()
        self._take: Take = lambda _name, value: value
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

    @property
    def beside(self) -> Mapping[str, QWidget]:
        """What stands at the right of each editor, where there is anything."""
        return {name: row.beside for name, row in self._rows.items() if row.beside is not None}

    def show_params(
        self,
        params: Sequence[Param],
        values: Mapping[str, Any],
        take: Take,
        fields: Mapping[str, Field] | None = None,
        mixed: Collection[str] = (),
    ) -> None:
        """Show parameters; editors stay as they are, with focus and all, as long as the parameters do.

        Args:
            params: what is shown, each with a name of its own.
            values: of each parameter, by name.
            take: gives the value that a typed one would become, or raises a `ValueError` with a sentence.
            fields: the dataset's fields, for parameters that name one.
            mixed: parameters that differ among the records that are edited together.
        """
        self._take = take
        if tuple(params) != self._params:
            self._params = tuple(params)
            self._build()
        for name, row in self._rows.items():
            if fields is not None:
                row.editor.show_fields(fields)
            if name in mixed:
                row.editor.show_mixed()
            else:
                row.editor.show_value(values[name])

    def show_errors(self, errors: Mapping[str, str]) -> None:
        """Show what is wrong with values that were taken, by parameter; all others are right."""
        for name, row in self._rows.items():
            row.show_problem(errors.get(name, ""))

    def show_notes(self, notes: Mapping[str, str]) -> None:
        """Show what there is to say of values that are right, by parameter."""
        for name, row in self._rows.items():
            row.show_note(notes.get(name, ""))

    def drop_typing(self) -> None:
        """Forget what is being typed, when other values of the same parameters are going to be shown."""
        for row in self._rows.values():
            row.editor.drop_typing()

    def focus(self, name: str = "") -> None:
        """Put the focus on a parameter, or on the first one."""
        row = self._rows.get(name) or next(iter(self._rows.values()), None)
        if row is not None:
            row.editor.control.setFocus(Qt.FocusReason.TabFocusReason)  # which marks the text, ready to be typed over

    def _build(self) -> None:
        for row in self._rows.values():
            row.remove(self._grid)
        self._rows = {}
        before: QWidget = self
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # only what takes the focus can have a successor
        for place, described in enumerate(self._params):
            make = self._special.get(described.name, editor)
            made = make(described, lambda value, name=described.name: self._take(name, value))
            made.edited.connect(lambda value, name=described.name: self.edited.emit(name, value))
            made.settled.connect(self.settled)
            made.withdrawn.connect(self.withdrawn)
            beside = self._beside(described) if self._beside is not None else None
            row = _Row(made, beside, self._grid, 2 * place, self._editor_width, self)
            row.name(labelled(described) if self._units else described.label)
            self._rows[described.name] = row
            for widget in (made.control, beside):
                if widget is not None:
                    QWidget.setTabOrder(before, widget)
                    before = widget
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)


def labelled(described: Param) -> str:
    """`Warm-up (epochs)`: the label with the unit, unless that says the same again."""
    label, unit = described.label, described.unit
    return label if not unit or unit[:5].lower() in label.lower() else f"{label} ({unit})"


class RecordForm(Form):
    """Shows any record: one row for each of its parameters."""

    def show_record(
        self,
        record: Record,
        fields: Mapping[str, Field] | None = None,
        mixed: Collection[str] = (),
        only: Collection[str] | None = None,
    ) -> None:
        """Show a record, or `only` some of its parameters; see `show_params`."""
        shown = [described for described in record.params() if only is None or described.name in only]
        values = {described.name: getattr(record, described.name) for described in shown}

        def take(name: str, value: Any) -> Any:
            return getattr(record.change(**{name: value}), name)

        self.show_params(shown, values, take, fields, mixed)


class _Row:
    """A label, its editor, and below them the sentence when something is wrong."""

    def __init__(
        self, made: Editor, beside: QWidget | None, grid: QGridLayout, place: int, width: int, parent: QWidget
    ) -> None:
        self.editor, self.beside = made, beside
        self._refusal, self._problem, self._note = "", "", ""
        self._label = QLabel(parent)
        self._label.setProperty("role", "muted")
        self._label.setWordWrap(True)  # a long one takes two lines, rather than the room of others
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
        if beside is not None:
            beside.setParent(parent)
            grid.addWidget(beside, place, 2)
            beside.show()
        self._label.show()  # at once, not when the next event comes: Tab goes past what isn't shown
        made.show()

    def name(self, text: str) -> None:
        self._label.setText(text)

    def show_problem(self, sentence: str) -> None:
        self._problem = sentence
        self._show()

    def show_note(self, sentence: str) -> None:
        self._note = sentence
        self._show()

    def _refuse(self, sentence: str) -> None:
        self._refusal = sentence
        self._show()

    def _show(self) -> None:
        wrong = self._refusal or self._problem
        sentence, role = wrong or self._note, "warning" if self._note and not wrong else "danger"
        if (sentence, role) != (self._error.text(), self._error.property("role")):
            self._error.setText(sentence)
            self._error.setProperty("role", role)
            self._error.style().polish(self._error)
            self._error.setVisible(bool(sentence))
            self.editor.show_error(wrong)
            if role == "warning":
                self.editor.control.setAccessibleDescription(sentence)

    def remove(self, grid: QGridLayout) -> None:
        for widget in filter(None, (self._label, self.editor, self._error, self.beside)):
            grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
