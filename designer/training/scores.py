"""The charts of a run's scores, one at a time, chosen by the title; and how a score is named and read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from numpy.typing import ArrayLike
from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from designer.theme import Theme
from designer.training.chart import Chart
from designer.training.curves import Part
from designer.training.figures import measured, percent


def title(metric: str) -> str:
    """`Accuracy`, `R²`; with several losses, `digit_accuracy` becomes `Accuracy · digit`."""
    loss, _, name = metric.rpartition("_")
    translate = QCoreApplication.translate
    known = {
        "accuracy": translate("scores", "Accuracy"),
        "top5": translate("scores", "Top-5 accuracy"),
        "f1": "F1",
        "auroc": "AUROC",
        "iou": "IoU",
        "dice": "Dice",
        "perplexity": translate("scores", "Perplexity"),
        "mae": translate("scores", "Mean absolute error"),
        "rmse": translate("scores", "Root mean squared error"),
        "r2": "R²",
    }
    if name not in known:
        return metric.replace("_", " ").capitalize()
    return f"{known[name]} · {loss}" if loss else known[name]


def heading(metric: str) -> str:
    """A score of the validation part at the head of a narrow column; which loss it goes with is told elsewhere."""
    name = short(metric).partition(" · ")[0]
    return QCoreApplication.translate("scores", "val {0}").format(name.removesuffix(" loss") or name)


def short(metric: str) -> str:
    """`acc`, `R²`; with several losses, `digit_accuracy` becomes `acc · digit`."""
    loss, _, name = metric.rpartition("_")
    known = {"accuracy": "acc", "top5": "top-5", "f1": "F1", "auroc": "AUROC", "iou": "IoU", "dice": "Dice"}
    known |= {"perplexity": "ppl", "mae": "MAE", "rmse": "RMSE", "r2": "R²"}
    if name not in known:
        return metric.replace("_", " ")
    return f"{known[name]} · {loss}" if loss else known[name]


def figure(metric: str, value: float) -> str:
    """A score as it is read: a share as per cent."""
    return percent(value) if metric.rpartition("_")[2] in ("accuracy", "top5") else measured(value)


class ScoreCharts(QStackedWidget):
    """A chart for each score of the runs; the title of the one in front chooses another."""

    chosen = Signal(str)  # the score whose chart came to the front

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._charts: dict[str, Chart] = {}
        self._runs: dict[int, tuple[str, str]] = {}  # name and colour
        self._hidden: set[int] = set()
        self._empty = Chart(self.tr("Score"), theme)
        self.addWidget(self._empty)

    @property
    def metric(self) -> str | None:
        """The score in front."""
        return next((name for name, chart in self._charts.items() if chart is self.currentWidget()), None)

    def chart(self, metric: str) -> Chart:
        """The chart of a score that is offered."""
        return self._charts[metric]

    def show_metrics(self, metrics: tuple[str, ...], front: str | None = None) -> None:
        """Offer the scores of the run that begins; those of earlier runs that it lacks stay available.

        `front` comes to the front with the first run that has it, until the user chooses another.
        """
        new = front is not None and front not in self._charts
        for name in metrics:
            if name not in self._charts:
                self._charts[name] = self._chart(name)
        if metrics and (new or self.metric not in metrics):
            self.setCurrentWidget(self._charts[front or metrics[0]])
        self._offer()

    def add_run(self, run_id: int, name: str, colour: str) -> None:
        self._runs[run_id] = (name, colour)
        self._each(lambda chart: chart.add_run(run_id, name, colour))

    def clear_run(self, run_id: int) -> None:
        self._each(lambda chart: chart.clear_run(run_id))

    def mark_change(self, run_id: int, epoch: float, words: str) -> None:
        self._each(lambda chart: chart.mark_change(run_id, epoch, words))

    def remove_run(self, run_id: int) -> None:
        self._each(lambda chart: chart.remove_run(run_id))
        self._runs.pop(run_id, None)
        self._hidden.discard(run_id)

    def append(self, run_id: int, part: Part, xs: ArrayLike, scores: dict[str, float]) -> None:
        """Lengthen the curves of those scores that have a chart by one point."""
        for name, chart in self._charts.items():
            if name in scores:
                chart.append(run_id, part, xs, [scores[name]])

    def extend(self, run_id: int, part: Part, told: Sequence[tuple[float, Mapping[str, float]]]) -> None:
        """Lengthen them by many points at once: epochs gone through, and the scores there."""
        for name, chart in self._charts.items():
            points = [(x, scores[name]) for x, scores in told if name in scores]
            if points:
                chart.append(run_id, part, *zip(*points, strict=True))

    def mark_best(self, run_id: int, epoch: float) -> None:
        self._each(lambda chart: chart.mark_best(run_id, epoch))

    def set_visible(self, run_id: int, visible: bool) -> None:
        self._hidden.discard(run_id) if visible else self._hidden.add(run_id)
        self._each(lambda chart: chart.set_visible(run_id, visible))

    def set_span(self, first: float, last: float) -> None:
        self._each(lambda chart: chart.set_span(first, last))

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._empty.show_theme(theme)
        self._each(lambda chart: chart.show_theme(theme))

    def forget(self) -> None:
        """Take all charts and runs away."""
        for chart in self._charts.values():
            self.removeWidget(chart)
            chart.deleteLater()
        self._charts, self._runs, self._hidden = {}, {}, set()

    def _each(self, change: Callable[[Chart], None]) -> None:
        for chart in self._charts.values():
            change(chart)

    def _chart(self, metric: str) -> Chart:
        chart = Chart(title(metric), self._theme)
        chart.title_chosen.connect(self._choose)
        for run_id, (name, colour) in self._runs.items():
            chart.add_run(run_id, name, colour)
            chart.set_visible(run_id, run_id not in self._hidden)
        self.addWidget(chart)
        return chart

    def _offer(self) -> None:
        titles = [title(name) for name in self._charts]
        for index, chart in enumerate(self._charts.values()):
            chart.offer_titles(titles, index)

    def _choose(self, index: int) -> None:
        name, chart = list(self._charts.items())[index]
        self._offer()  # the title that was clicked goes back to its own chart's name
        self.setCurrentWidget(chart)
        self.chosen.emit(name)
