"""Which C++ compiler this machine has; inductor writes C++ and can't do without one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

CANDIDATES: Mapping[str, tuple[str, ...]] = {"win32": ("cl",), "darwin": ("clang++",)}
ELSEWHERE = ("g++", "clang++")
REMEDIES: Mapping[str, str] = {
    "win32": "Install “Build Tools for Visual Studio” with “Desktop development with C++”.",
    "darwin": "Run “xcode-select --install”.",
}


def compiler(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> str | None:
    """Where the compiler lies: what CXX names, or else the first of the usual ones that is there."""
    named = environment.get("CXX", "")
    names = (named,) if named else CANDIDATES.get(platform, ELSEWHERE)
    return next((found for name in names if (found := shutil.which(name)) is not None), None)


def remedy(platform: str = sys.platform) -> str:
    """What to do where there is none."""
    return REMEDIES.get(
        platform, "Install g++: “apt install g++” on Debian and Ubuntu, “dnf install gcc-c++” on Fedora."
    )


def version(place: str) -> str:
    """What a compiler says that it is, in one line; its place where it says nothing."""
    try:
        told = subprocess.run([place, "--version"], capture_output=True, text=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return place
    return next(iter(told.stdout.strip().splitlines()), place)


def processor() -> str:
    """What tells processors apart that can't all run the same machine code."""
    import platform

    import torch

    flags = ""
    place = Path("/proc/cpuinfo")
    if place.exists():
        lines = place.read_text(encoding="utf-8", errors="replace").splitlines()
        flags = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    return f"{platform.machine()} {platform.processor()} {torch.backends.cpu.get_cpu_capability()} {flags}"
