"""Every way in which a command can fail becomes a sentence and an exit code."""

from __future__ import annotations

import io
import sys

import pytest

from engine.commands.guard import guarded
from engine.problem import UserError
from engine.record import BadValue
from engine.storage import Unreadable


@pytest.mark.parametrize("code", [0, 1, 2])
def test_an_exit_code_passes(code: int) -> None:
    assert guarded(lambda: code) == code


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (UserError("No such thing."), 2, "plexus-engine: No such thing.\n"),
        (Unreadable("x.plexus is damaged."), 2, "plexus-engine: x.plexus is damaged.\n"),
        (BadValue({"epochs": "Epochs must be at least 1."}), 2, "plexus-engine: Epochs must be at least 1.\n"),
        (PermissionError(13, "Permission denied", "runs"), 2, "plexus-engine: runs: Permission denied.\n"),
        (KeyboardInterrupt(), 130, "\nInterrupted.\n"),
        (BrokenPipeError(), 141, ""),
    ],
)
def test_a_failure_becomes_a_sentence(
    error: BaseException, code: int, words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["plexus-engine"])

    def fail() -> int:
        raise error

    assert guarded(fail) == code
    assert capsys.readouterr() == ("", words)


def test_a_mistake_of_ours_is_told_in_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLEXUS_DEBUG")
    assert guarded(lambda: 1 // 0) == 2
    told = capsys.readouterr().err
    assert "That should not have happened: ZeroDivisionError" in told
    assert "Traceback" not in told


def test_a_mistake_of_ours_is_raised_for_those_who_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLEXUS_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        guarded(lambda: 1 // 0)


def test_a_terminal_without_our_letters_gets_others(monkeypatch: pytest.MonkeyPatch) -> None:
    paper = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(paper, encoding="ascii"))
    assert guarded(lambda: print("3 × 3") or 0) == 0
    assert paper.getvalue().split() == [b"3", b"?", b"3"]
