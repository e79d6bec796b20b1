"""What is wrong with a design, where, what was expected, and what would mend it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal


class Misfit(ValueError):
    """A block can't work on what arrives; raised by shape rules, in words that start after the block's name.

    `details` is what PyTorch itself says, for those who want to know.
    """

    def __init__(self, message: str, port: str | None = None, param: str | None = None, details: str = "") -> None:
        super().__init__(message)
        self.message, self.port, self.param, self.details = message, port, param, details


class UserError(ValueError):
    """Something the user gave can't be used; the text says what, why and what to do, in one or two sentences.

    `ways` are ways out that the window has a button for, as `engine.training.events.Way` lists them.
    """

    def __init__(self, text: str = "", ways: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.ways = ways


@dataclass(frozen=True)
class Fix:
    """One click that mends a problem: a label for the button and a pure edit, project to project."""

    label: str
    edit: Callable[[Any], Any]


@dataclass(frozen=True)
class Problem:
    """One thing that keeps a design from training well; `error` stops the training, `warning` does not.

    Inside a group, `block` is the path to it: the ids of the groups around it and its own, joined by "/".
    """

    title: str
    text: str
    block: str | None = None
    port: str | None = None
    param: str | None = None
    severity: Literal["error", "warning"] = "error"
    builds: bool = False  # whether the network can be built and exported all the same, though not trained
    fixes: tuple[Fix, ...] = ()
    details: str = ""  # what PyTorch itself says, shown on demand

    def __str__(self) -> str:
        return f"{self.title}. {self.text}"
