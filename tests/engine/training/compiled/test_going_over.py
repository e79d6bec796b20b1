"""A run goes over between two steps when all is ready, right and faster, and else goes on as it was, with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import torch

import engine
from engine.project import Project
from engine.training.compiled import going_over
from engine.training.compiled.blueprint import Blueprint
from engine.training.events import Compiled, Event, Finished
from engine.training.optimizers import Adagrad
from tests.engine.drawing import block, classifier
from tests.engine.training.compiled.made import as_it_is
from tests.engine.training.given import noisy, of_kind, same, small, weights

EPOCHS = 30


class AtOnce:
    """Stands in for `Making`: what it makes does what PyTorch does, operation by operation."""

    made: Blueprint | None = None
    asked = 0
    library: Path | None = Path("made")
    reason = ""

    def __init__(self, blueprint: str, *_: object) -> None:
        type(self).made = Blueprint.read(blueprint)
        self.looks = 0

    @property
    def over(self) -> bool:
        self.looks += 1
        return self.looks > 2

    def end(self) -> None:
        type(self).asked += 1


def run_of(_: Path) -> Callable[[list[torch.Tensor]], Sequence[torch.Tensor]]:
    assert AtOnce.made is not None
    return as_it_is(AtOnce.made)


@pytest.fixture(autouse=True)
def _at_once(every_step: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each step is told, the compiler is quick, and what it makes is always the faster."""
    clock = iter(range(10**9))
    monkeypatch.setattr(going_over, "Making", AtOnce)
    monkeypatch.setattr(going_over, "loaded", run_of)
    monkeypatch.setattr(going_over, "compiler", lambda: "g++")
    monkeypatch.setattr(going_over, "took", lambda compiled, *_: next(clock) if not compiled else 0.5)
    monkeypatch.setattr(going_over, "SHORT", 1e9)
    monkeypatch.setattr(going_over.shelf, "shelf", lambda: tmp_path)
    AtOnce.asked, AtOnce.library, AtOnce.reason = 0, Path("made"), ""


@pytest.mark.parametrize(
    ("full", "steps"), [(0, 1), (1, 1), (6, 6), (8, 8), (9, 3), (15, 5), (16, 8), (21, 7), (200, 8), (198, 6)]
)
def test_steps_are_put_together_so_that_few_are_left_over(full: int, steps: int) -> None:
    assert going_over.together(full) == steps


def told(events: list[Event]) -> list[tuple[str, str]]:
    return [(event.state, event.words) for event in of_kind(Compiled, events)]


def trained(project: Project, folder: Path) -> list[Event]:
    return list(engine.train(project, folder))


@pytest.mark.parametrize("make", [small, noisy])
def test_a_run_that_goes_over_comes_to_the_same(make: Callable[..., Project], tmp_path: Path) -> None:
    events = trained(make(epochs=EPOCHS, compile="on"), tmp_path / "compiled")
    assert [state for state, _ in told(events)] == ["begun", "used"]
    plain = trained(make(epochs=EPOCHS), tmp_path / "plain")
    assert told(plain) == []
    one, two = of_kind(Finished, events)[0], of_kind(Finished, plain)[0]
    assert one.train["loss"] == pytest.approx(two.train["loss"], rel=1e-3)
    for (name, mine), (_, other) in zip(
        weights(tmp_path / "compiled").items(), weights(tmp_path / "plain").items(), strict=True
    ):
        if make is small or name.startswith("scores"):
            torch.testing.assert_close(mine, other, rtol=1e-3, atol=1e-3)


def test_auto_is_for_long_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(trained(small(compile="auto"), tmp_path / "1")) == []
    monkeypatch.setattr(going_over, "KNOWN_AFTER", 0.0)
    monkeypatch.setattr(going_over, "WORTH", 0.0)
    assert told(trained(small(compile="auto", epochs=EPOCHS), tmp_path / "2"))[0][0] == "begun"
    monkeypatch.setattr(going_over, "WORTH", 30.0)
    short = small(compile="auto", epochs=1_000_000, max_steps=40, max_minutes=0.4)
    assert told(trained(short, tmp_path / "3")) == []


