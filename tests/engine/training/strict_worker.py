"""A process that trains and goes no further than was looked at, so that no run ends before it is stopped."""

from __future__ import annotations

from engine.training import worker

MODULE = "tests.engine.training.strict_worker"

if __name__ == "__main__":
    worker.PATIENCE = 0.0
    worker.main()
