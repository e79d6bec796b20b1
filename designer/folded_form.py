"""A form whose rare parameters are folded away under “More”."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from designer.editors import Editor
from designer.form import EDITOR_WIDTH, RecordForm
from designer.icons import icon
from designer.theme import SIZES
from engine.record import Record


class FoldedForm(QWidget):
    """Shows a record, or some of its parameters, as `RecordForm` does."""

    edited = Signal(str, object)
    settled = Signal()

    def __init__(
        self,
        editor_width: int = EDITOR_WIDTH,
        special: Mapping[str, type[Editor]] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._usual = RecordForm(editor_width, special, units=True)
        self._rare = RecordForm(editor_width, special, units=True)
        self.more = QToolButton()
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setCheckable(True)
        self.more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.more.setToolTip(self.tr("Settings that are seldom changed"))
        self.more.toggled.connect(self._unfold)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(self._usual)
        layout.addWidget(self.more, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._rare)
        for form in (self._usual, self._rare):
            form.edited.connect(self.edited)
            form.settled.connect(self.settled)
        self._unfold(False)

    @property
    def editors(self) -> Mapping[str, Editor]:
        """The editor of each parameter, folded away or not."""
        return {**self._usual.editors, **self._rare.editors}

    def show_record(self, record: Record, only: Collection[str] | None = None) -> None:
        """Show a record, or `only` some of its parameters."""
        shown = [described for described in record.params() if only is None or described.name in only]
        rare = [described.name for described in shown if described.rare]
        self._usual.show_record(record, only=[described.name for described in shown if not described.rare])
        self._rare.show_record(record, only=rare)
        changed = sum(name in rare for name in record.changed())
        words = self.tr("More") if not changed else self.tr("More · {0} changed").format(changed)
        self.more.setText(words)
        self.more.setAccessibleName(words)
        self.more.setVisible(bool(rare))
        self._rare.setVisible(bool(rare) and self.more.isChecked())

    def show_notes(self, notes: Mapping[str, str]) -> None:
        """Show what there is to say of values that are right, by parameter."""
        for form in (self._usual, self._rare):
            form.show_notes(notes)

    def focus(self, name: str) -> None:
        """Put the focus on a parameter, unfolding it if it must be."""
        if name in self._rare.editors:
            self.more.setChecked(True)
            self._rare.focus(name)
        else:
            self._usual.focus(name)

    def _unfold(self, unfolded: bool) -> None:
        self.more.setIcon(icon("caret-down" if unfolded else "caret-right", "muted"))
        self.more.setStyleSheet(f"padding: 2px {SIZES.gap}px 2px 0; background: transparent")
        self._rare.setVisible(unfolded)
