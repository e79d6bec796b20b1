"""Memory that a step lets go is kept for the next one, instead of being given back to the system and asked for again.

The system hands out memory page by page, each cleared and entered anew; for a small convolutional network on Linux
that is more than half of a step's time.
"""

from __future__ import annotations

import ctypes
import sys

TRIM, MAP = -1, -3  # glibc's M_TRIM_THRESHOLD and M_MMAP_THRESHOLD
KEPT = 2**30  # bytes that are not given back; blocks larger than this are mapped by themselves


def keep_freed_memory() -> bool:
    """Tell the allocator of the process; answers whether it is one that listens."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        tell = ctypes.CDLL(None).mallopt
    except AttributeError:  # another C library than glibc
        return False
    return bool(tell(MAP, KEPT)) and bool(tell(TRIM, KEPT))
