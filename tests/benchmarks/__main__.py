"""`python -m tests.benchmarks [NAME…] [--json]`: a line a measure; a ratio above 1 means that ours is better."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import sys
from pathlib import Path


def main() -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    names = [name for name in names if not name.startswith("_")]
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which to run: {', '.join(names)} (all)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.names) - set(names))
    if unknown:
        parser.error(f"there is no benchmark “{unknown[0]}”; there are {', '.join(names)}")
    for name in arguments.names or names:
        benchmark, rows = importlib.import_module(f"tests.benchmarks.{name}"), []
        for row in benchmark.measure():
            rows.append(row)
            print(json.dumps(row) if arguments.json else _line(row), flush=True)
        if hasattr(benchmark, "summary") and not arguments.json:
            print(f"\n{benchmark.summary(rows)}\n", flush=True)
    return 0


def _line(row: dict[str, object]) -> str:
    return (
        f"{row['name']:<64} ours {row['ours']:>10.4g}  reference {row['reference']:>10.4g} {row['unit']:<14} "
        f"ratio {row['ratio']:.2f}"
    )


if __name__ == "__main__":
    sys.exit(main())
