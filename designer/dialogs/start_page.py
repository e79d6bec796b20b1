"""What one sees first: templates to begin with, recent files, and an empty canvas."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from designer.icons import icon
from designer.theme import SIZES, Theme, font
from engine.project import Project

CARD = QSize(250, 190)
COLUMN = 230  # width of buttons and lists at the left
SKETCH = 92  # height of the little drawing on a card
BLOCK = (150, 56)  # size of a block on the canvas, to which the drawing is scaled


class StartPage(QScrollArea):
    """Tells what was chosen; the window does it."""

    new_chosen = Signal()
    open_chosen = Signal()
    template_chosen = Signal(object)  # Project
    recent_chosen = Signal(object)  # Path
    recovered_chosen = Signal(object)  # what was given to `show_recovered`

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._theme = theme
        self.cards: list[TemplateCard] = []
        inside = QWidget()
        self.setWidget(inside)
        page = QHBoxLayout(inside)
        page.setContentsMargins(56, 44, 56, 44)
        page.setSpacing(48)
        page.addStretch(1)
        page.addLayout(self._left())
        page.addLayout(self._right(), 0)
        page.addStretch(1)

    def _left(self) -> QVBoxLayout:
        title = QLabel(self.tr("Plexus"))
        title.setFont(font("title"))
        title.setProperty("role", "title")
        words = QLabel(self.tr("Draw a neural network, train it, look inside, take it away as PyTorch code."))
        words.setProperty("role", "muted")
        words.setWordWrap(True)
        self.new_button = QPushButton(icon("plus", "on_accent"), self.tr("Empty canvas"))
        self.new_button.setProperty("role", "primary")
        self.open_button = QPushButton(icon("folder-open"), self.tr("Open project…"))
        self.new_button.clicked.connect(self.new_chosen)
        self.open_button.clicked.connect(self.open_chosen)
        self._recovered, self._recent = QVBoxLayout(), QVBoxLayout()
        for part in (self._recovered, self._recent):
            part.setSpacing(2)
        column = QVBoxLayout()
        column.setSpacing(SIZES.gap)
        for widget in (title, words):
            column.addWidget(widget)
        column.addSpacing(SIZES.margin)
        for button in (self.new_button, self.open_button):
            button.setFixedWidth(COLUMN)
            column.addWidget(button)
        column.addSpacing(20)
        column.addLayout(self._recovered)
        column.addLayout(self._recent)
        column.addStretch(1)
        return column

    def _right(self) -> QVBoxLayout:
        heading = QLabel(self.tr("Begin with a template"))
        heading.setProperty("role", "heading")
        self._grid = QGridLayout()
        self._grid.setSpacing(16)
        column = QVBoxLayout()
        column.setSpacing(SIZES.margin)
        column.addWidget(heading)
        column.addLayout(self._grid)
        column.addStretch(1)
        return column

    def show_templates(self, projects: Iterable[Project]) -> None:
        """One card a template, three in a row."""
        for card in self.cards:
            card.deleteLater()
        self.cards = []
        for index, project in enumerate(projects):
            card = TemplateCard(project, self._theme, self.widget())
            card.clicked.connect(lambda checked=False, project=project: self.template_chosen.emit(project))
            self._grid.addWidget(card, index // 3, index % 3)
            self.cards.append(card)

    def show_recovered(self, found: Iterable[tuple[str, str, object]]) -> None:
        """Unsaved work of earlier: a name, when it was, and what to hand over when it is chosen."""
        _clear(self._recovered)
        for index, (name, when, work) in enumerate(found):
            if index == 0:
                self._recovered.addWidget(_heading(self.tr("Unsaved work")))
            button = self._link(f"{name} · {when}", self.tr("Open what was not saved when the program ended"))
            button.setIcon(icon("clock-counter-clockwise", "warning"))
            button.clicked.connect(lambda checked=False, work=work: self.recovered_chosen.emit(work))
            self._recovered.addWidget(button)
        if self._recovered.count():
            self._recovered.addSpacing(SIZES.margin)

    def show_recent(self, paths: Iterable[str]) -> None:
        """The files used last, newest first."""
        _clear(self._recent)
        paths = list(paths)[:8]
        self._recent.addWidget(_heading(self.tr("Recent projects")))
        if not paths:
            none = QLabel(self.tr("Projects you save appear here."))
            none.setProperty("role", "muted")
            self._recent.addWidget(none)
        for path in map(Path, paths):
            button = self._link(path.stem, str(path))
            button.clicked.connect(lambda checked=False, path=path: self.recent_chosen.emit(path))
            self._recent.addWidget(button)

    def _link(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("role", "flat")
        button.setToolTip(tip)
        button.setStyleSheet("text-align: left; font-weight: 400;")
        button.setFixedWidth(COLUMN)
        return button

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        for card in self.cards:
            card.show_theme(theme)


def _heading(text: str) -> QLabel:
    heading = QLabel(text)
    heading.setProperty("role", "strong")
    return heading


def _clear(layout: QVBoxLayout) -> None:
    while layout.count():
        widget = layout.takeAt(0).widget()
        if widget is not None:
            widget.deleteLater()


class TemplateCard(QAbstractButton):
    """A template's drawing in small, its name, and a sentence about it."""

    def __init__(self, project: Project, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.project, self._theme = project, theme
        self.description = str(project.extras.get("description", ""))
        self.setFixedSize(CARD)
        self.setText(project.name)
        self.setAccessibleName(project.name)
        self.setAccessibleDescription(self.description)
        self.setToolTip(self.description)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        active = self.hasFocus() or self.underMouse()
        painter.setPen(QPen(QColor(theme.accent if active else theme.border), 2 if self.hasFocus() else 1))
        painter.setBrush(QColor(theme.hover if self.isDown() else theme.panel))
        painter.drawRoundedRect(box, 8, 8)
        self._draw_sketch(painter, QRectF(box.left() + 16, box.top() + 14, box.width() - 32, SKETCH))
        text = box.adjusted(16, SKETCH + 24, -16, -10)
        painter.setPen(QColor(theme.text))
        painter.setFont(font("strong"))
        painter.drawText(text, Qt.AlignmentFlag.AlignLeft, self.project.name)
        painter.setPen(QColor(theme.muted))
        painter.setFont(font("small"))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        painter.drawText(text.adjusted(0, painter.fontMetrics().height() + 5, 0, 0), flags, self.description)

    def _draw_sketch(self, painter: QPainter, area: QRectF) -> None:
        """The graph, scaled into `area`, its blocks in the colours of their categories."""
        layout, graph = self.project.layout, self.project.graph
        if not layout:
            return
        left = min(place.x for place in layout.values())
        top = min(place.y for place in layout.values())
        width = max(place.x for place in layout.values()) + BLOCK[0] - left
        height = max(place.y for place in layout.values()) + BLOCK[1] - top
        scale = min(area.width() / width, area.height() / height, 0.3)
        origin_x = area.center().x() - width * scale / 2
        origin_y = area.center().y() - height * scale / 2

        def spot(key: str) -> QRectF:
            place = layout[key]
            return QRectF(
                origin_x + (place.x - left) * scale,
                origin_y + (place.y - top) * scale,
                BLOCK[0] * scale,
                BLOCK[1] * scale,
            )

        painter.setPen(QPen(QColor(self._theme.control), 1))
        for wire in graph.wires:
            start, end = spot(wire.source), spot(wire.target)
            painter.drawLine(start.center(), end.center())
        painter.setPen(Qt.PenStyle.NoPen)
        for key, node in graph.nodes.items():
            painter.setBrush(QColor(self._theme.category(node.block.category)))
            painter.drawRoundedRect(spot(key), 2, 2)
