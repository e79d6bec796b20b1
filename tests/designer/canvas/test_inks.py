"""What a caller changes of a pen stays with that caller."""

from __future__ import annotations

import pytest

from designer.canvas.inks import Inks
from designer.theme import DARK, LIGHT, Theme


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("how", [{}, {"selected": True}, {"refused": True}])
def test_the_pen_of_a_wire_is_the_callers_own(theme: Theme, how: dict[str, bool]) -> None:
    inks = Inks(theme)
    pen = inks.wire("Linear", **how)
    width, colour = pen.widthF(), pen.color()
    pen.setWidthF(2 * width)
    pen.setColor("red")
    assert (inks.wire("Linear", **how).widthF(), inks.wire("Linear", **how).color()) == (width, colour)
