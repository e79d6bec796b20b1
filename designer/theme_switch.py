"""Puts a theme on the application, the system's or a fixed one, and says when it changes."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from designer.style_sheet import style_sheet
from designer.theme import DARK, LIGHT, THEME_PROPERTY, Theme

Choice = Literal["system", "dark", "light"]
CHOICES: tuple[Choice, ...] = ("system", "dark", "light")
_SCHEMES = {"dark": Qt.ColorScheme.Dark, "light": Qt.ColorScheme.Light}
_THEMES = {Qt.ColorScheme.Dark: DARK, Qt.ColorScheme.Light: LIGHT}

_ROLE = QPalette.ColorRole
_PALETTE = {
    _ROLE.Window: "window",
    _ROLE.WindowText: "text",
    _ROLE.Base: "raised",
    _ROLE.AlternateBase: "panel",
    _ROLE.ToolTipBase: "raised",
    _ROLE.ToolTipText: "text",
    _ROLE.PlaceholderText: "muted",
    _ROLE.Text: "text",
    _ROLE.Button: "button",
    _ROLE.ButtonText: "text",
    _ROLE.BrightText: "danger",
    _ROLE.Light: "pressed",
    _ROLE.Midlight: "hover",
    _ROLE.Mid: "border",
    _ROLE.Dark: "border",
    _ROLE.Shadow: "canvas",
    _ROLE.Highlight: "selection",
    _ROLE.HighlightedText: "text",
    _ROLE.Accent: "accent",
    _ROLE.Link: "link",
    _ROLE.LinkVisited: "link",
}
_TEXT_ROLES = (_ROLE.WindowText, _ROLE.Text, _ROLE.ButtonText, _ROLE.HighlightedText, _ROLE.PlaceholderText)


class ThemeSwitch(QObject):
    """Owner of the application's look: palette, style sheet and the theme that `current_theme()` answers with."""

    changed = Signal(object)  # the new Theme

    def __init__(self, application: QApplication, choice: Choice = "system", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._application = application
        self._choice: Choice = choice
        self._theme: Theme | None = None
        application.setStyle("Fusion")
        application.styleHints().colorSchemeChanged.connect(self._follow)
        self.choose(choice)

    @property
    def theme(self) -> Theme:
        assert self._theme is not None
        return self._theme

    @property
    def choice(self) -> Choice:
        return self._choice

    def choose(self, choice: Choice) -> None:
        """Wear the system's theme from now on, or a fixed one; title bars and the system's dialogs go along."""
        if choice not in CHOICES:
            raise ValueError(f"a theme is one of {', '.join(CHOICES)}, not “{choice}”")
        self._choice = choice
        hints = self._application.styleHints()
        if choice == "system":
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(_SCHEMES[choice])
        self._follow()

    def _follow(self) -> None:
        """Put on what is chosen now."""
        if self._choice == "system":
            theme = _THEMES.get(self._application.styleHints().colorScheme(), self._guess())
        else:
            theme = _THEMES[_SCHEMES[self._choice]]
        if theme is self._theme:
            return
        self._theme = theme
        self._application.setProperty(THEME_PROPERTY, theme.name)
        self._application.setStyleSheet("")  # from one sheet to the next, Qt would take three times as long
        self._application.setPalette(palette(theme))
        self._application.setStyleSheet(style_sheet(theme))
        self.changed.emit(theme)

    def _guess(self) -> Theme:
        """For desktops that tell no scheme: a palette with light text is a dark one."""
        standard = self._application.style().standardPalette()
        return DARK if standard.windowText().color().lightness() > standard.window().color().lightness() else LIGHT


def palette(theme: Theme) -> QPalette:
    """A theme as Qt's palette, for what the style sheet doesn't reach."""
    made = QPalette()
    for role, name in _PALETTE.items():
        made.setColor(role, QColor(theme.role(name)))
    for role in _TEXT_ROLES:
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.disabled))
    return made
