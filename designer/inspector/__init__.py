"""The panel at the right of the canvas: what is selected, in numbers and words, and a form to change it."""

from designer.inspector.panel import Inspector

__all__ = ["Inspector"]
