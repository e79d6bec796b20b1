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
        for index, image in enumerate(levels(images)):
            label = labels[index] if labels else ""
            item = QListWidgetItem(QIcon(picture(image, side)), label)
            item.setToolTip(label)
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
            self.addItem(item)


def levels(images: Array) -> Array:
    """Images from 0 to 1 as bytes, with colour last: (samples, height, width) or (samples, height, width, 3)."""
    import numpy as np

    levels = (np.clip(images, 0, 1) * 255).round().astype("uint8")  # (samples, channels, height, width)
    if levels.shape[1] >= 3:
        return np.ascontiguousarray(levels[:, :3].transpose(0, 2, 3, 1))
    return np.ascontiguousarray(levels[:, 0])


def picture(image: Array, side: int) -> QPixmap:
    """One image as `levels` gives it, enlarged to `side` pixels; small ones keep their squares."""
    height, width = image.shape[:2]
    coloured = image.ndim == 3
    form = QImage.Format.Format_RGB888 if coloured else QImage.Format.Format_Grayscale8
    drawn = QImage(image.data, width, height, image.strides[0], form)
    fine = max(height, width) > side
    mode = Qt.TransformationMode.SmoothTransformation if fine else Qt.TransformationMode.FastTransformation
    return QPixmap.fromImage(drawn.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, mode))
