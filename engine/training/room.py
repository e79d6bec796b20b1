"""How much memory a training may still take on this machine, so that it never comes to swapping."""

from __future__ import annotations

import os
from pathlib import Path

SHARE = 0.5  # of what is free: others need some as well, and what is foretold is not all
UNKNOWN = 2**31  # bytes where the system does not tell
MEMINFO = Path("/proc/meminfo")
CGROUP = Path("/sys/fs/cgroup")


def room(device: str) -> int:
    """Bytes that may be taken on a device."""
    if device != "cpu":
        import torch

        return int(torch.cuda.mem_get_info()[0])  # a GPU that is full says so, and nothing else suffers
    return int(SHARE * free_memory())


def free_memory(meminfo: Path = MEMINFO, cgroup: Path = CGROUP) -> int:
    """Bytes of main memory that are free, those of a container where that has less."""
    free = [free for free in (_of_system(meminfo), _of_container(cgroup)) if free is not None]
    return min(free, default=UNKNOWN)


def _of_system(meminfo: Path) -> int | None:
    try:
        lines = dict(line.split(":", 1) for line in meminfo.read_text().splitlines() if ":" in line)
        return int(lines["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        pass
    try:  # other systems tell how much there is in all, of which a quarter is taken for free
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 4
    except (AttributeError, ValueError, OSError):
        return None


def _of_container(cgroup: Path) -> int | None:
    try:
        most = int((cgroup / "memory.max").read_text())
        return max(0, most - int((cgroup / "memory.current").read_text()))
    except (OSError, ValueError):  # there is none, or it is not limited: “max”
        return None
