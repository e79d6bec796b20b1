"""Links to the page of PyTorch's documentation that tells everything about a block or an optimizer."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

PAGES = "https://docs.pytorch.org/docs/stable/generated/"


def page_of(reference: str) -> str:
    """`torch.nn.Conv2d` → the address of its page."""
    return f"{PAGES}{reference}.html"


class ReferenceLabel(QLabel):
    """`Convolution · torch.nn.Conv2d`, where the second part opens the documentation in the browser."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "muted")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setOpenExternalLinks(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
        self._shown = ("", "", "")

    def show_reference(self, words: str, reference: str, colour: str) -> None:
        """Show words and, when there is a reference, a link in that colour (`#rrggbb`)."""
        if (words, reference, colour) == self._shown:
            return
        self._shown = (words, reference, colour)
        link = f'<a href="{page_of(reference)}" style="color: {colour}; text-decoration: none">{reference}</a>'
        parts = [html.escape(words)] if words else []
        self.setText(" · ".join([*parts, link] if reference else parts))
        flags = Qt.TextInteractionFlag.LinksAccessibleByMouse
        if reference:
            flags |= Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        self.setTextInteractionFlags(flags)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if reference else Qt.FocusPolicy.NoFocus)
        self.setToolTip(self.tr("Open {0} in the browser").format(page_of(reference)) if reference else "")
        self.setAccessibleName(" · ".join(part for part in (words, reference) if part))
