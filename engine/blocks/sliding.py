"""What layers share that slide a window over a signal, an image or a volume: the words of their parameters."""

from __future__ import annotations

from typing import Any

EACH = "one number for each axis"

KERNEL: dict[str, Any] = {"ge": 1, "doc": f"Size of the window; {EACH}."}
STRIDE: dict[str, Any] = {"ge": 1, "doc": f"How far the window moves in one step; {EACH}."}
DILATION: dict[str, Any] = {"ge": 1, "doc": f"Distance between neighbouring taps of a window; {EACH}."}


def each(value: int | tuple[int, ...]) -> tuple[int, ...]:
    """A parameter as one number for each axis; in one dimension it is a plain number."""
    return (value,) if isinstance(value, int) else tuple(value)
