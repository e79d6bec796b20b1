"""The list of gestures is whole, short, and says each thing once."""

from __future__ import annotations

from collections import Counter

from designer.gesture_list import GESTURES


def test_each_thing_is_said_once_under_each_heading() -> None:
    counts = Counter((gesture.section, gesture.what) for gesture in GESTURES)
    assert max(counts.values()) == 1
    assert {gesture.section for gesture in GESTURES} == {
        "Keys on the canvas",
        "Mouse on the canvas",
        "Touchpad on the canvas",
    }


def test_the_words_fit_their_columns() -> None:
    for gesture in GESTURES:
        assert gesture.what[0].isupper()
        assert len(gesture.what) <= 60
        assert 0 < len(gesture.how) <= 45
