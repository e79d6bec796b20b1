"""What can be done with groups and shared weights on the canvas, and what is selected afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QCoreApplication, QPointF

from designer.canvas.geometry import free_place, united
from designer.canvas.scene import Scene
from designer.scope import Scope
from engine.copying import WEIGHTLESS
from engine.decorating import fresh, whole
from engine.group import Group
from engine.grouping import OUTSIDE, PORTS, duplicate, make_group, share, ungroup, unshare
from engine.problem import UserError
from engine.project import Project

translate = QCoreApplication.translate
BELOW = 40.0  # pixels between blocks and their copies


class GroupEdits:
    """Acts upon the selected blocks, and upon frames and notes that are selected with them.

    `refuse(text)` tells why one of these edits can't be made.
    """

    def __init__(self, here: Scope, scene: Scene, refuse: Callable[[str], None]) -> None:
        self._here, self._scene, self._refuse = here, scene, refuse

    def possible(self) -> Mapping[str, bool]:
        """Which of the edits make sense now, by the name of the action."""
        graph, plan, selected = self._here.project.graph, self._here.review.plan, self._scene.selected
        blocks = {key: graph.nodes[key].block for key in selected if key in graph.nodes}
        groups = [key for key, block in blocks.items() if isinstance(block, Group)]
        lone = next(iter(blocks)) if len(blocks) == 1 else ""
        step = plan.steps.get(lone)
        learned = step is None or not step.complete or bool(step.trace.weights)
        return {
            "group": any(not isinstance(graph.nodes[key].block, (*OUTSIDE, *PORTS)) for key in self._taken()[0]),
            "ungroup": bool(groups),
            "enter_group": bool(lone and groups),
            "leave_group": bool(self._here.path),
            "duplicate": self._scene.selects_items,
            "duplicate_wired": bool(blocks),
            "use_again": bool(lone) and not isinstance(blocks[lone], WEIGHTLESS) and learned,
            "own_weights": any(len(graph.sharing(key)) > 1 for key in blocks),
        }

    def group(self) -> None:
        """Put the selected blocks into a group, in their place."""
        selected, keys = self._taken()
        try:
            after, key = make_group(self._here.project, selected, decor=keys)
        except UserError as error:
            self._refuse(str(error))
            return
        if len(selected) == 1:
            text = translate("Canvas", "Group {name}").format(name=self._name(selected[0]))
        else:
            text = translate("Canvas", "Group %n block(s)", "", len(selected))
        self._change(after, text, (key,))

    def ungroup(self) -> None:
        """Put the blocks of the selected groups in the place of these."""
        project = self._here.project
        groups = [key for key in self._scene.selected if isinstance(project.graph.nodes[key].block, Group)]
        others = [key for key in self._scene.selected if key not in groups]
        if not groups:
            return
        freed: list[str] = []
        for key in groups:
            project, ids = ungroup(project, key)
            freed += ids
        if len(groups) == 1:
            text = translate("Canvas", "Ungroup {name}").format(name=self._name(groups[0]))
        else:
            text = translate("Canvas", "Ungroup %n group(s)", "", len(groups))
        self._change(project, text, (*others, *freed))

    def duplicate_wired(self) -> None:
        """Likewise, and the copies receive what the blocks receive."""
        self.duplicate(incoming=True)

    def duplicate(self, incoming: bool = False) -> None:
        """Copies of the selected blocks, frames and notes, below them or where there is room."""
        selected, keys = self._taken()
        if not selected and not keys:
            return
        area = united(self._scene.cards[key].body for key in selected) | united(self._scene.placed.areas(keys))
        corner = free_place(area.topLeft() + QPointF(0, area.height() + BELOW), area.size(), self._scene.free)
        by = corner - area.topLeft()
        before = self._here.project
        after, copies = duplicate(before, selected, (by.x(), by.y()), incoming, keys)
        if not selected:
            text = translate("Canvas", "Duplicate frames and notes")
        elif len(selected) == 1:
            text = translate("Canvas", "Duplicate {name}").format(name=self._name(selected[0]))
        else:
            text = translate("Canvas", "Duplicate %n block(s)", "", len(selected))
        self._change(after, text, copies, fresh(before, after))

    def _taken(self) -> tuple[tuple[str, ...], set[str]]:
        """What is selected, with all that lies in its frames."""
        return whole(self._here.project, self._scene.selected, self._scene.placed.selected)

    def use_again(self) -> None:
        """One more block with the weights of the selected one."""
        if len(self._scene.selected) != 1:
            return
        key = self._scene.selected[0]
        body = self._scene.cards[key].body
        corner = free_place(body.topLeft() + QPointF(0, body.height() + BELOW), body.size(), self._scene.free)
        try:
            after, other = share(self._here.project, key, (corner.x(), corner.y()))
        except UserError as error:
            self._refuse(str(error))
            return
        self._change(after, translate("Canvas", "Use {name} again").format(name=self._name(key)), (other,))

    def own_weights(self) -> None:
        """Weights of its own for each of the selected blocks that share theirs."""
        project = self._here.project
        shared = [key for key in self._scene.selected if len(project.graph.sharing(key)) > 1]
        if not shared:
            return
        for key in shared:
            project = unshare(project, key)
        names = ", ".join(self._name(key) for key in shared[:3])
        self._change(project, translate("Canvas", "Give {names} own weights").format(names=names), shared)

    def enter_group(self) -> None:
        """Go into the selected group."""
        if len(self._scene.selected) == 1:
            self._here.enter(self._scene.selected[0])

    def leave_group(self) -> None:
        """Go out of the group that one is in."""
        self._here.leave()

    def _change(self, after: Project, text: str, selected: Sequence[str], placed: Sequence[str] = ()) -> None:
        self._here.settle()
        self._here.change(after, text)
        self._scene.select(selected, (), placed)

    def _name(self, key: str) -> str:
        return self._here.project.graph.nodes[key].name
