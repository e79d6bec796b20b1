"""Data settings refuse, in words, what would leave nothing to train with."""

from __future__ import annotations

import pytest

from engine.data import DataSettings, Source
from engine.data.sources import Digits, Iris, Spirals
from engine.record import BadValue


def test_starts_with_digits() -> None:
    settings = DataSettings()
    assert settings.source == Digits()
    assert settings.normalise
    assert list(settings.fields()) == ["image", "pixels", "digit"]
    assert all(name == field.name for name, field in settings.fields().items())


def test_the_form_asks_for_everything_but_the_source() -> None:
    assert [described.name for described in DataSettings.params()] == ["validation", "test", "seed", "normalise"]


def test_another_source_brings_other_fields() -> None:
    settings = DataSettings().change(source=Spirals(classes=4))
    assert settings.fields()["label"].classes == ("arm 1", "arm 2", "arm 3", "arm 4")


def test_the_source_is_written_with_its_own_parameters() -> None:
    written = DataSettings(source=Spirals(classes=4)).model_dump()
    assert written["source"]["classes"] == 4


def test_settings_are_values() -> None:
    assert DataSettings(source=Iris()) == DataSettings(source=Iris()) != DataSettings()
    assert hash(DataSettings(source=Iris())) == hash(DataSettings(source=Iris()))


@pytest.mark.parametrize("values", [{"validation": 0.9, "test": 0}, {"validation": 0.5, "test": 0.49}, {"test": 0}])
def test_takes(values: dict[str, float]) -> None:
    settings = DataSettings.build(values)
    assert {name: getattr(settings, name) for name in values} == values


@pytest.mark.parametrize(
    ("values", "param", "words"),
    [
        ({"validation": 0}, "validation", "Validation share must be more than 0, less than 1, not 0."),
        ({"validation": 1}, "validation", "Validation share must be more than 0, less than 1, not 1."),
        ({"test": -0.1}, "test", "Test share must be at least 0, less than 1, not -0.1."),
        ({"validation": 0.9, "test": 0.1}, "validation", "must come to less than 1 together"),
        ({"validation": 0.3, "test": 0.8}, "test", r"(0.3) and test share (0.8) must come to less than 1"),
        ({"validation": 0.7 + 0.2, "test": 0.1 - 1e-12}, "validation", "must come to less than 1 together"),
        ({"seed": -1}, "seed", "Split seed must be at least 0"),
        ({"validation": "half"}, "validation", "Validation share must be a number, not “half”."),
        ({"colour": 1}, "colour", "DataSettings has no parameter “colour”."),
        ({"source": 3}, "source", "source"),
    ],
)
def test_refuses(values: dict[str, object], param: str, words: str) -> None:
    with pytest.raises(BadValue) as refused:
        DataSettings.build(values)
    assert list(refused.value.errors) == [param]
    assert words in refused.value.errors[param]


def test_a_change_is_refused_as_well() -> None:
    with pytest.raises(BadValue, match="less than 1 together"):
        DataSettings().change(test=0.85)


def test_a_plain_source_has_no_fields() -> None:
    with pytest.raises(NotImplementedError):
        DataSettings(source=Source()).fields()
