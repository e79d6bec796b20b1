"""Says aloud, through a screen reader, what happens on the canvas, and describes it in words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from designer.canvas.scene import Scene
from designer.canvas.spoken import block_words, placed_words, wires_words
from designer.canvas.view import View
from designer.scope import Scope

MOST = 8  # names of selected blocks that are told


class Announcer:
    """Blocks are no widgets, so a screen reader does not meet them by itself: each is announced when it is reached."""

    def __init__(self, here: Scope, scene: Scene, view: View) -> None:
        self._here, self._scene, self._view = here, scene, view
        self.heard: Callable[[QAccessibleAnnouncementEvent], None] = QAccessible.updateAccessibility

    def say(self, text: str) -> None:
        """Announce a text; it takes the place of one that is still being read."""
        event = QAccessibleAnnouncementEvent(self._view, text)
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        self.heard(event)

    def select(self) -> None:
        """Another block, frame or note is in hand."""
        self.describe()
        if len(self._scene.selected) == 1:
            self.say(self._words_of(self._scene.selected[0]))
        elif not self._scene.selected and len(self._scene.placed.selected) == 1:
            self.say(placed_words(self._here.project, self._scene.placed.selected[0]))

    def describe(self) -> None:
        """Describe the canvas: the block in hand first, then what there is."""
        parts = [
            _tr("%n block(s)", len(self._scene.cards)),
            _tr("%n wire(s)", len(self._scene.wires)),
            _tr("%n problem(s)", len(self._here.review.problems)),
        ]
        if self._here.names:
            parts.insert(0, _tr("inside {group}").format(group=self._here.names[-1]))
        selected = [key for key in self._scene.selected if key in self._here.project.graph.nodes]
        if len(selected) > 1:
            names = ", ".join(self._scene.cards[key].node.name for key in selected[:MOST])
            parts.append(_tr("selected: {names}").format(names=names))
        elif selected:
            parts.insert(0, self._words_of(selected[0]))
        else:
            project = self._here.project
            parts[:0] = [placed_words(project, key) for key in self._scene.placed.selected[:1] if key in project.decor]
        self._view.setAccessibleDescription(", ".join(parts))

    def _words_of(self, key: str) -> str:
        card = self._scene.cards[key]
        return f"{block_words(card.node, card.facts)}; {wires_words(self._here.project.graph, key)}"


def _tr(text: str, number: int = -1) -> str:
    return QCoreApplication.translate("Canvas", text, "", number)
