"""What the data look like: a page for each field that can be seen, and one with the values."""

from __future__ import annotations

from PySide6.QtWidgets import QTabWidget, QWidget

from designer.data.look import Look
from designer.data.pictures import Pictures
from designer.data.points import Points
from designer.data.tables import Table, rows_table
from designer.theme import Theme


class Preview(QTabWidget):
    """Pictures, points and values of a dataset, each on a page."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._look: Look | None = None
        self._stale: set[int] = set()  # pages that don't show the data yet
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self.currentChanged.connect(self._fill)

    def show_look(self, look: Look) -> None:
        """Show a dataset; the page that is looked at stays in front as long as the fields are the same."""
        if self._look is None or look.fields != self._look.fields:
            self._build(look)
        self._look = look
        self._stale = set(range(self.count()))
        self._fill(self.currentIndex())

    def _fill(self, index: int) -> None:
        """Show the data on a page, when it is looked at for the first time."""
        look = self._look
        if look is None or index not in self._stale:
            return
        self._stale.remove(index)
        classes = look.class_field
        page, name = self.widget(index), self.tabText(index)
        if isinstance(page, Pictures):
            page.show_images(look.pictures[name], _labels(look))
        elif isinstance(page, Points):
            labels = look.points[classes] if classes else None
            names = look.fields[classes].classes if classes else ()
            page.show_points(look.points[name], labels, names, name)
        elif isinstance(page, Table):
            page.show_cells(rows_table(look))

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        for index in range(self.count()):
            page = self.widget(index)
            if isinstance(page, Points):
                page.show_theme(theme)

    def _build(self, look: Look) -> None:
        self._stale = set()
        while self.count():
            page = self.widget(0)
            self.removeTab(0)
            page.deleteLater()
        for name in look.images:
            page = Pictures()
            page.setAccessibleName(self.tr("Pictures of {0}").format(name))
            self.addTab(page, name)
        for name in look.planes:
            self.addTab(Points(self._theme), name)
        self.addTab(Table(self.tr("First rows"), numbered=True), self.tr("Values"))


def _labels(look: Look) -> list[str]:
    field = look.class_field
    if field is None:
        return []
    names = look.fields[field].classes
    return [names[index] for index in look.pictures[field].tolist()]
