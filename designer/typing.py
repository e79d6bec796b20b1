"""Typing as one gesture: every key is an edit of the project as it was before the typing began.

Were each key applied to what the key before it made, typing 12 over 3 inputs would pass through 1 input, and the
wires lost there would not come back.
"""

from __future__ import annotations

from collections.abc import Callable

from designer.scope import Scope
from engine.project import Project


class Typing:
    """Edits of what is seen from one scope; those with the same key that follow each other are one step."""

    def __init__(self, here: Scope) -> None:
        self._here = here
        self._key = ""
        self._before: Project | None = None
        self._after: Project | None = None

    def change(self, key: str, edit: Callable[[Project], Project], text: str) -> None:
        """Carry out an edit.

        Raises:
            ValueError: when `edit` does; then nothing is changed.
        """
        project = self._here.project
        goes_on = key == self._key and project is self._after
        before = self._before if goes_on and self._before is not None else project
        after = edit(before)
        self._here.change(after, text, merge=key)
        self._key, self._before, self._after = key, before, self._here.project

    @property
    def before(self) -> Project:
        """The project that the next key would be an edit of, if it goes on with the same."""
        goes_on = self._before is not None and self._here.project is self._after
        return self._before if goes_on and self._before is not None else self._here.project

    def withdraw(self) -> None:
        """Take back what was typed, unless something else has been edited since."""
        if self._before is not None and self._here.project is self._after:
            self._here.change(self._before, "", merge=self._key)

    def settle(self) -> None:
        """The gesture is over."""
        self._key, self._before, self._after = "", None, None
        self._here.settle()
