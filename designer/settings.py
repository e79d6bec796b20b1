"""What the program remembers between two starts; a damaged file never keeps it from starting."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.problem import UserError
from engine.storage import write_whole

RECENT = 10
RECENT_ACTIONS = 5

Width = Annotated[int, Field(ge=80, le=8000)]


class Settings(BaseModel):
    """A frozen value; the window's layout is plain numbers, so that no byte in it can crash Qt."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    theme: Literal["system", "dark", "light"] = "system"
    window: tuple[int, int, int, int] | None = None  # x, y, width, height
    maximised: bool = False
    columns: tuple[Width, Width, Width] | None = None  # of palette, canvas, inspector
    strip: int | None = Field(None, ge=60, le=2000)  # height of the training strip
    strip_folded: bool = False
    snap: bool = True
    snap_to_blocks: bool = True
    minimap: bool = True
    reduce_motion: bool = False
    recent: tuple[str, ...] = ()
    recent_actions: tuple[str, ...] = ()  # chosen from the command palette
    uses: Mapping[str, Annotated[int, Field(ge=0)]] = {}  # how often each block was added
    folder: str = ""

    def with_recent(self, path: Path) -> Settings:
        """The settings with a file at the head of those used recently."""
        others = [name for name in self.recent if name != str(path)]
        return self.model_copy(update={"recent": (str(path), *others)[:RECENT], "folder": str(path.parent)})

    def with_recent_action(self, name: str) -> Settings:
        """The settings with an action at the head of those used recently."""
        others = [one for one in self.recent_actions if one != name]
        return self.model_copy(update={"recent_actions": (name, *others)[:RECENT_ACTIONS]})


class SettingsFile:
    """The settings and the file they live in."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or platformdirs.user_config_path("plexus") / "settings.json"
        self.recovery = platformdirs.user_state_path("plexus") / "recovery"
        if path is not None:
            self.recovery = path.parent / "recovery"
        self.settings = self._read()

    def _read(self) -> Settings:
        try:
            return Settings.model_validate_json(self.path.read_bytes())
        except FileNotFoundError:
            return Settings()
        except (OSError, ValidationError, ValueError):
            return Settings()  # damaged: start as on the first day; the next write replaces it

    def update(self, **values: object) -> None:
        self.replace(self.settings.model_copy(update=values))

    def count_use(self, block: str) -> None:
        """One more block of a kind was added; it is written with what is written next."""
        uses = {**self.settings.uses, block: self.settings.uses.get(block, 0) + 1}
        self.settings = self.settings.model_copy(update={"uses": uses})

    def replace(self, settings: Settings) -> None:
        """Take and write other settings; that they can't be written is no reason to stop."""
        self.settings = settings
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.path, settings.model_dump_json(indent=1).encode())
        except (OSError, UserError):
            return


def user_data() -> Path:
    """Where the program may put runs of projects that have no file yet."""
    return platformdirs.user_data_path("plexus")
