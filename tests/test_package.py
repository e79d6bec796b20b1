"""The wheel holds all that the program needs, and runs outside the checkout."""

from __future__ import annotations

import email
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest

import engine
from engine import templates

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    place = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    answer = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert answer.returncode == 0, answer.stderr
    (file,) = place.glob("*.whl")
    with zipfile.ZipFile(file) as opened:
        yield opened


@pytest.fixture(scope="module")
def unpacked(wheel: zipfile.ZipFile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("unpacked")
    wheel.extractall(place)
    return place


def outside(unpacked: Path, tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python elsewhere, on what was unpacked, without what the environment says of the checkout."""
    answer = subprocess.run(
        [sys.executable, *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert answer.returncode == 0, answer.stderr
    return answer


def told_by(wheel: zipfile.ZipFile, name: str) -> str:
    (entry,) = (entry for entry in wheel.namelist() if entry.endswith(f".dist-info/{name}"))
    return wheel.read(entry).decode()


def test_it_holds_every_file_that_travels_with_the_program(wheel: zipfile.ZipFile) -> None:
    held = set(wheel.namelist())
    for folder in ("engine", "designer", "resources"):
        files = [file for file in (ROOT / folder).rglob("*") if file.is_file() and "__pycache__" not in file.parts]
        assert files
        assert {file.relative_to(ROOT).as_posix() for file in files} <= held
    assert {f"resources/templates/{name}.plexus" for name in templates.names()} <= held
    assert {"resources/LICENSE.txt", "resources/changes.md"} <= held


def test_it_holds_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert tops == {"engine", "designer", "resources", f"plexus_designer-{engine.__version__}.dist-info"}


def test_it_says_what_it_is(wheel: zipfile.ZipFile) -> None:
    told = email.message_from_string(told_by(wheel, "METADATA"))
    assert (told["Name"], told["Version"], told["License-Expression"]) == ("plexus-designer", engine.__version__, "MIT")
    assert told["Requires-Python"] == ">=3.11"
    assert "torch==2.13.0" in told.get_all("Requires-Dist", [])
    assert told_by(wheel, "licenses/resources/LICENSE.txt").startswith("MIT License")


def test_it_brings_both_commands(wheel: zipfile.ZipFile) -> None:
    scripts = ConfigParser()
    scripts.read_string(told_by(wheel, "entry_points.txt"))
    assert dict(scripts["console_scripts"]) == {"plexus": "designer.app:main", "plexus-engine": "engine.cli:main"}


def test_it_runs_outside_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    where = outside(unpacked, tmp_path, "-c", "import engine, resources; print(engine.__file__, resources.__file__)")
    assert all(Path(file).is_relative_to(unpacked) for file in where.stdout.split())
    listed = outside(unpacked, tmp_path, "-m", "engine", "templates").stdout.splitlines()
    assert [line.split()[0] for line in listed] == list(templates.names())


def test_its_window_finds_its_icons_outside_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    ask = "import designer.app, importlib.resources as r; print(len(list((r.files('resources') / 'icons').iterdir())))"
    assert int(outside(unpacked, tmp_path, "-c", ask).stdout) > 5
