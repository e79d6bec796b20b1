"""Every template opens, is free of problems, says what it shows, and trains."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from engine import templates
from engine.problem import UserError
from engine.storage import dumps, loads
from engine.summary import summary
from engine.training.events import Epoch, Finished

NAMES = templates.names()
# well-known networks that wait for data of the user's own
DRAWN_ONLY = ("resnet-18", "resnet-50", "vgg-16", "googlenet", "u-net", "vit-b-16", "gpt-12", "siamese")
TRAINED = [name for name in NAMES if name not in DRAWN_ONLY]


def test_these_are_there_in_the_order_one_would_try_them() -> None:
    assert (
        *("digits-cnn", "digits-mlp", "iris", "breast-cancer", "diabetes", "spirals", "two-inputs"),
        *("digits-vae", "moons-gan"),
        *DRAWN_ONLY,
    ) == NAMES


@pytest.mark.parametrize("template", templates.templates(), ids=NAMES)
def test_it_says_what_it_shows(template: templates.Template) -> None:
    assert template.project.name == template.name
    assert template.description.endswith(".")
    assert 20 < len(template.description) <= 110
    places = {key.partition("/")[0] for key in template.project.layout}
    assert places == set(template.project.graph.nodes)


@pytest.mark.parametrize("template", templates.templates(), ids=NAMES)
def test_it_has_no_problems_and_learns_something(template: templates.Template) -> None:
    problems = engine.check(template.project)
    assert all(problem.builds for problem in problems)
    assert bool(problems) == (template.name in DRAWN_ONLY)
    assert summary(template.project)["parameters"] > 0


@pytest.mark.parametrize("template", templates.templates(), ids=NAMES)
def test_it_is_written_as_it_would_be_saved(template: templates.Template) -> None:
    assert loads(dumps(template.project)) == template.project


@pytest.mark.parametrize("name", TRAINED)
def test_it_trains(name: str, tmp_path: Path) -> None:
    events = list(engine.train(templates.open_template(name), tmp_path / "run", epochs=1, device="cpu"))
    assert isinstance(events[-1], Finished)
    (epoch,) = (event for event in events if isinstance(event, Epoch))
    assert len(epoch.validation) > 1 or name == "digits-vae"


@pytest.mark.parametrize(
    ("name", "words"),
    [("digits", "Did you mean “digits-"), ("zzz", "There are digits-cnn, "), ("", "There are"), ("../x", "There are")],
)
def test_what_is_not_there_is_refused_in_words(name: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        templates.open_template(name)
