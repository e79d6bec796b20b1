"""Copy, cut and paste: blocks go to the clipboard as text that people can read, and come back from any text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication, QMimeData, QPointF, QRectF, QSizeF
from PySide6.QtGui import QGuiApplication

from designer.canvas.edits import removed
from designer.canvas.geometry import GRID, free_place, snapped
from designer.canvas.gestures.gesture import Stage
from designer.canvas.ports import card_size, sides_of
from engine.clipping import clip, paste, read_clip
from engine.problem import UserError
from engine.project import Project

MIME = "application/x-plexus-blocks"  # the same text as beside it, for those who know what it is
STEP = 2 * GRID  # from what was pasted to what is pasted at the same place again

translate = QCoreApplication.translate


class Clipboard:
    """Acts upon the selected blocks. `aim` tells where the pointer is on the canvas, None when it is elsewhere."""

    def __init__(
        self, stage: Stage, aim: Callable[[], QPointF | None], tell: Callable[[str, QPointF, bool], None]
    ) -> None:
        self._stage, self._aim, self._tell = stage, aim, tell

    def possible(self) -> Mapping[str, bool]:
        """Which of the edits make sense now, by the name of the action."""
        some = bool(self._stage.scene.selected)
        return {"copy": some, "cut": some, "paste": True}

    def copy(self) -> None:
        """Put the selected blocks on the clipboard."""
        scene, selected = self._stage.scene, self._stage.scene.selected
        if not selected:
            return
        text, remarks = clip(self._stage.here.project, selected)
        data = QMimeData()
        data.setText(text)
        data.setData(MIME, text.encode())
        QGuiApplication.clipboard().setMimeData(data)
        if remarks:
            self._tell("\n".join(remarks), scene.content(selected).center(), False)

    def cut(self) -> None:
        """Put the selected blocks on the clipboard and take them away."""
        here, selected = self._stage.here, self._stage.scene.selected
        if not selected:
            return
        self.copy()
        here.settle()
        here.change(removed(here.project, selected, ())[0], self._words(selected, here.project, "Cut"))

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
                corner = free_place(corner, area.size(), scene.free)
            taken = {(card.pos().x(), card.pos().y()) for card in scene.cards.values()}
            while any((corner.x() + x, corner.y() + y) in taken for x, y in _places(part)):
                corner += QPointF(STEP, STEP)
            after, ids, remarks = paste(here.project, part, (corner.x(), corner.y()), len(here.path))
        except UserError as error:
            self._tell(str(error), at, True)
            return
        here.settle()
        here.change(after, self._words(ids, after, "Paste"))
        scene.select(ids)
        view.reveal(scene.content(ids))
        view.setFocus()
        if remarks:
            self._tell("\n".join(remarks), at, False)

    def _words(self, ids: tuple[str, ...], project: Project, what: str) -> str:
        """The name of the step."""
        one = {"Cut": translate("Canvas", "Cut {name}"), "Paste": translate("Canvas", "Paste {name}")}
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
    return [(place.x, place.y) for key, place in part.layout.items() if key in part.graph.nodes]


def _extent(part: Project) -> QRectF:
    """The rectangle that the cards of a clip take, counted from its corner."""
    area = QRectF()
    for key, node in part.graph.nodes.items():
        wired = [wire.input for wire in part.graph.wires if wire.target == key]
        size: QSizeF = card_size(sides_of(node.block, wired))
        area |= QRectF(QPointF(*part.layout[key]), size)
    return area
