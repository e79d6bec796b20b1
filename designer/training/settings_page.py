"""The Train workspace: what moves the weights and how fast, how long, what holds them, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from designer import background
from designer.counts import grouped, rounded
from designer.document import Document
from designer.facts import Fact, Facts
from designer.folded_form import FoldedForm
from designer.theme import SIZES, Theme
from designer.training.choice_card import CARD, EDITORS, ChoiceCard, Words, card
from designer.training.rate_chart import RateChart
from designer.training.score_editor import ScoreEditor
from designer.training.scores_editor import ScoresEditor
from designer.training.turns_card import TurnsCard
from engine.data import DataSettings, prepare
from engine.parts import split
from engine.problem import UserError
from engine.project import Project
from engine.training.batches import edges
from engine.training.compiled.outlook import foretold
from engine.training.effort import multiply_adds_of_step
from engine.training.pace import Pace
from engine.training.schedules import Constant
from engine.training.scores import offered_scores, score_names
from engine.training.settings import END, HOLD, OPTIMIZERS, RATE, RUN, SCHEDULES, TrainingSettings

COLUMNS = 3  # of cards


class SettingsPage(QScrollArea):
    """Cards in three columns: what moves the weights, the run and its end, what holds them and the figures."""

    change_wanted = Signal()  # of the run under way, which these settings don't touch

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._data: DataSettings | None = None  # whose sizes are known, or on their way
        self._sizes: Mapping[str, int] | None = None
        self._task: background.Task | None = None
        self.setAccessibleName(self.tr("Training settings"))
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._forms = {section: self._form() for section in (RATE, RUN, HOLD, END)}
        self.run_form = self._forms[RUN]
        words = Words(self.tr("Optimizer"), self.tr("optimizer"), self.tr("How the weights follow their gradients"))
        self.optimizer = ChoiceCard(document, theme, "optimizer", OPTIMIZERS, words)
        self.chart = RateChart(theme)
        words = Words(self.tr("Learning rate"), self.tr("schedule"), self.tr("How the learning rate changes"))
        around = (self.chart,), (self._forms[RATE],)
        self.schedule = ChoiceCard(document, theme, "schedule", SCHEDULES, words, around)
        self.turns = TurnsCard(document)
        self.facts = Facts(theme)
        self._failure = QLabel()
        self._failure.setProperty("role", "danger")
        self._failure.setWordWrap(True)
        self._failure.hide()
        inside = QWidget()
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(SIZES.margin + 4, SIZES.margin + 4, SIZES.margin + 4, SIZES.margin)
        whole.setSpacing(SIZES.margin)
        whole.addWidget(self._make_banner())
        layout = QHBoxLayout()
        whole.addLayout(layout, 1)
        layout.setSpacing(SIZES.margin)
        columns = (
            (self.optimizer, self.schedule),
            (card(self.tr("Run"), self._forms[RUN]), card(self.tr("When it stops"), self._forms[END])),
            (
                card(self.tr("Weights and gradients"), self._forms[HOLD]),
                self.turns,
                card(self.tr("What this comes to"), self.facts, self._failure),
            ),
        )
        for column in columns:
            cards = QVBoxLayout()
            cards.setSpacing(SIZES.margin)
            for part in column:
                cards.addWidget(part)
            cards.addStretch(1)
            layout.addLayout(cards, 1)
        layout.addStretch()
        self.setWidget(inside)
        document.changed.connect(lambda _project: self._show() if self.isVisible() else None)
        document.reviewed.connect(lambda _review: self._show_review() if self.isVisible() else None)
        self._show()

    def show_run(self, run: int | None) -> None:
        """Say that a run is under way, which these settings don't touch; None when there is none."""
        self._banner.setVisible(run is not None)
        if run is not None:
            words = self.tr(
                "Run {0} is under way and keeps its own settings. What is set here counts for the next run."
            )
            self._banner_words.setText(words.format(run))
            self._change.setText(self.tr("Change run {0}…").format(run))

    def _make_banner(self) -> QFrame:
        self._banner_words = QLabel()
        self._banner_words.setWordWrap(True)
        self._change = QPushButton()
        self._change.setToolTip(self.tr("Change the learning rate, weight decay or end of that run (Ctrl+F6)"))
        self._change.clicked.connect(self.change_wanted)
        self._banner = QFrame()
        self._banner.setProperty("role", "panel")
        self._banner.setMaximumWidth(COLUMNS * CARD + (COLUMNS - 1) * SIZES.margin)  # it ends where the cards below do
        row = QHBoxLayout(self._banner)
        row.setContentsMargins(SIZES.margin + 4, SIZES.gap, SIZES.margin + 4, SIZES.gap)
        row.addWidget(self._banner_words, 1)
        row.addWidget(self._change)
        self._banner.hide()
        return self._banner

    def show_theme(self, theme: Theme) -> None:
        self.optimizer.show_theme(theme)
        self.schedule.show_theme(theme)
        self.chart.show_theme(theme)
        self.facts.show_theme(theme)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def _form(self) -> FoldedForm:
        form = FoldedForm(EDITORS, special={"watch": ScoreEditor, "scores": ScoresEditor})
        form.edited.connect(self._edit)
        form.settled.connect(self._document.settle)
        return form

    def _show(self) -> None:
        project = self._document.project
        self.optimizer.show_choice()
        self.schedule.show_choice()
        self.turns.show_turns()
        for section, form in self._forms.items():
            names = [described.name for described in TrainingSettings.params() if described.section == section]
            form.show_record(project.training, only=names)
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

    def _show_review(self) -> None:
        self.turns.show_turns()
        self._show_facts()

    def _show_facts(self) -> None:
        project, plan = self._document.project, self._document.review.plan
        sizes = self._sizes or {}
        several = len(project.training.turns) > 1
        words = self.tr("Multiply-adds a batch") if several else self.tr("Multiply-adds a step")
        self._show_rates(project)
        self._show_scores(project)
        self._show_notes(project)
        self.facts.show_facts(
            [
                (self.tr("Training samples"), _count(sizes, "train")),
                (self.tr("Validation samples"), _count(sizes, "validation")),
                (self.tr("Test samples"), _count(sizes, "test")),
                *self._steps(project),
                (self.tr("Parameters"), grouped(plan.parameters)),
                (words, rounded(round(multiply_adds_of_step(project.training, plan)))),
            ]
        )

    def _show_scores(self, project: Project) -> None:
        plan, chosen = self._document.review.plan, project.training.scores
        broken = any(problem.severity == "error" for problem in self._document.review.problems)
        watch, scores = (self._forms[END].editors[name] for name in ("watch", "scores"))
        assert isinstance(watch, ScoreEditor)
        assert isinstance(scores, ScoresEditor)
        watch.show_names(("loss",) if broken else score_names(plan, split(plan), chosen))
        scores.show_offer(*(((), ()) if broken else offered_scores(plan, split(plan))))

    def _show_notes(self, project: Project) -> None:
        """Say at the setting what comes otherwise than one may think: steps that can't be compiled, huge batches."""
        settings, notes, samples = project.training, {}, (self._sizes or {}).get("train", 0)
        if settings.compile != "off" and (against := foretold(settings, self._document.review.plan)) is not None:
            notes["compile"] = self.tr("It will not be compiled: {0}").format(against)
        if 0 < samples < settings.batch_size:
            words = self.tr("There are only {0} training samples; each step takes them all.")
            notes["batch_size"] = words.format(grouped(samples))
        self.run_form.show_notes(notes)

    def _show_rates(self, project: Project) -> None:
        settings = project.training
        if self._sizes is None or (type(settings.schedule) is Constant and not settings.warmup):
            self.chart.show_curve([])  # a level line says nothing
            return
        pace = Pace.of(settings, len(edges(self._sizes["train"], settings.batch_size)))
        self.chart.show_curve([(epoch, settings.optimizer.lr * share) for epoch, share in pace.curve()])

    def _steps(self, project: Project) -> list[Fact]:
        settings = project.training
        names = (self.tr("Steps an epoch"), self.tr("Steps in all"))
        if self._sizes is None:
            return [(name, "") for name in names]
        pace = Pace.of(settings, len(edges(self._sizes["train"], settings.batch_size)))
        return list(zip(names, (grouped(pace.per_epoch), grouped(pace.total)), strict=True))

    def _edit(self, name: str, value: object) -> None:
        project = self._document.project
        label = TrainingSettings.param(name).label
        after = project.with_(training=project.training.change(**{name: value}))
        self._document.change(after, self.tr("Change {0}").format(label), merge=f"training.{name}")


def _count(sizes: Mapping[str, int], part: str) -> str:
    return grouped(sizes[part]) if part in sizes else ""
