"""Which scores a training measures: the usual ones, or those that are ticked in a list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from designer.training.picks import PickEditor
from designer.training.scores import title


class ScoresEditor(PickEditor):
    """A box that names what is measured; its list stays open while one ticks."""

    def show_offer(self, offered: Sequence[str], usual: Sequence[str]) -> None:
        """Offer these scores; the usual ones are measured unless others are ticked."""
        self._offered, self._usual = tuple(offered), tuple(usual)
        self._show()

    def _build(self) -> QWidget:
        self._offered: tuple[str, ...] = ()
        self._usual: tuple[str, ...] = ()
        return super()._build()

    @property
    def _chosen(self) -> tuple[str, ...]:
        return self._usual if self._value is None else tuple(self._value)

    def _show(self) -> None:
        names = [title(name) if name in self._offered else self._missing(name) for name in self._chosen]
        words = ", ".join(names) or (self.tr("only the loss") if self._value == () else self.tr("the usual"))
        self._box.show_words(self.tr("several values") if self._mixed else words)
        for action in self._list.actions():
            name = action.data()
            action.setChecked(self._value is None if name is None else name in self._chosen)
        self.refused.emit("")

    def _missing(self, name: str) -> str:
        return self.tr("{0} (missing)").format(title(name))

    def _open(self) -> None:
        self._list.clear()
        usual = self._list.addAction(self.tr("The usual"))
        usual.setToolTip(", ".join(title(name) for name in self._usual))
        usual.setCheckable(True)
        usual.triggered.connect(lambda: self._choose(None))
        self._list.addSeparator()
        missing = [name for name in self._chosen if name not in self._offered]
        for name in (*self._offered, *missing):
            self._list_pick(name, title(name) if name in self._offered else self._missing(name))
        self._show()
        self._list.open_below(self._box)

    def _tick(self, name: str, on: bool) -> None:
        ordered = (*self._offered, *(other for other in self._chosen if other not in self._offered))
        self._choose(tuple(other for other in ordered if (on if other == name else other in self._chosen)))

    def _choose(self, value: tuple[str, ...] | None) -> None:
        self._offer(value)
        self._show()
