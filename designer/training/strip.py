"""The strip at the bottom of the window: what the run is doing, the table of runs, curves and gradients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from designer.offers import Offer
from designer.theme import SIZES, Theme
from designer.training.changes import event_in_words, warm_in_words
from designer.training.corner import Corner
from designer.training.endings import came_to
from designer.training.figures import duration, measured, rate
from designer.training.gradients import GradientBars
from designer.training.progress import Progress, ProgressView
from designer.training.runs import RunLine, RunTable, Watched
from designer.training.scores import ScoreCharts, figure, heading, title

LEFT, RIGHT = (256, 300), (150, 216)  # least and greatest width of the outer columns
LOWEST, USUAL, FOLDED = 180, 226, 36  # heights
WIDE = 1100  # pixels from which on there is room for the gradients


class TrainingStrip(QWidget):
    """Told what the training does by its events, in `show_training`. Folds down to one row."""

    run_opened = Signal(int)  # double click, or Enter, on a run in the table
    run_menu_wanted = Signal(int, QPoint)  # a place on the screen
    change_wanted = Signal()  # of the settings of the run under way
    folded_changed = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._runs: dict[int, Watched] = {}
        self._now: int | None = None
        self._paused = False
        self._preparing = False  # whether a run was asked for that hasn't begun
        self._waiting = 0  # runs in line
        self._progress = Progress("", "")
        self._folded = False
        self._build(theme)
        self.set_folded(False)
        self._tell(Progress(self.tr("No run yet"), self.tr("Press Run to train.")))

    def _build(self, theme: Theme) -> None:
        self._corners = (Corner(folded=False), Corner(folded=True))
        for corner in self._corners:
            corner.fold_wanted.connect(lambda: self.set_folded(not self._folded))
            corner.change_wanted.connect(self.change_wanted)
        self._column, self._row = ProgressView(self._corners[0]), ProgressView(self._corners[1], flat=True)
        self._table = RunTable(theme)
        self._table.toggled.connect(self._toggle_run)
        self._table.opened.connect(self.run_opened)
        self._table.menu_wanted.connect(self.run_menu_wanted)
        self._losses = ScoreCharts(theme)
        self._losses.show_metrics(("loss",))
        self._scores = ScoreCharts(theme)
        self._scores.chosen.connect(self._show_scores)
        self._gradients = GradientBars(theme)
        self._gradients.setMinimumWidth(RIGHT[0])
        self._gradients.setMaximumWidth(RIGHT[1])

        left = QWidget()
        left.setMinimumWidth(LEFT[0])
        left.setMaximumWidth(LEFT[1])
        column = QVBoxLayout(left)
        column.setContentsMargins(0, SIZES.gap + 2, 0, 0)  # the headline on one line with the charts' titles
        column.setSpacing(4)
        column.addWidget(self._column)
        column.addWidget(self._table, 1)

        self._open = QWidget()
        body = QHBoxLayout(self._open)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(SIZES.margin)
        for widget, stretch in ((left, 3), (self._losses, 4), (self._scores, 4), (self._gradients, 2)):
            body.addWidget(widget, stretch)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(SIZES.margin, SIZES.gap, SIZES.margin, SIZES.gap)
        layout.addWidget(self._open)
        layout.addWidget(self._row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    # Folding

    @property
    def folded(self) -> bool:
        return self._folded

    def set_folded(self, folded: bool) -> None:
        """Fold down to one row, or back."""
        changed, self._folded = folded != self._folded, folded
        self._open.setVisible(not folded)
        self._row.setVisible(folded)
        self.setMinimumHeight(FOLDED if folded else LOWEST)
        self.setMaximumHeight(FOLDED if folded else 16777215)  # Qt's own largest height
        margin = 4 if folded else SIZES.gap
        self.layout().setContentsMargins(SIZES.margin, margin, SIZES.margin, margin)
        if changed:
            self.folded_changed.emit(folded)

    def sizeHint(self) -> Any:
        hint = super().sizeHint()
        hint.setHeight(FOLDED if self._folded else USUAL)
        return hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._gradients.setVisible(self.width() >= WIDE)
        super().resizeEvent(event)

    # What to show

    @property
    def charts(self) -> tuple[ScoreCharts, ScoreCharts]:
        """Those of the losses and those of the scores."""
        return self._losses, self._scores

    def show_events(self, run_id: int, events: Iterable[Any]) -> None:
        """Take in what the training of a run told, in its order."""
        for event in events:
            self.show_training(run_id, event)

    def show_training(self, run_id: int, event: Any) -> None:
        """Take in one event of `engine.training.events`; kinds that change nothing here are passed over."""
        shows = {
            "Started": self.show_started,
            "Step": self.show_step,
            "Changed": self.show_changed,
            "WarmStarted": self.show_noted,
            "Compiled": self.show_noted,
            "Scoring": self.show_scoring,
            "Searching": self.show_searching,
            "Divided": self.show_divided,
            "Epoch": self.show_epoch,
            "Finished": self.show_finished,
            "Failed": self.show_failed_run,
        }
        show = shows.get(type(event).__name__)
        if show is not None:
            show(run_id, event)

    def show_preparing(self) -> None:
        """A run was asked for; its data and its code are being made."""
        self._preparing, self._paused = True, False
        self._tell_preparing()

    def _tell_preparing(self) -> None:
        state = self.tr("paused") if self._paused else self.tr("getting ready…")
        self._tell(Progress(self.tr("New run · {0}").format(state), "", 0.0 if self._paused else None))

    def show_started(self, run_id: int, event: Any) -> None:
        """A run begins, or goes on from where it was stopped."""
        self._retire()
        if run_id not in self._runs:
            index = max((run.index for run in self._runs.values()), default=-1) + 1
            self._runs[run_id] = Watched(RunLine(run_id, self._theme.curve(index)), index)
        run = self._runs[run_id]
        run.epochs, run.opposed = event.epochs, event.opposed
        self._now, self._paused = run_id, self._preparing and self._paused
        self._preparing = False
        self._colour(run)
        self._offer_charts(event)
        if not event.resumed:
            run.scores = {}
            self._change(run, notes=())
            self._losses.clear_run(run_id)
            self._scores.clear_run(run_id)
            self._gradients.show_norms({})
        self._losses.set_span(0, event.epochs)
        self._scores.set_span(0, event.epochs)
        self._set_visible(run, True)
        self._show_scores()
        self._change(run, learning_rate=rate(event.learning_rate, 1), now=True)
        self._tell(Progress(self._headline(run_id, self._state()), self.tr("getting ready…")))

    def _offer_charts(self, event: Any) -> None:
        """Charts for the losses at the left, for the scores at the right; of losses that are opposed, one at each."""
        losses = tuple(event.losses)
        opposed = event.opposed and len(losses) > 1
        self._losses.show_metrics(("loss", *losses), losses[0] if opposed else None)
        self._scores.show_metrics((*event.metrics, *losses), losses[-1] if opposed else None)

    def show_step(self, run_id: int, event: Any) -> None:
        """Progress within an epoch."""
        run = self._runs[run_id]
        self._losses.append(run_id, "train", [event.seen], event.train)
        self._scores.append(run_id, "train", [event.seen], event.train)
        self._gradients.show_norms(event.gradients)
        self._change(run, learning_rate=rate(event.learning_rate, 1))
        words = self.tr("epoch {0} of {1} · step {2} / {3} · {4} left").format(
            event.epoch, run.epochs, event.step, event.steps, duration(event.remaining_seconds)
        )
        self._tell(Progress(self._headline(run_id, self._state()), words, event.seen / max(run.epochs, 1)))

    def show_changed(self, run_id: int, event: Any) -> None:
        """The settings of the run were changed while it goes."""
        run, words = self._runs[run_id], event_in_words(event)
        run.epochs = int(event.after) if event.field == "epochs" else run.epochs
        for charts in (self._losses, self._scores):
            charts.mark_change(run_id, event.seen, words)
            charts.set_span(0, run.epochs)
        self._change(run, notes=(*run.line.notes, words))
        if run.line.now:
            self._tell(replace(self._progress, words=words))

    def show_noted(self, run_id: int, event: Any) -> None:
        """What the run begins with, or how its steps are computed from now on."""
        run, words = self._runs[run_id], event.words if event.name == "compiled" else warm_in_words(event)
        self._change(run, notes=(*run.line.notes, words))
        self._tell(Progress(self._headline(run_id, self._state()), words))

    def show_changeable(self, changeable: bool) -> None:
        """Whether there is a run under way whose settings can be changed."""
        for corner in self._corners:
            corner.change.setVisible(changeable)

    def show_scoring(self, run_id: int, event: Any) -> None:
        """Progress of the scoring that ends an epoch."""
        words = self.tr("epoch {0} of {1} · scoring {2} / {3}").format(
            event.epoch, self._runs[run_id].epochs, event.done, event.samples
        )
        self._tell(replace(self._progress, words=words))

    def show_divided(self, run_id: int, event: Any) -> None:
        """The memory is too small for a whole batch."""
        words = self.tr("the memory is full; each batch is computed in {0} pieces")
        if event.scoring:
            words = self.tr("the memory is full; what is scored at once is cut into {0} pieces")
        self._tell(replace(self._progress, words=words.format(event.pieces)))

    def show_searching(self, run_id: int, event: Any) -> None:
        """Numbers are no longer finite, and it is being found out where that began."""
        words = self.tr("a bad number; searching epoch {0} for the block where it began").format(event.epoch)
        self._tell(replace(self._progress, words=words))

    def show_epoch(self, run_id: int, event: Any) -> None:
        """An epoch is over and scored."""
        run = self._runs[run_id]
        run.scores = dict(event.validation)
        self._losses.append(run_id, "validation", [event.epoch], event.validation)
        if event.best:
            self.show_best(run_id, event)
        self._scores.append(run_id, "validation", [event.epoch], event.validation)
        self._change(run, loss=measured(event.validation["loss"]), score=self._score(run))

    def show_best(self, run_id: int, event: Any) -> None:
        """An epoch, which was scored before, is the best up to now."""
        self._runs[run_id].best = dict(event.validation)
        self._losses.mark_best(run_id, event.epoch)

    def _end(self, run: Watched, scores: Mapping[str, float]) -> None:
        run.scores = dict(scores) or run.scores
        loss = measured(run.scores["loss"]) if "loss" in run.scores else run.line.loss
        self._change(run, now=False, loss=loss, score=self._score(run))

    def show_finished(self, run_id: int, event: Any) -> None:
        """The run is over: done, or stopped by the user."""
        run = self._runs[run_id]
        self._end(run, event.validation)
        state = self.tr("finished") if event.reason == "done" else self.tr("stopped")
        share = event.epochs / max(run.epochs, 1)
        self._tell(Progress(self._headline(run_id, state), came_to(event, run.opposed), share))

    def show_unfinished(self, run_id: int) -> None:
        """A run of earlier broke off."""
        self._end(self._runs[run_id], self._runs[run_id].best)
        self._tell(replace(self._progress, headline=self._headline(run_id, self.tr("unfinished"))))

    def show_failed_run(self, run_id: int, event: Any) -> None:
        """The run can't go on."""
        if run_id in self._runs:
            self._end(self._runs[run_id], self._runs[run_id].best)
        self._now = run_id
        words = f"{event.message} {event.remedy}".strip()
        self.show_failed(event.message if event.ways else words, words)  # buttons tell the ways out

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """What may be done about a run that failed."""
        self._column.offers.show_offers(offers)
        self._row.offers.show_offers(offers)

    def show_failed(self, text: str, whole: str = "") -> None:
        """The run failed, or could not begin; `text` says why and what to do, `whole` more where there is room."""
        self._preparing = False
        headline = self.tr("Training failed") if self._now is None else self._headline(self._now, self.tr("failed"))
        self._tell(Progress(headline, text, self._progress.fraction or 0.0, "danger", whole or text))

    def show_paused(self, paused: bool) -> None:
        """The run waits, or goes on."""
        self._paused = paused  # steps that were on their way still arrive, and don't end the pause
        if self._preparing:
            self._tell_preparing()
        elif self._now in self._runs and self._runs[self._now].line.now:
            self._tell(replace(self._progress, headline=self._headline(self._now, self._state())))

    def show_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._theme = theme
        for part in (self._losses, self._scores, self._gradients, self._table):
            part.show_theme(theme)
        for run in self._runs.values():
            self._colour(run)

    def show_label(self, run_id: int, name: str, tags: Sequence[str], starred: bool) -> None:
        """What the user says of a run."""
        if run_id in self._runs:
            self._change(self._runs[run_id], name=name, tags=tuple(tags), starred=starred)

    def show_line(self, waiting: int) -> None:
        """How many runs wait for this one to end."""
        self._waiting = waiting
        self._tell(self._progress)

    def forget_run(self, run_id: int) -> None:
        """Take one run away, as when it is put into the bin."""
        if self._runs.pop(run_id, None) is None:
            return
        self._losses.remove_run(run_id)
        self._scores.remove_run(run_id)
        self._table.remove(run_id)
        if self._now == run_id:
            self._now = None
            self._gradients.show_norms({})
            self._tell(Progress(self.tr("No run is shown"), self.tr("Press Run to train.")))

    def forget_runs(self) -> None:
        """Take away all runs, as when another project is opened."""
        self._runs, self._now, self._preparing = {}, None, False
        self._losses.forget()
        self._losses.show_metrics(("loss",))
        self._scores.forget()
        self._table.forget()
        self._gradients.show_norms({})
        self._tell(Progress(self.tr("No run yet"), self.tr("Press Run to train.")))

    # Parts of it

    def _retire(self) -> None:
        """Make room for a new run: the one before leaves the charts, unless the user chose to see it."""
        if self._now is not None and self._now in self._runs:
            before = self._runs[self._now]
            self._change(before, now=False)
            if not before.pinned:
                self._set_visible(before, False)

    def _state(self) -> str:
        return self.tr("paused") if self._paused else self.tr("training")

    def _headline(self, run_id: int, state: str) -> str:
        return self.tr("Run {0} · {1}").format(run_id, state)

    def _tell(self, progress: Progress) -> None:
        self._progress = progress
        if self._waiting:
            waits = self.tr("1 in line") if self._waiting == 1 else self.tr("{0} in line").format(self._waiting)
            progress = replace(progress, words=f"{progress.words} · {waits}" if progress.words else waits)
        self._column.show_progress(progress)
        self._row.show_progress(progress)

    def _change(self, run: Watched, **values: Any) -> None:
        run.line = replace(run.line, **values)
        self._table.show_run(run.line)

    def _colour(self, run: Watched) -> None:
        colour = self._theme.curve(run.index)
        self._change(run, colour=colour)
        name = str(run.line.run_id)
        self._losses.add_run(run.line.run_id, name, colour)
        self._scores.add_run(run.line.run_id, name, colour)

    def _score(self, run: Watched) -> str:
        metric = self._scores.metric
        return figure(metric, run.scores[metric]) if metric in run.scores else ""

    def _show_scores(self) -> None:
        """Write the score whose chart is in front into the table."""
        self._table.name_score(heading(metric := self._scores.metric or "score"), title(metric))
        self._scores.setVisible(self._scores.metric is not None or not self._runs)
        for run in self._runs.values():
            self._change(run, score=self._score(run))

    def _toggle_run(self, run_id: int, visible: bool) -> None:
        self._runs[run_id].pinned = True
        self._set_visible(self._runs[run_id], visible)

    def _set_visible(self, run: Watched, visible: bool) -> None:
        self._change(run, visible=visible)
        self._losses.set_visible(run.line.run_id, visible)
        self._scores.set_visible(run.line.run_id, visible)
