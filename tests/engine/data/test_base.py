"""A source says what it has and brings it; one that does neither says so."""

from __future__ import annotations

import pytest

from engine.data.base import Source


def test_a_source_of_nothing_says_so() -> None:
    class Nothing(Source):
        """Has no fields."""

    for question in (Nothing().fields, Nothing().read):
        with pytest.raises(NotImplementedError, match="Nothing"):
            question()
