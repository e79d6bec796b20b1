"""The Train workspace: the optimizer, the length of the run, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from designer import background
from designer.controls import ChoiceBox
from designer.counts import grouped, rounded
from designer.document import Document
from designer.facts import Fact, Facts
from designer.form import RecordForm
from designer.reference import ReferenceLabel
from designer.theme import SIZES, Theme
from engine.data import DataSettings, prepare
from engine.problem import UserError
from engine.project import Project
from engine.training.batches import edges
from engine.training.settings import OPTIMIZERS, Optimizer, TrainingSettings

EDITORS = 150
CARD = 440  # width of a card in pixels, at most


class SettingsPage(QScrollArea):
    """Three cards: optimizer, run, and the figures that follow."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._data: DataSettings | None = None  # whose sizes are known, or on their way
        self._sizes: Mapping[str, int] | None = None
        self._task: background.Task | None = None
        self.setAccessibleName(self.tr("Training settings"))
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.optimizer = OptimizerCard(document, theme)
        self.run_form = RecordForm(EDITORS)
        self.run_form.edited.connect(self._edit)
        self.run_form.settled.connect(document.settle)
        self.facts = Facts(theme)
        self._failure = QLabel()
        self._failure.setProperty("role", "danger")
        self._failure.setWordWrap(True)
        self._failure.hide()
        inside = QWidget()
        layout = QHBoxLayout(inside)
        layout.setContentsMargins(SIZES.margin + 4, SIZES.margin + 4, SIZES.margin + 4, SIZES.margin)
        layout.setSpacing(SIZES.margin)
        run = card(self.tr("Run"), self.run_form)
        follows = card(self.tr("What this comes to"), self.facts, self._failure)
        for part in (self.optimizer, run, follows):
            layout.addWidget(part, 1, Qt.AlignmentFlag.AlignTop)
        layout.addStretch()
        self.setWidget(inside)
        document.changed.connect(lambda _project: self._show())
        document.reviewed.connect(lambda _review: self._show_facts())
        self._show()

    def show_theme(self, theme: Theme) -> None:
        self.optimizer.show_theme(theme)
        self.facts.show_theme(theme)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def _show(self) -> None:
        project = self._document.project
        self.optimizer.show_optimizer(project.training.optimizer)
        self.run_form.show_record(project.training)
        if self.isVisible() and project.data != self._data:
            self._count(project.data)
        self._show_facts()

    def _count(self, data: DataSettings) -> None:
        """Find out how many samples each part has, off the screen's thread."""
        if self._task is not None:
            self._task.cancel()
        self._data, self._sizes = data, None
        self._task = background.run(self, lambda: prepare(data).sizes, self._counted, self._failed)

    def _counted(self, sizes: Mapping[str, int]) -> None:
        self._task, self._sizes = None, sizes
        self._failure.hide()
        self._show_facts()

    def _failed(self, error: Exception) -> None:
        self._task = None
        if not isinstance(error, UserError):
            raise error
        self._failure.setText(str(error))
        self._failure.show()

    def _show_facts(self) -> None:
        project, plan = self._document.project, self._document.review.plan
        sizes = self._sizes or {}
        self.facts.show_facts(
            [
                (self.tr("Training samples"), _count(sizes, "train")),
                (self.tr("Validation samples"), _count(sizes, "validation")),
                (self.tr("Test samples"), _count(sizes, "test")),
                *self._steps(project),
                (self.tr("Parameters"), grouped(plan.parameters)),
                # a step goes forwards once, and backwards once for the inputs and once for the weights
                (self.tr("Multiply-adds a step"), rounded(3 * plan.multiply_adds * project.training.batch_size)),
            ]
        )

    def _steps(self, project: Project) -> list[Fact]:
        settings = project.training
        names = (self.tr("Steps an epoch"), self.tr("Steps in all"))
        if self._sizes is None:
            return [(name, "") for name in names]
        steps = len(edges(self._sizes["train"], settings.batch_size))
        return list(zip(names, (grouped(steps), grouped(steps * settings.epochs)), strict=True))

    def _edit(self, name: str, value: object) -> None:
        project = self._document.project
        label = TrainingSettings.param(name).label
        after = project.with_(training=project.training.change(**{name: value}))
        self._document.change(after, self.tr("Change {0}").format(label), merge=f"training.{name}")


class OptimizerCard(QFrame):
    """Which optimizer, what it does, and its numbers."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._theme = document, theme
        self._before: dict[str, Optimizer] = {}  # optimizers as they were when another was chosen
        self.choice = ChoiceBox()
        self.choice.setAccessibleName(self.tr("Optimizer"))
        self.choice.setToolTip(self.tr("How the weights follow their gradients"))
        for name in OPTIMIZERS:
            self.choice.addItem(name, name)
        self.choice.activated.connect(self._choose)
        self._reference = ReferenceLabel()
        self._doc = QLabel()
        self._doc.setProperty("role", "muted")
        self._doc.setWordWrap(True)
        self._doc.setTextFormat(Qt.TextFormat.PlainText)
        self.form = RecordForm(EDITORS)
        self.form.edited.connect(self._edit)
        self.form.settled.connect(document.settle)
        document.path_changed.connect(lambda _path: self._before.clear())
        _fill(self, self.tr("Optimizer"), self.choice, self._doc, self._reference, self.form)

    def show_optimizer(self, optimizer: Optimizer) -> None:
        name = type(optimizer).__name__
        self._before[name] = optimizer
        self.choice.setCurrentIndex(self.choice.findData(name))
        self._doc.setText(optimizer.doc())
        self._reference.show_reference("", optimizer.reference, self._theme.link)
        self.form.show_record(optimizer)

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.show_optimizer(self._document.project.training.optimizer)

    def _choose(self, index: int) -> None:
        name = self.choice.itemData(index)
        self._change(
            self._before.get(name) or OPTIMIZERS[name](), self.tr("Change optimizer to {0}").format(name), None
        )

    def _edit(self, name: str, value: object) -> None:
        optimizer = self._document.project.training.optimizer
        label = type(optimizer).param(name).label
        text = self.tr("Change {0} of {1}").format(label, type(optimizer).__name__)
        self._change(optimizer.change(**{name: value}), text, f"training.optimizer.{name}")

    def _change(self, optimizer: Optimizer, text: str, merge: str | None) -> None:
        project = self._document.project
        after = project.with_(training=project.training.change(optimizer=optimizer))
        self._document.change(after, text, merge)


def card(title: str, *widgets: QWidget) -> QFrame:
    """Widgets below a heading, on a ground of their own."""
    frame = QFrame()
    _fill(frame, title, *widgets)
    return frame


def _fill(frame: QFrame, title: str, *widgets: QWidget) -> None:
    frame.setProperty("role", "panel")
    frame.setMaximumWidth(CARD)
    frame.setMinimumWidth(280)
    frame.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
    heading = QLabel(title)
    heading.setProperty("role", "strong")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(SIZES.margin + 4, SIZES.margin, SIZES.margin + 4, SIZES.margin + 4)
    layout.setSpacing(SIZES.gap + 2)
    layout.addWidget(heading)
    for widget in widgets:
        layout.addWidget(widget)


def _count(sizes: Mapping[str, int], part: str) -> str:
    return grouped(sizes[part]) if part in sizes else ""
