"""The inspector itself: a page for one block, for several, for frames and notes, or for the project."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from designer.document import Document
from designer.inspector.block import BlockPage
from designer.inspector.name import NAME_INSET
from designer.inspector.overview import OverviewPage
from designer.inspector.placed import PlacedPage
from designer.inspector.several import SeveralPage
from designer.theme import SIZES, Theme


class Inspector(QScrollArea):
    """Shows what is selected. It is told by `show_selection`, and follows the document by itself."""

    jump = Signal(object)  # Problem, clicked in the overview

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._here = document.here
        self._keys: tuple[str, ...] = ()
        self._placed: tuple[str, ...] = ()
        self.setAccessibleName(self.tr("Inspector"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.block = BlockPage(document, theme)
        self.several = SeveralPage(document, theme)
        self.placed = PlacedPage(document, theme)
        self.overview = OverviewPage(document, theme)
        for page in (self.overview, self.block):
            page.jump.connect(self.jump)
        self._pages: tuple[QWidget, ...] = (self.block, self.several, self.placed, self.overview)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(SIZES.margin + 2 - NAME_INSET, SIZES.margin - 2, SIZES.margin + 2, SIZES.margin)
        for page in self._pages:
            layout.addWidget(page)
        self.setWidget(inside)
        self._here.changed.connect(lambda _project: self._show())
        self._here.reviewed.connect(lambda _review: self._show())
        self._show()

    def show_selection(self, ids: Iterable[str], placed: Iterable[str] = ()) -> None:
        """Show these blocks; with none, these frames and notes; with none of either, the project."""
        keys, beside = tuple(ids), tuple(placed)
        if (keys, beside) != (self._keys, self._placed):
            self._keys, self._placed = keys, beside
            self.verticalScrollBar().setValue(0)
            self._show()

    def show_theme(self, theme: Theme) -> None:
        for page in (self.block, self.several, self.placed, self.overview):
            page.show_theme(theme)

    def edit_values(self) -> None:
        """Put the focus on the first value of what is selected; where there is none, on its name."""
        page = next((page for page in (self.block, self.several) if page.isVisibleTo(self)), None)
        if page is not None and page.form.isVisibleTo(page) and page.form.editors:
            page.form.focus()
        elif page is self.block:
            self.block.name.edit()
        elif self.placed.isVisibleTo(self):
            self.placed.edit()

    def focus_param(self, name: str) -> None:
        """Put the focus on a parameter of the selected block, such as the one that a problem names."""
        if self.block.isVisibleTo(self):
            self.block.form.focus(name)

    def _show(self) -> None:
        keys = [key for key in self._keys if key in self._here.project.graph.nodes]
        decor = self._here.project.decor
        beside = [key for key in self._placed if key in decor]
        if len(keys) == 1:
            self.block.show_block(keys[0])
            page: QWidget = self.block
        elif keys:
            self.several.show_blocks(keys)
            page = self.several
        elif beside:
            self.placed.show_placed(beside)
            page = self.placed
        else:
            self.overview.refresh()
            page = self.overview
        for other in self._pages:
            other.setVisible(other is page)
