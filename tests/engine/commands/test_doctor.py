"""`doctor` prints a line a finding, its remedy below, and leaves with 1 when something required is missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.commands import doctor
from engine.doctor import Finding
from tests.engine.commands.conftest import Answer

FINE = Finding("Python", "3.11.2")
WITHOUT = Finding("Display", "none", False, "Go without.", required=False)
MISSING = Finding("Qt", "does not load", False, "Install it.")


@pytest.mark.parametrize(
    ("findings", "code", "closing"),
    [
        ([FINE], 0, "Plexus has all it needs."),
        ([FINE, WITHOUT], 0, "Plexus has all it needs."),
        ([FINE, WITHOUT, MISSING], 1, "Something is missing; see the arrows."),
    ],
)
def test_only_what_is_required_counts(
    command: Callable[..., Answer],
    monkeypatch: pytest.MonkeyPatch,
    findings: list[Finding],
    code: int,
    closing: str,
) -> None:
    monkeypatch.setattr(doctor, "examine", lambda: findings)
    answer = command("doctor")
    assert answer.code == code
    assert answer.out.splitlines()[-1] == closing
    told = command("doctor", "--json")
    assert told.code == code
    assert told.json["ok"] is (code == 0)
    assert len(told.json["findings"]) == len(findings)


def test_remedies_stand_below_what_they_mend(command: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "examine", lambda: [FINE, WITHOUT, MISSING])
    lines = [line.split(maxsplit=1) for line in command("doctor").out.splitlines()]
    assert lines[:5] == [
        ["ok", "Python   3.11.2"],
        ["without", "Display  none"],
        ["→", "Go without."],
        ["MISSING", "Qt       does not load"],
        ["→", "Install it."],
    ]
