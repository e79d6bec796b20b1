"""The table of trials has each under the name that the worker is asked for."""

from __future__ import annotations

from engine.training.trial_table import TRIALS


def test_each_trial_has_the_name_of_its_function() -> None:
    assert {name: trial.__name__ for name, trial in TRIALS.items()} == {name: name for name in TRIALS}
    assert set(TRIALS) == {"find_rate", "overfit_one_batch", "find_batch_size"}
