"""Syntax colours for the Python that Plexus prints."""

from __future__ import annotations

import io
import keyword
import tokenize

from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from designer.theme import Theme


class CodeColours(QSyntaxHighlighter):
    """Colours keywords, strings, numbers, comments and the names that are defined."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self.formats: dict[str, QTextCharFormat] = {}
        self._spans: dict[int, list[tuple[int, int, str]]] = {}
        self.show_theme(theme)

    def show_theme(self, theme: Theme) -> None:
        self.formats = {
            "keyword": _format(theme.link, bold=True),
            "string": _format(theme.success),
            "number": _format(theme.warning),
            "comment": _format(theme.muted),
            "defined": _format(theme.text, bold=True),
        }
        self.rehighlight()

    def read(self, source: str) -> None:
        """Find what to colour in `source`, which must be Python that parses."""
        self._spans = {}
        before = ""
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            kind = _kind(token, before)
            if kind:
                self._add(token, kind)
            before = token.string
        self.rehighlight()

    def _add(self, token: tokenize.TokenInfo, kind: str) -> None:
        (first, start), (last, end) = token.start, token.end
        for row in range(first, last + 1):
            left = start if row == first else 0
            right = end if row == last else 10_000
            self._spans.setdefault(row - 1, []).append((left, right - left, kind))

    def highlightBlock(self, text: str) -> None:
        for start, length, kind in self._spans.get(self.currentBlock().blockNumber(), ()):
            self.setFormat(start, min(length, len(text) - start), self.formats[kind])


def _kind(token: tokenize.TokenInfo, before: str) -> str:
    if token.type == tokenize.NAME:
        if keyword.iskeyword(token.string) or token.string == "self":
            return "keyword"
        return "defined" if before in ("class", "def") else ""
    return {tokenize.STRING: "string", tokenize.NUMBER: "number", tokenize.COMMENT: "comment"}.get(token.type, "")


def _format(colour: str, bold: bool = False) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(colour))
    if bold:
        made.setFontWeight(QFont.Weight.DemiBold)
    return made
