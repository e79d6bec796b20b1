"""The whole of a step as plain data: what a process that compiles must know, and all it may know.

Values have numbers instead of names. Operations are named, not held; whoever carries them out looks them up among
torch's own. No number of a weight or a sample is in it, only what the program of the step is made of.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from engine.training.compiled.rules import Rule
from engine.training.compiled.rules import from_json as rule_from_json

if TYPE_CHECKING:
    import torch

VALUE = "value"  # stands before the number of a value among an operation's arguments
KINDS = ("dtype", "layout", "device", "memory_format")


@dataclass(frozen=True)
class Form:
    """How a tensor lies in memory."""

    shape: tuple[int, ...]
    strides: tuple[int, ...]
    dtype: str

    @classmethod
    def of(cls, tensor: torch.Tensor) -> Form:
        return cls(tuple(tensor.shape), tuple(tensor.stride()), str(tensor.dtype).removeprefix("torch."))

    def fits(self, tensor: torch.Tensor) -> bool:
        """Whether a tensor lies so; the stride along an axis of length 1 says nothing."""
        return (
            tuple(tensor.shape) == self.shape
            and str(tensor.dtype) == f"torch.{self.dtype}"
            and all(
                mine == its or size == 1
                for size, mine, its in zip(self.shape, self.strides, tensor.stride(), strict=True)
            )
        )

    def made(self) -> torch.Tensor:
        """A tensor of zeros that lies so."""
        import torch

        return torch.empty_strided(self.shape, self.strides, dtype=getattr(torch, self.dtype)).zero_()


@dataclass(frozen=True)
class Call:
    """One of torch's operations; its arguments and its result hold values as `{"value": number}`."""

    name: str
    overload: str
    arguments: Any
    named: Any
    result: Any


@dataclass(frozen=True)
class Holding:
    """What holds the weights in bounds between their gradients and their step."""

    l1: bool = False  # some have a penalty; how much of it is one of the numbers
    l2: float = 0.0
    clip_value: float | None = None
    clip_norm: float | None = None


@dataclass(frozen=True)
class Blueprint:
    """Values by number. `forms` tells how those lie in memory that come in from outside, by their numbers."""

    calls: tuple[Call, ...]
    forms: Mapping[int, Form]
    batch: tuple[int, ...]  # what comes in anew at each step: tensors of the batch …
    noise: tuple[int, ...]  # … and random numbers
    weights: tuple[int, ...]  # that learn
    others: tuple[int, ...]  # all else that stays: frozen weights, statistics, constants
    losses: tuple[int, ...]
    compared: tuple[int, ...]
    gradients: tuple[int, ...]
    segments: tuple[int, ...]  # for each weight, which row of the numbers is its own
    rule: Rule
    holding: Holding
    together: int  # how many steps are one piece
    threads: int

    @property
    def told(self) -> tuple[int, ...]:
        """What is compared and was not in the batch."""
        return tuple(dict.fromkeys(value for value in self.compared if value not in self.batch))

    def text(self) -> str:
        return json.dumps({**asdict(self), "rule": self.rule.json()}, sort_keys=True)

    @classmethod
    def read(cls, text: str) -> Blueprint:
        """The blueprint that `text()` wrote."""
        data = json.loads(text)
        data = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
        forms = {int(n): Form(tuple(f["shape"]), tuple(f["strides"]), f["dtype"]) for n, f in data["forms"].items()}
        calls = tuple(Call(**call) for call in data["calls"])
        rule, holding = rule_from_json(data["rule"]), Holding(**data["holding"])
        return cls(**{**data, "calls": calls, "forms": forms, "rule": rule, "holding": holding})

    def key(self, *surroundings: str) -> str:
        """A name that no other blueprint has, nor this one in other surroundings."""
        return hashlib.sha256("\n".join([self.text(), *surroundings]).encode()).hexdigest()[:32]
