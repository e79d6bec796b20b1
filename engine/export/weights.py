"""The best weights of a run as safetensors, under the names that the exported Python has for them."""

from __future__ import annotations

from pathlib import Path

from engine.training.run import RunFolder, write_tensors


def export_weights(run: RunFolder, place: Path) -> None:
    """Copy the best weights of `run` to `place`; `load_state_dict` of the exported network takes them.

    Raises:
        UserError: when the run has none yet, or the file can't be written.
    """
    write_tensors(place, run.read_best())
