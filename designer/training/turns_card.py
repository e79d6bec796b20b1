"""The steps that each batch makes: one over everything, or several, each with its losses and its blocks."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from designer.document import Document
from designer.training.choice_card import fill
from designer.training.turn_form import TurnForm
from engine.blocks.base import Loss
from engine.checks.turns import PARAM, learning_blocks
from engine.graph import Graph
from engine.group import path_in_names
from engine.plan import Plan
from engine.training.turn import Turn, Turns


class TurnsCard(QFrame):
    """One line as long as there is a single step; then a form for each."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.forms: list[TurnForm] = []
        self.words = QLabel()
        self.words.setProperty("role", "muted")
        self.words.setWordWrap(True)
        self._refusal = QLabel()
        self._refusal.setProperty("role", "danger")
        self._refusal.setWordWrap(True)
        self.add = QPushButton(self.tr("Add a step"))
        self.add.setToolTip(
            self.tr("Let each batch make several steps, each down its own losses and over its own weights")
        )
        self.add.clicked.connect(self._add)
        self._inside = QWidget()
        self._list = QVBoxLayout(self._inside)
        self._list.setContentsMargins(0, 0, 0, 0)
        fill(self, self.tr("Steps of a batch"), self.words, self._inside, self._refusal, self.add)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.setAlignment(self.add, Qt.AlignmentFlag.AlignLeft)
        self.show_turns()

    def show_turns(self) -> None:
        """Show the steps as the document has them, and what is wrong with each."""
        turns = self._document.project.training.turns
        while len(self.forms) > len(turns):
            form = self.forms.pop()
            self._list.removeWidget(form)
            form.hide()
            form.deleteLater()
        more = len(self.forms) < len(turns)
        while len(self.forms) < len(turns):
            self._append()
        self._inside.setVisible(bool(turns))
        self._refusal.hide()
        self.words.setText(self._told())
        plan, graph = self._document.review.plan, self._document.project.graph
        losses, blocks = losses_of(graph), blocks_of(plan, graph)
        for place, (form, turn) in enumerate(zip(self.forms, turns, strict=True)):
            form.show_turn(turn, place, len(turns), self._take(place))
            inner = {path: name_of(graph, path) for path in turn.blocks if path not in blocks}
            form.show_offer(losses, blocks | {path: name for path, name in inner.items() if name})
            about = f"{PARAM}:{turn.name}"
            form.show_problems(problem for problem in self._document.review.problems if problem.param == about)
        if more:
            self._order()

    def _told(self) -> str:
        settings = self._document.project.training
        if not settings.turns:
            return self.tr("One step: all losses, all weights.")
        if settings.last_counts:
            return self.tr(
                "Taken one after the other for each batch, computed afresh each time. The weights of the last epoch "
                "are kept, since losses that pull against each other have no sum that tells; another watched score "
                "keeps the best epoch's."
            )
        return self.tr("Taken one after the other for each batch, computed afresh each time.")

    def _append(self) -> None:
        form, place = TurnForm(), len(self.forms)
        form.edited.connect(lambda name, value: self._edit(place, name, value))
        form.settled.connect(self._document.settle)
        form.moved.connect(lambda by: self._move(place, by))
        form.removed.connect(lambda: self._remove(place))
        self.forms.append(form)
        self._list.addWidget(form)
        form.show()  # at once, not when the next event comes: Tab goes past what isn't shown

    def _order(self) -> None:
        """Tab leads from the button through the steps; they were made later than what stands behind the card."""
        places = [self.add, *(widget for form in self.forms for widget in form.focused)]
        for before, widget in pairwise(places):
            QWidget.setTabOrder(before, widget)

    def _take(self, place: int) -> Callable[[str, Any], Any]:
        def take(name: str, value: Any) -> Any:
            settings = self._document.project.training
            turn = settings.turns[place].change(**{name: value})
            settings.change(turns=(*settings.turns[:place], turn, *settings.turns[place + 1 :]))
            return getattr(turn, name)

        return take

    def _edit(self, place: int, name: str, value: object) -> None:
        turns = self._document.project.training.turns
        turn = turns[place].change(**{name: value})
        words = self.tr("Change {0} of step {1}").format(Turn.param(name).label, turn.name)
        self._change((*turns[:place], turn, *turns[place + 1 :]), words, f"training.turns.{place}.{name}")

    def _add(self) -> None:
        """One more step, over what none has yet; the first is over everything, as it was."""
        turns, plan = self._document.project.training.turns, self._document.review.plan
        graph = self._document.project.graph
        losses = tuple(key for key in losses_of(graph) if not any(key in turn.losses for turn in turns))
        blocks = tuple(path for path in blocks_of(plan, graph) if not any(turn.moves(path) for turn in turns))
        taken = {turn.name for turn in turns}
        name = next(name for name in _names(len(turns)) if name not in taken)
        turn = Turn(name=name, losses=losses, blocks=blocks)
        if self._change((*turns, turn), self.tr("Add step {0}").format(turn.name)):
            self.forms[-1].form.focus("name")

    def _remove(self, place: int) -> None:
        turns = self._document.project.training.turns
        words = self.tr("Remove step {0}").format(turns[place].name)
        if self._change((*turns[:place], *turns[place + 1 :]), words):
            nearest = self.forms[min(place, len(self.forms) - 1)].remove if self.forms else self.add
            nearest.setFocus(Qt.FocusReason.OtherFocusReason)

    def _move(self, place: int, by: int) -> None:
        turns = list(self._document.project.training.turns)
        turn = turns.pop(place)
        turns.insert(place + by, turn)
        if self._change(tuple(turns), self.tr("Move step {0}").format(turn.name)):
            form = self.forms[place + by]
            button = form.up if (by < 0 and form.up.isEnabled()) or not form.down.isEnabled() else form.down
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _change(self, turns: Turns, words: str, merge: str | None = None) -> bool:
        """One edit of the document; answers whether the settings can take it, and tells why where they can't."""
        project = self._document.project
        try:
            training = project.training.change(turns=turns)
        except ValueError as error:
            self._refusal.setText(str(error))
            self._refusal.show()
            return False
        self._document.change(project.with_(training=training), words, merge)
        return True


def _names(place: int) -> Iterator[str]:
    """What a new step may be called, the name of its place first."""
    yield from ("first", "second", "third", "fourth")[place : place + 1]
    yield from (f"step {number}" for number in itertools.count(place + 1))


def losses_of(graph: Graph) -> dict[str, str]:
    """The losses that a step may go down, by id."""
    return {key: node.name for key, node in graph.nodes.items() if isinstance(node.block, Loss)}


def blocks_of(plan: Plan, graph: Graph) -> dict[str, str]:
    """The blocks and groups that a step may move, by id, with all that use their weights.

    The plan comes after the graph, so it may still be that of another.
    """
    owners = dict.fromkeys(path.partition("/")[0] for path in learning_blocks(plan))
    owners = {key: None for key in owners if key in graph.nodes}
    return {key: ", ".join(graph.nodes[other].name for other in graph.sharing(key)) for key in owners}


def name_of(graph: Graph, path: str) -> str:
    """`fc1 in generator`; empty when there is no such block."""
    try:
        return " in ".join(reversed(path_in_names(graph, path).split("/")))
    except KeyError:
        return ""
