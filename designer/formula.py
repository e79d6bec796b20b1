"""Turn the formulas of blocks, a small part of LaTeX, into the rich text that Qt's labels show.

What is read: letters and digits, `_` and `^` with one character or `{…}`, `\\frac{a}{b}`, `\\sqrt{a}`, and the
names in `SYMBOLS` and `WORDS`. Fractions become real ones, with a line, as cells of a table. Several formulas, with
commas between them, stand below each other.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

SYMBOLS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η", "theta": "θ", "lambda": "λ",
    "mu": "μ", "nu": "ν", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "chi": "χ", "psi": "ψ",
    "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ",
    "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ", "star": "⋆", "cdot": "·", "times": "×", "dots": "…", "sim": "∼", "in": "∈",
    "le": "≤", "ge": "≥", "ne": "≠", "approx": "≈", "infty": "∞", "odot": "⊙", "oplus": "⊕", "partial": "∂",
    "nabla": "∇", "to": "→", "top": "⊤", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "sum": "∑",
    "prod": "∏", "pm": "±", "mid": "|",
}  # fmt: skip
WORDS = ("max", "min", "log", "exp", "tanh", "sin", "cos", "mod", "arg", "det")
SIZES = ("left", "right")  # of the brackets behind them, which are not enlarged here
FONTS = "'STIX Two Text', 'Cambria', 'Times New Roman', 'DejaVu Serif', serif"
NO_BREAK = "\u00a0"
NARROW = f'<span style="font-size: small">{NO_BREAK}</span>'  # Qt makes plain spaces of all others
LARGE = ("∑", "∏")
TOKEN = re.compile(r"\\([A-Za-z]+)|([_^{}])|([A-Za-z]{2,})|([0-9.]+)|(\s+)|(.)")


@dataclass(frozen=True)
class Part:
    """A piece of a formula: characters in one style, a fraction, a root, or an index or exponent."""

    kind: str  # "letter", "upright", "sign", "large", "group", "frac", "sqrt", "sub", "sup"
    text: str = ""
    inner: tuple[tuple[Part, ...], ...] = ()


def to_html(formula: str, colour: str, size: int = 17) -> str:
    """Rich text for a formula in a colour (`#rrggbb`), in an italic serif of `size` pixels.

    Raises:
        ValueError: when the formula holds a command that isn't known, or its braces don't match.
    """
    parts, rest = _read(_tokens(formula))
    if rest:
        raise ValueError(f"“{formula}” closes a brace that it does not open.")
    lines = "".join(f"<div>{_laid_out(line, colour)}</div>" for line in _lines(parts))
    return f'<div style="font-family: {FONTS}; font-size: {size}px; color: {colour}">{lines}</div>'


def _tokens(formula: str) -> list[tuple[str, str]]:
    found = []
    for command, control, word, number, space, sign in TOKEN.findall(formula):
        if command in SIZES:
            continue
        if command and command not in SYMBOLS and command not in WORDS and command not in ("frac", "sqrt"):
            raise ValueError(f"“\\{command}” in “{formula}” isn't a command that formulas know.")
        for kind, text in (("command", command), ("control", control), ("word", word), ("number", number)):
            if text:
                found.append((kind, text))
        if sign:
            found.append(("sign" if not sign.isalpha() else "letter", sign))
        if space and found:
            found.append(("space", " "))
    return found


def _read(tokens: list[tuple[str, str]]) -> tuple[tuple[Part, ...], list[tuple[str, str]]]:
    """Parts up to the brace that closes this group, and the tokens from that brace on."""
    parts: list[Part] = []
    while tokens and tokens[0] != ("control", "}"):
        part, tokens = _next(tokens)
        parts.append(part)
    return tuple(parts), tokens


def _next(tokens: list[tuple[str, str]]) -> tuple[Part, list[tuple[str, str]]]:
    (kind, text), rest = tokens[0], tokens[1:]
    if (kind, text) == ("control", "{"):
        inner, rest = _read(rest)
        if not rest:
            raise ValueError("A formula opens a brace that it does not close.")
        return Part("group", inner=(inner,)), rest[1:]
    if kind == "control":  # _ or ^
        inner, rest = _argument(rest)
        return Part("sub" if text == "_" else "sup", inner=(inner,)), rest
    if text == "frac" and kind == "command":
        above, rest = _argument(rest)
        below, rest = _argument(rest)
        return Part("frac", inner=(above, below)), rest
    if text == "sqrt" and kind == "command":
        inner, rest = _argument(rest)
        return Part("sqrt", inner=(inner,)), rest
    if kind == "command" and text in SYMBOLS:
        symbol = SYMBOLS[text]
        kind = "large" if symbol in LARGE else "sign"
        if symbol.isalpha():
            kind = "letter" if symbol.islower() else "upright"
        return Part(kind, symbol), rest
    upright = kind in ("command", "word", "number")
    return Part("upright" if upright else "letter" if kind == "letter" else "sign", text), rest


def _argument(tokens: list[tuple[str, str]]) -> tuple[tuple[Part, ...], list[tuple[str, str]]]:
    while tokens and tokens[0][0] == "space":
        tokens = tokens[1:]
    if not tokens:
        raise ValueError("A formula ends where an index, an exponent or an argument is expected.")
    part, rest = _next(tokens)
    return (part.inner[0] if part.kind == "group" else (part,)), rest


def _lines(parts: tuple[Part, ...]) -> list[tuple[Part, ...]]:
    """A formula that consists of several, with commas between them, as one line for each."""
    lines: list[tuple[Part, ...]] = [()]
    brackets = 0
    for part in parts:
        brackets += (part.text in ("(", "[")) - (part.text in (")", "]"))
        if part.text == "," and not brackets:
            lines.append(())
        elif part.text != " " or lines[-1]:
            lines[-1] = (*lines[-1], part)
    return lines


def _laid_out(parts: tuple[Part, ...], colour: str) -> str:
    """A line of text; with fractions, a table of one row whose cells line up at their middles."""
    if not any(part.kind == "frac" for part in parts):
        return _line(parts)
    cells, run = [], []
    for part in parts:
        if part.kind == "frac":
            cells += [_line(tuple(run)), _fraction(*part.inner, colour)]
            run = []
        else:
            run.append(part)
    cells.append((NARROW if run and run[0].text == " " else "") + _line(tuple(run)))
    row = "".join(f'<td style="vertical-align: middle">{cell}</td>' for cell in cells if cell.strip())
    return f'<table cellspacing="0" cellpadding="0"><tr>{row}</tr></table>'


def _fraction(above: tuple[Part, ...], below: tuple[Part, ...], colour: str) -> str:
    line = f"border-bottom: 1px solid {colour}; padding: 1px 3px"
    return (
        '<table cellspacing="0" cellpadding="0" style="border-collapse: collapse; margin: 0 2px">'
        f'<tr><td align="center" style="{line}">{_laid_out(above, colour)}</td></tr>'
        f'<tr><td align="center" style="padding: 1px 3px">{_laid_out(below, colour)}</td></tr></table>'
    )


def _line(parts: tuple[Part, ...], within: bool = False) -> str:
    """Parts one after the other; `within` an index nothing can be raised or lowered again."""
    written = ""
    brackets = 0
    index = 0
    while index < len(parts):
        part, following = parts[index], parts[index + 1] if index + 1 < len(parts) else None
        index += 1
        brackets += (part.text in ("(", "[")) - (part.text in (")", "]"))
        if part.text == "e" and following is not None and following.kind == "sup" and _nests(following):
            # e to the x_i: Qt knows one level of indices only, so it is written as exp(x_i)
            written += f"exp({_line(following.inner[0], within)})"
            index += 1
        elif part.kind in ("sub", "sup"):
            inner = _line(part.inner[0], within=True)
            written += inner if within else f"<{part.kind}>{inner}</{part.kind}>"
        elif part.text == " ":
            written += _space(parts, index - 1, bool(brackets) or within)
        else:
            written += _written(part, within)
    return written


def _nests(part: Part) -> bool:
    return any(inner.kind in ("sub", "sup", "frac") for inner in part.inner[0])


def _space(parts: tuple[Part, ...], index: int, together: bool) -> str:
    """Room around a sign, less between factors; a line breaks before a sign outside of brackets only."""
    before, after = parts[max(index - 1, 0)], parts[min(index + 1, len(parts) - 1)]
    if not _is_operator(before) and not _is_operator(after) and before.text != ",":
        return NARROW
    return NO_BREAK if together or _is_operator(before) else " "


def _is_operator(part: Part) -> bool:
    return part.kind == "sign" and part.text not in "()[]|, "


def _written(part: Part, within: bool) -> str:
    if part.kind == "group":
        return _line(part.inner[0], within)
    if part.kind == "frac":  # within an index or a root
        return "/".join(_bracketed(inner, within) for inner in part.inner)
    if part.kind == "sqrt":
        return f'√<span style="text-decoration: overline">{_line(part.inner[0], within)}</span>'
    if part.kind == "large":
        return f'<span style="font-size: large">{part.text}</span>'
    text = html.escape("−" if part.text == "-" else part.text)
    return f"<i>{text}</i>" if part.kind == "letter" else text


def _bracketed(parts: tuple[Part, ...], within: bool) -> str:
    inner = _line(parts, within)
    return inner if len(parts) == 1 else f"({inner})"
