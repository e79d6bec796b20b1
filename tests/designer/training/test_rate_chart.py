import pytest

from designer.theme import DARK, LIGHT
from designer.training.rate_chart import RateChart

CURVE = [(index / 10, 0.01 * (1 - index / 50)) for index in range(50)]


@pytest.fixture
def chart(qtbot):
    made = RateChart(DARK)
    made.resize(400, 120)
    qtbot.addWidget(made)
    return made


def coloured(chart, theme):
    image = chart.grab().toImage()
    points = [(x, y) for x in range(0, image.width(), 2) for y in range(image.height())]
    return [point for point in points if image.pixelColor(*point).name() == theme.curves[0]]


def test_a_falling_rate_falls(chart):
    chart.show_curve(CURVE)
    found = coloured(chart, DARK)
    left, right = min(found), max(found)
    assert right[0] - left[0] > 300
    assert right[1] > left[1] + 50


def test_tells_the_rates_in_words(chart):
    chart.show_curve(CURVE)
    assert chart.accessibleName() == "Learning rate from 1e-2 over at most 1e-2 to 2e-4"


def test_nothing_to_show_takes_no_room(chart):
    chart.show_curve(CURVE)
    chart.show_curve([])
    assert chart.isHidden()
    chart.show_curve([(0.0, 0.1)])  # a run of one step
    assert not chart.grab().isNull()


def test_follows_the_theme(chart):
    chart.show_curve(CURVE)
    chart.show_theme(LIGHT)
    assert coloured(chart, LIGHT)
