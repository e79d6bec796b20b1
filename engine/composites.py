"""The groups that come with the program, such as a residual block: drawn once, added to any network, edited freely."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

from engine.group import Group
from engine.problem import UserError
from engine.project import Position, Project
from engine.storage import loads

SUFFIX = ".plexus"
TITLES = {
    "mixer-block": "MLP-Mixer block",
    "self-attention-head": "Self-attention head",
    "squeeze-and-excite": "Squeeze-and-excite",
    "u-net-level": "U-Net level",
}
ALIASES = {  # what else people call them, and the networks they are known from
    "bottleneck": ("resnet", "resnet-50", "residual", "skip connection"),
    "dense-block": ("densenet", "dense connections", "skip connection"),
    "down-block": ("resnet", "resnet-18", "residual", "skip connection", "downsample"),
    "inception": ("googlenet", "branches", "parallel convolutions"),
    "inverted-residual": ("mobilenet", "efficientnet", "mbconv", "depthwise separable convolution"),
    "mixer-block": ("mlp", "token mixing"),
    "residual-block": ("resnet", "resnet-18", "skip connection", "shortcut"),
    "self-attention-head": ("transformer", "query key value", "qkv"),
    "squeeze-and-excite": ("se block", "senet", "channel attention", "gate"),
    "transformer-block": ("encoder block", "decoder block", "gpt", "vit", "pre-norm", "self-attention", "feedforward"),
    "u-net-level": ("unet", "segmentation", "encoder decoder", "skip connection"),
}


@dataclass(frozen=True)
class Composite:
    """A group, and the project it was drawn in: between an input of a shape that suits it and an output."""

    name: str
    project: Project

    @property
    def key(self) -> str:
        """The id of the group in its project."""
        return next(key for key, node in self.project.graph.nodes.items() if isinstance(node.block, Group))

    @property
    def group(self) -> Group:
        block = self.project.graph.nodes[self.key].block
        assert isinstance(block, Group)
        return block

    @property
    def title(self) -> str:
        """What people call it: `Residual block`, `U-Net level`."""
        return title_of(self.name)

    @property
    def description(self) -> str:
        return str(self.project.extras.get("description", ""))

    def add_to(self, project: Project, position: tuple[float, float]) -> tuple[Project, str]:
        """The project with this group at a place, all in it arranged as it was drawn, and the id it got."""
        project, added = project.add(self.group, position, project.graph.free_name(self.name.replace("-", "_")))
        front = f"{self.key}/"
        inside = {
            f"{added}/{key.removeprefix(front)}": place
            for key, place in self.project.layout.items()
            if key.startswith(front)
        }
        return project.with_(
            layout={**project.layout, **{key: Position(*place) for key, place in inside.items()}}
        ), added


def title_of(name: str) -> str:
    """What people call a group of that file name."""
    return TITLES.get(name, name.replace("-", " ").capitalize())


def aliases_of(name: str) -> tuple[str, ...]:
    """By what other words a group of that file name is found."""
    return ALIASES.get(name, ())


def names() -> tuple[str, ...]:
    """The names of all groups that come with the program."""
    return tuple(sorted(e.name.removesuffix(SUFFIX) for e in _folder().iterdir() if e.name.endswith(SUFFIX)))


def composites() -> tuple[Composite, ...]:
    return tuple(open_composite(name) for name in names())


def open_composite(name: str) -> Composite:
    """One of the groups that come with the program.

    Raises:
        UserError: when there is none of that name.
    """
    if name not in names():
        near = difflib.get_close_matches(name, names(), 1)
        hint = f" Did you mean “{near[0]}”?" if near else f" There are {', '.join(names())}."
        raise UserError(f"There is no group “{name}”.{hint}")
    place = _folder() / f"{name}{SUFFIX}"
    return Composite(name, loads(place.read_text(encoding="utf-8"), place.name))


def _folder() -> Traversable:
    return resources.files("resources") / "groups"
