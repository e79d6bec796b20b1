"""The button beside a parameter of a block inside a group: whether it can be set on the group itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from designer.icons import icon
from designer.scope import Scope
from designer.theme import SIZES
from engine.group import Exposed
from engine.record import Param


class ExposeButton(QToolButton):
    """A pin: pressed, the parameter is exposed. Where its label is taken, it asks whether both are set together."""

    def __init__(self, here: Scope, block: Callable[[], str], described: Param) -> None:
        """`block` gives the id of the block that is shown."""
        super().__init__()
        self._here, self._block, self._described = here, block, described
        self.setCheckable(True)
        self.setIconSize(QSize(13, 13))
        self.setFixedSize(SIZES.field - 4, SIZES.field - 4)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self._click)
        self.refresh()

    def refresh(self) -> None:
        """Show whether it is exposed; outside of groups, and for what makes no sense on one, there is no button."""
        group, mine = self._here.group, self._entry()
        sensible = group is not None and self._described.name != "title" and self._described.kind != "field"
        self.setVisible(sensible)
        self.setChecked(mine is not None)
        self.setIcon(icon("push-pin-fill" if mine else "push-pin", "link" if mine else "muted"))
        if mine is None:
            words = self.tr("Expose {0} on the group").format(self._described.label)
        else:
            words = self.tr("Exposed on the group as “{0}”; press to take it off").format(mine.label)
        self.setToolTip(words)
        self.setAccessibleName(words)

    def _entry(self) -> Exposed | None:
        group = self._here.group
        here = (self._block(), self._described.name)
        entries = group.exposed if group is not None else ()
        return next((entry for entry in entries if (entry.block, entry.param) == here), None)

    def _click(self) -> None:
        group, mine = self._here.group, self._entry()
        if group is None:
            return
        label = self._described.label
        if mine is not None:
            left = tuple(entry for entry in group.exposed if entry != mine)
            text = self.tr("Take {0} off the group").format(mine.label)
            self._here.change_group(group.change(exposed=left), text)
        elif label in group.exposed_labels():
            self.refresh()
            menu = self.choices()
            menu.popup(self.mapToGlobal(QPoint(0, self.height())))
        else:
            self._expose(label)

    def choices(self) -> QMenu:
        """What to do where the label is taken: one field for both, or one for each."""
        label = self._described.label
        name = self._here.project.graph.nodes[self._block()].name
        own = f"{label} of {name}"
        menu = QMenu(self)
        together = menu.addAction(self.tr("Set together with “{0}”").format(label))
        together.triggered.connect(lambda: self._expose(label))
        apart = menu.addAction(self.tr("Expose as “{0}”").format(own))
        apart.triggered.connect(lambda: self._expose(own))
        return menu

    def _expose(self, label: str) -> None:
        group = self._here.group
        if group is not None:
            exposed = group.expose(label, self._block(), self._described.name)
            self._here.change_group(exposed, self.tr("Expose {0} on the group").format(label))


def expose_button(here: Scope, block: Callable[[], str]) -> Callable[[Param], QWidget]:
    """What makes the buttons of a form."""
    return lambda described: ExposeButton(here, block, described)
