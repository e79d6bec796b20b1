"""Records in a project file: what is written of them, and what is refused in words."""

from __future__ import annotations

import pytest

from engine.sections import record_of, tagged, training_section, typed, values_of
from engine.training.settings import OPTIMIZERS, SCHEDULES, TrainingSettings


def test_a_record_is_written_by_its_name_and_values() -> None:
    adam = OPTIMIZERS["Adam"](betas=(0.8, 0.9))
    assert tagged("name", adam)["name"] == "Adam"
    assert values_of(adam)["betas"] == [0.8, 0.9]


def test_only_what_differs_is_written_beside_what_every_training_has() -> None:
    plain = training_section(TrainingSettings())
    assert set(plain) == {"optimizer", *TrainingSettings.always_written}
    changed = training_section(TrainingSettings(l1=0.5, schedule=SCHEDULES["Cosine"]()))
    assert set(changed) - set(plain) == {"l1", "schedule"}


def test_every_setting_comes_back() -> None:
    settings = TrainingSettings(
        optimizer=OPTIMIZERS["Muon"](), schedule=SCHEDULES["MultiStep"](), patience=3, clip_norm=2
    )
    assert record_of(TrainingSettings, TrainingSettings.nested, training_section(settings)) == settings


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"optimizer": {"name": "Magic"}}, "this version has no optimizer “Magic”. It has SGD, Adam"),
        ({"optimizer": []}, "“optimizer” should be an object."),
        ({"optimizer": {"name": 3}}, "“name” should be text."),
    ],
)
def test_says_what_it_can_not_read(values: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        record_of(TrainingSettings, {"optimizer": OPTIMIZERS}, values)
    with pytest.raises(KeyError):
        typed({}, "optimizer", dict)
