"""TensorBoard's event files beside our own log, for those who ask for them; the package `tensorboard` is an extra.

They lie in the run's folder under `tensorboard/steps`, by steps since the run began, and `tensorboard/epochs`, by
epochs: two axes, which TensorBoard shows as two runs. A run that goes on tells TensorBoard from where on what was
written before never happened.
"""

from __future__ import annotations

import importlib.util
import warnings
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

from engine.problem import UserError
from engine.storage import writing
from engine.training.events import Epoch, Event, Scores, Step

FOLDER = "tensorboard"


def refuse_without_package() -> None:
    """Raises:
    UserError: when TensorBoard's package is missing.
    """
    if importlib.util.find_spec("tensorboard") is None:
        raise UserError(
            "TensorBoard files need the package tensorboard, which is not installed. Install it with "
            "`pip install tensorboard`, or turn “TensorBoard files” off in the training settings."
        )


class Board:
    """Writes what events tell of scores and rates.

    Every method but `close` raises `UserError` when the files can't be written.
    """

    def __init__(self, run: Path, epoch: int = 1, step: int = 0, steps: int = 0) -> None:
        """A run that goes on stands in `epoch`, after `step` of its `steps`."""
        self._place = run / FOLDER
        with self._telling():
            self._steps = _writer(self._place / "steps", (epoch - 1) * steps + step + 1)
            self._epochs = _writer(self._place / "epochs", epoch)

    def write(self, event: Event) -> None:
        with self._telling():
            self._put(event)

    def _put(self, event: Event) -> None:
        if isinstance(event, Step):
            place = (event.epoch - 1) * event.steps + event.step
            _add(self._steps, "train", event.train, place)
            self._steps.add_scalar("learning_rate", event.learning_rate, place)
        elif isinstance(event, Epoch):
            _add(self._epochs, "train", event.train, event.epoch)
            _add(self._epochs, "validation", event.validation, event.epoch)

    def _telling(self) -> AbstractContextManager[None]:
        return writing(self._place, "Make room for it.")

    def close(self) -> None:
        for writer in (self._steps, self._epochs):
            with suppress(OSError):  # a full disk, which our own log tells of
                writer.close()


def _writer(folder: Path, from_on: int) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what its libraries say of each other helps nobody here
        from torch.utils.tensorboard import SummaryWriter

        known = folder.exists()
        return SummaryWriter(str(folder), purge_step=from_on if known else None, flush_secs=10)


def _add(writer: Any, part: str, scores: Scores, place: int) -> None:
    """`loss/train`, `accuracy/validation`: what belongs together is shown together."""
    for name, value in scores.items():
        writer.add_scalar(f"{name}/{part}", value, place)
