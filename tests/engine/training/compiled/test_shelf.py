"""What was compiled lies in the user's cache, whole or not at all, and doesn't grow without end."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from engine.training.compiled import shelf


def made(folder: Path, content: bytes) -> Path:
    place = shelf.workshop(folder) / "made"
    place.write_bytes(content)
    return place


def test_what_is_put_there_is_found(tmp_path: Path) -> None:
    assert shelf.found(tmp_path, "one") is None
    place = shelf.put(tmp_path, "one", made(tmp_path, b"1"))
    assert shelf.found(tmp_path, "one") == place
    assert place.read_bytes() == b"1"
    shelf.put(tmp_path, "one", made(tmp_path, b"2"))
    assert shelf.found(tmp_path, "one") == place
    assert place.read_bytes() == b"2"


@pytest.mark.parametrize("name", ["one.library", "one.sha256"])
@pytest.mark.parametrize("content", [None, b"", b"damaged \xff"])
def test_what_is_damaged_is_not_found(name: str, content: bytes | None, tmp_path: Path) -> None:
    shelf.put(tmp_path, "one", made(tmp_path, b"1"))
    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(content)
    assert shelf.found(tmp_path, "one") is None


def test_those_that_were_used_longest_ago_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "AT_MOST", 2)
    for index, name in enumerate("abc"):
        place = shelf.put(tmp_path, name, made(tmp_path, name.encode()))
        os.utime(place, (index, index))
        if name == "b":
            assert shelf.found(tmp_path, "a") is not None  # which is a use
    assert [name for name in "abc" if shelf.found(tmp_path, name)] == ["a", "c"]


def test_the_folder_is_for_nobody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / name)
    place = shelf.shelf()
    assert place == tmp_path / "plexus" / "compiled"
    assert os.name != "posix" or stat.S_IMODE(place.stat().st_mode) == 0o700


def test_a_workshop_is_cleared(tmp_path: Path) -> None:
    place = made(tmp_path, b"1").parent
    shelf.clear(place)
    shelf.clear(place)
    assert list(tmp_path.iterdir()) == []
