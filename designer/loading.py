"""Loading what is shown after the start page, beside what the engine loads; `engine.loading` says why one asks."""

from __future__ import annotations

from engine.loading import Stage, load_light

_DESIGN = Stage(("designer.design_page",))
_CURVES = Stage(("designer.training.plot", "designer.training.strip"))  # the first brings pyqtgraph


def load_design() -> None:
    """The Design workspace."""
    _DESIGN.load()


def load_curves() -> None:
    """The strip with the curves, and the numpy and pyqtgraph below it."""
    load_light()
    _CURVES.load()
