"""The best weights of a run as safetensors, under the names that the exported Python has for them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from engine.export.normalisation import normalisations
from engine.problem import UserError
from engine.training.run import RunFolder, write_tensors


def export_weights(run: RunFolder, place: Path) -> None:
    """Copy the best weights of `run` to `place`; `load_state_dict` of the exported network takes them.

    The file's metadata hold under "normalisation" how inputs and predictions were scaled in training, as JSON.

    Raises:
        UserError: when the run has none yet, or the file can't be written.
    """
    weights = run.read_best()
    try:
        scaled = [asdict(item) for item in normalisations(run.read_project())]
    except UserError:
        scaled = []  # the data are not there any more; the weights are
    write_tensors(place, weights, {"normalisation": json.dumps(scaled)})
