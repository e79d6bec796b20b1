"""English plurals: what the program's texts write as “block(s)” reads “block” or “blocks”."""

from __future__ import annotations

from PySide6.QtCore import QTranslator


class Plurals(QTranslator):
    """Stands below the translations to other languages, which bring plurals of their own."""

    def isEmpty(self) -> bool:
        return False  # or else Qt would not ask it

    def translate(
        self, context: str, sourceText: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:  # None: not translated
        return sourceText.replace("(s)", "" if n == 1 else "s") if n >= 0 else None
