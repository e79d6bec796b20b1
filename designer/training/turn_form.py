"""One of several steps of a batch: its name, its losses, what it moves, how often and how fast."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from designer.form import Form, Take
from designer.icons import icon
from designer.theme import SIZES
from designer.training.picks import BlocksEditor
from engine.problem import Problem
from engine.training.turn import Turn

EDITORS = 230  # pixels; there may be several names in one


class TurnForm(QFrame):
    """Says what is edited; whoever holds the steps shows the new ones."""

    edited = Signal(str, object)
    settled = Signal()
    moved = Signal(int)  # up (-1) or down (1)
    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel()
        self.title.setProperty("role", "strong")
        self.up = self._button("arrow-up", self.tr("Take this step earlier"))
        self.down = self._button("arrow-down", self.tr("Take this step later"))
        self.remove = self._button("trash", self.tr("Remove this step"))
        self.form = Form(EDITORS, special={"losses": BlocksEditor, "blocks": BlocksEditor})
        self._problems = QLabel()
        self._problems.setWordWrap(True)
        self._problems.setTextFormat(Qt.TextFormat.PlainText)
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.title, 1)
        for button in (self.up, self.down, self.remove):
            head.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SIZES.gap, 0, 0)
        layout.setSpacing(SIZES.gap)
        layout.addLayout(head)
        layout.addWidget(self.form)
        layout.addWidget(self._problems)
        self.form.edited.connect(self.edited)
        self.form.settled.connect(self.settled)
        self.up.clicked.connect(lambda: self.moved.emit(-1))
        self.down.clicked.connect(lambda: self.moved.emit(1))
        self.remove.clicked.connect(self.removed)

    @property
    def focused(self) -> tuple[QWidget, ...]:
        """What takes the focus, in the order of Tab."""
        return self.up, self.down, self.remove, *(editor.control for editor in self.form.editors.values())

    def show_turn(self, turn: Turn, place: int, count: int, take: Take) -> None:
        """Show the step at a place among so many; `take` judges a value as the settings would."""
        self.title.setText(self.tr("{0} of {1}: {2}").format(place + 1, count, turn.name))
        self.setAccessibleName(self.title.text())
        self.up.setEnabled(place > 0)
        self.down.setEnabled(place < count - 1)
        self.form.show_params(Turn.params(), turn.values(), take)

    def show_offer(self, losses: Mapping[str, str], blocks: Mapping[str, str]) -> None:
        """Offer losses and blocks, each id with what it is called."""
        for name, offered in (("losses", losses), ("blocks", blocks)):
            editor: Any = self.form.editors[name]
            editor.show_offer(offered)

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Tell what is wrong with the step."""
        told = list(problems)
        self._problems.setText("\n".join(str(problem) for problem in told))
        errors = any(problem.severity == "error" for problem in told)
        self._problems.setProperty("role", "danger" if errors else "warning")
        self._problems.style().unpolish(self._problems)
        self._problems.style().polish(self._problems)
        self._problems.setVisible(bool(told))

    def _button(self, picture: str, words: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(picture, "muted"))
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button
