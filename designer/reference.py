"""Links to the page of PyTorch's documentation that tells everything about a block or an optimizer."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import QLabel, QWidget

PAGES = "https://docs.pytorch.org/docs/stable/generated/"


def page_of(reference: str) -> str:
    """`torch.nn.Conv2d` → the address of its page."""
    return f"{PAGES}{reference}.html"


class ReferenceLabel(QLabel):
    """`Convolution · torch.nn.Conv2d`, where the second part opens the documentation in the browser."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ("", "", "")
        self.setProperty("role", "muted")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
        self.setWordWrap(True)
        self.linkActivated.connect(lambda _address: self._open())

    def show_reference(self, words: str, reference: str, colour: str) -> None:
        """Show words and, when there is a reference, a link in that colour (`#rrggbb`)."""
        if (words, reference, colour) == self._shown:
            return
        self._shown = (words, reference, colour)
        link = f'<a href="{page_of(reference)}" style="color: {colour}; text-decoration: none">{reference}</a>'
        parts = [html.escape(words)] if words else []
        self.setText(" · ".join([*parts, link] if reference else parts))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if reference else Qt.FocusPolicy.NoFocus)
        self.setToolTip(self.tr("Open {0} in the browser").format(page_of(reference)) if reference else "")
        self.setAccessibleName(" · ".join(part for part in (words, reference) if part))
        self.setStyleSheet(f"QLabel:focus {{ border: 1px solid {colour}; border-radius: 3px }}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open()
        else:
            super().keyPressEvent(event)

    def _open(self) -> None:
        if self._shown[1]:
            QDesktopServices.openUrl(QUrl(page_of(self._shown[1])))
