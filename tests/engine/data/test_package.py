"""The window asks for sources, fields and settings before anything heavy is loaded."""

from __future__ import annotations

import subprocess
import sys

ASK = """
import sys
import engine.data
for source in engine.data.SOURCES.values():
    source().fields(), source.params(), source.doc()
engine.data.DataSettings().fields()
print([name for name in ("numpy", "sklearn", "torch", "networkx", "PySide6") if name in sys.modules])
"""


def test_asking_for_fields_loads_nothing_heavy() -> None:
    answer = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_preparing_does_not_load_torch() -> None:
    ask = "import sys, engine.data as d; d.prepare(d.DataSettings()); print('torch' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
