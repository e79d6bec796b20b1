"""Records say what they take, take what was typed, and refuse the rest in words."""

from __future__ import annotations

from typing import ClassVar, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.blocks import CATALOGUE
from engine.call import Sizes
from engine.data import SOURCES, DataSettings
from engine.record import BadValue, Margin2d, OpenSize2d, Param, Record, Registry, Shape, Size2d, Size3d, param
from engine.training.settings import OPTIMIZERS, TrainingSettings
from tests.engine.examples import examples


class Sample(Record):
    """One parameter of each kind."""

    aliases: ClassVar[tuple[str, ...]] = ("example",)

    count: int = param(3, ge=1, le=9, doc="A whole number.", unit="pieces")
    share: float = param(0.5, ge=0, lt=1, label="Part", doc="A number.")
    on: bool = param(True, doc="A switch.")
    word: Literal["red", "green"] = param("red", doc="A choice.")
    size: Size2d = param((3, 3), ge=1, doc="Two sizes.")
    padding: Size2d | Literal["same", "valid"] = param("valid", ge=0, doc="Two sizes or a word.")
    depths: Size3d = param((3, 3, 3), ge=1, doc="Three sizes.")
    wanted: OpenSize2d = param((1, 1), ge=1, doc="Two sizes, or what arrives.")
    margin: Margin2d = param((1, 1, 1, 1), doc="Before and behind two axes.")
    shape: Shape | None = param(None, ge=1, doc="Any number of sizes, or none.")
    betas: tuple[float, float] = param((0.9, 0.999), ge=0, lt=1, doc="Two numbers.")
    rate: float | None = param(None, gt=0, doc="A number or nothing.")
    field: str = param("", kind="field", doc="A name.")


def described(name: str) -> Param:
    return Sample.param(name)


@pytest.mark.parametrize(
    ("name", "kind", "optional", "choices", "limits"),
    [
        ("count", "int", False, (), "at least 1, at most 9"),
        ("share", "float", False, (), "at least 0, less than 1"),
        ("on", "bool", False, (), ""),
        ("word", "choice", False, ("red", "green"), ""),
        ("size", "sizes", False, (), "at least 1"),
        ("padding", "sizes", False, ("same", "valid"), "at least 0"),
        ("depths", "sizes", False, (), "at least 1"),
        ("wanted", "sizes", False, (), "at least 1"),
        ("margin", "sizes", False, (), ""),
        ("shape", "shape", True, (), "at least 1"),
        ("betas", "numbers", False, (), "at least 0, less than 1"),
        ("rate", "float", True, (), "more than 0"),
        ("field", "field", False, (), ""),
    ],
)
def test_tells_a_form_what_to_show(name: str, kind: str, optional: bool, choices: tuple[str, ...], limits: str) -> None:
    told = described(name)
    assert (told.kind, told.optional, told.choices, told.limits) == (kind, optional, choices, limits)


