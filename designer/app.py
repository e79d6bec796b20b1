"""The start of the window: what is needed for it is checked first; torch is loaded later, in another process."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from engine.system_libraries import advice, display, missing_libraries

if TYPE_CHECKING:
    from designer.window import Window

WARM_UP_AFTER = 400  # milliseconds after the first paint


def main(argv: Sequence[str] | None = None) -> int:
    """`plexus [FILE] [--demo]`; answers with the exit code."""
    arguments = _arguments(argv)
    if not _has_display():
        if arguments.demo:
            from engine.demo import run_in_terminal

            return run_in_terminal()
        print(
            "There is no display, so the window can't open. `plexus --demo` trains an example in the terminal, "
            "and `plexus-engine` does all that needs no window.",
            file=sys.stderr,
        )
        return 2
    lacking = _what_is_lacking()
    if lacking:
        print(lacking, file=sys.stderr)
        return 2
    return _show(arguments)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="plexus", description="Draw, train and export neural networks.")
    parser.add_argument("file", nargs="?", type=Path, help="project file to open")
    parser.add_argument("--demo", action="store_true", help="open the digits example and train it")
    return parser.parse_args(argv)


def _has_display() -> bool:
    chosen = os.environ.get("QT_QPA_PLATFORM", "").split(":")[0]
    return chosen in ("offscreen", "minimal", "vnc") or display() is not None


def _what_is_lacking() -> str:
    """A sentence on what has to be installed before Qt can open a window; empty when all is there."""
    words = advice(missing_libraries())
    if words:
        return words
    try:
        importlib.import_module("PySide6.QtWidgets")
    except ImportError as error:
        return f"Qt can't be loaded ({error}). Install Plexus again, or run `python -m engine doctor`."
    return ""


def _show(arguments: argparse.Namespace) -> int:
    window = open_window(arguments.file, demo=arguments.demo)
    from PySide6.QtWidgets import QApplication

    from designer.asked_to_end import AskedToEnd

    application = QApplication.instance()
    assert application is not None

    session = window.session

    def end(number: int) -> None:
        """Without a question; work that is not saved comes back at the next start, as after a crash."""
        session.close()
        application.exit(128 + number)

    asked = AskedToEnd(end)
    code = application.exec()
    asked.close()
    session.crew.close()
    del window
    return code


def open_window(file: Path | None = None, *, demo: bool = False) -> Window:
    """The window, shown, with the application made when there is none yet."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from designer.plurals import Plurals
    from designer.settings import SettingsFile
    from designer.theme_switch import ThemeSwitch
    from designer.warm_up import warm_up
    from designer.window import Window

    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(sys.argv[:1])
        application.setApplicationName("Plexus")
        application.setDesktopFileName("plexus")
        application.installTranslator(Plurals(application))
    # The interpreter hands over between threads this often (seconds), so that work in the background, such as loading
    # torch to print a network, does not make the window jerk.
    sys.setswitchinterval(0.0005)
    settings = SettingsFile()
    switch = ThemeSwitch(application, settings.settings.theme)
    window = Window(settings, switch)
    window.show()
    if demo:
        QTimer.singleShot(0, window, window.commands.start_demo)
    elif file is not None:
        QTimer.singleShot(0, window, lambda: window.files.open_path(file))
    QTimer.singleShot(WARM_UP_AFTER, window, partial(warm_up, window))
    return window


if __name__ == "__main__":
    sys.exit(main())
