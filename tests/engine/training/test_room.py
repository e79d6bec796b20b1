"""The memory that is free is read from what the system tells, and in a container from its limit."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.training.room import SHARE, free_memory, room


@pytest.mark.parametrize(
    ("limit", "used", "free"), [("max", "5", 3 * 2**20), (str(2**20), "1024", 2**20 - 1024), ("5", "9", 0)]
)
def test_the_least_of_what_is_told(limit: str, used: str, free: int, tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:  9000 kB\nMemAvailable:  3072 kB\n")
    (tmp_path / "memory.max").write_text(f"{limit}\n")
    (tmp_path / "memory.current").write_text(f"{used}\n")
    assert free_memory(meminfo, tmp_path) == free


def test_a_share_of_what_is_free_may_be_taken(tmp_path: Path) -> None:
    assert free_memory(tmp_path / "none", tmp_path / "none") > 0
    assert 0 < room("cpu") <= SHARE * free_memory() * 1.5
