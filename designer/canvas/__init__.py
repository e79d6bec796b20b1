"""The canvas on which networks are drawn."""

from designer.canvas.canvas import Canvas
from designer.canvas.geometry import COLUMN, ROW
from designer.canvas.gestures.drop_block import MIME

__all__ = ["COLUMN", "MIME", "ROW", "Canvas"]
