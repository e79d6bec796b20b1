"""Frozen weights stay, and penalties act on the weights that they are set for and on no others."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import engine
from engine.compile import build
from engine.graph import Wire
from engine.project import Project
from engine.training.run import RunFolder
from engine.training.settings import OPTIMIZERS
from engine.training.trainer import Trainer
from engine.training.treatment import Treated, treatment
from engine.weight_settings import WeightSettings
from tests.drawn.drawing import group
from tests.engine.drawing import block, draw
from tests.engine.training.given import run, weights

LR = 0.1


def drawn(**settings: WeightSettings) -> Project:
    """Irises through a layer, a group that is repeated and two uses of one layer; settings go by the path of a block,
    with two underscores for a slash."""
    unit = group("Unit", {"fc": block("Linear", out_features=4), "act": block("Tanh")}, "x -> fc -> act -> y")
    for path, chosen in settings.items():
        if path.startswith("unit__"):
            unit = unit.with_graph(unit.graph.treat(path.removeprefix("unit__"), chosen))
    project = draw(
        {
            "row": block("Input", field="features"),
            "first": block("Linear", out_features=4),
            "unit": unit.change(repeat=2),
            "scale": block("LearnedParameter", sizes=(4,), init="ones"),
            "scaled": block("Multiply"),
            "head": block("Linear", out_features=3),
            "sum": block("Add"),
            "label": block("Target", field="species"),
            "loss": block("CrossEntropyLoss"),
        },
        "row -> first -> unit -> scaled.x1",
        "scale -> scaled.x2",
        "scaled -> head -> sum.x1",
        "sum -> loss.prediction",
        "label -> loss.target",
        source="Iris",
        optimizer=OPTIMIZERS["SGD"](lr=LR, momentum=0.0),
        epochs=2,
        batch_size=16,
    )
    graph, again = project.graph.share("head")
    for wire in (Wire("first", "y", again, "x"), Wire(again, "y", "sum", "x2")):
        graph = graph.connect(wire)
    for path, chosen in settings.items():
        if "__" not in path:
            graph = graph.treat(path, chosen)
    return project.edit(graph)


def fresh(project: Project) -> dict[str, torch.Tensor]:
    torch.manual_seed(project.training.seed)
    return {name: weight.detach().clone() for name, weight in build(project).network.named_parameters()}


UNIT = {"unit.0.0.weight", "unit.0.0.bias", "unit.1.0.weight", "unit.1.0.bias"}
FIRST, HEAD = {"first.weight", "first.bias"}, {"head.weight", "head.bias"}


def plain(name: str) -> str:
    return name.replace(".fc.", ".0.")


@pytest.mark.parametrize(
    ("path", "still"),
    [
        ("first", FIRST),
        ("unit", UNIT),
        ("unit__fc", UNIT),
        ("head", HEAD),
        ("scale", {"scale"}),
    ],
)
def test_frozen_weights_stay_where_they_began(path: str, still: set[str], tmp_path: Path) -> None:
    project = drawn(**{path: WeightSettings(frozen=True)})
    before = fresh(project)
    run(project, tmp_path / "run")
    after = weights(tmp_path / "run")
    assert {plain(name) for name in before if torch.equal(before[name], after[name])} == still


def treated(project: Project) -> dict[str, Treated]:
    compiled = build(project)
    names = {id(weight): plain(name) for name, weight in compiled.network.named_parameters()}
    found = treatment(compiled.network, compiled.source, project.graph)
    order = [id(weight) for weight in compiled.network.parameters() if weight.requires_grad]
    assert [id(how.weight) for how in found] == order
    return {names[id(how.weight)]: how for how in found}


OWN = WeightSettings(weight_decay=0.5, l1=0.25, learning_rate=0.1)


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({}, set()),
        ({"first": OWN}, FIRST),
        ({"unit": OWN}, UNIT),
        ({"unit__fc": OWN}, UNIT),
        ({"head": OWN}, HEAD),
        ({"scale": OWN}, {"scale"}),
        ({"first": OWN, "head": OWN}, FIRST | HEAD),
    ],
)
def test_settings_go_to_the_weights_of_their_blocks(settings: dict[str, WeightSettings], names: set[str]) -> None:
    for name, how in treated(drawn(**settings)).items():
        expected = (0.5, 0.25, 0.1) if name in names else (None, None, 1.0)
        assert (how.weight_decay, how.l1, how.learning_rate) == expected, name


def test_what_a_block_leaves_open_its_group_decides() -> None:
    outer = WeightSettings(weight_decay=0.5, l1=0.25, learning_rate=0.5)
    inner = WeightSettings(weight_decay=0.0, learning_rate=0.5)
    found = treated(drawn(unit=outer, unit__fc=inner))
    ways = {(how.weight_decay, how.l1, how.learning_rate) for name, how in found.items() if name in UNIT}
    assert ways == {(0.0, 0.25, 0.25)}


def test_embeddings_are_known_as_tables() -> None:
    blocks = {
        "kind": block("Input", field="species"),
        "table": block("Embedding", num_embeddings=3, embedding_dim=4),
        "scores": block("Linear", out_features=3),
        "label": block("Target", field="species"),
        "loss": block("CrossEntropyLoss"),
    }
    project = draw(blocks, "kind -> table -> scores -> loss.prediction", "label -> loss.target", source="Iris")
    assert {name: how.table for name, how in treated(project).items()} == {
        "table.weight": True,
        "scores.weight": False,
        "scores.bias": False,
    }


def test_blocks_learn_at_rates_of_their_own(tmp_path: Path) -> None:
    before, free = one_step(drawn(), tmp_path / "free")
    _, slow = one_step(drawn(first=WeightSettings(learning_rate=0.5)), tmp_path / "slow")
    for name, weight in before.items():
        expected = weight + 0.5 * (free[name] - weight) if name in FIRST else free[name]
        assert torch.allclose(slow[name], expected, atol=1e-7), name


def test_frozen_weights_are_not_treated_at_all() -> None:
    assert set(treated(drawn(unit=WeightSettings(frozen=True, l1=1)))) == FIRST | HEAD | {"scale"}


def one_step(project: Project, folder: Path) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """The weights before and after the first step of a training, by their names."""
    trainer = Trainer(project, RunFolder.create(folder), resume=False)
    try:
        before = {plain(n): w.detach().clone() for n, w in trainer.network.named_parameters()}
        trainer.step(*next(trainer.batches.epoch(1)))
        return before, {plain(n): w.detach().clone() for n, w in trainer.network.named_parameters()}
    finally:
        trainer.restore_surroundings()


@pytest.mark.parametrize("path", ["first", "unit", "head", "scale"])
def test_weight_decay_of_one_block_pulls_its_weights_alone(path: str, tmp_path: Path) -> None:
    names = {"first": FIRST, "unit": UNIT, "head": HEAD, "scale": {"scale"}}[path]
    before, free = one_step(drawn(), tmp_path / "free")
    _, pulled = one_step(drawn(**{path: WeightSettings(weight_decay=0.5)}), tmp_path / "pulled")
    for name, weight in before.items():
        expected = free[name] - LR * 0.5 * weight if name in names else free[name]
        assert torch.allclose(pulled[name], expected, atol=1e-7), name


def test_a_block_may_do_without_the_decay_of_all(tmp_path: Path) -> None:
    decaying = OPTIMIZERS["SGD"](lr=LR, momentum=0.0, weight_decay=0.5)
    project = drawn(head=WeightSettings(weight_decay=0.0))
    before, free = one_step(drawn(), tmp_path / "free")
    _, pulled = one_step(project.with_(training=project.training.change(optimizer=decaying)), tmp_path / "pulled")
    for name, weight in before.items():
        expected = free[name] if name in HEAD else free[name] - LR * 0.5 * weight
        assert torch.allclose(pulled[name], expected, atol=1e-7), name


@pytest.mark.parametrize("path", ["first", "unit", "head"])
def test_the_l1_penalty_is_the_slope_of_absolute_values(path: str, tmp_path: Path) -> None:
    names = {"first": FIRST, "unit": UNIT, "head": HEAD}[path]
    before, free = one_step(drawn(), tmp_path / "free")
    _, pulled = one_step(drawn(**{path: WeightSettings(l1=0.25)}), tmp_path / "pulled")
    for name, weight in before.items():
        expected = free[name] - LR * 0.25 * weight.sign() if name in names else free[name]
        assert torch.allclose(pulled[name], expected, atol=1e-7), name


def test_the_loss_that_is_told_is_without_penalties(tmp_path: Path) -> None:
    """Runs are compared by how well they predict."""
    events = list(engine.train(drawn(), tmp_path / "free", epochs=1))
    others = list(engine.train(drawn(first=WeightSettings(l1=1e-12)), tmp_path / "pulled", epochs=1))
    assert type(events[-1]) is type(others[-1])
    assert events[-1].train["loss"] == pytest.approx(others[-1].train["loss"], abs=1e-5)


def test_a_resumed_run_goes_on_as_if_it_had_never_stopped(tmp_path: Path) -> None:
    project = drawn(unit=WeightSettings(weight_decay=0.1), first=WeightSettings(l1=0.01), scale=OWN)
    run(project, tmp_path / "whole", epochs=4)
    run(project, tmp_path / "parts", epochs=2)
    run(project, tmp_path / "parts", epochs=4, resume=True)
    whole, parts = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert all(torch.equal(whole[name], parts[name]) for name in whole)
