"""Networks and groups drawn in Python, from which the files in `resources/` are written: `python -m tests.drawn`."""
