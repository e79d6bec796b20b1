"""The theme follows the system or a fixed choice, and everything hears of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from designer.theme import DARK, LIGHT, THEME_PROPERTY, Theme, current_theme
from designer.theme_switch import CHOICES, ThemeSwitch, palette


@pytest.fixture(autouse=True)
def _application_as_before(qapp: QApplication) -> Iterator[None]:
    sheet, colours, style = qapp.styleSheet(), qapp.palette(), qapp.style().objectName()
    worn = qapp.property(THEME_PROPERTY)
    yield
    qapp.styleHints().unsetColorScheme()
    qapp.setStyleSheet(sheet)
    qapp.setPalette(colours)
    qapp.setStyle(style)
    qapp.setProperty(THEME_PROPERTY, worn)


@pytest.mark.parametrize(("choice", "theme"), [("dark", DARK), ("light", LIGHT)])
def test_a_fixed_choice_is_worn(qapp: QApplication, choice: str, theme: Theme) -> None:
    switch = ThemeSwitch(qapp, choice)
    assert (switch.choice, switch.theme, current_theme()) == (choice, theme, theme)
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == theme.window
    assert theme.accent in qapp.styleSheet()


def test_a_change_is_told_once(qapp: QApplication) -> None:
    switch, told = ThemeSwitch(qapp, "dark"), []
    switch.changed.connect(told.append)
    switch.choose("light")
    switch.choose("light")
    switch.choose("dark")
    assert told == [LIGHT, DARK]


def test_the_system_is_followed_where_it_tells_nothing(qapp: QApplication) -> None:
    switch = ThemeSwitch(qapp, "system")
    standard = qapp.style().standardPalette()
    light = standard.window().color().lightness() > standard.windowText().color().lightness()
    assert switch.theme is (LIGHT if light else DARK)


def test_a_wrong_choice_is_refused(qapp: QApplication) -> None:
    switch = ThemeSwitch(qapp, "dark")
    with pytest.raises(ValueError, match="one of system, dark, light"):
        switch.choose("sepia")
    assert switch.choice == "dark"
    assert CHOICES == ("system", "dark", "light")


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_the_palette_tells_off_from_on(theme: Theme) -> None:
    made = palette(theme)
    assert made.color(QPalette.ColorRole.Text).name() == theme.text
    assert made.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text).name() == theme.disabled
