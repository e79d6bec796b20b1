"""Problems in words, each with a button for every way to mend it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from designer.counts import grouped
from designer.document import Document
from designer.icons import icon
from designer.scope import Scope
from designer.theme import SIZES, Theme
from engine.graph import Graph
from engine.group import Group
from engine.problem import Fix, Problem
from engine.project import Project

ICONS = {"error": "x-circle-fill", "warning": "warning-fill"}  # told apart by their form, not by colour alone
BLOCK_WIDTH = 90  # pixels that the name of a block may take
INSET = 5  # pixels from the edge of a button to its words, which line up with the text above
ROLES = {"error": "danger", "warning": "warning"}
SHOWN = 30  # problems at a time; a large design that was cut apart has thousands, and each row takes a millisecond


class ProblemRow(QFrame):
    """A problem that can be clicked to go to its cause, and mended by a button."""

    chosen = Signal(object)  # Problem
    mend = Signal(object)  # Fix

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._problem: Problem | None = None
        self._block_name = ""
        self.setObjectName("problem")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._icon = QLabel(self)
        self._title, self._text = QLabel(self), QLabel(self)
        self._block = QLabel(self)
        self._block.setProperty("role", "small")
        for label in (self._title, self._text):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._buttons = QVBoxLayout()
        self._buttons.setSpacing(0)
        self._buttons.setContentsMargins(SIZES.icon + SIZES.gap - INSET, 0, 0, 0)
        layout = QGridLayout(self)
        layout.setContentsMargins(SIZES.gap + 2, SIZES.gap, SIZES.gap + 2, SIZES.gap)
        layout.setHorizontalSpacing(SIZES.gap)
        layout.setVerticalSpacing(3)
        layout.setColumnStretch(1, 1)
        layout.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._title, 0, 1)
        layout.addWidget(self._block, 0, 2, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._text, 1, 1, 1, 2)
        layout.addLayout(self._buttons, 2, 0, 1, 3)

    @property
    def problem(self) -> Problem:
        assert self._problem is not None
        return self._problem

    def show_problem(self, problem: Problem, block_name: str = "") -> None:
        """Show a problem and, unless it is plain from the surroundings, the name of its block."""
        labels = [fix.label for fix in self._problem.fixes] if self._problem is not None else None
        self._problem, self._block_name = problem, block_name
        self._title.setText(_breakable(problem.title))
        self._text.setText(_breakable(problem.text))
        self._text.setToolTip(problem.details)
        self._block.setText(self._block.fontMetrics().elidedText(block_name, Qt.TextElideMode.ElideLeft, BLOCK_WIDTH))
        self._block.setToolTip(block_name)
        self._block.setVisible(bool(block_name) and block_name not in problem.title)
        severity = self.tr("Error") if problem.severity == "error" else self.tr("Warning")
        self._icon.setToolTip(severity)
        self.setAccessibleName(": ".join(part for part in (severity, block_name, problem.title) if part))
        self.setAccessibleDescription(problem.text)
        if labels != [fix.label for fix in problem.fixes]:
            self._build_buttons(problem.fixes)
        self.show_theme(self._theme)

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        role = ROLES[self.problem.severity]
        colour = theme.role(role)
        self._icon.setPixmap(icon(ICONS[self.problem.severity], role).pixmap(SIZES.icon, SIZES.icon))
        sheet = (
            f"#problem {{ border: 1px solid {colour}; border-radius: {SIZES.radius}px; background: {theme.raised} }}"
            f"#problem:hover {{ background: {theme.hover} }}"
            f"#problem:focus {{ border: 2px solid {theme.accent} }}"
            f"QPushButton {{ color: {theme.link}; background: transparent; border: 1px solid transparent;"
            f" border-radius: {SIZES.small_radius}px; text-align: left; padding: 1px {INSET - 1}px;"
            " font-weight: normal }"
            f"QPushButton:hover {{ background: {theme.pressed} }}"
            f"QPushButton:focus {{ border-color: {theme.accent} }}"
            f"QPushButton:disabled {{ color: {theme.disabled} }}"
        )
        if sheet != self.styleSheet():  # else Qt would go through all that stands in the row
            self.setStyleSheet(sheet)
            self._title.setStyleSheet(f"color: {colour}; font-weight: 600")

    def _build_buttons(self, fixes: tuple[Fix, ...]) -> None:
        while (item := self._buttons.takeAt(0)) is not None:
            item.widget().deleteLater()
        for index, fix in enumerate(fixes):
            button = _FixButton(fix.label, self)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.setAutoDefault(False)
            button.setToolTip(self.tr("Mend it: {0}").format(fix.label))
            button.clicked.connect(lambda _=False, index=index: self.mend.emit(self.problem.fixes[index]))
            self._buttons.addWidget(button)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self.problem)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.problem)
        else:
            super().keyPressEvent(event)


class _FixButton(QPushButton):
    """A button whose words end in an ellipsis where there is no room for them."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        room = self.width() - 2 * INSET
        option.text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)


