"""How many examples Hypothesis tries, as a share of what the profile says."""

from __future__ import annotations

from hypothesis import settings


def examples(share: float) -> settings:
    """A decorator: 1 is the profile's own number, and `--hypothesis-profile=search` raises that tenfold."""
    return settings(max_examples=max(1, int(settings.default.max_examples * share)))
