"""What makes libraries says why it can't, in one line; that what it makes is right is told by `test_block`."""

from __future__ import annotations

import pytest

from engine.training.compiled.maker import _carried_out, _reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "ValueError: no reason given"),
        ("one line\nanother", "ValueError: one line"),
        (
            "failed\n  /tmp/x.cpp:1:2: fatal error: omp.h: No such file",
            "ValueError: /tmp/x.cpp:1:2: fatal error: omp.h",
        ),
        ("x" * 1000, f"ValueError: {'x' * 300}"),
    ],
)
def test_the_line_that_says_most(text: str, reason: str) -> None:
    assert _reason(ValueError(text)).startswith(reason)
    assert len(_reason(ValueError(text))) < 330


@pytest.mark.filterwarnings("ignore")
def test_what_is_no_blueprint_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    answer = _carried_out({"blueprint": "{}", "workshop": "nowhere", "target": "nowhere/made"})
    assert answer["refused"].startswith("KeyError: 'forms'")
    assert "Traceback" in capsys.readouterr().err
