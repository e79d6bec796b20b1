"""What Qt needs of a Linux system beyond its own wheel, and which packages bring it.

The table holds what the libraries and platform plugins of PySide6-Essentials 6.11 are linked to (`objdump -p`).
Only the standard library is used here: the file also answers on a machine where nothing is installed yet, as
`python3 engine/system_libraries.py`, which prints the Debian packages that are missing.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

Part = Literal["start", "x11", "wayland"]


class Library(NamedTuple):
    """A shared library: what needs it, and the package it comes in."""

    name: str
    part: Part  # "start": Qt does not load without it; the others: no window on such a display
    debian: str  # also Ubuntu and Mint
    fedora: str


LIBRARIES = (
    Library("libEGL.so.1", "start", "libegl1", "libglvnd-egl"),
    Library("libGL.so.1", "start", "libgl1", "libglvnd-glx"),
    Library("libX11.so.6", "start", "libx11-6", "libX11"),
    Library("libxkbcommon.so.0", "start", "libxkbcommon0", "libxkbcommon"),
    Library("libfontconfig.so.1", "start", "libfontconfig1", "fontconfig"),
    Library("libfreetype.so.6", "start", "libfreetype6", "freetype"),
    Library("libdbus-1.so.3", "start", "libdbus-1-3", "dbus-libs"),
    Library("libglib-2.0.so.0", "start", "libglib2.0-0", "glib2"),
    Library("libgthread-2.0.so.0", "start", "libglib2.0-0", "glib2"),
    Library("libz.so.1", "start", "zlib1g", "zlib"),
    Library("libzstd.so.1", "start", "libzstd1", "libzstd"),
    Library("libX11-xcb.so.1", "x11", "libx11-xcb1", "libX11-xcb"),
    Library("libxkbcommon-x11.so.0", "x11", "libxkbcommon-x11-0", "libxkbcommon-x11"),
    Library("libxcb.so.1", "x11", "libxcb1", "libxcb"),
    Library("libxcb-cursor.so.0", "x11", "libxcb-cursor0", "xcb-util-cursor"),
    Library("libxcb-glx.so.0", "x11", "libxcb-glx0", "libxcb"),
    Library("libxcb-icccm.so.4", "x11", "libxcb-icccm4", "xcb-util-wm"),
    Library("libxcb-image.so.0", "x11", "libxcb-image0", "xcb-util-image"),
    Library("libxcb-keysyms.so.1", "x11", "libxcb-keysyms1", "xcb-util-keysyms"),
    Library("libxcb-randr.so.0", "x11", "libxcb-randr0", "libxcb"),
    Library("libxcb-render.so.0", "x11", "libxcb-render0", "libxcb"),
    Library("libxcb-render-util.so.0", "x11", "libxcb-render-util0", "xcb-util-renderutil"),
    Library("libxcb-shape.so.0", "x11", "libxcb-shape0", "libxcb"),
    Library("libxcb-shm.so.0", "x11", "libxcb-shm0", "libxcb"),
    Library("libxcb-sync.so.1", "x11", "libxcb-sync1", "libxcb"),
    Library("libxcb-util.so.1", "x11", "libxcb-util1", "xcb-util"),
    Library("libxcb-xfixes.so.0", "x11", "libxcb-xfixes0", "libxcb"),
    Library("libxcb-xkb.so.1", "x11", "libxcb-xkb1", "libxcb"),
    Library("libwayland-client.so.0", "wayland", "libwayland-client0", "libwayland-client"),
    Library("libwayland-cursor.so.0", "wayland", "libwayland-cursor0", "libwayland-cursor"),
)


def display(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> str | None:
    """Where a window would appear, in a word; None where there is no display."""
    if not platform.startswith("linux"):
        return "screen"
    return environment.get("WAYLAND_DISPLAY") or environment.get("DISPLAY") or None


def needed_parts(environment: Mapping[str, str] = os.environ) -> tuple[Part, ...]:
    """The parts of Qt that the window will load here; where both displays are, Qt can fall back on X11."""
    if environment.get("QT_QPA_PLATFORM", "") in ("offscreen", "minimal"):
        return ("start",)
    if environment.get("DISPLAY"):
        return ("start", "x11")
    return ("start", "wayland") if environment.get("WAYLAND_DISPLAY") else ("start",)


def missing_libraries(parts: Iterable[Part] | None = None) -> tuple[Library, ...]:
    """The libraries of these parts (of those that the window will load, if none are named) that can't be loaded."""
    if not sys.platform.startswith("linux"):
        return ()  # the wheels for Windows and macOS bring all they need
    wanted = set(needed_parts() if parts is None else parts)
    return tuple(library for library in LIBRARIES if library.part in wanted and not _loads(library.name))


def advice(missing: Iterable[Library]) -> str:
    """One sentence that names the libraries and the packages to install; empty when nothing is missing."""
    libraries = tuple(missing)
    if not libraries:
        return ""
    verb = "is" if len(libraries) == 1 else "are"
    return (
        f"The window needs {', '.join(library.name for library in libraries)}, which {verb} missing here: install "
        f"with “apt install {_packages(library.debian for library in libraries)}” (Debian, Ubuntu) or "
        f"“dnf install {_packages(library.fedora for library in libraries)}” (Fedora)."
    )


def _packages(names: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(names))


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.stdout.write(_packages(library.debian for library in missing_libraries(("start", "x11"))) + "\n")
