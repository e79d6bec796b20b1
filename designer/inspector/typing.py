"""Typing as one gesture: every key is an edit of the project as it was before the typing began.

Were each key applied to what the key before it made, typing 12 over 3 inputs would pass through 1 input, and the
wires lost there would not come back.
"""

from __future__ import annotations

from collections.abc import Callable

from designer.document import Document
from engine.project import Project


class Typing:
    """Edits of one document; those with the same key that follow each other are one step, from one beginning."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._key = ""
        self._before: Project | None = None
        self._after: Project | None = None

    def change(self, key: str, edit: Callable[[Project], Project], text: str) -> None:
        """Carry out an edit.

        Raises:
            ValueError: when `edit` does; then nothing is changed.
        """
        project = self._document.project
        goes_on = key == self._key and project is self._after
        before = self._before if goes_on and self._before is not None else project
        after = edit(before)
        self._document.change(after, text, merge=key)
        self._key, self._before, self._after = key, before, self._document.project

    def settle(self) -> None:
        """The gesture is over."""
        self._key, self._before, self._after = "", None, None
        self._document.settle()
