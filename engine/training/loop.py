"""The loop of training: an iterator of events. To pause, don't pull; to stop, close it; to see it, print what comes."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from engine.check import review
from engine.problem import UserError
from engine.project import Project
from engine.training.changes import Changes
from engine.training.device import available_device
from engine.training.events import (
    Changed,
    Divided,
    Epoch,
    Event,
    Failed,
    Finished,
    Saved,
    Scoring,
    Searching,
    Started,
    Step,
)
from engine.training.failures import explained
from engine.training.run import EventLog, RunFolder, runs_of
from engine.training.saving import Saving
from engine.training.tensorboard import Board, refuse_without_package
from engine.training.threads import with_threads
from engine.training.warm_start import Origin, origin_in

if TYPE_CHECKING:
    from engine.training.trainer import Trainer

TELL_EVERY = 1 / 30  # seconds between two steps that are told


def train(
    project: Project,
    run_dir: str | Path | None = None,
    *,
    epochs: int | None = None,
    seed: int | None = None,
    device: str | None = None,
    tensorboard: bool | None = None,
    resume: bool = False,
    start_from: str | Path | Origin | None = None,
    changes: Changes | None = None,
) -> Iterator[Event]:
    """Train the project's network and tell how it goes.

    `epochs`, `seed`, `device` and `tensorboard` override the project's settings. The run goes into `run_dir`, or else
    into the next number in `<project name>.runs`. With `resume`, the run in `run_dir` goes on from its last saved state
    (with the project and the settings it was started with, as they were changed since, but for what is given).
    With `start_from`, the folder of another run, it begins with the weights of that run which still fit.
    What is asked of `changes` counts from the next step on and is told as `Changed`.

    Raises:
        UserError: when the design has errors, the device is missing, or the folder can't be used. What goes wrong
            later comes as a `Failed` event.
    """
    if resume and start_from is not None:
        raise UserError("A run that is resumed goes on with its own weights; leave out where to begin from.")
    folder = _existing(run_dir) if resume else None
    if folder is not None:
        project, seed = folder.read_project(), None
    changes = changes or Changes(project.training)
    if resume and epochs is not None:
        changes.ask(epochs=epochs)
        epochs = None
    given = {"epochs": epochs, "seed": seed, "device": device, "tensorboard": tensorboard}
    settings = project.training.change(**{name: value for name, value in given.items() if value is not None})
    project = project.with_(training=settings)
    errors = [problem for problem in review(project).problems if problem.severity == "error"]
    if errors:
        raise UserError(f"The design can't be trained yet. {errors[0]}")
    available_device(settings.device)
    if settings.tensorboard:
        refuse_without_package()
    origin = origin_in(Path(start_from)) if isinstance(start_from, (str, Path)) else start_from
    return _told(project, folder or _fresh(project, run_dir), resume, changes, origin)


def _existing(run_dir: str | Path | None) -> RunFolder:
    if run_dir is None:
        raise UserError("To resume, say which run: its folder as run_dir.")
    return RunFolder.existing(Path(run_dir))


def _fresh(project: Project, run_dir: str | Path | None) -> RunFolder:
    if run_dir is None:
        name = re.sub(r"[^\w .-]+", "-", project.name)[:80].strip(" .-")  # a name is no path
        return RunFolder.next_in(runs_of(Path(f"{name or 'untitled'}.plexus")))
    return RunFolder.create(Path(run_dir))


def _told(
    project: Project, folder: RunFolder, resume: bool, changes: Changes, origin: Origin | None
) -> Iterator[Event]:
    """The events of a run, each written to its log before it is handed over."""
    from engine.training.trainer import Trainer

    log: EventLog | None = None
    board: Board | None = None
    trainer: Trainer | None = None
    closed = False
    try:
        folder.tidy()
        if not resume:
            folder.write_project(project)
            if project.training.threads is None:
                project = with_threads(project)
                folder.write_project(project)
        trainer, origin = Trainer(project, folder, resume, origin), None  # its weights need be kept no longer
        log = EventLog(folder.events, trainer.progress.events)
        if project.training.tensorboard:
            board = Board(folder.path, trainer.progress.epoch, trainer.progress.step, len(trainer.batches))
        first = _taken(trainer, changes)
        with closing(_run(trainer, folder, log.position, resume, changes)) as events:
            for event in events:
                told: list[Event] = [event, *first]
                while told:
                    for each in told:
                        log.write(each)
                        if board is not None:
                            board.write(each)
                    try:
                        for each in told:
                            with trainer.put_aside():
                                yield each
                    except GeneratorExit:
                        closed = True
                        for change in _taken(trainer, changes):
                            log.write(change)
                        raise
                    first, told = [], [] if isinstance(event, (Finished, Failed)) else [*_taken(trainer, changes)]
    except (RuntimeError, MemoryError, ValueError, IndexError) as error:
        failed = explained(error, trainer, folder)
        # once closed, nobody listens any more, and whoever closes is told that the state could not be saved
        if closed or failed is None:
            raise
        if log is not None:
            with suppress(UserError):  # a full disk may be the very reason
                log.write(failed)
        else:
            folder.add_failure(failed)
        yield failed
    finally:
        for writer in (log, board):
            if writer is not None:
                writer.close()
        if trainer is not None:
            trainer.going_over.close()
            trainer.restore_surroundings()


def _taken(trainer: Trainer, changes: Changes) -> list[Changed]:
    """What was asked for, done."""
    return [change for values in changes.take() for change in trainer.change(values)]


def _run(
    trainer: Trainer, folder: RunFolder, position: Callable[[], int], resume: bool, changes: Changes
) -> Generator[Event]:
    progress, settings = trainer.progress, trainer.project.training
    finished = False
    saving = Saving(settings.save_every)

    def save() -> Saved:
        if not trainer.sound():
            raise _DivergedError(float("nan"))
        with saving.writing():
            progress.events = position()
            trainer.save()
        return Saved(progress.epoch - 1, str(folder.path / "last"))

    try:
        yield Started(
            run=folder.number,
            run_dir=str(folder.path),
            device=trainer.device,
            threads=settings.threads or 1,
            parameters=trainer.parameters,
            samples=trainer.samples,
            epochs=settings.epochs,
            steps_per_epoch=len(trainer.batches),
            metrics=trainer.epoch_tally.names,
            learning_rate=trainer.learning_rate,
            resumed=resume,
            traced=trainer.course.traced,
            reason=trainer.course.reason,
            losses=trainer.epoch_tally.loss_names,
            opposed=len(settings.turns) > 1,
        )
        if trainer.warm is not None:
            yield trainer.warm
            yield save()  # from here on the run stands by itself
        while not trainer.through and (progress.step or not trainer.reason_to_stop()):
            yield from _epoch(trainer, lambda: save() if saving.due(epoch_over=False) else None, changes)
            over = trainer.through or bool(trainer.reason_to_stop())
            if over or saving.due(epoch_over=True):
                yield save()
        finished = True
        yield trainer.finish("done")
    except GeneratorExit:
        if not finished:
            with suppress(_DivergedError):  # then what was saved before is better to go on from
                save()
            trainer.finish("stopped")
        raise
    except _DivergedError as error:
        try:
            failed = yield from _diverged(trainer, error)
        except GeneratorExit:
            trainer.finish("stopped")
            raise
        yield failed


def _epoch(trainer: Trainer, save_now_and_then: Callable[[], Saved | None], changes: Changes) -> Generator[Event]:
    """One epoch of steps and the scoring after it.

    Raises:
        _DivergedError: when the loss is no longer finite.
    """
    progress, steps = trainer.progress, len(trainer.batches)
    started = told = time.perf_counter()
    passed = progress.seconds
    samples, pieces = 0, trainer.course.pieces.count
    left = not (progress.step and trainer.limit_reached(passed))  # a run may have been stopped at its very limit
    for stretch in trainer.stretches() if left else ():
        trainer.steps(stretch)
        if not trainer.loss_is_finite():
            raise _DivergedError(float("nan"))
        samples += sum(count for count, _ in stretch)
        now = time.perf_counter()
        over = bool(trainer.limit_reached(passed + now - started))
        if now - told < TELL_EVERY and progress.step < steps and not over and not changes.waiting:
            continue

        if trainer.course.pieces.count > pieces:
            pieces = trainer.course.pieces.count
            yield Divided(progress.epoch, pieces)
        scores = trainer.window()
        progress.seconds = passed + now - started
        if not _finite(scores["loss"]):
            raise _DivergedError(scores["loss"])
        ahead = steps * trainer.project.training.epochs - steps * (progress.epoch - 1) - progress.step
        behind = steps * (progress.epoch - 1) + progress.step
        event = Step(
            epoch=progress.epoch,
            step=progress.step,
            steps=steps,
            seen=progress.epoch - 1 + progress.step / steps,
            train=scores,
            learning_rate=trainer.learning_rate,
            samples_per_second=samples / max(now - told, 1e-9),
            remaining_seconds=progress.seconds / behind * ahead,
            gradients=trainer.gradients(),
            seconds=progress.seconds,
        )
        samples = 0
        yield event
        if (news := trainer.going_over.look(progress.seconds, behind, ahead)) is not None:
            yield news
        if progress.step < steps and (saved := save_now_and_then()) is not None:
            yield saved
        waited = time.perf_counter() - now  # neither a pause nor the writing is part of the run's time
        told, started = now + waited, started + waited
        if over:
            break

    at_once = trainer.passes.at_once
    with closing(trainer.validate()) as validating:  # whatever happens, the weights are put back at once
        for done in validating:
            now = time.perf_counter()
            yield Scoring(progress.epoch, done, trainer.samples["validation"])
            started += time.perf_counter() - now
    if trainer.passes.at_once < at_once:
        yield Divided(progress.epoch, at_once // trainer.passes.at_once, scoring=True)
    train_scores, scores = trainer.epoch_tally.values(), trainer.scores
    if not _finite(scores["loss"]):
        raise _DivergedError(scores["loss"], scoring=True)
    best = trainer.end_epoch(scores)
    progress.seconds = passed + time.perf_counter() - started
    ended = Epoch(progress.epoch - 1, train_scores, scores, time.perf_counter() - started, best)
    progress.history.append({"epoch": ended.epoch, "train": train_scores, "validation": scores})
    yield ended


def _finite(value: float) -> bool:
    return value - value == 0


class _DivergedError(Exception):
    """The loss or the weights are no longer finite."""

    def __init__(self, loss: float, *, scoring: bool = False) -> None:
        self.loss, self.scoring = loss, scoring


def _diverged(trainer: Trainer, error: _DivergedError) -> Generator[Event, None, Failed]:
    """Find out where it began; the saved state, which is from before, is left as it is."""
    from engine.training.diagnosis import retrace, search_validation

    progress = trainer.progress
    if error.scoring and trainer.sound():
        found, when = search_validation(trainer), f"the validation after epoch {progress.epoch}"
    else:
        search = retrace(trainer.begun_with, trainer.folder, progress.epoch, progress.step, progress.changes)
        told = time.perf_counter()
        answer = None
        while answer is None:
            try:
                epoch = next(search)
            except StopIteration as end:
                answer = end.value or (None, f"epoch {progress.epoch}")
                continue
            if time.perf_counter() - told > TELL_EVERY:
                yield Searching(epoch)
                told = time.perf_counter()
        found, when = answer
    block = found.block if found is not None else trainer.first_not_finite()
    words = f"The loss is no longer a number one can learn from ({error.loss}), in epoch {progress.epoch}."
    if found is not None:
        words = f"{found.sentence(when)} Nothing can be learned from such numbers."
    saved = (trainer.folder.path / "last" / "state.safetensors").exists()
    if found is not None and found.in_data:
        return Failed(words, "Correct the value, or leave the row out.", block, ("check_data",))
    remedy = "Lower the learning rate, or clip the gradients"
    remedy += "; the state that was saved last, from before, is unharmed." if saved else "."
    return Failed(words, remedy, block, ("lower_rate", "clip", "go_back") if saved else ("lower_rate", "clip"))
