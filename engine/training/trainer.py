"""All that a training holds: network, objective, optimizer, data, and where it stands."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from typing import Literal

import torch

from engine.compile import build
from engine.data.preparation import prepare
from engine.group import path_in_names
from engine.plan import plan
from engine.problem import UserError
from engine.project import Project
from engine.training.averaging import Averaging
from engine.training.batches import Batches, Tensors, tensors_of
from engine.training.changes import Values, after_all, changed, standing, value_of
from engine.training.compiled.going_over import GoingOver
from engine.training.course import Course
from engine.training.device import available_device
from engine.training.events import Changed, Finished
from engine.training.passes import Passes
from engine.training.precision import Precision
from engine.training.run import RunFolder
from engine.training.scores import Batch, Tally, higher_is_better, judges
from engine.training.settings import TrainingSettings
from engine.training.shares import weighed
from engine.training.state import Progress, Saved, load_state, save_state
from engine.training.step.forward import Forward, Outcome
from engine.training.step.layout import laid_out, wants_channels_last
from engine.training.step.memory import keep_freed_memory
from engine.training.surroundings import Surroundings
from engine.training.treatment import blocks_with_weights, treatment
from engine.training.warm_start import Origin, warm_start

ASIDE_AT_MOST = 2**20  # numbers kept aside before they are added up, so that large predictions don't fill the memory
SCORE_BATCH = 256  # samples scored at once; more than a step's, since no gradients are kept


class Trainer:
    """Built from a project and a run's folder; everything random follows the project's seed."""

    def __init__(self, project: Project, folder: RunFolder, resume: bool, origin: Origin | None = None) -> None:
        self.begun_with = project  # changes while it goes leave this as it is
        self.project, self.folder = project, folder
        self.device = available_device(project.training.device)
        self._surroundings = Surroundings(self.device)
        try:
            self._set_up(resume, origin)
        except BaseException:
            self._surroundings.restore()
            raise

    def _set_up(self, resume: bool, origin: Origin | None) -> None:
        project, settings = self.project, self.project.training
        torch.set_num_threads(settings.threads or 1)
        if settings.deterministic:
            os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # without which cuBLAS has no such way
            torch.use_deterministic_algorithms(True)
        keep_freed_memory()
        prepared = prepare(project.data)
        planned = plan(project.graph, project.data.fields())

        torch.manual_seed(settings.seed)
        compiled = build(project, objective=True)
        assert compiled.objective is not None
        self._source, self.parts = compiled.source, compiled.source.parts
        self.network, self.objective = compiled.network.to(self.device), compiled.objective.to(self.device)
        self.warm = warm_start(self.network, self._source, project.graph, origin) if origin else None
        self.precision = Precision(settings, self.device)
        self.forward = Forward(self.network, self.objective, self.parts, self.precision.computing)
        self.data = tensors_of(planned, self.parts, prepared, self.device)
        if wants_channels_last(self.network):
            self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
            self.data = {part: {n: laid_out(t) for n, t in tensors.items()} for part, tensors in self.data.items()}
        self.samples, self.rows = dict[str, int](prepared.sizes.items()), prepared.rows
        self.batches = Batches(self.data["train"], settings.batch_size, settings.seed)
        losses = [step.block for step in self.parts.losses.values()]
        # a loss that grows with the batch could not be held against that of the training, scored in other batches
        alike = any(getattr(loss, "compares_samples", False) for loss in losses)
        self.passes = Passes(self.forward, self.data, settings.batch_size if alike else SCORE_BATCH, fixed=alike)
        self._accumulate = settings.accumulate
        treated = treatment(self.network, compiled.source, project.graph)
        place = self.forward.compared.index
        self._weighed = weighed(self.parts, place, self.device)
        self._counted_targets = [self.forward.compared[each.target] for each in self._weighed if each is not None]
        named = dict(zip(self.forward.losses, self._weighed, strict=True))
        self.course = Course(settings, project.graph, self.forward, treated, self.batches, self.precision, named)
        self.going_over = GoingOver(settings, self.course, self.batches)
        self.averaging = Averaging(settings, self.network)
        self._judges = judges(planned, self.parts, prepared)
        self._judged = [(place(judge.prediction), place(judge.target)) for judge in self._judges]
        self._blocks = blocks_with_weights(self.network, compiled.source, project.graph)

        self.progress = Progress()
        self._aside: list[Batch] = []  # steps whose losses and predictions have not been read yet
        self._aside_size = 0
        self._last: list[tuple[torch.Tensor, torch.Tensor | None]] = []  # losses of the latest step, and over what
        self._window, self.epoch_tally = self._fresh_tally(exact=True), self._fresh_tally()
        self.scores: dict[str, float] = {}
        self.epoch_tally.refuse_unless_known(settings.watch)
        self._best: dict[str, torch.Tensor] = {}
        if resume:
            self._go_on(load_state(self.folder.path / "last"))
        self.course.at(self._steps_done)
        self.network.train()

    @property
    def parameters(self) -> int:
        return sum(parameter.numel() for parameter in self.network.parameters())

    @property
    def learning_rate(self) -> float:
        return self.course.learning_rate

    @property
    def _steps_done(self) -> int:
        """Steps of the optimizer so far."""
        progress = self.progress
        return (progress.epoch - 1) * self.course.per_epoch + progress.step // self._accumulate

    def _fresh_tally(self, *, exact: bool = False) -> Tally:
        return Tally(self._judges, self.forward.shares, self.project.training.scores, exact)

    def step(self, samples: int, batch: Tensors) -> None:
        """Learn from one batch; nothing is read from the device."""
        place = self.batches.place(self.progress.step, self._accumulate, self._counted_targets)
        number = (self.progress.epoch - 1) * len(self.batches) + self.progress.step
        outcome = self.course.go(batch, number, self._steps_done, place)
        if place.last:
            self.averaging.after_step()

        self._note([samples], [outcome])

    def _note(self, samples: Sequence[int], outcomes: Sequence[Outcome]) -> None:
        seen = [self._batch(count, outcome) for count, outcome in zip(samples, outcomes, strict=True)]
        self._last = [pair for each in seen for pair in zip(each.losses, each.over, strict=True)]
        self._aside += seen
        self._aside_size += sum(each.size for each in seen)
        if self._aside_size > ASIDE_AT_MOST:
            self._add_up()

    def stretches(self) -> Iterator[list[tuple[int, Tensors]]]:
        """What is left of the epoch, batch by batch; several at once where their steps are compiled into one."""
        limit, batches = self.project.training.max_steps, self.batches.epoch(self.progress.epoch, self.progress.step)
        return self.going_over.stretches(batches, limit and max(1, limit - self._steps_done))

    def steps(self, stretch: list[tuple[int, Tensors]]) -> None:
        """Learn from some batches, one after the other, and count them."""
        batches, done = [batch for _, batch in stretch], self._steps_done
        with self.going_over.turn(batches, done) as block:
            if block is not None:
                self._note([samples for samples, _ in stretch], block(batches, done))
                self.progress.step += len(stretch)
            for samples, batch in stretch if block is None else ():
                self.step(samples, batch)
                self.progress.step += 1

    def window(self) -> dict[str, float]:
        """Losses and scores since this was asked last; the only place where the device is read while it trains."""
        self._add_up()
        values, self._window = self._window.values(), self._fresh_tally(exact=True)
        return values

    def _add_up(self) -> None:
        self._window.add(self._aside)
        self.epoch_tally.add(self._aside)
        self._aside, self._aside_size = [], 0

    def _batch(self, samples: int, outcome: Outcome) -> Batch:
        losses, compared = outcome
        pairs = [(compared[prediction], compared[target]) for prediction, target in self._judged]
        return Batch(samples, losses, pairs, [each.over(compared) if each else None for each in self._weighed])

    def gradients(self) -> dict[str, float]:
        """Norm of the gradient of each block's weights, as the last step left it; the device is read once for all."""
        found = {id(p): p.grad for parameters in self._blocks.values() for p in parameters if p.grad is not None}
        read = torch.stack(torch._foreach_norm(list(found.values()))).tolist() if found else []
        norms = dict(zip(found, read, strict=True))
        return {name: math.hypot(*(norms.get(id(p), 0.0) for p in each)) for name, each in self._blocks.items()}

    def validate(self) -> Generator[int]:
        """Score the validation part with the weights that count, which may be averages.

        Tells from time to time how many samples are done.
        """
        told = time.perf_counter()
        with closing(self._validated()) as validated:
            for done in validated:
                if time.perf_counter() - told > 1 / 30:
                    yield done
                    told = time.perf_counter()

    def _validated(self) -> Generator[int]:
        for _ in self.averaging.after_epoch(self.progress.epoch, lambda: self.passes.through("train")):
            yield 0
        with self.averaging.applied():
            yield from self.score("validation")

    def score(self, part: Literal["train", "validation", "test"]) -> Generator[int]:
        """Score a part of the data into `scores`; tells after every batch how many samples are done."""
        tally, done = self._fresh_tally(exact=True), 0
        self.network.eval()
        for samples, outcome in self.passes.outcomes(part):
            with torch.inference_mode():
                tally.add([self._batch(samples, outcome)])
            done += samples
            yield done
        self.network.train()
        self.scores = tally.values()

    def end_epoch(self, scores: dict[str, float]) -> bool:
        """Close an epoch: keep the weights when they are the best so far, and make ready for the next."""
        settings, progress = self.project.training, self.progress
        score, higher = scores[settings.watch], higher_is_better(settings.watch)
        self.course.end_epoch(score, higher)
        gain = float("inf") if progress.best_score is None else (score - progress.best_score) * (1 if higher else -1)
        best = gain > settings.min_delta or settings.last_counts
        progress.waited = 0 if best else progress.waited + 1
        if best:
            progress.best_score, progress.best_epoch = score, progress.epoch
            with self.averaging.applied():
                self._best = {name: tensor.detach().clone() for name, tensor in self.network.state_dict().items()}
        self.progress.epoch += 1
        self.progress.step = 0
        self.epoch_tally = self._fresh_tally()
        return best

    def change(self, values: Values) -> list[Changed]:
        """Go on by other settings; answers with what differs from before.

        Raises:
            BadValue: when a value can't be taken.
        """
        progress, before = self.progress, self.project.training
        after = changed(before, values)
        seen = progress.epoch - 1 + progress.step / len(self.batches)
        told = [
            Changed(name, value_of(before, name), value_of(after, name), progress.epoch, progress.step, seen)
            for name in values
            if value_of(before, name) != value_of(after, name)
        ]
        if told:
            self._go_by(after)
            progress.changes += [asdict(change) for change in told]
        return told

    def _go_by(self, settings: TrainingSettings) -> None:
        self.project = self.project.with_(training=settings)
        self.averaging.change(settings)
        self.course.change(settings, self._steps_done)

    @property
    def through(self) -> bool:
        return self.progress.epoch > self.project.training.epochs

    def reason_to_stop(self) -> str:
        """Why the run is over before its last epoch, in words; empty while it isn't."""
        settings, progress = self.project.training, self.progress
        if settings.patience is not None and progress.waited >= settings.patience:
            return f"{settings.watch} has not got better for {_counted(progress.waited, 'epoch')}"
        loss = progress.history[-1]["validation"]["loss"] if progress.history else float("inf")
        if settings.target_loss is not None and loss <= settings.target_loss:
            return f"the loss has fallen to {loss:.4g}"
        return self.limit_reached(progress.seconds)

    def limit_reached(self, seconds: float) -> str:
        """Which limit of steps or time is reached after so many seconds, in words; empty while none is."""
        settings = self.project.training
        if settings.max_steps is not None and self._steps_done >= settings.max_steps:
            return f"{_counted(settings.max_steps, 'step')} done"
        if settings.max_minutes is not None and seconds >= 60 * settings.max_minutes:
            return f"{settings.max_minutes:g} minutes are over"
        return ""

    def finish(self, reason: Literal["done", "stopped"]) -> Finished:
        """Score the test part with the best weights and write what the run came to."""
        best = next((h for h in self.progress.history if h["epoch"] == self.progress.best_epoch), None)
        test: dict[str, float] = {}
        if best is not None and self.samples["test"]:
            last = {name: tensor.clone() for name, tensor in self.network.state_dict().items()}
            self.network.load_state_dict(self._best)
            for _ in self.score("test"):
                continue
            test = self.scores
            self.network.load_state_dict(last)
        event = Finished(
            reason=reason,
            epochs=self.progress.epoch - 1,
            best_epoch=self.progress.best_epoch,
            train=best["train"] if best else {},
            validation=best["validation"] if best else {},
            test=test,
            run_dir=str(self.folder.path),
            seconds=self.progress.seconds,
            why=self.reason_to_stop() if reason == "done" else "",
            watched=self.project.training.watch,
        )
        told = {"history": self.progress.history, "changes": self.progress.changes}
        self.folder.write_metrics({**event.json(), **told})
        return event

    def save(self) -> None:
        """Write the best weights, and the state from which the run can go on as if it had never stopped."""
        self._add_up()
        self.progress.tally, self.progress.pieces = self.epoch_tally.state(), self.course.pieces.count
        self.progress.score_batch = self.passes.at_once if self.passes.halved else 0
        random = torch.get_rng_state()
        random_cuda = torch.cuda.get_rng_state() if self.device == "cuda" else None
        learning = {
            "descent": self.course.state(),
            "averaging": self.averaging.state(),
            "precision": self.precision.state(),
        }
        if self._best:
            self.folder.write_best(self._best)
        save_state(self.folder.path / "last", self.progress, self.network, learning, random, random_cuda, self._best)

    def _go_on(self, saved: Saved) -> None:
        try:
            self.network.load_state_dict(saved.network)
        except RuntimeError:
            raise UserError("The saved weights do not fit the project of this run; it can't be resumed.") from None
        self.progress, self._best = saved.progress, {n: t.to(self.device) for n, t in saved.best.items()}
        self.progress.changes = [dict(each) for each in standing(self.project.training, saved.progress.changes)]
        if self.progress.changes:
            self._go_by(after_all(self.project.training, self.progress.changes))
        self.course.restore(saved.learning["descent"])
        self.averaging.restore(saved.learning["averaging"])
        self.precision.restore(saved.learning["precision"])
        self.course.pieces.count = saved.progress.pieces
        self.passes.at_once = saved.progress.score_batch or self.passes.at_once
        self.epoch_tally.restore(saved.progress.tally)
        torch.set_rng_state(saved.random)
        if saved.random_cuda is not None and self.device == "cuda":
            torch.cuda.set_rng_state(saved.random_cuda)

    def loss_is_finite(self) -> bool:
        """Whether the losses of the last step are finite; a GPU is not waited for, which tells them later."""
        return self.device != "cpu" or self._losses_are_finite()

    def _losses_are_finite(self) -> bool:
        # a mean over nothing, as where all targets are ignored, is no number and moves nothing
        return all(math.isfinite(loss.item()) or (over is not None and over.item() == 0) for loss, over in self._last)

    def sound(self) -> bool:
        """Whether all weights are finite, and the losses of the last step; reads the device."""
        weights = self.network.parameters()
        return self._losses_are_finite() and all(bool(tensor.detach().isfinite().all()) for tensor in weights)

    def first_not_finite(self) -> str | None:
        """The first block whose weights are no longer finite, by its path in names."""
        for name, parameters in self._blocks.items():
            if any(other.startswith(f"{name}/") for other in self._blocks):
                continue  # a group, which tells less than the block in it
            if not all(bool(parameter.isfinite().all()) for parameter in parameters):
                return name
        return None

    def block_of(self, error: BaseException) -> str | None:
        """The name of the block whose printed line raised `error`."""
        key = self._source.block_of(error)
        return None if key is None else path_in_names(self.project.graph, key)

    @contextmanager
    def put_aside(self) -> Iterator[None]:
        """Give random numbers and threads back to the caller while it handles an event."""
        mine = Surroundings(self.device)
        self._surroundings.restore()
        try:
            yield
        finally:
            self._surroundings = Surroundings(self.device)
            mine.restore()

    def restore_surroundings(self) -> None:
        self._surroundings.restore()


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
