"""The inspector's page for frames and notes: title or text, colour by its name, and what lies in a frame."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from designer.controls import ChoiceBox, LineField
from designer.counts import grouped, rounded
from designer.document import Document
from designer.facts import Facts
from designer.inspector.block import line
from designer.inspector.name import NAME_INSET
from designer.inspector.note import NoteField
from designer.theme import SIZES, Theme
from designer.typing import Typing
from engine import decorating
from engine.decor import COLOURS, LONGEST_TEXT, LONGEST_TITLE, Frame, Note
from engine.project import Project

SWATCH = 12  # pixels


def colour_name(colour: str) -> str:
    """What a colour is called; one that this version does not know, by what the file calls it."""
    names = {
        "grey": QCoreApplication.translate("Inspector", "Grey"),
        "blue": QCoreApplication.translate("Inspector", "Blue"),
        "green": QCoreApplication.translate("Inspector", "Green"),
        "yellow": QCoreApplication.translate("Inspector", "Yellow"),
        "orange": QCoreApplication.translate("Inspector", "Orange"),
        "red": QCoreApplication.translate("Inspector", "Red"),
        "violet": QCoreApplication.translate("Inspector", "Violet"),
    }
    return names.get(colour, colour)


class PlacedPage(QWidget):
    """Shows one frame or note and edits it, or several of them and gives them one colour."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._here = document.here
        self._typing = Typing(self._here)
        self._keys: tuple[str, ...] = ()
        self.heading = QLabel()
        self.heading.setProperty("role", "heading")
        self.title, self.text, self.colour = LineField(), NoteField(), ChoiceBox()
        self.title.setMaxLength(LONGEST_TITLE)
        self._name(self.title, self.tr("Title of the frame"))
        self.title.setPlaceholderText(self.tr("Title"))
        self.title.textEdited.connect(lambda text: self._edit(title=text))
        self._name(self.text, self.tr("Text of the note, in Markdown"))
        self.text.setPlaceholderText(self.tr("A note, in Markdown"))
        self.text.edited.connect(lambda text: self._edit(text=text[:LONGEST_TEXT]))
        self._name(self.colour, self.tr("Colour"))
        self.colour.activated.connect(lambda index: self._edit(colour=self.colour.itemData(index)))
        for signal in (self.title.left, self.title.entered, self.text.settled):
            signal.connect(self._typing.settle)
        self.facts = Facts(theme)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(NAME_INSET, 4, 0, 0)
        layout.setSpacing(SIZES.gap + 2)
        for widget in (self.heading, self.title, self.text, self.colour, line(), self.facts):
            layout.addWidget(widget)
        layout.addStretch()
        self._theme = theme

    def show_placed(self, keys: Sequence[str]) -> None:
        """Show the frames and notes with these ids, which are in the document."""
        if tuple(keys) != self._keys:
            self._typing.settle()
        self._keys = tuple(keys)
        project = self._here.project
        items = [decorating.placed(project)[key] for key in keys]
        what = items[0] if len(items) == 1 else None
        self.title.setVisible(isinstance(what, Frame))
        self.text.setVisible(isinstance(what, Note))
        if isinstance(what, Frame):
            self.heading.setText(self.tr("Frame"))
            if what.title != self.title.text():
                self.title.setText(what.title)
        elif isinstance(what, Note):
            self.heading.setText(self.tr("Note"))
            self.text.show_note(what.text)
        else:
            self.heading.setText(self.tr("{0} frames and notes").format(len(items)))
        self._show_colours({item.colour for item in items})
        self._show_inside(project)

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.facts.show_theme(theme)
        self.colour.clear()
        items = decorating.placed(self._here.project)
        self._show_colours({items[key].colour for key in self._keys if key in items})

    def edit(self) -> None:
        """Put the focus on the title or the text; of several, on their colour."""
        fields = (self.title, self.text, self.colour)
        next(field for field in fields if field.isVisibleTo(self)).setFocus()

    def _name(self, field: QWidget, words: str) -> None:
        field.setAccessibleName(words)
        field.setToolTip(words)

    def _show_colours(self, used: set[str]) -> None:
        names = (*COLOURS, *sorted(used - set(COLOURS)))
        if [self.colour.itemData(index) for index in range(self.colour.count())] != list(names):
            self.colour.clear()
            for name in names:
                picture = QPixmap(SWATCH, SWATCH)
                picture.fill(QColor(self._theme.mark(name)))
                self.colour.addItem(QIcon(picture), colour_name(name), name)
        self.colour.setCurrentIndex(names.index(*used) if len(used) == 1 else -1)

    def _show_inside(self, project: Project) -> None:
        """What lies in the frames, in sum."""
        frames = [key for key in self._keys if isinstance(project.decor[key], Frame)]
        self.facts.setVisible(bool(frames))
        blocks, _ = decorating.carried(project, frames)
        steps = self._here.review.plan.steps
        inside = [steps[key] for key in blocks if key in steps]
        self.facts.show_facts(
            [
                (self.tr("Blocks inside"), grouped(len(blocks))),
                (self.tr("Parameters"), grouped(sum(step.parameters for step in inside))),
                (self.tr("Multiply-adds"), rounded(sum(step.trace.multiply_adds for step in inside))),
            ]
        )

    def _edit(self, **values: str) -> None:
        keys, (name,) = self._keys, values
        words = {
            "title": self.tr("Rename a frame"),
            "text": self.tr("Write a note"),
            "colour": self.tr("Change a colour"),
        }

        def edit(project: Project) -> Project:
            for key in keys:
                project = decorating.change(project, key, **values)
            return project

        self._typing.change(f"{','.join(keys)}.{name}", edit, words[name])
