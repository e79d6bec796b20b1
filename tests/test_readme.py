"""The README says what is there: its commands, its links, and the line that the tests are run with."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from engine.cli import COMMANDS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([^`]+)` \|", README, re.MULTILINE)


def test_its_table_holds_every_command() -> None:
    assert {row.split()[0] for row in ROWS if not row.endswith("/")} == {command.name for command in COMMANDS}


def test_its_commands_take_json_where_it_says_so() -> None:
    takes = {c.name for c in COMMANDS for argument in c.arguments if "--json" in argument.flags}
    (sentence,) = re.findall(r"^(.*) take `--json`", README, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", sentence)) == takes


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", README))
def test_its_links_lead_somewhere(link: str) -> None:
    if link.endswith("screenshot.png") and not (ROOT / link).exists():
        pytest.skip("the picture is made by tests/screens.py")
    assert (ROOT / link).exists()


def test_ci_finds_the_one_command_that_runs_the_tests() -> None:
    (pattern,) = re.findall(r'grep -m 1 -E "(.*)" README.md', (ROOT / ".ci" / "run").read_text())
    assert re.findall(pattern + ".*", README, re.MULTILINE) == [
        'python3 -m venv .venv && .venv/bin/pip install -e ".[test]" && .venv/bin/python -m pytest'
    ]


def test_ci_is_a_script_that_bash_understands() -> None:
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
    subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=True, timeout=60)


@pytest.mark.parametrize("page", ["README.md", "resources/changes.md", "pyproject.toml"])
def test_no_page_holds_both_sides_of_a_merge(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert re.findall(r"^(?:<{7}|={7}|>{7})(?: .*)?$", text, re.MULTILINE) == []
