"""A traced training is the plain one: the same numbers over a hundred steps, for all that it is made of."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from engine import templates
from engine.graph import Wire
from engine.project import Project
from engine.source import Source
from engine.training.run import RunFolder
from engine.training.step.choice import Choice
from engine.training.step.plain import PlainStep
from engine.training.step.recording import CannotRecordError
from engine.training.step.traced import SHAPES_AT_MOST, TracedStep
from engine.training.trainer import Trainer
from engine.weight_settings import WeightSettings
from tests.engine.designs import autoencoder, branches
from tests.engine.drawing import block, classifier, draw
from tests.engine.training.given import noisy, regression, small
from tests.engine.training.step.made import made

STEPS = 100
SMALL = 10**6  # parameters, up to which a hundred steps are soon done


def trainable() -> Iterator[str]:
    for name in templates.names():
        project = templates.open_template(name)
        bound = [node.block for node in project.graph.nodes.values() if type(node.block).__name__ == "Input"]
        if all(getattr(entry, "field", None) for entry in bound) and _parameters(project) <= SMALL:
            yield name


def _parameters(project: Project) -> int:
    from engine.compile import source_of

    source: Source = source_of(project, objective=True)
    return source.parameters


def images(*layers: Any) -> Project:
    """Digits through layers that take images, in batches that don't come out even."""
    blocks = {"image": block("Input", field="image")}
    blocks |= {f"layer{index}": layer for index, layer in enumerate(layers)}
    blocks |= {"flat": block("Flatten"), "scores": block("Linear", out_features=10)}
    blocks |= {"label": block("Target", field="digit"), "loss": block("CrossEntropyLoss")}
    chain = ["image", *(f"layer{index}" for index in range(len(layers))), "flat", "scores", "loss.prediction"]
    return draw(blocks, " -> ".join(chain), "label -> loss.target", source="Digits", batch_size=100)


def convolutions() -> Project:
    return images(
        *(block("Conv2d", out_channels=6), block("BatchNorm2d"), block("ReLU"), block("MaxPool2d")),
        *(
            block("Conv2d", out_channels=4, padding="same"),
            block("Dropout2d", p=0.2),
            block("GELU"),
            block("AvgPool2d"),
        ),
    )


def shared() -> Project:
    """One layer twice, so that its gradient is a sum; a part that is frozen, and penalties."""
    project = classifier(block("Linear", out_features=4), block("Tanh"), block("Linear", out_features=4))
    graph, again = project.graph.share("layer3")
    for wire in (Wire("layer3", "y", again, "x"), Wire(again, "y", "scores", "x")):
        graph = graph.connect(wire)
    graph = graph.treat("layer1", WeightSettings(frozen=True)).treat(
        "scores", WeightSettings(l1=0.01, weight_decay=0.1)
    )
    return project.edit(graph)


def drawing(*layers: Any) -> Callable[[], Project]:
    return lambda: classifier(*layers)


MADE: dict[str, Callable[[], Project]] = {
    **{name: lambda name=name: templates.open_template(name) for name in trainable()},  # type: ignore[misc]
    **{make.__name__: make for make in (small, noisy, regression, branches, autoencoder, convolutions, shared)},
    "recurrent": drawing(block("Unsqueeze", dim=1), block("LSTM", hidden_size=4), block("Flatten")),
    "gated": drawing(block("Unsqueeze", dim=1), block("GRU", hidden_size=4, num_layers=2), block("Flatten")),
    "normed": drawing(block("Linear", out_features=6), block("LayerNorm"), block("SiLU")),
    "random": drawing(block("Linear", out_features=6), block("RReLU"), block("AlphaDropout", p=0.2)),
}


def trained(project: Project, folder: Path, plain: bool) -> tuple[Trainer, list[torch.Tensor]]:
    """A trainer after a hundred steps, and the loss of each."""
    trainer = Trainer(project, RunFolder.create(folder), resume=False)
    losses = []
    try:
        assert trainer.course.traced, trainer.course.reason
        for stride in trainer.course.strides if plain else ():
            stride.way = Choice(PlainStep(stride.forward, stride.weights))
        epochs = (trainer.batches.epoch(number) for number in itertools.count(1))
        for samples, batch in itertools.islice(itertools.chain.from_iterable(epochs), STEPS):
            trainer.step(samples, batch)
            losses.append(torch.stack(tuple(trainer._aside[-1].losses)))
    finally:
        trainer.restore_surroundings()
    return trainer, losses


@pytest.mark.parametrize("name", MADE)
def test_a_hundred_steps_are_those_of_the_plain_way(name: str, tmp_path: Path) -> None:
    project = MADE[name]()
    one, losses = trained(project, tmp_path / "traced", plain=False)
    two, expected = trained(project, tmp_path / "plain", plain=True)
    torch.testing.assert_close(losses, expected, rtol=1e-5, atol=1e-5)
    for (key, value), (_, other) in zip(
        one.network.state_dict().items(), two.network.state_dict().items(), strict=True
    ):
        torch.testing.assert_close(value, other, rtol=1e-5, atol=1e-5, msg=lambda text, key=key: f"{key}: {text}")


def test_a_seeded_run_repeats_to_the_last_bit(tmp_path: Path) -> None:
    _, one = trained(noisy(), tmp_path / "one", plain=False)
    _, two = trained(noisy(), tmp_path / "two", plain=False)
    assert all(torch.equal(first, second) for first, second in zip(one, two, strict=True))


def test_recording_leaves_no_trace() -> None:
    """Neither statistics of layers nor random numbers move, and no gradient is needed to be there before."""
    project = made(noisy())
    before = {name: value.clone() for name, value in project.forward.network.state_dict().items()}
    random = torch.get_rng_state()
    TracedStep(project.forward, project.flat, project.batches.first(16))
    assert torch.equal(random, torch.get_rng_state())
    assert all(torch.equal(value, before[name]) for name, value in project.forward.network.state_dict().items())


def test_other_batches_are_recorded_as_they_come() -> None:
    project = made(small())
    step, plain = (kind(project) for kind in (traced, lambda p: PlainStep(p.forward, p.flat)))
    for samples in range(3, 3 + 2 * SHAPES_AT_MOST):
        batch = project.batches.first(samples)
        expected = plain(batch).losses[0]
        wanted = [gradient.clone() for gradient in project.flat.gradients]
        torch.testing.assert_close(step(batch).losses[0], expected)
        torch.testing.assert_close(project.flat.gradients, wanted)
    assert sum(recorded is not None for recorded in step._steps.values()) == SHAPES_AT_MOST


def traced(project: Any) -> TracedStep:
    return TracedStep(project.forward, project.flat, project.batches.first(16))


def test_what_is_not_the_same_when_repeated_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    project = made(small())
    forward = project.forward.network.forward
    calls = itertools.count(1)
    monkeypatch.setattr(project.forward.network, "forward", lambda x: forward(x * next(calls)))
    step = traced(project)  # a number that Python counts is fixed in a recording …
    assert next(calls) == 2
    monkeypatch.setattr(project.forward.network, "forward", lambda x: forward(x * x.sum().item()))
    with pytest.raises(CannotRecordError):
        step._recorded(project.batches.first(5))  # … but one that is read from the data is seen
