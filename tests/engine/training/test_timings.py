"""What was timed once stays, and what can't be written or read is timed anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.training import timings
from engine.training.timings import keep, recalled


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / name)
    return tmp_path / "plexus" / "timings.json"


def test_the_first_answer_stays_until_another_is_kept() -> None:
    assert recalled("a") is None
    keep("a", 4)
    keep("b", 2)
    assert (recalled("a"), recalled("b")) == (4, 2)
    keep("a", 1)
    assert (recalled("a"), recalled("b")) == (1, 2)


def test_the_oldest_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timings, "AT_MOST", 2)
    for name in "abac":
        keep(name, 3)
    assert [recalled(name) for name in "abc"] == [3, None, 3]


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"a": "4"}', '{"a": true}', '{"a": -1}', "\x00"])
def test_a_damaged_file_holds_nothing(place: Path, text: str) -> None:
    place.parent.mkdir()
    place.write_text(text)
    assert recalled("a") is None
    keep("a", 2)
    assert recalled("a") == 2


def test_where_nothing_can_be_written_nothing_is_remembered(place: Path) -> None:
    place.parent.write_text("a file where the folder should be")
    keep("a", 2)
    assert recalled("a") is None