REFUSED: dict[str, tuple[Callable[[], Project], str]] = {
    "optimizer": (lambda: small(compile="on", optimizer=Adagrad()), "Adagrad has no compiled form; Adam, AdamW and"),
    "accumulate": (lambda: small(compile="on", accumulate=2), "gradients of several batches are added up"),
    "ema": (lambda: small(compile="on", averaging="ema"), "EMA looks at the weights after every step"),
    "deterministic": (lambda: small(compile="on", deterministic=True), "“Deterministic” asks for the same bits"),
    "recurrent": (
        lambda: classifier(
            *(block("Unsqueeze", dim=1), block("LSTM", hidden_size=4), block("Flatten")), compile="on", epochs=2
        ),
        "a recurrent layer is computed as a whole already",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_compiled_form_goes_on_plain_and_says_why(name: str, tmp_path: Path) -> None:
    make, words = REFUSED[name]
    events = trained(make(), tmp_path / "run")
    ((state, reason),) = told(events)
    assert (state, reason.startswith(f"not compiled: {words}")) == ("refused", True), reason
    assert isinstance(events[-1], Finished)


def test_no_compiler_is_told_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(going_over, "compiler", lambda: None)
    ((_, words),) = told(trained(small(compile="on"), tmp_path / "run"))
    assert words.startswith("not compiled: there is no C++ compiler here. ")


def test_a_compiler_that_fails_is_told(tmp_path: Path) -> None:
    AtOnce.library, AtOnce.reason = None, "CppCompileError: no such header"
    assert told(trained(small(compile="on"), tmp_path / "run"))[1:] == [
        ("refused", "not compiled: CppCompileError: no such header")
    ]


def test_wrong_numbers_are_never_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(library: Path) -> Callable[[list[torch.Tensor]], Sequence[torch.Tensor]]:
        right = run_of(library)

        def run(tensors: list[torch.Tensor]) -> Sequence[torch.Tensor]:
            values = right(tensors)
            tensors[0].add_(0.01)
            return values

        return run

    monkeypatch.setattr(going_over, "loaded", wrong)
    assert told(trained(small(compile="on", epochs=EPOCHS), tmp_path / "wrong"))[1:] == [
        ("refused", "not compiled: its numbers are not those of PyTorch")
    ]
    trained(small(epochs=EPOCHS), tmp_path / "plain")
    assert same(weights(tmp_path / "wrong"), weights(tmp_path / "plain"))


def test_what_is_slower_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(going_over, "took", lambda compiled, *_: 3.0 if compiled else 2.0)
    assert told(trained(small(compile="on", epochs=EPOCHS), tmp_path / "run"))[1:] == [
        ("refused", "not compiled: the compiled steps take 1.5 times as long here")
    ]


def test_what_is_on_the_shelf_is_taken_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained(small(compile="on", epochs=EPOCHS), tmp_path / "first")
    monkeypatch.setattr(going_over.shelf, "found", lambda folder, key: folder / key)
    events = trained(small(compile="on", epochs=EPOCHS), tmp_path / "second")
    assert [state for state, _ in told(events)] == ["used"]


def test_steps_at_most_are_kept_to(tmp_path: Path) -> None:
    events = trained(small(compile="on", epochs=EPOCHS, max_steps=171), tmp_path / "run")
    assert [state for state, _ in told(events)] == ["begun", "used"]
    assert of_kind(Finished, events)[0].why == "171 steps done"
    last = [event for event in events if event.name == "step"][-1]
    assert (last.epoch - 1) * last.steps + last.step == 171  # type: ignore[attr-defined]


def test_what_goes_on_in_the_background_ends_with_the_run(tmp_path: Path) -> None:
    events = engine.train(small(compile="on"), tmp_path / "run")
    while not isinstance(next(events), Compiled):
        continue
    assert AtOnce.asked == 0
    events.close()  # type: ignore[attr-defined]
    assert AtOnce.asked == 1


def test_a_run_that_was_compiled_is_resumed(tmp_path: Path) -> None:
    events = engine.train(small(compile="on", epochs=EPOCHS), tmp_path / "run")
    states = []
    while "used" not in states:
        event = next(events)
        states += [event.state] if isinstance(event, Compiled) else []
    events.close()  # type: ignore[attr-defined]
    rest = list(engine.train(small(), tmp_path / "run", resume=True))
    assert of_kind(Finished, rest)[0].epochs == EPOCHS
    trained(small(epochs=EPOCHS), tmp_path / "plain")
    for (_, mine), (_, other) in zip(
        weights(tmp_path / "run").items(), weights(tmp_path / "plain").items(), strict=True
    ):
        torch.testing.assert_close(mine, other, rtol=1e-3, atol=1e-3)
