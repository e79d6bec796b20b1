"""The inspector's page while nothing is selected: the whole project, or the group that one is in, at a glance."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from designer.counts import grouped, rounded
from designer.document import Document
from designer.facts import Fact, Facts
from designer.inspector.block import line
from designer.inspector.name import NAME_INSET
from designer.problem_rows import NoProblems, ProblemRows, worst_first
from designer.theme import SIZES, Theme
from engine.group import GroupInput, GroupOutput
from engine.plan import Plan
from engine.tensor import TensorSpec


class OverviewPage(QWidget):
    """Name, size, what enters and what is predicted, and the problems."""

    jump = Signal(object)  # Problem

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._here = document.here
        self.title = QLabel()
        self.title.setProperty("role", "heading")
        self.title.setWordWrap(True)
        self.subtitle = QLabel()
        self.subtitle.setProperty("role", "muted")
        self.subtitle.setWordWrap(True)
        hint = QLabel(self.tr("Select a block to see and change its parameters."))
        hint.setProperty("role", "muted")
        hint.setWordWrap(True)
        self.facts, self._ports = Facts(theme), Facts(theme)
        self.problems = ProblemRows(self._here, theme)
        self.problems.jump.connect(self.jump)
        self.fine = NoProblems()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(NAME_INSET, 4, 0, 0)
        layout.setSpacing(SIZES.gap + 2)
        head = (self.title, self.subtitle, hint)
        for widget in (*head, line(), self.facts, line(), self._ports, line(), self.fine, self.problems):
            layout.addWidget(widget)
        layout.addStretch()

    def refresh(self) -> None:
        project, review, names = self._here.project, self._here.review, self._here.names
        self.title.setText(names[-1] if names else project.name)
        self.subtitle.setText(self._words())
        self.subtitle.setVisible(bool(names))
        self.facts.show_facts(
            [
                (self.tr("Blocks"), grouped(len(project.graph.nodes))),
                (self.tr("Wires"), grouped(len(project.graph.wires))),
                (self.tr("Parameters"), grouped(review.plan.parameters)),
                (self.tr("Multiply-adds"), rounded(review.plan.multiply_adds)),
            ]
        )
        self._ports.show_facts(self._ends(review.plan))
        self.problems.show_problems(worst_first(review.problems))
        self.fine.setVisible(not review.problems)

    def show_theme(self, theme: Theme) -> None:
        for part in (self.facts, self._ports, self.problems):
            part.show_theme(theme)
        self.fine.refresh()

    def _words(self) -> str:
        group = self._here.group
        if group is None:
            return ""
        kind = self.tr("Group · {0}").format(group.title)
        return self.tr("{0}, {1} times in series").format(kind, group.repeat) if group.repeat > 1 else kind

    def _ends(self, plan: Plan) -> list[Fact]:
        """What enters the network and what it predicts, by name; of a group, its ports."""
        if self._here.path:
            entering = [(step.name, step.leaves[0]) for step in plan.of_kind(GroupInput)]
            leaving = [(step.name, step.arrives[0]) for step in plan.of_kind(GroupOutput)]
            return [
                *((self.tr("In · {0}").format(name), _shape(spec)) for name, spec in entering),
                *((self.tr("Out · {0}").format(name), _shape(spec)) for name, spec in leaving),
            ]
        enters = [(self.tr("Input · {0}").format(step.name), _shape(step.leaves[0])) for step in plan.inputs]
        sources = [(step.wires[0], step.arrives[0]) for step in (*plan.losses, *plan.outputs)]
        predicted = {wire.source: spec for wire, spec in sources if wire is not None and wire.source in plan.steps}
        leaves = [
            (self.tr("Prediction · {0}").format(plan.steps[key].name), _shape(spec)) for key, spec in predicted.items()
        ]
        losses = [(self.tr("Loss"), step.name) for step in plan.losses]
        found = [*enters, *leaves, *losses]
        return found or [(self.tr("Inputs"), ""), (self.tr("Predictions"), "")]


def _shape(spec: TensorSpec | None) -> str:
    return "" if spec is None else str(spec)
