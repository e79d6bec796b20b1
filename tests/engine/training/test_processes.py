"""Another Python finds this very engine, and nothing by mistake."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from engine.training import processes


@pytest.mark.parametrize(
    ("before", "after"),
    [("", []), ("/a", ["/a"]), (f"/a{os.pathsep}/b", ["/a", "/b"]), (f"/a{os.pathsep}", ["/a"]), (".", [])],
)
@pytest.mark.skipif(sys.platform == "win32", reason="paths are Unix's")
def test_the_current_folder_is_never_searched(before: str, after: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", before)
    assert processes.environment()["PYTHONPATH"].split(os.pathsep) == [str(Path(__file__).parents[3]), *after]


def test_an_installed_engine_is_found_where_python_looks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", "")
    place = tmp_path / "site-packages" / "engine" / "training" / "processes.py"
    monkeypatch.setattr(processes, "__file__", str(place))
    assert processes.environment()["PYTHONPATH"] == ""
