"""The process that compiles, without what pays only where much is compiled: headers that are made ready first."""

from __future__ import annotations

from pathlib import Path

from engine.training.compiled import maker

MODULE = "tests.engine.training.compiled.swift_maker"
make = maker.make


def make_swiftly(text: str, target: Path) -> None:
    from torch._inductor import config

    config.aot_inductor.precompile_headers = False
    make(text, target)


if __name__ == "__main__":
    maker.make = make_swiftly
    maker.main()
