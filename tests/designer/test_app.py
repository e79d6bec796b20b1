"""The window, once shown, makes itself ready: with a process that trains, and without torch in its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.engine.training.stand_in import MODULE

ROOT = Path(__file__).parents[2]

MAKE_READY = """
import sys
from PySide6.QtCore import QEventLoop, QTimer
from designer.app import open_window
from engine.training.remote import Crew

window = open_window()
crew = window.session.crew = Crew(sys.argv[1])
loop = QEventLoop()

def look():
    ready = crew._idle and window._strip is not None and len(window._pages) == 2
    if ready and "sklearn.datasets" in sys.modules:
        loop.quit()

timer = QTimer()
timer.timeout.connect(look)
timer.start(20)
loop.exec()
assert "torch" not in sys.modules
assert crew._idle[0].alive
window.close()
"""


def test_it_makes_itself_ready_without_torch() -> None:
    done = subprocess.run(
        [sys.executable, "-c", MAKE_READY, MODULE], capture_output=True, text=True, cwd=ROOT, timeout=120
    )
    assert done.returncode == 0, done.stderr
