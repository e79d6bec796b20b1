"""The compiler is found where the machine has it, and a remedy told where it hasn't."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engine.training.compiled.compiler import compiler, processor, remedy, version


def program(folder: Path, name: str, says: str = "") -> Path:
    place = folder / name
    place.write_text(f"#!/bin/sh\necho '{says}'\n")
    place.chmod(0o755)
    return place


@pytest.mark.skipif(sys.platform == "win32", reason="programs are scripts here")
def test_the_first_of_the_usual_ones_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert compiler({}, "linux") is None
    clang = program(tmp_path, "clang++")
    assert compiler({}, "linux") == str(clang)
    gcc = program(tmp_path, "g++")
    assert compiler({}, "linux") == str(gcc)
    assert compiler({}, "darwin") == str(clang)
    assert compiler({"CXX": str(clang)}, "linux") == str(clang)
    assert compiler({"CXX": "no-such-compiler"}, "linux") is None


@pytest.mark.skipif(sys.platform == "win32", reason="programs are scripts here")
def test_it_says_what_it_is(tmp_path: Path) -> None:
    assert version(str(program(tmp_path, "g++", "g++ 12.2"))) == "g++ 12.2"
    assert version(str(program(tmp_path, "mute"))) == str(tmp_path / "mute")
    assert version(str(tmp_path / "none")) == str(tmp_path / "none")


@pytest.mark.parametrize(("platform", "words"), [("linux", "g++"), ("darwin", "xcode-select"), ("win32", "Visual")])
def test_each_system_has_its_remedy(platform: str, words: str) -> None:
    assert words in remedy(platform)


def test_a_processor_is_told_from_others() -> None:
    assert processor() == processor()
    assert len(processor()) > 5
