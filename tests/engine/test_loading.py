"""Large libraries are loaded once, whole, however many threads ask for them."""

from __future__ import annotations

import subprocess
import sys

MANY_AT_ONCE = """
import sys, threading
from engine.loading import load_data, load_heavy, load_light
assert not {"numpy", "networkx", "sklearn", "torch"} & set(sys.modules)
errors = []

def ask(load):
    try:
        load()
        from numpy.typing import NDArray
        import networkx.algorithms
    except Exception as error:
        errors.append(error)

threads = [threading.Thread(target=ask, args=(load,)) for load in (load_heavy, load_light, load_data) * 3]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert not errors, errors
assert "torch" in sys.modules and "sklearn.datasets" in sys.modules
"""


def test_threads_that_ask_together_all_get_whole_modules() -> None:
    done = subprocess.run([sys.executable, "-c", MANY_AT_ONCE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
