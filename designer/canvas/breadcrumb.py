"""The way into the group that one is in, over the canvas: the project, the groups around, the group itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from designer.actions import keys_of
from designer.theme import Theme, font

WIDEST = 160  # pixels that one name may take


class Breadcrumb(QWidget):
    """`digits-cnn › stage1 › block1`; all but the last lead out. `chosen(depth)`: so many groups around remain."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Way to the group that is shown"))
        self._parts: list[QWidget] = []
        self._theme: Theme | None = None
        self._names: tuple[str, ...] = ()
        self._told: object = None
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(6, 2, 6, 2)
        self._layout.setSpacing(0)
        self.here = QLabel(self)
        self.here.setTextFormat(Qt.TextFormat.PlainText)
        self._layout.addWidget(self.here)

    @property
    def buttons(self) -> list[QToolButton]:
        """What leads out, from the project inwards."""
        return [part for part in self._parts if isinstance(part, QToolButton)]

    def show_way(self, names: Sequence[str], remark: str = "") -> None:
        """Show the project's name and those of the groups, and a remark behind them."""
        if (names, remark) == self._told:  # as with nearly every edit
            return
        self._told = names, remark
        *around, last = names
        if tuple(around) != self._names:
            self._names = tuple(around)
            self._build()
        text = self._short(last)
        self.here.setText(f"{text} · {remark}" if remark else text)
        # over an empty place, a click goes through to the canvas
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not around)
        self._colour()
        self.adjustSize()

    def show_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._colour()
        self.adjustSize()

    def _build(self) -> None:
        for part in self._parts:
            self._layout.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._parts = []
        for depth, name in enumerate(self._names):
            button = QToolButton(self)
            button.setText(self._short(name))
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            keys = f" ({keys_of('leave_group')})" if depth == len(self._names) - 1 else ""
            button.setToolTip(self.tr("Go out to {0}").format(name) + keys)
            button.setAccessibleName(self.tr("Go out to {0}").format(name))
            button.clicked.connect(lambda _checked=False, depth=depth: self.chosen.emit(depth))
            between = QLabel("›", self)
            self._parts += [button, between]
        for place, part in enumerate(self._parts):
            self._layout.insertWidget(place, part)
            part.show()

    def _short(self, name: str) -> str:
        return self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, WIDEST)

    def _colour(self) -> None:
        theme = self._theme
        if theme is None:
            return
        ground = QColor(theme.canvas)
        ground.setAlpha(150 if not self._names else 230)  # half seen through, as cards may lie below
        shade = ground.name(QColor.NameFormat.HexArgb)
        ink = theme.text if self._names else theme.muted
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(
            f"Breadcrumb {{ background: {shade}; border-radius: 4px; }}"
            f"QLabel {{ color: {theme.muted}; padding: 0 1px; }}"
            f"QToolButton {{ color: {theme.link}; padding: 1px 4px; border: 1px solid transparent; }}"
            f"QToolButton:hover {{ background: {theme.hover}; }}"
            f"QToolButton:focus {{ border-color: {theme.accent}; }}"
        )
        self.here.setStyleSheet(f"color: {ink}; padding: 0 4px;{' font-weight: 600;' if self._names else ''}")
        for part in (self, self.here, *self._parts):
            part.setFont(font("small"))