class ProblemRows(QWidget):
    """Problems below each other, the first of many and a button for more.

    While the design is being checked anew, nothing can be mended.
    """

    jump = Signal(object)  # Problem

    def __init__(self, shown: Document | Scope, theme: Theme, parent: QWidget | None = None) -> None:
        """`shown` is what the problems are of: the whole document, or the part that one is in."""
        super().__init__(parent)
        self._shown, self._theme = shown, theme
        self._rows: list[ProblemRow] = []
        self._problems: Sequence[Problem] = ()
        self._name_blocks = True
        self._most = SHOWN
        self._layout = QVBoxLayout()
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SIZES.gap)
        self.more = QPushButton()
        self.more.setAutoDefault(False)
        self.more.setToolTip(self.tr("Show more of the problems"))
        self.more.clicked.connect(self._show_more)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(SIZES.gap)
        whole.addLayout(self._layout)
        whole.addWidget(self.more, alignment=Qt.AlignmentFlag.AlignLeft)
        shown.changed.connect(lambda _project: self.setEnabled(False))
        shown.reviewed.connect(lambda _review: self.setEnabled(True))

    @property
    def rows(self) -> tuple[ProblemRow, ...]:
        return tuple(self._rows)

    def show_problems(self, problems: Sequence[Problem], name_blocks: bool = True) -> None:
        """Show problems; rows are kept in place, so that the focus stays where it is."""
        if len(problems) <= SHOWN:
            self._most = SHOWN
        self._problems, self._name_blocks = problems, name_blocks
        self._fill()

    def _show_more(self) -> None:
        first = len(self._rows)
        self._most += SHOWN
        self._fill()
        self._rows[first].setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill(self) -> None:
        problems = self._problems[: self._most]
        while len(self._rows) > len(problems):
            row = self._rows.pop()
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self._rows) < len(problems):
            row = ProblemRow(self._theme, self)
            row.chosen.connect(self.jump)
            row.mend.connect(self._shown.mend)
            self._layout.addWidget(row)
            self._rows.append(row)
        for row, problem in zip(self._rows, problems, strict=True):
            row.show_problem(problem, _block_name(problem, self._shown.project) if self._name_blocks else "")
            row.show()
        hidden = len(self._problems) - len(problems)
        words = self.tr("Show {0} more of {1}")
        self.more.setText(words.format(grouped(min(hidden, SHOWN)), grouped(hidden)))
        self.more.setVisible(hidden > 0)
        self.setVisible(bool(problems))

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        for row in self._rows:
            row.show_theme(theme)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        stops = [*self._rows, *((self.more,) if self.more.isVisible() else ())]
        focused = next((index for index, stop in enumerate(stops) if stop.hasFocus()), None)
        if step and focused is not None:
            index = min(max(focused + step, 0), len(stops) - 1)
            stops[index].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)


class NoProblems(QWidget):
    """Says that all is well: the design can train."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._words = QLabel(self), QLabel(self)
        self._words.setWordWrap(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SIZES.gap)
        layout.addWidget(self._icon, alignment=Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._words, stretch=1)
        self.refresh()

    def refresh(self) -> None:
        self._icon.setPixmap(icon("check-circle-fill", "success").pixmap(SIZES.icon, SIZES.icon))
        self._words.setText(self.tr("No problems. The design can train."))


def worst_first(problems: Sequence[Problem]) -> list[Problem]:
    """Errors before warnings; otherwise in the order they were found."""
    return sorted(problems, key=lambda problem: problem.severity != "error")


def _breakable(text: str) -> str:
    """The same words, in which a long name may go on in the next line."""
    return text.replace("_", "_\u200b")


def _block_name(problem: Problem, project: Project) -> str:
    """The name of its block, behind those of the groups around it."""
    names, graph = [], project.graph
    for key in (problem.block or "").split("/"):
        node = graph.nodes.get(key)
        if node is None:
            break
        names.append(node.name)
        graph = node.block.graph if isinstance(node.block, Group) else Graph()
    return " › ".join(names)
