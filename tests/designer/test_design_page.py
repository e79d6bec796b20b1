"""The Design workspace shares its room between its parts."""

from __future__ import annotations

import pytest

from designer.design_page import PROBLEMS, DesignPage
from designer.document import Document
from designer.theme import DARK


@pytest.mark.parametrize("height", [300, 440, 900])
def test_the_problems_leave_the_inspector_half(qtbot: object, height: int) -> None:
    page = DesignPage(Document(), DARK)
    qtbot.addWidget(page)
    page.resize(1000, 900)
    page.show()
    page.show_problems()
    assert page.problems.height() == PROBLEMS
    page.resize(1000, height)
    assert page.inspector.height() >= page.problems.height() - 1
    page.problems.hide()
    page.show_problems()
    assert page.inspector.height() >= page.problems.height() - 1
