"""What is known of a run as a text: settings of the start, changes, and what it began with."""

from __future__ import annotations

from pathlib import Path

from designer.training.run_details import details
from engine.training.events import Changed, WarmStarted
from engine.training.settings import TrainingSettings
from tests.designer.training.test_all_runs import told


def test_a_plain_run() -> None:
    text = details(told(3, 0.25), TrainingSettings(epochs=10, patience=4))
    assert text.startswith("5 of 10 epochs in 1 min 01 s · best after epoch 4.")
    assert "Validation: loss 0.250, accuracy 75.0 %" in text
    assert "| Learning rate | 0.001 |" in text
    assert "| Stop early after | 4 |" in text
    assert "Changed while it went" not in text
    assert "Began with" not in text


def test_a_run_that_was_changed_and_began_warm() -> None:
    warm = WarmStarted(2, "r/2", "best", 7, ("conv|1",), {"fc1": "64 × 256, was 64 × 128"}, 40, 100)
    changes = (Changed("lr", 1e-3, 3e-4, 4, 12, 3.5), Changed("epochs", 10, 20, 5, 0, 4.0))
    text = details(told(3, 0.25, warm=warm, changes=changes, wanted=20), TrainingSettings())
    assert "5 of 20 epochs" in text
    assert "| Learning rate 1e-3 → 3e-4 | 4 | 12 |" in text
    assert "| Epochs 10 → 20 | 5 | 0 |" in text
    assert "### Began with weights of run 2" in text
    assert "As they were at its best epoch (epoch 7); 40 % of all numbers were kept." in text
    assert "| conv\\|1 | kept |" in text
    assert "| fc1 | new: 64 × 256, was 64 × 128 |" in text
    assert text.index("Changed while it went") < text.index("Settings at its start"), Path
