"""Several steps of a batch: each moves its weights alone, when it is due, as a loop written by hand would."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

import engine
from engine.data import prepare
from engine.problem import UserError
from engine.project import Project
from engine.templates import open_template
from engine.training.events import Epoch, Failed, Finished, Started
from engine.training.run import RunFolder
from engine.training.schedules import Cosine
from engine.training.settings import OPTIMIZERS
from engine.training.step.choice import Choice
from engine.training.step.plain import PlainStep
from engine.training.trainer import Trainer
from engine.training.turn import Turn
from tests.drawn.drawing import block, group
from tests.drawn.networks import gan
from tests.engine.drawing import draw
from tests.engine.training.given import noisy, of_kind, run, same, scores, steps, weights

JUDGE = Turn(name="judge", losses=("real_loss", "fake_loss"), blocks=("judge",))
GENERATOR = Turn(name="generator", losses=("generator_loss",), blocks=("generator",))


def adversarial(*turns: Turn, **training: Any) -> Project:
    project = gan()
    settings = {"turns": turns or (JUDGE, GENERATOR), "device": "cpu", "epochs": 3, **training}
    return project.with_(training=project.training.change(**settings))


@contextmanager
def training(project: Project, folder: Path) -> Iterator[Trainer]:
    trainer = Trainer(project, RunFolder.create(folder), resume=False)
    try:
        yield trainer
    finally:
        trainer.restore_surroundings()


def go(trainer: Trainer, count: int) -> Iterator[dict[str, torch.Tensor]]:
    """So many batches; after each, the weights as they are."""
    for epoch in itertools.count(1):
        for samples, batch in trainer.batches.epoch(epoch):
            trainer.step(samples, batch)
            trainer.progress.step += 1
            yield {name: value.clone() for name, value in trainer.network.state_dict().items()}
            count -= 1
            if not count:
                return
        trainer.progress.epoch, trainer.progress.step = epoch + 1, 0


def moved(before: dict[str, torch.Tensor], after: dict[str, torch.Tensor]) -> set[str]:
    """The blocks of which a weight has moved."""
    return {name.partition(".")[0] for name in before if not torch.equal(before[name], after[name])}


@pytest.mark.parametrize(
    ("turns", "blocks"),
    [
        ((JUDGE,), {"judge"}),
        ((GENERATOR,), {"generator"}),
        ((JUDGE, GENERATOR), {"judge", "generator"}),
        ((JUDGE.change(blocks=("judge_again",)),), {"judge"}),
    ],
    ids=["judge", "generator", "both", "shared"],
)
def test_a_step_moves_its_own_weights_and_no_others(turns: tuple[Turn, ...], blocks: set[str], tmp_path: Path) -> None:
    with training(adversarial(*turns), tmp_path) as trainer:
        before = {name: value.clone() for name, value in trainer.network.state_dict().items()}
        assert moved(before, list(go(trainer, 5))[-1]) == blocks


def test_a_step_is_taken_at_each_batch_of_its_number_across_epochs(tmp_path: Path) -> None:
    project = adversarial(JUDGE, GENERATOR.change(every=3))
    with training(project, tmp_path) as trainer:
        assert len(trainer.batches) == 11  # so the second epoch begins amidst three batches
        states = [{name: value.clone() for name, value in trainer.network.state_dict().items()}, *go(trainer, 24)]
        found = [moved(one, two) for one, two in itertools.pairwise(states)]
    assert found == [{"judge", "generator"} if number % 3 == 0 else {"judge"} for number in range(1, 25)]


def by_hand(trainer: Trainer, random: torch.Tensor, count: int, every: int = 1) -> tuple[list[list[float]], nn.Module]:
    """A GAN as PyTorch's own tutorial writes it, but for the targets; the losses of each batch."""
    network = trainer.network  # from its weights as they are, with optimizers of its own
    torch.set_rng_state(random)
    adam = {"lr": trainer.project.training.optimizer.lr, "betas": (0.5, 0.999)}
    judge = torch.optim.Adam(network.judge.parameters(), **adam)  # type: ignore[arg-type, union-attr]
    generator = torch.optim.Adam(network.generator.parameters(), **adam)  # type: ignore[arg-type, union-attr]
    criterion, told, done = nn.BCEWithLogitsLoss(), [], 0
    for epoch in itertools.count(1):
        for samples, batch in trainer.batches.epoch(epoch):
            ones, zeros = torch.ones(samples, 1), torch.zeros(samples, 1)
            points = network.generator(torch.randn(samples, 4)).detach()  # type: ignore[operator]
            real = criterion(network.judge(batch["point"]), ones)  # type: ignore[operator]
            fake = criterion(network.judge(points), zeros)  # type: ignore[operator]
            judge.zero_grad()
            (real + fake).backward()
            judge.step()
            told.append([real.item(), fake.item()])
            if (done + 1) % every == 0:
                points = network.generator(torch.randn(samples, 4))  # type: ignore[operator]
                loss = criterion(network.judge(points), ones)  # type: ignore[operator]
                generator.zero_grad()
                loss.backward()
                generator.step()
                told[-1].append(loss.item())
            done += 1
            if done == count:
                return told, network
    raise AssertionError


