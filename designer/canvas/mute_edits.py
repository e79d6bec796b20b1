"""Muting the selected blocks, so that what enters them passes through, and letting them work again."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication

from designer.canvas.scene import Scene
from designer.scope import Scope
from engine.muting import refused_muting

translate = QCoreApplication.translate


class MuteEdits:
    """Acts upon the selected blocks; `refuse(text)` tells why they can't be muted."""

    def __init__(self, here: Scope, scene: Scene, refuse: Callable[[str], None]) -> None:
        self._here, self._scene, self._refuse = here, scene, refuse

    def possible(self) -> Mapping[str, bool]:
        """Whether it makes sense now, by the name of the action."""
        return {"mute": bool(self._scene.selected)}

    def mute(self) -> None:
        """Mute the selected blocks; where all that can be are muted, let them work again."""
        graph, selected = self._here.project.graph, self._scene.selected
        refusals = {key: refused_muting(graph.nodes[key].block) for key in selected}
        able = [key for key in selected if refusals[key] is None]
        working = [key for key in able if not graph.nodes[key].muted]
        muted = [key for key in selected if graph.nodes[key].muted]
        if not working and not muted:
            if selected:
                self._refuse(f"{graph.nodes[selected[0]].name} {refusals[selected[0]]}.")
            return
        changed = working or muted
        word = translate("Canvas", "Mute {what}") if working else translate("Canvas", "Unmute {what}")
        if len(changed) == 1:
            what = graph.nodes[changed[0]].name
        else:
            what = translate("Canvas", "%n block(s)", "", len(changed))
        self._here.settle()
        self._here.change(self._here.project.edit(graph.mute(changed, bool(working))), word.format(what=what))
