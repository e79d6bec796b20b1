"""A run that failed: goes to the block that is to blame, and offers what may be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from designer.offers import Offer
from engine.graph import Graph
from engine.group import Group
from engine.problem import UserError
from engine.training.events import Failed
from engine.training.remedies import Remedy, go_on_with, remedies, taken_along
from engine.training.run import RunFolder
from engine.training.settings import TrainingSettings

if TYPE_CHECKING:
    from pathlib import Path

    from designer.window import Window

SAME_AGAIN = {"clip", "lower_rate"}  # ways out of what comes again as long as nothing is changed


class Trouble(QObject):
    """Told of a failure, keeps its ways out up to date until another run begins or another project is opened."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._failed: Failed | None = None
        self._trained = TrainingSettings()  # what the run that failed had
        self._folder: Path | None = None  # of the run that failed
        self._remedies: tuple[Remedy, ...] = ()
        window.document.changed.connect(self._offer)
        window.session.state_changed.connect(self._offer)
        window.files.opened.connect(self.forget)

    def show(self, failed: Failed) -> None:
        """A run failed, or could not begin."""
        window, session = self._window, self._window.session
        self._failed, self._folder = failed, session.folder
        self._trained = session.project.training if session.project is not None else window.document.project.training
        self._remedies = remedies(failed, self._trained, window.document.project.training)
        way = way_of(window.document.project.graph, failed.block) if failed.block is not None else ()
        if way:
            window.design.go_to(way)
        window.status.showMessage(_words(failed), 15000)
        self._offer()

    def forget(self) -> None:
        """Nothing is wrong any more."""
        if self._failed is not None:
            if self._window.status.currentMessage() == _words(self._failed):
                self._window.status.clearMessage()
            self._failed = None
            self._window.strip.show_offers(())

    def _offer(self, _change: object = None) -> None:
        if self._failed is None:
            return
        if self._window.session.state not in ("idle", "stopping"):
            if self._window.session.folder != self._folder:
                self.forget()
            return
        offers = [self._edit(remedy) for remedy in self._remedies]
        if "go_back" in self._failed.ways:
            offers.append(self._go_on())
        if "check_data" in self._failed.ways:
            tip = self.tr("Look at the data in the Data workspace")
            offers.append(Offer(self.tr("Show the data"), tip, self._show_data))
        self._window.strip.show_offers(offers)

    def _edit(self, remedy: Remedy) -> Offer:
        done = remedy.used(self._window.document.project.training)
        tip = self.tr("Done: the settings say so now") if done else self.tr("Change the training settings, in one step")
        return Offer(remedy.fix.label, tip, lambda: self._mend(remedy), not done)

    def _mend(self, remedy: Remedy) -> None:
        self._window.document.mend(remedy.fix)
        words = self.tr("Set for the next run: {0}.").format(remedy.fix.label)
        self._window.status.showMessage(words, 15000)

    def _go_on(self) -> Offer:
        """Back to what was saved last, with what has been changed since; the same settings would fail once more."""
        assert self._failed is not None
        settings = self._window.document.project.training
        same = taken_along(self._trained, settings) == self._trained
        possible = not (same and SAME_AGAIN & set(self._failed.ways))
        tip = (
            self.tr("Go back to what was saved last, and train on from there with the settings as they are now")
            if possible
            else self.tr("With the same settings the same would happen: choose another way first, then go on")
        )
        return Offer(self.tr("Go on from the last save"), tip, self._go_back, possible)

    def _go_back(self) -> None:
        folder, window = self._folder, self._window
        if folder is None or window.session.active:
            return
        try:
            go_on_with(RunFolder.existing(folder), window.document.project.training)
        except UserError as error:
            window.status.showMessage(str(error), 15000)
            return
        self.forget()
        window.session.resume(folder)

    def _show_data(self) -> None:
        self._window.show_workspace("workspace_data")


def _words(failed: Failed) -> str:
    return f"{failed.message} {failed.remedy}".strip()


def way_of(graph: Graph, names: str) -> tuple[str, ...]:
    """The ids of the groups around a block and its own, of its path in names; as far as they are still there."""
    way: list[str] = []
    for name in names.split("/"):
        found = next((key for key, node in graph.nodes.items() if node.name == name), None)
        if found is None:
            break
        way.append(found)
        block = graph.nodes[found].block
        graph = block.graph if isinstance(block, Group) else Graph()
    return tuple(way)