def plain(trainer: Trainer) -> None:
    for stride in trainer.course.strides:
        stride.way = Choice(PlainStep(stride.forward, stride.weights))


@pytest.mark.parametrize("every", [1, 5])
@pytest.mark.parametrize("way", [None, plain], ids=["traced", "plain"])
def test_fifty_batches_are_those_of_a_loop_written_by_hand(
    every: int, way: Callable[[Trainer], None] | None, tmp_path: Path
) -> None:
    with training(adversarial(JUDGE, GENERATOR.change(every=every)), tmp_path / "ours") as trainer:
        assert trainer.course.traced, trainer.course.reason
        if way is not None:
            way(trainer)
        random, losses = torch.get_rng_state(), []
        for _ in go(trainer, 50):
            losses.append([float(loss) for loss in trainer._aside[-1].losses])
        ours = {name: value.clone() for name, value in trainer.network.state_dict().items()}
    with training(adversarial(), tmp_path / "theirs") as trainer:
        told, network = by_hand(trainer, random, 50, every)
    order = [trainer.forward.losses.index(name) for name in ("real_loss", "fake_loss", "generator_loss")]
    for mine, other in zip(losses, told, strict=True):
        known = len(other) if every == 1 else 2  # a step that is taken now and then has its loss told by another
        assert [mine[place] for place in order][:known] == pytest.approx(other[:known], abs=1e-6)
    for name, value in network.state_dict().items():
        torch.testing.assert_close(ours[name], value, rtol=0, atol=1e-6)


def two_losses(*turns: Turn, **settings: Any) -> Project:
    """Irises to their species by one layer, and back to the flowers' sizes by another behind it."""
    blocks = {
        "row": block("Input", field="features"),
        "middle": block("Linear", out_features=3),
        "label": block("Target", field="species"),
        "kind": block("CrossEntropyLoss", weight=2.0),
        "back": block("Linear", out_features=4),
        "size": block("MSELoss"),
    }
    wires = ("row -> middle -> kind.prediction", "label -> kind.target", "middle -> back -> size.prediction")
    return draw(blocks, *wires, "row -> size.target", source="Iris", turns=turns, batch_size=16, epochs=2, **settings)


def test_a_weight_may_be_moved_by_several_steps_each_at_its_rate(tmp_path: Path) -> None:
    turns = (
        Turn(name="kind", losses=("kind",), blocks=("middle",)),
        Turn(name="size", losses=("size",), blocks=("middle", "back"), learning_rate=0.5),
    )
    sgd = OPTIMIZERS["SGD"](lr=0.1, momentum=0.0)
    with training(two_losses(*turns, optimizer=sgd), tmp_path / "ours") as trainer:
        ours = list(go(trainer, 20))[-1]
    with training(two_losses(), tmp_path / "theirs") as trainer:
        network = trainer.network
        for epoch, _ in itertools.product((1, 2, 3), (0,)):
            for number, (_, batch) in enumerate(trainer.batches.epoch(epoch)):
                if (epoch - 1) * len(trainer.batches) + number == 20:
                    break
                middle = network.middle  # type: ignore[union-attr]
                loss = 2 * nn.functional.cross_entropy(middle(batch["row"]), batch["label"])  # type: ignore[operator]
                step(list(middle.parameters()), loss, 0.1)  # type: ignore[union-attr]
                back = network.back(middle(batch["row"]))  # type: ignore[operator]
                loss = nn.functional.mse_loss(back, batch["row"])
                step(list(network.parameters()), loss, 0.05)
        for name, value in network.state_dict().items():
            torch.testing.assert_close(ours[name], value, rtol=0, atol=1e-6)


def step(moving: list[nn.Parameter], loss: torch.Tensor, rate: float) -> None:
    with torch.no_grad():
        for weight, gradient in zip(moving, torch.autograd.grad(loss, moving), strict=True):
            weight.sub_(gradient, alpha=rate)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"clip_norm": 0.5, "l1": 1e-3, "l2": 1e-3, "averaging": "ema"},
        {"accumulate": 3, "optimizer": OPTIMIZERS["Muon"]()},
        {"schedule": Cosine(), "warmup": 0.5, "precision": "bf16", "patience": 2},
    ],
    ids=["plain", "held", "accumulated", "scheduled"],
)
def test_one_step_over_everything_is_the_default(settings: dict[str, Any], tmp_path: Path) -> None:
    project = noisy(**settings)
    everything = Turn(name="all", losses=("loss",), blocks=tuple(project.graph.nodes))
    usual = run(project, tmp_path / "usual")
    told = run(project.with_(training=project.training.change(turns=(everything,))), tmp_path / "told")
    assert scores(usual) == scores(told)
    assert same(weights(tmp_path / "usual"), weights(tmp_path / "told"))


