"""The corner of the strip: a click folds, and while a run goes another one changes it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from designer.training.corner import Corner


@pytest.mark.parametrize(("folded", "name"), [(False, "Fold the strip"), (True, "Unfold the strip")])
def test_its_buttons(folded: bool, name: str, qtbot: QtBot) -> None:
    corner = Corner(folded)
    qtbot.addWidget(corner)
    corner.show()
    assert corner.fold.accessibleName() == name
    assert not corner.change.isVisible()
    with qtbot.waitSignal(corner.fold_wanted):
        qtbot.mouseClick(corner.fold, Qt.MouseButton.LeftButton)
    corner.change.show()
    assert "Ctrl+F6" in corner.change.toolTip()
    with qtbot.waitSignal(corner.change_wanted):
        qtbot.mouseClick(corner.change, Qt.MouseButton.LeftButton)
