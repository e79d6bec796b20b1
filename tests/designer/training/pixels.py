"""Colours that a widget paints."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget


def painted(widget: QWidget, colour: str) -> int:
    """How many pixels of a widget have just this colour."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), dtype=np.uint32).reshape(image.height(), -1)[:, : image.width()]
    return int(((pixels & 0xFFFFFF) == (QColor(colour).rgb() & 0xFFFFFF)).sum())
