"""Look at the machine: what Plexus needs, what it found, and what to do where something is missing."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from engine import system_libraries
from engine.training.compiled import compiler

DISTRIBUTION = "plexus-designer"
OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. What is not `required` may be missing; something is lost, but Plexus works."""

    name: str
    value: str
    ok: bool = True
    remedy: str = ""
    required: bool = True


def examine() -> list[Finding]:
    """Everything worth knowing about this machine; loads torch, and starts another Python to try Qt."""
    looks = (_python, _packages, _torch, _compiler, _qt, _display, _extras, _data_folder)
    return [finding for look in looks for finding in look()]


def _python() -> Iterator[Finding]:
    fits = sys.version_info >= OLDEST_PYTHON
    oldest = ".".join(map(str, OLDEST_PYTHON))
    remedy = "" if fits else f"Install Python {oldest} or newer."
    yield Finding("Python", f"{platform.python_version()} on {platform.system()} {platform.machine()}", fits, remedy)


def requirements() -> list[Requirement] | None:
    """What the installed distribution asks for; None when Plexus is not installed."""
    try:
        return [Requirement(text) for text in metadata.requires(DISTRIBUTION) or ()]
    except metadata.PackageNotFoundError:
        return None


def _packages() -> Iterator[Finding]:
    """Each package the distribution asks for, its version against the versions that are known to work."""
    wanted = requirements()
    if wanted is None:
        remedy = "Run “pip install .” in the folder of Plexus."
        yield Finding("Plexus", "not installed, so versions can't be compared", False, remedy, required=False)
        return
    yield Finding("Plexus", metadata.version(DISTRIBUTION))
    for requirement in wanted:
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield package(requirement)


def package(requirement: Requirement, required: bool = True) -> Finding:
    """Whether a package is there in a version that goes."""
    remedy = f'Run “pip install "{requirement.name}{requirement.specifier}"”.'
    try:
        version = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        return Finding(requirement.name, "not installed", False, remedy, required)
    if requirement.specifier.contains(version, prereleases=True):
        return Finding(requirement.name, version, required=required)
    return Finding(requirement.name, f"{version}, but Plexus needs {requirement.specifier}", False, remedy, required)


def _torch() -> Iterator[Finding]:
    """Whether PyTorch loads, and what it can compute on."""
    try:
        import torch
    except (ImportError, OSError) as error:
        remedy = "Install it anew: “pip install --force-reinstall torch” in the version above."
        yield Finding("PyTorch", f"does not load: {_first_line(str(error))}", False, remedy)
        return
    yield Finding("PyTorch", "loads")
    threads = f"PyTorch would take {torch.get_num_threads()} threads, a run takes what its project says"
    yield Finding("Processor", f"{_cores()} cores; {threads}")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = torch.cuda.is_available()
    if found:
        for index in range(torch.cuda.device_count()):
            properties = torch.cuda.get_device_properties(index)
            yield Finding("GPU", f"{properties.name}, {properties.total_memory / 2**30:.0f} GiB")
    elif shutil.which("nvidia-smi") is None:
        yield Finding("GPU", "none; networks train on the processor", required=False)
    elif torch.version.cuda is None:
        remedy = "Install the build of this PyTorch version that has CUDA, to train on the GPU."
        yield Finding("GPU", "there may be one, but this PyTorch is built without CUDA", False, remedy, required=False)
    else:
        why = _first_line(str(told[0].message)) if told else "PyTorch finds none"
        yield Finding("GPU", f"not usable: {why}", False, "Update the driver of the GPU.", required=False)


def _compiler() -> Iterator[Finding]:
    """What “Compile” in the training's settings needs; all else does without."""
    place = compiler.compiler()
    if place is not None:
        yield Finding("C++ compiler", compiler.version(place), required=False)
    else:
        value = "none; networks train, but “Compile” has nothing to compile with"
        yield Finding("C++ compiler", value, False, compiler.remedy(), required=False)


def _cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _qt() -> Iterator[Finding]:
    """Whether Qt loads, tried in a Python of its own: what the system lacks can end the whole process."""
    command = [sys.executable, "-c", "import PySide6.QtWidgets"]
    try:
        trial = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        lines = trial.stderr.strip().splitlines() or [f"exit code {trial.returncode}"]
        failure = lines[-1] if trial.returncode else ""
    except subprocess.TimeoutExpired:
        failure = "no answer within two minutes"
    missing = system_libraries.missing_libraries()
    remedy = system_libraries.advice(missing)
    if failure:
        yield Finding("Qt", f"does not load: {failure}", False, remedy or "Install PySide6-Essentials anew.")
    elif missing:
        names = ", ".join(library.name for library in missing)
        yield Finding("Qt", f"loads, but can't open a window without {names}", False, remedy)
    else:
        yield Finding("Qt", "loads")


def _display() -> Iterator[Finding]:
    shown = system_libraries.display()
    if shown is not None:
        yield Finding("Display", shown, required=False)
    else:
        remedy = "Without one, use this command line; “plexus --demo” trains in the terminal."
        yield Finding("Display", "none (neither DISPLAY nor WAYLAND_DISPLAY is set)", False, remedy, required=False)


def _extras() -> Iterator[Finding]:
    """The optional parts, each a list of packages that the distribution names."""
    wanted = requirements() or ()
    for extra in metadata.metadata(DISTRIBUTION).get_all("Provides-Extra") or () if wanted else ():
        members = [
            requirement
            for requirement in wanted
            if requirement.marker is not None
            and requirement.marker.evaluate({"extra": extra})
            and not requirement.marker.evaluate({"extra": ""})
            and canonicalize_name(requirement.name) != DISTRIBUTION
        ]
        lacking = [finding.name for finding in (package(requirement) for requirement in members) if not finding.ok]
        remedy = f'Run “pip install ".[{extra}]"” in the folder of Plexus.' if lacking else ""
        value = f"lacks {', '.join(lacking)}" if lacking else "all there"
        yield Finding(f"Extra “{extra}”", value, not lacking, remedy, required=False)


def _data_folder() -> Iterator[Finding]:
    import platformdirs

    folder = platformdirs.user_data_path("plexus")
    nearest = next((place for place in (folder, *folder.parents) if place.exists()), Path(folder.anchor))
    writable = nearest.is_dir() and os.access(nearest, os.W_OK)
    remedy = "" if writable else f"Make {nearest} writable; until then, give runs a folder with --run-dir."
    yield Finding("Data folder", f"{folder}{'' if writable else ' can not be written'}", writable, remedy)


def _first_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[0]


__all__ = ["Finding", "examine", "package", "requirements"]
