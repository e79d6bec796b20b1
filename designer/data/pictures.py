"""Images of a dataset as a page of small pictures with their labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QWidget

if TYPE_CHECKING:
    import numpy.typing

    Array = numpy.typing.NDArray[Any]

SIDE = 56  # pixels of a picture on the screen, at least


class Pictures(QListWidget):
    """A grid of pictures that fills the width it is given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setWordWrap(False)
        self.setSpacing(4)

    def show_images(self, images: Array, labels: list[str]) -> None:
        """Show images, (samples, channels, height, width) from 0 to 1, with a label each."""
        self.clear()
        side = max(SIDE, min(images.shape[-1], 96))
        self.setIconSize(QSize(side, side))
        widest = max((self.fontMetrics().horizontalAdvance(label) for label in labels), default=0)
        self.setGridSize(QSize(max(side, min(widest, 120)) + 16, side + self.fontMetrics().height() + 14))
        for index, image in enumerate(images):
            label = labels[index] if labels else ""
            item = QListWidgetItem(QIcon(picture(image, side)), label)
            item.setToolTip(label)
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
            self.addItem(item)


def picture(image: Array, side: int) -> QPixmap:
    """One image, (channels, height, width) from 0 to 1, enlarged to `side` pixels; small ones keep their squares."""
    import numpy as np

    levels = (np.clip(image, 0, 1) * 255).round().astype("uint8")  # (channels, height, width)
    channels, height, width = levels.shape
    if channels >= 3:
        packed = np.ascontiguousarray(levels[:3].transpose(1, 2, 0))  # (height, width, channels)
        drawn = QImage(packed.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
    else:
        packed = np.ascontiguousarray(levels[0])  # (height, width)
        drawn = QImage(packed.data, width, height, width, QImage.Format.Format_Grayscale8).copy()
    fine = max(height, width) > side
    mode = Qt.TransformationMode.SmoothTransformation if fine else Qt.TransformationMode.FastTransformation
    return QPixmap.fromImage(drawn.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, mode))
