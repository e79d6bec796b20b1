"""Round numbers for an axis: where the lines of its grid stand and how they are labelled."""

from __future__ import annotations

import math

Tick = tuple[float, str]  # position on the axis and label


def round_range(low: float, high: float, intervals: int) -> tuple[float, float]:
    """The smallest range of round numbers around `low` to `high` that falls into about so many intervals."""
    step = _step(low, high, intervals)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return first * step, max(last, first + 1) * step


def linear_ticks(low: float, high: float, intervals: int, whole: bool = False) -> list[Tick]:
    """Round numbers from `low` to `high`; whole ones only, unless the view is close, where the axis counts."""
    step = _step(low, high, intervals, whole)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    decimals = next((d for d in range(16) if abs(step - round(step, d)) < step * 1e-6), 16)
    return [(index * step, _label(index * step, step, decimals)) for index in range(first, last + 1)]


def log_ticks(low: float, high: float, intervals: int) -> list[Tick]:
    """Ticks of an axis that shows the decimal logarithm; `low`, `high` and the positions are logarithms."""
    decades = high - low
    if decades > 2.2:
        stride = max(1, math.ceil(decades / intervals))
        exponents = range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)
        return [(float(e), _plain(10.0**e)) for e in exponents if e % stride == 0]
    if decades > 0.7:
        mantissas = [m * 10.0**e for e in range(math.floor(low), math.floor(high) + 1) for m in (1, 2, 5)]
        return [(math.log10(m), _plain(m)) for m in mantissas if low - 1e-9 <= math.log10(m) <= high + 1e-9]
    return [(math.log10(value), label) for value, label in linear_ticks(10.0**low, 10.0**high, intervals) if value > 0]


def _step(low: float, high: float, intervals: int, whole: bool = False) -> float:
    """A step of 1, 2, 2.5 or 5 times a power of ten that divides the range into at most so many intervals."""
    span = high - low
    if not span > 0:
        span = abs(high) or 1.0
    rough = span / max(intervals, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    steps = [m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough * (1 - 1e-9)]
    if whole and span >= 2:
        steps = [step for step in steps if step == round(step)] or [1.0]
    return steps[0]


def _label(value: float, step: float, decimals: int) -> str:
    if abs(value) < step * 1e-6:
        value = 0.0
    if abs(value) >= 1e5 or step < 1e-4:
        return _plain(value)
    return f"{value:.{decimals}f}".replace("-", "−")


def _plain(value: float) -> str:
    """`0.001`, `20`, `1e-6`, `2.5e5`"""
    mantissa, separator, exponent = f"{value:g}".partition("e")
    if value >= 1e5 and not separator:
        mantissa, separator, exponent = f"{value:.6e}".partition("e")
        mantissa = mantissa.rstrip("0").rstrip(".")
    return (mantissa + (f"e{int(exponent)}" if separator else "")).replace("-", "−", 1 if value < 0 else 0)
