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
    """Blocks are no widgets, so a screen reader does not meet them by itself: each is announced when it is reached,
    and gives the canvas its accessible name while it is in hand."""

    def __init__(self, here: Scope, scene: Scene, view: View) -> None:
        self._here, self._scene, self._view = here, scene, view
        self._problems: tuple[str | None, set[str]] = None, set()  # of the block in hand, by their titles
        self.heard: Callable[[QAccessibleAnnouncementEvent], None] = QAccessible.updateAccessibility

    def say(self, text: str, politely: bool = False) -> None:
        """Announce a text; it takes the place of one that is still being read, unless it waits politely."""
        event = QAccessibleAnnouncementEvent(self._view, text)
        manners = QAccessible.AnnouncementPoliteness
        event.setPoliteness(manners.Polite if politely else manners.Assertive)
        self.heard(event)

    def select(self) -> None:
        """Another block, frame or note is in hand."""
        self.describe()
        if len(self._scene.selected) == 1:
            self.say(self._words_of(self._scene.selected[0]))
        elif not self._scene.selected and len(self._scene.placed.selected) == 1:
            self.say(placed_words(self._here.project, self._scene.placed.selected[0]))

    def describe(self) -> None:
        """Name the canvas after what is in hand, and describe what there is; tell of new problems of the block."""
        parts = [
            _tr("%n block(s)", len(self._scene.cards)),
            _tr("%n wire(s)", len(self._scene.wires)),
            _tr("%n problem(s)", len(self._here.review.problems)),
        ]
        if self._here.names:
            parts.insert(0, _tr("inside {group}").format(group=self._here.names[-1]))
        selected = [key for key in self._scene.selected if key in self._here.project.graph.nodes]
        words = ""
        if len(selected) > 1:
            names = ", ".join(self._scene.cards[key].node.name for key in selected[:MOST])
            parts.append(_tr("selected: {names}").format(names=names))
        elif selected:
            words = block_words(self._scene.cards[selected[0]].node, self._scene.facts(selected[0]))
        else:
            project = self._here.project
            chosen = [key for key in self._scene.placed.selected[:1] if key in project.decor]
            words = placed_words(project, chosen[0]) if chosen else ""
        self._view.setAccessibleName(_tr("{words}, on the canvas").format(words=words) if words else _tr("Canvas"))
        self._view.setAccessibleDescription(", ".join(parts))
        self._tell_problems(selected[0] if len(selected) == 1 else None)

    def _tell_problems(self, key: str | None) -> None:
        """The block in hand has other problems since an edit."""
        titles = {problem.title for problem in self._scene.facts(key).problems} if key is not None else set()
        before, self._problems = self._problems, (key, titles)
        if key is None or before[0] != key or titles == before[1]:
            return
        fresh = sorted(titles - before[1])
        if fresh:
            self.say(". ".join(fresh), politely=True)
        elif not titles:
            name = self._scene.cards[key].node.name
            self.say(_tr("{name} has no problems now").format(name=name), politely=True)

    def _words_of(self, key: str) -> str:
        card = self._scene.cards[key]
        return f"{block_words(card.node, card.facts)}; {wires_words(self._here.project.graph, key)}"


def _tr(text: str, number: int = -1) -> str:
    return QCoreApplication.translate("Canvas", text, "", number)
