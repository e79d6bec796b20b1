"""Icons exist under the names that the designer uses, and wear the theme's colours."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication

from designer.icons import glyph, icon
from designer.theme import DARK, LIGHT, THEME_PROPERTY

DESIGNER = Path(__file__).parents[2] / "designer"
USED = sorted(
    {name for path in DESIGNER.rglob("*.py") for name in re.findall(r'\bicon\("([a-z-]+)"', path.read_text("utf-8"))}
)


@pytest.fixture
def wear(qapp: QApplication) -> Iterator[object]:
    before = qapp.property(THEME_PROPERTY)
    yield lambda theme: qapp.setProperty(THEME_PROPERTY, theme.name)
    qapp.setProperty(THEME_PROPERTY, before)


def colours(image: QImage) -> set[str]:
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


@pytest.mark.parametrize("name", USED)
def test_every_icon_in_use_exists_and_fits_its_square(qapp: QApplication, name: str) -> None:
    icon(name)
    bounds = glyph(name).boundingRect()
    assert QRectF(-0.01, -0.01, 1.02, 1.02).contains(bounds)
    assert max(bounds.width(), bounds.height()) > 0.3


def test_an_unknown_icon_is_refused_at_once(qapp: QApplication) -> None:
    with pytest.raises(ValueError, match="no icon “play-filled”"):
        icon("play-filled")


def test_an_icon_takes_on_a_new_theme_by_itself(wear: object) -> None:
    made = icon("stop-fill", "danger")
    for theme in (DARK, LIGHT, DARK):
        wear(theme)
        assert colours(made.pixmap(16, 16).toImage()) == {theme.danger}


def test_an_icon_is_grey_where_it_is_off_and_sharp_at_any_size(wear: object) -> None:
    wear(DARK)
    made = icon("stop-fill")
    off = made.pixmap(QSize(64, 64), 1.0, QIcon.Mode.Disabled).toImage()
    assert colours(off) == {DARK.disabled}
    assert off.width() == 64
    assert made.pixmap(QSize(16, 16), 2.0).toImage().width() == 32
    assert colours(QIcon(made).pixmap(16, 16).toImage()) == {QColor(DARK.text).name()}


def test_the_start_is_not_slowed_down() -> None:
    code = "import sys, designer.icons; print([m for m in ('qtawesome', 'qtpy', 'pyqtgraph') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=DESIGNER.parent)
    assert done.stdout.strip() == "[]"
