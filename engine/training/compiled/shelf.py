"""The folder of compiled steps, in the user's own cache: a step that was compiled once is there for the next run."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import platformdirs

AT_MOST = 24  # libraries that are kept, each of a few MB
LIBRARY, CHECKSUM = ".library", ".sha256"


def shelf() -> Path:
    """The folder, made if need be, for nobody else to look into."""
    place = platformdirs.user_cache_path("plexus") / "compiled"
    place.mkdir(parents=True, exist_ok=True)
    if os.name == "posix":
        place.chmod(0o700)  # what lies here is carried out
    return place


def found(folder: Path, key: str) -> Path | None:
    """The library of this name, if it lies there whole."""
    library = folder / f"{key}{LIBRARY}"
    try:
        told = library.with_suffix(CHECKSUM).read_text(encoding="ascii")
        if told != _checksum(library):
            return None
        os.utime(library)
    except (OSError, UnicodeDecodeError):
        return None
    return library


def put(folder: Path, key: str, made: Path) -> Path:
    """Put a library there, and let those go that were used longest ago."""
    library = folder / f"{key}{LIBRARY}"
    checksum = _checksum(made)
    made.replace(library)
    fresh = made.with_suffix(CHECKSUM)
    fresh.write_text(checksum, encoding="ascii")
    fresh.replace(library.with_suffix(CHECKSUM))
    libraries = sorted(folder.glob(f"*{LIBRARY}"), key=lambda place: place.stat().st_mtime, reverse=True)
    for old in libraries[AT_MOST:]:
        with suppress(OSError):  # another run may have been quicker
            old.with_suffix(CHECKSUM).unlink(missing_ok=True)
            old.unlink()
    return library


def workshop(folder: Path) -> Path:
    """A fresh folder beside the libraries, for whatever arises while one is made."""
    return Path(tempfile.mkdtemp(prefix="making-", dir=folder))


def clear(place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)


def _checksum(place: Path) -> str:
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
