"""The doctor finds what is missing, each with a remedy, on machines that are only played here."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from engine import doctor, system_libraries
from engine.doctor import Finding, examine, package
from engine.system_libraries import LIBRARIES


def found(look: Callable[[], Iterator[Finding]], name: str) -> Finding:
    return next(finding for finding in look() if finding.name == name)


@pytest.fixture(scope="module")
def here() -> dict[str, Finding]:
    return {finding.name: finding for finding in examine()}


def test_this_machine_has_what_is_required(here: dict[str, Finding]) -> None:
    """The tests need it too, so nothing may be missing."""
    assert [finding for finding in here.values() if finding.required and not finding.ok] == []
    assert here["PyTorch"].value == "loads"
    assert here["Qt"].value == "loads"
    assert here["torch"].value == metadata.version("torch")


def test_whatever_is_not_fine_has_a_remedy(here: dict[str, Finding]) -> None:
    assert [finding.name for finding in here.values() if finding.ok == bool(finding.remedy)] == []


def test_every_package_that_is_asked_for_is_looked_at(here: dict[str, Finding]) -> None:
    asked = {Requirement(text).name for text in metadata.requires("plexus-designer") or () if "extra" not in text}
    assert "torch" in {name.lower() for name in asked}
    assert {name.lower() for name in asked} <= {name.lower() for name in here}


@pytest.mark.parametrize(
    ("installed", "wanted", "ok", "value"),
    [
        ("2.13.0", "torch==2.13.0", True, "2.13.0"),
        ("2.13.0+cpu", "torch==2.13.0", True, "2.13.0+cpu"),
        ("2.14.0", "torch==2.13.0", False, "2.14.0, but Plexus needs ==2.13.0"),
        ("6.12.0", "PySide6-Essentials>=6.11,<6.12", False, "6.12.0, but Plexus needs <6.12,>=6.11"),
        ("6.11.3", "PySide6-Essentials>=6.11,<6.12", True, "6.11.3"),
        ("3.0rc1", "numpy>=2.0", True, "3.0rc1"),
        (None, "numpy>=2.0", False, "not installed"),
    ],
)
def test_versions(monkeypatch: pytest.MonkeyPatch, installed: str | None, wanted: str, ok: bool, value: str) -> None:
    def version(name: str) -> str:
        if installed is None:
            raise metadata.PackageNotFoundError(name)
        return installed

    monkeypatch.setattr(metadata, "version", version)
    finding = package(Requirement(wanted))
    assert (finding.ok, finding.value) == (ok, value)
    assert ("pip install" in finding.remedy) is not ok


def test_not_installed_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "requirements", lambda: None)
    (finding,) = doctor._packages()
    assert (finding.ok, finding.required) == (False, False)
    assert list(doctor._extras()) == []


def test_an_old_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 12))
    (finding,) = doctor._python()
    assert (finding.ok, finding.remedy) == (False, "Install Python 3.11 or newer.")


def test_qt_that_does_not_load_names_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    error = "Traceback …\nImportError: libEGL.so.1: cannot open shared object file: No such file or directory\n"
    failed = subprocess.CompletedProcess([], 1, "", error)
    monkeypatch.setattr(subprocess, "run", lambda *args, **options: failed)
    monkeypatch.setattr(system_libraries, "missing_libraries", lambda: LIBRARIES[:1])
    (finding,) = doctor._qt()
    assert not finding.ok
    assert finding.required
    assert finding.value.endswith("libEGL.so.1: cannot open shared object file: No such file or directory")
    assert "apt install libegl1" in finding.remedy


def test_qt_that_loads_but_can_open_no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *args, **options: subprocess.CompletedProcess([], 0, "", ""))
    monkeypatch.setattr(system_libraries, "missing_libraries", lambda: LIBRARIES[-1:])
    (finding,) = doctor._qt()
    assert not finding.ok
    assert "libwayland-cursor0" in finding.remedy


def test_qt_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    def wait(*args: object, **options: object) -> None:
        raise subprocess.TimeoutExpired("python", 120)

    monkeypatch.setattr(subprocess, "run", wait)
    (finding,) = doctor._qt()
    assert finding.value == "does not load: no answer within two minutes"


def test_torch_that_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    (finding,) = doctor._torch()
    assert not finding.ok
    assert finding.value.startswith("does not load: ")


@pytest.mark.parametrize(
    ("smi", "cuda", "ok", "value"),
    [
        (None, None, True, "none; networks train on the processor"),
        ("/bin/nvidia-smi", None, False, "there may be one, but this PyTorch is built without CUDA"),
        ("/bin/nvidia-smi", "13.0", False, "not usable: PyTorch finds none"),
    ],
)
def test_gpus_that_are_not_there(
    monkeypatch: pytest.MonkeyPatch, smi: str | None, cuda: str | None, ok: bool, value: str
) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("torch.version.cuda", cuda)
    monkeypatch.setattr("shutil.which", lambda name: smi)
    finding = found(doctor._torch, "GPU")
    assert (finding.ok, finding.value, finding.required) == (ok, value, False)


def test_a_compiler_is_optional(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.training.compiled.compiler.compiler", lambda: "no-such-compiler")
    (finding,) = doctor._compiler()
    assert (finding.ok, finding.required, finding.value) == (True, False, "no-such-compiler")
    monkeypatch.setattr("engine.training.compiled.compiler.compiler", lambda: None)
    (finding,) = doctor._compiler()
    assert (finding.ok, finding.required) == (False, False)
    assert finding.remedy


def test_a_data_folder_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("in the way")
    monkeypatch.setattr("platformdirs.user_data_path", lambda name: place / name)
    (finding,) = doctor._data_folder()
    assert (finding.ok, finding.required) == (False, True)
    assert f"Make {place} writable" in finding.remedy


def test_optional_parts_say_what_they_lack(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [
        Requirement("tqdm"),
        Requirement('absent-package>=1; extra == "test"'),
        Requirement('tqdm; extra == "test"'),
    ]
    monkeypatch.setattr(doctor, "requirements", lambda: wanted)
    finding = found(doctor._extras, "Extra “test”")
    assert (finding.ok, finding.required, finding.value) == (False, False, "lacks absent-package")
    assert 'pip install ".[test]"' in finding.remedy
