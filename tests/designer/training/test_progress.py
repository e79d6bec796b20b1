"""What a run is doing, in a column and in a row."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QProgressBar, QToolButton

from designer.training.progress import Progress, ProgressView


@pytest.mark.parametrize("flat", [False, True])
def test_it_says_what_it_is_told(qtbot: object, flat: bool) -> None:
    corner = QToolButton()
    view = ProgressView(corner, flat)
    qtbot.addWidget(view)
    view.resize(700, 80)
    view.show()
    view.show_progress(Progress("Run 7 · training", "epoch 7 of 10", 0.25))
    headline, words = view.findChildren(QLabel)
    bar = view.findChild(QProgressBar)
    assert (headline.text(), words.text(), bar.value() / bar.maximum()) == ("Run 7 · training", "epoch 7 of 10", 0.25)
    assert words.property("role") == "muted"
    assert corner.isVisible()
    assert (bar.geometry().left() > headline.geometry().right()) == flat

    view.show_progress(Progress("Run 7 · failed", "The loss became NaN.", 0.25, "danger", "All of it."))
    assert words.property("role") == "danger"
    assert words.toolTip() == "All of it."
    view.show_progress(Progress("New run · getting ready…", "", None))
    assert (bar.minimum(), bar.maximum()) == (0, 0), "busy"
    view.show_progress(Progress("Run 8 · training", "", 0.0))
    assert bar.value() / bar.maximum() == 0
    assert (words.property("role"), words.toolTip()) == ("muted", "")
