"""The legend shows both strokes, in the colours it is told."""

from __future__ import annotations

from designer.theme import DARK
from designer.training.legend import Legend
from tests.designer.training.pixels import painted


def test_it_wears_the_colours_of_the_curves(qtbot: object) -> None:
    legend = Legend(DARK)
    qtbot.addWidget(legend)
    legend.resize(legend.sizeHint())
    assert painted(legend, "#ff0000") == painted(legend, "#00ff00") == 0
    legend.show_colours(DARK, train="#ff0000", validation="#00ff00")
    solid, dashed = painted(legend, "#ff0000"), painted(legend, "#00ff00")
    assert solid > 0
    assert dashed > 0
    assert list(legend.words().values()) == ["validation", "train"]
    assert legend.worded
    legend.resize(legend.minimumSizeHint())
    assert not legend.worded, "without room, the samples stand alone"
    assert painted(legend, "#ff0000") > 0
    assert painted(legend, "#00ff00") > 0
    assert legend.accessibleName() == "Dashed line: validation. Solid line: train."
