"""A card for a part of the training that is one of several kinds: which, what it does, and its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from designer.controls import ChoiceBox
from designer.document import Document
from designer.folded_form import FoldedForm
from designer.reference import ReferenceLabel
from designer.theme import SIZES, Theme
from engine.training.optimizers import Optimizer
from engine.training.schedules import Schedule

EDITORS = 150
CARD = 440  # width of a card in pixels, at most
Kind = Optimizer | Schedule


@dataclass(frozen=True)
class Words:
    """What a card says of its part."""

    title: str
    noun: str  # as the history of edits calls it
    tip: str


class ChoiceCard(QFrame):
    """One of the nested parts of the training settings, by its name there, with widgets above and below its form."""

    def __init__(
        self,
        document: Document,
        theme: Theme,
        part: str,
        kinds: Mapping[str, type[Kind]],
        words: Words,
        around: tuple[tuple[QWidget, ...], tuple[QWidget, ...]] = ((), ()),
    ) -> None:
        super().__init__()
        self._document, self._theme, self._part, self._kinds, self._words = document, theme, part, kinds, words
        self._before: dict[str, Kind] = {}  # each kind as it was when another was chosen
        self.choice = ChoiceBox()
        self.choice.setAccessibleName(words.title)
        self.choice.setToolTip(words.tip)
        for name, cls in kinds.items():
            self.choice.addItem(getattr(cls, "title", name), name)
        self.choice.activated.connect(self._choose)
        self._reference = ReferenceLabel()
        self._doc = QLabel()
        self._doc.setProperty("role", "muted")
        self._doc.setWordWrap(True)
        self.form = FoldedForm(EDITORS)
        self.form.edited.connect(self._edit)
        self.form.settled.connect(document.settle)
        document.path_changed.connect(lambda _path: self._before.clear())
        fill(self, words.title, self.choice, *around[0], self._doc, self._reference, self.form, *around[1])

    @property
    def _chosen(self) -> Kind:
        chosen: Kind = getattr(self._document.project.training, self._part)
        return chosen

    def show_choice(self) -> None:
        """Show the part as the document has it."""
        chosen = self._chosen
        name = type(chosen).__name__
        self._before[name] = chosen
        self.choice.setCurrentIndex(self.choice.findData(name))
        self._doc.setText(chosen.doc())
        self._reference.show_reference("", chosen.reference, self._theme.link)
        self._reference.setVisible(bool(chosen.reference))
        self.form.show_record(chosen)
        self.form.setVisible(bool(chosen.params()))

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.show_choice()

    def _choose(self, index: int) -> None:
        name = self.choice.itemData(index)
        chosen = self._before.get(name) or self._kinds[name]()
        words = self.tr("Change {0} to {1}").format(self._words.noun, self.choice.itemText(index))
        try:
            self._change(chosen, words, None)
        except ValueError as error:  # it does not go with another setting
            self._doc.setText(str(error))
            self.choice.setCurrentIndex(self.choice.findData(type(self._chosen).__name__))

    def _edit(self, name: str, value: object) -> None:
        chosen = self._chosen
        text = self.tr("Change {0} of {1}").format(type(chosen).param(name).label, self.choice.currentText())
        self._change(chosen.change(**{name: value}), text, f"training.{self._part}.{name}")

    def _change(self, chosen: Kind, text: str, merge: str | None) -> None:
        project = self._document.project
        after = project.with_(training=project.training.change(**{self._part: chosen}))
        self._document.change(after, text, merge)


def card(title: str, *widgets: QWidget) -> QFrame:
    """Widgets below a heading, on a ground of their own."""
    frame = QFrame()
    fill(frame, title, *widgets)
    return frame


def fill(frame: QFrame, title: str, *widgets: QWidget) -> None:
    """Make a card of a frame."""
    frame.setProperty("role", "panel")
    frame.setMaximumWidth(CARD)
    frame.setMinimumWidth(280)
    frame.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    heading = QLabel(title)
    heading.setProperty("role", "strong")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(SIZES.margin + 4, SIZES.margin, SIZES.margin + 4, SIZES.margin + 4)
    layout.setSpacing(SIZES.gap + 2)
    layout.addWidget(heading)
    for widget in widgets:
        layout.addWidget(widget)
