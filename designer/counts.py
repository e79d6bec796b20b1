"""Counts and amounts of memory as people read them."""

from __future__ import annotations

THIN_SPACE, UNBROKEN_SPACE = "\u2009", "\u202f"
_UNITS = ("", "k", "M", "G", "T", "P")
_BYTES = ("B", "KiB", "MiB", "GiB", "TiB")


def grouped(count: int) -> str:
    """Every digit: `18 496`, with thin spaces."""
    return f"{count:,}".replace(",", THIN_SPACE)


def in_words(count: int) -> str:
    """The same inside of a sentence, where no line may end in its midst."""
    return grouped(count).replace(THIN_SPACE, UNBROKEN_SPACE)


def rounded(count: int) -> str:
    """Three digits: `998`, `2.23 M`, `18.5 k`."""
    amount, unit = float(count), 0
    while amount >= 999.5 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{_three_digits(amount)} {_UNITS[unit]}".strip()


def memory(size: int) -> str:
    """`30 KiB`, `1.5 MiB`, of a number of bytes."""
    amount, unit = float(size), 0
    while amount >= 1000 and unit < len(_BYTES) - 1:
        amount, unit = amount / 1024, unit + 1
    return f"{_three_digits(amount)} {_BYTES[unit]}"


def _three_digits(amount: float) -> str:
    digits = 0 if amount >= 99.95 else 1 if amount >= 9.995 else 2
    text = f"{amount:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
