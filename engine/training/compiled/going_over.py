"""When a training goes over from its usual steps to compiled ones: made ready beside it, checked, and timed first."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import torch

from engine.training.batches import Batches, Place
from engine.training.compiled import shelf
from engine.training.compiled.background import Making
from engine.training.compiled.block import Block, loaded, segments_of
from engine.training.compiled.blueprint import Holding
from engine.training.compiled.compiler import compiler, processor, remedy
from engine.training.compiled.drawing import CannotCompileError, Drawn, Kept, drawn
from engine.training.compiled.outlook import ON_GPU, refusal
from engine.training.compiled.rules import rule_of
from engine.training.course import Course
from engine.training.events import Compiled
from engine.training.settings import TrainingSettings
from engine.training.step.nothing import nothing_happened
from engine.training.step.traced import record

TOGETHER = 8  # steps in one piece at most, where a step is short …
SHORT = 0.0025  # … in seconds; of longer ones each is a piece, so that the run can be stopped after it
CALL = 1.0  # what it costs to begin a piece, in steps of it …
PLAIN = 5.0  # … and a step that is in none, roughly
KNOWN_AFTER, WORTH = 3.0, 180.0  # seconds after which “auto” knows the pace, and those that must lie ahead
TIMED = 7  # pieces of each kind, before the faster is kept
TOLERANCES = {"float32": 1e-3, "bf16": 5e-2, "fp16": 5e-2}  # of what a piece comes to; a mistake would show

Stretch = Sequence[dict[str, torch.Tensor]]
Stage = Literal["off", "waiting", "making", "trying", "compiled", "refused"]


class GoingOver:
    """Asked now and then how it stands, and before each stretch of batches who is to carry it out."""

    def __init__(self, settings: TrainingSettings, course: Course, batches: Batches) -> None:
        self._settings, self._course, self._batches = settings, course, batches
        self.stage: Stage = "off" if settings.compile == "off" else "waiting"
        self._drawn: Drawn | None = None
        self._making: Making | None = None
        self._block: Block | None = None
        self._took: dict[bool, list[float]] = {True: [], False: []}  # compiled or not → seconds of pieces
        self._news: Compiled | None = None
        self._least = math.inf  # seconds that a step took

    def look(self, seconds: float, behind: int, ahead: int) -> Compiled | None:
        """What has changed, if anything, after so many seconds and steps of a run, with so many ahead."""
        if self.stage == "waiting":
            if self._settings.compile == "on" or self._pays(seconds, seconds / max(behind, 1) * ahead):
                self._begin()
        elif self.stage == "making":
            assert self._making is not None
            if self._making.over:
                self._take_up(self._making)
        news, self._news = self._news, None
        return news

    def stretches(
        self, batches: Iterator[tuple[int, dict[str, torch.Tensor]]], limit: int | None
    ) -> Iterator[list[tuple[int, dict[str, torch.Tensor]]]]:
        """The batches in lists that are learned from in one go; no more than `limit` of them share one."""
        left = limit
        for first in batches:
            stretch = [first]
            together = self._block.together if self._block is not None else 1
            while len(stretch) < (together if left is None else min(together, left)):
                following = next(batches, None)
                if following is None:
                    break
                stretch.append(following)
            left = None if left is None else left - len(stretch)
            yield stretch

    @contextmanager
    def turn(self, batches: Stretch, done: int) -> Iterator[Block | None]:
        """Who carries out the steps on these batches, after `done` others: a block, or None for the usual way."""
        block, threads = self._block, torch.get_num_threads()
        if self.stage == "waiting":
            began = now(threads)
            yield None
            self._least = min(self._least, (now(threads) - began) / len(batches))  # the first ones take longer
            return
        if block is None or self._course.pieces.count > 1 or not block.fits(batches):
            yield None
            return
        if self.stage == "compiled":
            yield block
            return
        compiled = len(self._took[True]) <= len(self._took[False])
        if not self._took[True] and not self._right(block, batches, done):
            self._refuse("its numbers are not those of PyTorch")
            yield None
            return
        began = now(threads)
        yield block if compiled else None
        self._took[compiled].append(took(compiled, began, threads))
        if len(self._took[False]) >= TIMED:
            self._decide()

    def close(self) -> None:
        """End what goes on in the background."""
        if self._making is not None:
            self._making.end()
            self._making = None
        self._block = None

    def _pays(self, seconds: float, ahead: float) -> bool:
        """Whether so much lies ahead that compiling is worth it, as far as limits of the run let it come to that."""
        minutes = self._settings.max_minutes
        ahead = ahead if minutes is None else min(ahead, 60 * minutes - seconds)
        return seconds >= KNOWN_AFTER and ahead >= WORTH

    def _begin(self) -> None:
        """Have the steps compiled, or say why not."""
        place, refusal = compiler(), self._refusal()
        if refusal is not None:
            self._refuse(refusal)
            return
        if place is None:
            self._refuse(f"there is no C++ compiler here. {remedy()}")
            return
        try:
            self._drawn = self._draw(together(self._batches.full) if self._least < SHORT else 1)
            key = self._drawn.blueprint.key(torch.__version__, processor(), place)
            folder = shelf.shelf()
            ready = shelf.found(folder, key)
            if ready is not None:
                self._load(ready)
                return
            self._making = Making(self._drawn.blueprint.text(), key, folder, place)
        except CannotCompileError as error:
            self._refuse(str(error))
        except OSError as error:
            self._refuse(f"the compiler can't be started ({error.strerror or error})")
        else:
            self.stage = "making"
            self._news = Compiled("begun", "compiling in the background, plain steps meanwhile")

    def _refusal(self) -> str | None:
        """Why this training has no compiled form, if it has none."""
        stride = self._course.strides[0]
        if (against := refusal(self._settings)) is not None:
            return against
        if any(weight.device.type != "cpu" for weight in self._course.flat.weights):
            return ON_GPU
        if not stride.way.traced:
            return stride.way.reason
        optimizers = stride.descent.optimizers
        if len(optimizers) != 1 or rule_of(optimizers[0]) is None:
            return "not all weights are moved by one rule"
        return None

    def _draw(self, together: int) -> Drawn:
        settings, flat, stride = self._settings, self._course.flat, self._course.strides[0]
        forward, descent = stride.forward, stride.descent
        rule = rule_of(descent.optimizers[0])
        assert rule is not None
        staying = [*flat.weights, *forward.network.parameters(), *forward.network.buffers()]
        staying += [*forward.objective.parameters(), *forward.objective.buffers()]
        with nothing_happened(staying):
            recording = record(forward, flat, self._batches.first(self._batches.batch_size))
            holding = Holding(bool(descent.l1), settings.l2, settings.clip_value, settings.clip_norm)
            kept = Kept(flat.weights, segments_of(flat), rule, holding)
            return drawn(recording, kept, together, torch.get_num_threads())

    def _take_up(self, making: Making) -> None:
        self._making = None
        if making.library is None:
            self._refuse(making.reason)
        else:
            self._load(making.library)

    def _load(self, library: Path) -> None:
        assert self._drawn is not None
        try:
            self._block = Block(loaded(library), self._drawn, self._course.flat, self._course.strides[0].descent)
        except RuntimeError as error:
            self._refuse(f"what was compiled can't be loaded ({str(error).strip().splitlines()[0]})")
        else:
            self.stage = "trying"

    def _right(self, block: Block, batches: Stretch, done: int) -> bool:
        """Whether a block does with these batches what PyTorch does; afterwards nothing has happened."""
        moved, random, flat = self._moved(), torch.get_rng_state(), self._course.flat
        before = [tensor.clone() for tensor in moved]
        go = self._course.go
        plain = [go(batch, done + number, done + number, Place()) for number, batch in enumerate(batches)]
        weights, gradients = ([tensor.detach().clone() for tensor in each] for each in (flat.weights, flat.gradients))
        self._put_back(moved, before, random)
        outcomes = block(batches, done)
        told = [[loss for outcome in each for loss in outcome.losses] for each in (outcomes, plain)]
        tolerance = TOLERANCES[self._settings.precision]
        # gradients that are nothing but rounding, as of what a normalisation takes away, move weights all the same
        least = tolerance * max(float(gradient.abs().max()) for gradient in gradients)
        right = _close(torch.stack(told[0]), torch.stack(told[1]), tolerance) and all(
            _close(mine[gradient.abs() > least], weight[gradient.abs() > least], tolerance)
            for mine, weight, gradient in zip(flat.weights, weights, gradients, strict=True)
        )
        self._put_back(moved, before, random)
        return right

    def _moved(self) -> list[torch.Tensor]:
        """All that a step changes."""
        assert self._drawn is not None
        state = self._course.strides[0].descent.optimizers[0].state
        kept = [tensor for values in state.values() for tensor in values.values() if isinstance(tensor, torch.Tensor)]
        return [*(segment.weight.detach() for segment in self._course.flat.segments), *kept, *self._drawn.others]

    def _put_back(self, moved: list[torch.Tensor], before: list[torch.Tensor], random: torch.Tensor) -> None:
        torch.set_rng_state(random)
        for tensor, value in zip(moved, before, strict=True):
            tensor.copy_(value)

    def _decide(self) -> None:
        """Keep the faster of both."""
        times: Mapping[bool, float] = {kind: statistics.median(took) for kind, took in self._took.items()}
        if times[True] >= times[False]:
            self._refuse(f"the compiled steps take {times[True] / times[False]:.2g} times as long here")
            return
        self.stage = "compiled"
        self._news = Compiled("used", f"compiled, {times[False] / times[True]:.2g} times as fast as before")

    def _refuse(self, reason: str) -> None:
        self.stage, self._block = "refused", None
        self._news = Compiled("refused", f"not compiled: {reason}")


def together(full: int) -> int:
    """How many steps are best made into one piece, where an epoch has so many full batches."""

    def cost(steps: int) -> float:
        pieces, rest = divmod(full, steps)
        return pieces * (steps + CALL) + rest * PLAIN

    return min(range(1, TOGETHER + 1), key=cost)


def now(threads: int) -> float:
    """A clock in seconds: of our one thread, which a busy machine doesn't hurry, or that on the wall."""
    return time.thread_time() if threads == 1 else time.perf_counter()


def took(compiled: bool, began: float, threads: int) -> float:
    """Seconds that a piece took, compiled or not."""
    return now(threads) - began


def _close(one: torch.Tensor, two: torch.Tensor, tolerance: float) -> bool:
    size = float(two.detach().abs().max()) if two.numel() else 0.0
    return bool(torch.allclose(one, two, rtol=tolerance, atol=tolerance * size, equal_nan=True))