def test_labels_docs_units_and_defaults() -> None:
    assert [p.name for p in Sample.params()] == list(Sample.model_fields)
    assert (described("share").label, described("count").label) == ("Part", "Count")
    assert (described("count").unit, described("count").doc) == ("pieces", "A whole number.")
    assert {p.name: p.default for p in Sample.params()} == Sample().values()


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("count", 4, "4"),
        ("share", 0.001, "0.001"),
        ("share", 0.25, "0.25"),
        ("share", 1e-7, "1e-07"),
        ("share", 1 / 3, "0.3333333333333333"),
        ("on", False, "False"),
        ("word", "green", "green"),
        ("size", Sizes((3, 5)), "3 × 5"),
        ("padding", Sizes((1, 1)), "1 × 1"),
        ("padding", "same", "same"),
        ("depths", Sizes((3, 5, 1)), "3 × 5 × 1"),
        ("wanted", (None, 7), "same × 7"),
        ("wanted", (None, None), "same × same"),
        ("margin", Sizes((0, 1, -2, 3)), "0 × 1 × -2 × 3"),
        ("shape", (3, 32, 32), "3 × 32 × 32"),
        ("shape", None, ""),
        ("betas", (0.9, 0.999), "0.9, 0.999"),
        ("rate", None, ""),
        ("field", "image", "image"),
    ],
)
def test_what_is_shown_can_be_typed(name: str, value: object, text: str) -> None:
    told = described(name)
    assert told.format(value) == text
    assert Sample().change(**{name: told.parse(text)}).values()[name] == value


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("count", " 7 ", 7),
        ("share", "1e-3", 0.001),
        ("share", "0,25", 0.25),
        ("share", ".5", 0.5),
        ("size", "5", (5, 5)),
        ("size", "3x5", (3, 5)),
        ("size", "(3, 5)", (3, 5)),
        ("size", "3 5", (3, 5)),
        ("wanted", "same", (None, None)),
        ("wanted", "5", (5, 5)),
        ("margin", "2", (2, 2, 2, 2)),
        ("padding", "2", (2, 2)),
        ("padding", "valid", "valid"),
        ("shape", "[3, 8, 8]", (3, 8, 8)),
        ("shape", "7", (7,)),
        ("shape", "  ", None),
        ("betas", "0.8 0.9", (0.8, 0.9)),
        ("on", "FALSE", False),
        ("rate", "2", 2.0),
    ],
)
def test_takes_what_people_type(name: str, typed: str, value: object) -> None:
    changed = Sample().change(**{name: described(name).parse(typed)})
    assert getattr(changed, name) == value
    assert changed.changed() == ({name: value} if value != described(name).default else {})


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("count", "0", "Count must be at least 1, at most 9, not 0."),
        ("count", "10", "Count must be at least 1, at most 9, not 10."),
        ("count", "many", "Count must be a whole number, not “many”."),
        ("count", "2.5", "Count must be a whole number, not 2.5."),
        ("count", "", "Count must be a whole number, not “”."),
        ("count", "9" * 30, "Count must be a number below 2⁶³"),
        ("size", "same", "Size must be one whole number, or one for each axis such as 3 × 3, not “same”."),
        ("wanted", "0 same", "Wanted must be at least 1, not 0 × same."),
        ("wanted", "3 4 5", "Wanted must be one whole number, or one for each axis such as 3 × 3"),
        ("share", "1", "Part must be at least 0, less than 1, not 1."),
        ("share", "1e999", "Part must be a number, not inf."),
        ("share", "half", "Part must be a number, not “half”."),
        ("word", "blue", "Word must be “red” or “green”, not “blue”."),
        ("size", "3, 4, 5", "Size must be one whole number, or one for each axis such as 3 × 3, not (3, 4, 5)."),
        ("size", "0", "Size must be at least 1, not 0 × 0."),
        ("size", "3 × 0", "Size must be at least 1, not 3 × 0."),
        ("size", f"3 x {'9' * 30}", "Size must be a number below 2⁶³"),
        ("padding", "same thing", "Padding must be one whole number, or one for each axis such as 3 × 3 or “same” or"),
        ("shape", "3 x y", "Shape must be whole numbers such as 3 × 32 × 32, not “y”."),
        ("shape", "0", "Shape must be at least 1, not 0."),
        ("betas", "0.5", "Betas must be numbers such as 0.9, 0.999, not (0.5,)."),
        ("betas", "0.5, 1", "Betas must be at least 0, less than 1, not 0.5, 1."),
        ("rate", "0", "Rate must be more than 0, not 0."),
        ("on", "maybe", "On must be on or off, not “maybe”."),
    ],
)
def test_refuses_in_words(name: str, typed: str, sentence: str) -> None:
    with pytest.raises(BadValue) as refused:
        Sample().change(**{name: described(name).parse(typed)})
    assert list(refused.value.errors) == [name]
    assert refused.value.errors[name].startswith(sentence)
    assert str(refused.value) == refused.value.errors[name]


def test_refuses_several_at_once_each_in_its_place() -> None:
    with pytest.raises(BadValue) as refused:
        Sample.build({"count": "x", "word": "blue", "colour": 1})
    assert set(refused.value.errors) == {"count", "word", "colour"}
    assert refused.value.errors["colour"] == "Sample has no parameter “colour”."


def test_long_values_are_cut_in_messages() -> None:
    with pytest.raises(BadValue) as refused:
        Sample().change(count="x" * 500)
    assert len(str(refused.value)) < 100


def test_what_has_no_default_must_be_given() -> None:
    class Needy(Record):
        """Needs a name."""

        name: str = param(doc="A name.")

    assert Needy.param("name").default is None
    assert Needy(name="a").changed() == {"name": "a"}
    with pytest.raises(BadValue, match="name is missing"):
        Needy.build({})


def test_a_record_does_not_change_in_place() -> None:
    sample = Sample()
    with pytest.raises(ValidationError):
        sample.count = 4
    assert sample.change(count=4) == Sample(count=4) != sample
    assert len({Sample(), Sample(), Sample(count=4)}) == 2


def test_a_registry_holds_what_was_registered_and_nothing_else() -> None:
    registry: Registry[Record] = Registry((Sample,))
    assert registry["Sample"] is Sample
    assert "Record" not in registry
    with pytest.raises(KeyError):
        registry["os"]


RECORDS = [*CATALOGUE.values(), *SOURCES.values(), *OPTIMIZERS.values(), DataSettings, TrainingSettings]


@pytest.mark.parametrize("cls", RECORDS, ids=lambda cls: cls.__name__)
def test_every_default_of_ours_can_be_shown_and_typed(cls: type[Record]) -> None:
    for told in cls.params():
        text = told.format(told.default)
        assert cls().change(**{told.name: told.parse(text)}) == cls(), told.name
        assert told.refusal(told.default) is None


@examples(2)
@given(name=st.sampled_from([p.name for p in Sample.params()]), typed=st.text(max_size=20))
def test_whatever_is_typed_is_taken_or_refused_in_words(name: str, typed: str) -> None:
    try:
        changed = Sample().change(**{name: described(name).parse(typed)})
    except BadValue as refused:
        (sentence,) = refused.errors.values()
        assert sentence.startswith(described(name).label)
    else:
        value = getattr(changed, name)
        assert described(name).refusal(value) is None
        assert Sample().change(**{name: described(name).parse(described(name).format(value))}) is not None
