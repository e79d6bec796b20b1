"""The projects that come with the program, to begin from."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

from engine.problem import UserError
from engine.project import Project
from engine.storage import loads

SUFFIX = ".plexus"
# As one would try them; those that are not named here follow by name.
ORDER = (
    *("digits-cnn", "digits-mlp", "iris", "breast-cancer", "diabetes", "spirals", "two-inputs"),
    *("digits-vae", "moons-gan"),
    *("resnet-18", "resnet-50", "vgg-16", "googlenet", "u-net", "vit-b-16", "gpt-12", "siamese"),
)


@dataclass(frozen=True)
class Template:
    """A project that comes with the program, and a sentence on what it shows."""

    name: str
    project: Project

    @property
    def description(self) -> str:
        return str(self.project.extras.get("description", ""))


def names() -> tuple[str, ...]:
    """The names of all templates."""
    found = {entry.name.removesuffix(SUFFIX) for entry in _folder().iterdir() if entry.name.endswith(SUFFIX)}
    return (*(name for name in ORDER if name in found), *sorted(found.difference(ORDER)))


def open_template(name: str) -> Project:
    """The project of a template.

    Raises:
        UserError: when there is no template of that name.
    """
    known = names()
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        hint = f"Did you mean “{near[0]}”?" if near else f"There are {', '.join(known)}."
        raise UserError(f"There is no template “{name}”. {hint}")
    return loads((_folder() / f"{name}{SUFFIX}").read_text(encoding="utf-8"), f"The template {name}")


def templates() -> tuple[Template, ...]:
    """All templates, read."""
    return tuple(Template(name, open_template(name)) for name in names())


def _folder() -> Traversable:
    return resources.files("resources") / "templates"
