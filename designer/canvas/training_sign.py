"""On which cards the sign of a training stands: those of the blocks that it began with."""

from __future__ import annotations

from designer.canvas.scene import Scene
from designer.scope import Scope
from engine.graph import Graph
from engine.muting import passage
from engine.project import Project


class TrainingSign:
    """Remembers the project that is being trained; blocks that are drawn since have no part in it."""

    def __init__(self, here: Scope, scene: Scene) -> None:
        self._here, self._scene = here, scene
        self._trained: Project | None = None

    @property
    def on(self) -> bool:
        """Whether a training is under way."""
        return self._trained is not None

    def show(self, trained: Project | None) -> None:
        """A training of this project has begun; None when it is over."""
        self._trained = trained
        self._mark()

    def refresh(self) -> None:
        """Other cards are shown now."""
        if self.on:
            self._mark()

    def _mark(self) -> None:
        try:
            graph = self._trained.inside(self._here.path).graph if self._trained is not None else Graph()
        except KeyError:  # the group is newer than the training
            graph = Graph()
        self._scene.show_running({key for key, node in graph.nodes.items() if passage(node) is None})
