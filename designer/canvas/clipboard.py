"""Copy, cut and paste: blocks go to the clipboard as text that people can read, and come back from any text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication, QMimeData, QPointF, QRectF, QSizeF
from PySide6.QtGui import QGuiApplication

from designer.canvas.edits import removed
from designer.canvas.geometry import GRID, free_place, snapped, united
from designer.canvas.gestures.gesture import Stage
from designer.canvas.ports import card_size, sides_of
from engine.clipping import clip, paste, read_clip
from engine.decorating import placed, whole
from engine.problem import UserError
from engine.project import Project

MIME = "application/x-plexus-blocks"  # the same text as beside it, for those who know what it is
STEP = 2 * GRID  # from what was pasted to what is pasted at the same place again

translate = QCoreApplication.translate


class Clipboard:
    """Acts upon the selected blocks, frames and notes; what lies in a frame goes along.

    `aim` tells where the pointer is on the canvas, None when it is elsewhere.
    """

    def __init__(
        self, stage: Stage, aim: Callable[[], QPointF | None], tell: Callable[[str, QPointF, bool], None]
    ) -> None:
        self._stage, self._aim, self._tell = stage, aim, tell

    def possible(self) -> Mapping[str, bool]:
        """Which of the edits make sense now, by the name of the action."""
        some = self._stage.scene.selects_items
        return {"copy": some, "cut": some, "paste": True}

    def copy(self) -> None:
        """Put the selected blocks, frames and notes on the clipboard."""
        scene = self._stage.scene
        if not scene.selects_items:
            return
        text, remarks = clip(self._stage.here.project, *self._taken())
        data = QMimeData()
        data.setText(text)
        data.setData(MIME, text.encode())
        QGuiApplication.clipboard().setMimeData(data)
        if remarks:
            self._tell("\n".join(remarks), scene.chosen_area().center(), False)

    def cut(self) -> None:
        """Put the selected blocks, frames and notes on the clipboard and take them away."""
        here = self._stage.here
        if not self._stage.scene.selects_items:
            return
        self.copy()
        here.settle()
        ids, keys = self._taken()
        here.change(removed(here.project, ids, (), keys)[0], self._words(ids, here.project, "Cut"))

    def _taken(self) -> tuple[tuple[str, ...], set[str]]:
        """What is selected, with all that lies in its frames."""
        scene = self._stage.scene
        return whole(self._stage.here.project, scene.selected, scene.placed.selected)

    def paste(self) -> None:
        """Add the blocks on the clipboard: at the pointer, or in the middle of the view where there is room."""
        here, scene, view = self._stage.here, self._stage.scene, self._stage.view
        aim = self._aim()
        at = aim or view.to_scene(view.middle)
        try:
            part = read_clip(_copied_text())
            area = _extent(part)
            corner = snapped(at - area.center(), GRID)
            if aim is None:
                corner = free_place(corner + area.topLeft(), area.size(), scene.free) - area.topLeft()
            items = (*scene.cards.values(), *scene.placed.items.values())
            taken = {(item.pos().x(), item.pos().y()) for item in items}
            while any((corner.x() + x, corner.y() + y) in taken for x, y in _places(part)):
                corner += QPointF(STEP, STEP)
            after, ids, remarks, keys = paste(here.project, part, (corner.x(), corner.y()), len(here.path))
        except UserError as error:
            self._tell(str(error), at, True)
            return
        here.settle()
        here.change(after, self._words(ids, after, "Paste"))
        scene.select(ids, (), keys)
        view.reveal(scene.chosen_area())
        view.setFocus()
        if remarks:
            self._tell("\n".join(remarks), at, False)
        else:
            self._stage.hush(0.0)  # what was wrong with a paste before is over

    def _words(self, ids: tuple[str, ...], project: Project, what: str) -> str:
        """The name of the step."""
        one = {"Cut": translate("Canvas", "Cut {name}"), "Paste": translate("Canvas", "Paste {name}")}
        placed_alone = {
            "Cut": translate("Canvas", "Cut frames and notes"),
            "Paste": translate("Canvas", "Paste frames and notes"),
        }
        if not ids:
            return placed_alone[what]
        if len(ids) == 1:
            return one[what].format(name=project.graph.nodes[ids[0]].name)
        if what == "Cut":
            return translate("Canvas", "Cut %n block(s)", "", len(ids))
        return translate("Canvas", "Paste %n block(s)", "", len(ids))


def _copied_text() -> str:
    """What is on the clipboard, as text; empty where it is something else."""
    data = QGuiApplication.clipboard().mimeData()
    if data is None:  # Qt has nothing to answer with while the clipboard was never used
        return ""
    if data.hasFormat(MIME):
        return bytes(data.data(MIME).data()).decode("utf-8", "replace")
    return data.text() if data.hasText() else ""


def _places(part: Project) -> list[tuple[float, float]]:
    corners = [(place.x, place.y) for key, place in part.layout.items() if key in part.graph.nodes]
    return corners + [(item.area.x, item.area.y) for item in placed(part).values()]


def _extent(part: Project) -> QRectF:
    """The rectangle that the cards, frames and notes of a clip take, counted from its corner."""
    area = united(QRectF(*item.area) for item in placed(part).values())
    wired: defaultdict[str, list[str]] = defaultdict(list)
    for wire in part.graph.wires:
        wired[wire.target].append(wire.input)
    for key, node in part.graph.nodes.items():
        size: QSizeF = card_size(sides_of(node.block, wired[key]))
        area |= QRectF(QPointF(*part.layout[key]), size)
    return area
