"""The advice names what is missing and how to get it; the table holds all that Qt is linked to."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from engine import system_libraries
from engine.system_libraries import LIBRARIES, Library, advice, display, missing_libraries, needed_parts

ROOT = Path(__file__).parents[2]
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems need no libraries")


@pytest.mark.parametrize(
    ("environment", "platform", "shown", "parts"),
    [
        ({}, "linux", None, ("start",)),
        ({"DISPLAY": ""}, "linux", None, ("start",)),
        ({"DISPLAY": ":0"}, "linux", ":0", ("start", "x11")),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", "wayland-0", ("start", "wayland")),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "linux", "wayland-0", ("start", "x11")),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, "linux", ":0", ("start",)),
        ({}, "win32", "screen", ("start",)),
        ({}, "darwin", "screen", ("start",)),
    ],
)
def test_display_and_what_it_asks_for(
    environment: dict[str, str], platform: str, shown: str | None, parts: tuple[str, ...]
) -> None:
    assert display(environment, platform) == shown
    assert needed_parts(environment) == parts


@linux
def test_what_cannot_be_loaded_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = Library("libplexus-absent.so.9", "x11", "libabsent9", "absent")
    present = Library("libc.so.6", "x11", "libc6", "glibc")
    monkeypatch.setattr(system_libraries, "LIBRARIES", (absent, present, absent._replace(part="wayland")))
    assert missing_libraries(["x11"]) == (absent,)
    assert missing_libraries(["start"]) == ()


def test_other_systems_lack_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(system_libraries, "_loads", lambda name: False)
    assert missing_libraries(["start", "x11"]) == ()


def test_the_advice_is_one_sentence_with_each_package_once() -> None:
    chosen = [library for library in LIBRARIES if library.name.startswith(("libEGL", "libglib", "libgthread"))]
    assert advice(chosen) == (
        "The window needs libEGL.so.1, libglib-2.0.so.0, libgthread-2.0.so.0, which are missing here: install with "
        "“apt install libegl1 libglib2.0-0” (Debian, Ubuntu) or “dnf install libglvnd-egl glib2” (Fedora)."
    )
    assert ", which is missing" in advice(chosen[:1])
    assert advice(()) == ""


@linux
def test_it_answers_on_a_machine_where_nothing_is_installed() -> None:
    file = ROOT / "engine" / "system_libraries.py"
    answer = subprocess.run([sys.executable, "-I", "-S", file], capture_output=True, text=True, timeout=60)
    assert (answer.returncode, answer.stderr) == (0, "")
    packages = {library.debian for library in LIBRARIES if library.part != "wayland"}
    assert set(answer.stdout.split()) <= packages


@linux
@pytest.mark.skipif(shutil.which("objdump") is None, reason="needs objdump to read what Qt is linked to")
@pytest.mark.parametrize(
    ("part", "files"),
    [
        ("start", ["Qt/lib/libQt6Core.so.6", "Qt/lib/libQt6Gui.so.6", "Qt/lib/libQt6Widgets.so.6"]),
        ("start", ["Qt/lib/libQt6DBus.so.6", "Qt/lib/libQt6Svg.so.6", "Qt/plugins/platforms/libqoffscreen.so"]),
        ("x11", ["Qt/plugins/platforms/libqxcb.so", "Qt/plugins/xcbglintegrations/libqxcb-glx-integration.so"]),
        ("wayland", ["Qt/plugins/platforms/libqwayland.so"]),
    ],
)
def test_the_table_holds_all_that_qt_is_linked_to(part: str, files: list[str]) -> None:
    known = {library.name for library in LIBRARIES if library.part in ("start", part)}
    everywhere = r"(lib(Qt6|pyside6|shiboken6|icu|stdc\+\+|gcc_s|m\.so|c\.so|pthread|dl|rt)|ld-linux).*"
    package = Path(str(metadata.distribution("PySide6-Essentials").locate_file("PySide6")))
    for file in files:
        told = subprocess.run(["objdump", "-p", package / file], capture_output=True, text=True, check=True).stdout
        needed = set(re.findall(r"NEEDED\s+(\S+)", told))
        assert {name for name in needed if not re.fullmatch(everywhere, name)} <= known
