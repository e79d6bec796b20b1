"""Texts on cards take the largest letters that they fit in, and are cut short where none are small enough."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen
from PySide6.QtWidgets import QApplication

from designer.canvas import lettering
from designer.canvas.inks import Letters

TEXT, COLOUR = "convolution", QColor("#ff0000")


@pytest.fixture
def letters(qapp: QApplication) -> Letters:
    fonts = [QFont(qapp.font()) for _ in range(2)]
    for font, size in zip(fonts, (20, 10), strict=True):
        font.setPixelSize(size)
    return tuple((font, QFontMetricsF(font)) for font in fonts)


def widths(letters: Letters) -> tuple[float, float]:
    large, small = (metrics.horizontalAdvance(TEXT) for _, metrics in letters)
    return large, small


def test_the_largest_letters_that_fit(letters: Letters) -> None:
    large, small = widths(letters)
    for width, size, whole in ((large + 1, 20, True), (large - 1, 10, True), (small - 1, 10, False)):
        assert lettering.chosen(TEXT, letters, width)[0].pixelSize() == size
        assert lettering.fits(TEXT, letters, width) is whole


def glyphs(text: lettering.Placed) -> int:
    return sum(len(run.glyphIndexes()) for run in text[0])


def test_what_is_too_long_is_cut_short(letters: Letters) -> None:
    whole = lettering.placed(TEXT, letters, 1000, 0, 20, COLOUR)
    cut = lettering.placed(TEXT, letters, widths(letters)[1] / 2, 0, 20, COLOUR)
    assert glyphs(whole) == len(TEXT)
    assert 1 < glyphs(cut) < len(TEXT)
    assert glyphs(lettering.placed("", letters, 100, 0, 20, COLOUR)) == 0


def ink(*texts: lettering.Placed, struck: bool = False) -> tuple[int, int, int, int]:
    """The rectangle of all that is painted: left, top, right, bottom."""
    image = QImage(200, 60, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    for text in texts:
        if struck:
            lettering.strike(painter, QPen(COLOUR), text)
        else:
            lettering.draw(painter, text)
    painter.end()
    spots = [(x, y) for x in range(200) for y in range(60) if image.pixelColor(x, y) != QColor("white")]
    across, down = [x for x, _ in spots], [y for _, y in spots]
    return min(across), min(down), max(across), max(down)


def test_a_text_stands_on_its_base_line_and_begins_where_it_should(letters: Letters) -> None:
    left, top, _, bottom = ink(lettering.placed("HEH", letters, 150, 30, 40, COLOUR))
    assert 30 <= left <= 34
    assert 20 <= top <= 30
    assert abs(bottom - 40) <= 1


def test_a_text_at_the_right_ends_there(letters: Letters) -> None:
    *_, right, bottom = ink(lettering.placed_right("HEH", letters, 150, 120, 40, COLOUR))
    assert 115 <= right <= 120
    assert abs(bottom - 40) <= 1


def test_the_line_through_a_text_is_as_long_as_the_text(letters: Letters) -> None:
    text = lettering.placed("HEH", letters, 150, 30, 40, COLOUR)
    written, line = ink(text), ink(text, struck=True)
    assert written[1] < line[1] == line[3] < written[3]
    assert line[0] <= written[0] + 1
    assert line[2] >= written[2] - 1
