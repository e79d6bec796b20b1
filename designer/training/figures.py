"""Measured numbers, rates, shares and times as a person reads them."""

from __future__ import annotations

import math

MINUS = "−"


def measured(value: float) -> str:
    """A loss or a score in about three figures: `0.071`, `12.3`, `4.2e-6`."""
    if not math.isfinite(value):
        return "∞" if value > 0 else f"{MINUS}∞" if value < 0 else "NaN"
    size = abs(value)
    if value == 0 or 0.01 <= size < 1e5:
        whole_digits = max(1, math.floor(math.log10(size)) + 1) if size >= 1 else 0
        text = f"{size:.{max(0, 3 - whole_digits)}f}"
    elif 0.001 <= size < 0.01:
        text = f"{size:.4f}"
    else:
        text = _power(size, 1)
    return MINUS + text if value < 0 else text


def rate(value: float, decimals: int = 3) -> str:
    """A learning rate, below one as a power of ten with at most so many decimals: `5e-2`, `1e-3`, `2.5e-4`."""
    return f"{value:g}" if value == 0 or value >= 1 else _power(value, decimals)


def percent(share: float) -> str:
    """`97.1 %`"""
    return f"{100 * share:.1f} %" if math.isfinite(share) else measured(share)


def duration(seconds: float) -> str:
    """`< 1 s`, `41 s`, `3 min 20 s`, `2 h 05 min`"""
    whole = max(0, round(seconds)) if math.isfinite(seconds) else 0
    if whole == 0 < seconds < 1:
        return "< 1 s"
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def _power(size: float, decimals: int) -> str:
    mantissa, exponent = f"{size:.{decimals}e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