@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize("stop", [(1, 1), (1, 7), (2, 2), (2, 11), (3, 5)])
def test_a_run_that_is_stopped_anywhere_ends_as_one_that_never_was(stop: tuple[int, int], tmp_path: Path) -> None:
    project = adversarial(JUDGE, GENERATOR.change(every=3), averaging="ema", schedule=Cosine(), clip_norm=1.0)
    whole = run(project, tmp_path / "whole")
    events = engine.train(project, tmp_path / "stopped")
    for event in events:
        if steps([event]) and (event.epoch, event.step) == stop:  # type: ignore[attr-defined]
            break
    events.close()  # type: ignore[attr-defined]
    rest = run(project, tmp_path / "stopped", resume=True)
    assert scores(rest)[-1] == scores(whole)[-1]
    assert same(weights(tmp_path / "stopped"), weights(tmp_path / "whole"))


@pytest.mark.parametrize(
    "settings",
    [
        {"precision": "bf16"},
        {"precision": "fp16"},
        {"clip_value": 0.01, "averaging": "swa"},
        {"optimizer": OPTIMIZERS["LBFGS"](lr=0.1)},
        {"optimizer": OPTIMIZERS["Muon"]()},
    ],
    ids=["bf16", "fp16", "held", "LBFGS", "Muon"],
)
def test_what_works_with_one_step_works_with_several(settings: dict[str, Any], tmp_path: Path) -> None:
    events = run(adversarial(**settings, epochs=1), tmp_path / "run")
    assert isinstance(events[-1], Finished)


def test_the_way_is_told_with_the_reason(tmp_path: Path) -> None:
    (started,) = of_kind(Started, run(adversarial(epochs=1), tmp_path / "traced"))
    assert (started.traced, started.reason) == (True, "")
    (started,) = of_kind(Started, run(adversarial(epochs=1, precision="fp16"), tmp_path / "scaled"))
    assert (started.traced, started.reason) == (False, "the loss is scaled anew at each step")


def test_each_loss_is_told_and_the_last_epoch_counts(tmp_path: Path) -> None:
    events = run(adversarial(epochs=4), tmp_path / "run")
    (started,) = of_kind(Started, events)
    assert set(started.losses) == {"real_loss", "fake_loss", "generator_loss"}
    assert started.opposed
    for epoch in of_kind(Epoch, events):
        assert {"real_loss", "fake_loss", "generator_loss"} <= epoch.train.keys() & epoch.validation.keys()
        assert epoch.best
    watched = of_kind(Epoch, run(adversarial(epochs=4, watch="fake_loss"), tmp_path / "watched"))
    lowest = min(watched, key=lambda epoch: epoch.validation["fake_loss"])
    assert [epoch.epoch for epoch in watched if epoch.best][-1] == lowest.epoch


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        (Turn(name="empty", blocks=("judge",)), "The step “empty” has no loss"),
        (Turn(name="still", losses=("real_loss",)), "The step “still” moves no weights"),
        (Turn(name="far", losses=("real_loss",), blocks=("generator",)), "real_loss can't move"),
    ],
)
def test_a_step_that_can_do_nothing_is_refused(turn: Turn, words: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=words):
        run(adversarial(turn), tmp_path / "run")


def test_a_step_whose_gradients_come_to_nothing_is_refused(tmp_path: Path) -> None:
    """Two ways side by side in a group, which the drawing alone does not tell apart."""
    layers = {"one": block("Linear", out_features=3), "two": block("Linear", out_features=3)}
    sides = group("Sides", layers, "x -> one -> a", "x -> two -> b", outputs=("a", "b"))
    blocks = {"row": block("Input", field="features"), "sides": sides, "label": block("Target", field="species")}
    blocks |= {"kind": block("CrossEntropyLoss"), "other": block("Output")}
    wires = ("row -> sides.x", "sides.a -> kind.prediction", "label -> kind.target", "sides.b -> other.x")
    turn = Turn(name="side", losses=("kind",), blocks=("sides/two",))
    failed = run(draw(blocks, *wires, source="Iris", turns=(turn,)), tmp_path / "run")[-1]
    assert isinstance(failed, Failed)
    assert failed.message.startswith("The step “side” moves no weights: its losses depend on none of its blocks")


def test_the_template_learns_to_draw_the_moons(tmp_path: Path) -> None:
    project = open_template("moons-gan")
    project = project.with_(training=project.training.change(epochs=50, device="cpu"))
    real = torch.from_numpy(prepare(project.data).parts["train"]["point"])

    def apart(trained: bool) -> float:
        """How far drawn points are from the nearest real ones and these from the nearest drawn ones, in the mean."""
        torch.manual_seed(0)
        network = engine.compile(project)
        if trained:
            network.load_state_dict(weights(tmp_path / "run"))
        distances = torch.cdist(network(torch.zeros(500, 2))["points"].detach(), real)
        return sum(float(distances.min(dim=side).values.mean()) for side in (0, 1)) / 2

    before = apart(trained=False)
    run(project, tmp_path / "run")
    assert apart(trained=True) < 0.25 * before
