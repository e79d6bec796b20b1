"""Ruff's opinion of printed files, asked once for all of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path


def complaints(texts: Mapping[str, str], folder: Path) -> str:
    """What ruff's formatter and linter would change, with their defaults; empty when nothing."""
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    told = ""
    for command in (("format", "--check", "--diff"), ("check", "--output-format", "concise")):
        answer = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", str(folder)],
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        told += answer.stdout + answer.stderr if answer.returncode else ""
    return told


def laid_out(lines: list[str]) -> list[str]:
    """Statements in the body of a method, each as ruff's formatter leaves it."""
    text = "class A:\n    def f(self):\n" + "".join(f"        {line}\n" for line in lines)
    answer = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", "-"],
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.splitlines()[2:]
