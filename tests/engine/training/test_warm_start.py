"""A run begins with the weights of another where its blocks still fit, tells which, and is exact from there on."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

import engine
from engine.blocks import CATALOGUE
from engine.compile import build
from engine.graph import Wire
from engine.group import Group
from engine.grouping import make_group
from engine.problem import UserError
from engine.project import Project
from engine.training.events import Failed, Saved, WarmStarted, from_json
from engine.training.history import record
from engine.training.run import RunFolder
from engine.training.trainer import Trainer
from engine.training.warm_start import Origin, in_words, origin_in, warm_start
from tests.engine.training.given import noisy, of_kind, run, same, scores, small, steps, weights
from tests.grouped import grouped


def begun(project: Project, path: Path, origin: Path) -> tuple[dict[str, torch.Tensor], WarmStarted]:
    """The weights that a run begins with, and what it tells of them."""
    trainer = Trainer(project, RunFolder(path), False, origin_in(origin))
    trainer.restore_surroundings()
    assert trainer.warm is not None
    return {name: tensor.clone() for name, tensor in trainer.network.state_dict().items()}, trainer.warm


def fresh(project: Project, path: Path) -> dict[str, torch.Tensor]:
    trainer = Trainer(project, RunFolder(path), resume=False)
    trainer.restore_surroundings()
    return {name: tensor.clone() for name, tensor in trainer.network.state_dict().items()}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of irises through a hidden layer with batch normalisation."""
    folder = tmp_path_factory.mktemp("warm") / "3"
    run(noisy(), folder)
    return folder


def key(project: Project, name: str) -> str:
    return next(key for key, node in project.graph.nodes.items() if node.name == name)


def test_of_the_same_design_all_is_kept(trained: Path, tmp_path: Path) -> None:
    now, told = begun(noisy(seed=5), tmp_path, trained)
    assert same(now, weights(trained))
    assert told.fresh == {}
    assert (told.run, told.checkpoint, told.epoch) == (3, "best", record(trained).best_epoch)
    assert told.numbers_kept == told.numbers == sum(tensor.numel() for tensor in now.values())
    assert in_words(told) == f"Begins with the best weights of run 3, epoch {told.epoch}: all blocks kept."


def test_what_no_longer_fits_begins_as_its_seed_says(trained: Path, tmp_path: Path) -> None:
    """The layer behind the widened one takes more now; nothing of a tensor is cut."""
    project = noisy(seed=5)
    names = [node.name for node in project.graph.nodes.values()]
    wide = project.edit(project.graph.change(key(project, names[1]), out_features=12))
    now, told = begun(wide, tmp_path, trained)
    expected = fresh(wide, tmp_path)
    assert told.kept == ()
    assert all(torch.equal(now[name], expected[name]) for name in now)
    first, norm = names[1], names[2]
    assert told.fresh[first] == "12 × 4, was 8 × 4"
    assert told.fresh[norm] == "12, was 8"
    assert len(told.fresh) == 3
    assert from_json(json.loads(json.dumps(told.json()))) == told


def test_one_block_is_new_and_the_rest_is_kept(trained: Path, tmp_path: Path) -> None:
    project = noisy()
    last = [key for key, node in project.graph.nodes.items() if type(node.block).__name__ == "Linear"][-1]
    plain = project.edit(project.graph.change(last, bias=False))
    now, told = begun(plain, tmp_path, trained)
    assert told.fresh == {}, "a weight that is gone keeps nothing from fitting"
    assert all(torch.equal(now[name], weights(trained)[name]) for name in now)
    run(plain, tmp_path / "plain")
    now, told = begun(project, tmp_path / "again", tmp_path / "plain")
    name = project.graph.nodes[last].name
    assert told.fresh == {f"{name}.bias": "the run in plain had none"}
    assert name in told.kept
    assert torch.equal(now[f"{name}.bias"], fresh(project, tmp_path / "again")[f"{name}.bias"])
    assert f"{len(told.kept)} of {len(told.kept)} blocks kept" in in_words(told)


def test_a_block_of_another_kind_takes_nothing(trained: Path, tmp_path: Path) -> None:
    project = noisy()
    norm = next(key for key, node in project.graph.nodes.items() if type(node.block).__name__ == "BatchNorm1d")
    other = project.edit(project.graph.replace(norm, CATALOGUE["LayerNorm"]()))
    _, told = begun(other, tmp_path, trained)
    assert told.fresh == {project.graph.nodes[norm].name: "LayerNorm, was BatchNorm1d"}


def test_renamed_it_is_found_by_its_id_and_redrawn_by_its_name(trained: Path, tmp_path: Path) -> None:
    project = noisy()
    first = next(key for key, node in project.graph.nodes.items() if type(node.block).__name__ == "Linear")
    name = project.graph.nodes[first].name
    renamed = project.edit(project.graph.rename(first, "wanted"))
    assert "wanted" in begun(renamed, tmp_path, trained)[1].kept
    node = project.graph.nodes[first]
    rest = {key: each for key, each in project.graph.nodes.items() if key != first}
    wires = tuple(
        Wire("other" if w.source == first else w.source, w.output, "other" if w.target == first else w.target, w.input)
        for w in project.graph.wires
    )
    redrawn = project.edit(project.graph.model_copy(update={"nodes": {"other": node, **rest}, "wires": wires}))
    assert name in begun(redrawn, tmp_path, trained)[1].kept


def test_a_new_block_is_told(trained: Path, tmp_path: Path) -> None:
    deeper = noisy()
    one = small()
    run(one, tmp_path / "2")
    _, told = begun(deeper, tmp_path / "run", tmp_path / "2")
    norm = next(node.name for node in deeper.graph.nodes.values() if type(node.block).__name__ == "BatchNorm1d")
    assert told.fresh.get(norm, "").startswith(("not in run 2", "BatchNorm1d, was"))


def test_the_averages_are_taken_where_weights_were_averaged(tmp_path: Path) -> None:
    averaged = noisy(averaging="ema", ema_decay=0.9)
    run(averaged, tmp_path / "1")
    now, told = begun(noisy(), tmp_path, tmp_path / "1")
    assert told.checkpoint == "best"
    assert same(now, weights(tmp_path / "1")), "which are the averages, since these were validated"


@pytest.mark.usefixtures("every_step")
def test_without_a_best_epoch_those_saved_last_are_taken(tmp_path: Path) -> None:
    for averaging in ("none", "ema"):
        folder = tmp_path / averaging
        with closing(engine.train(noisy(averaging=averaging), folder)) as events:  # type: ignore[type-var]
            for event in events:
                if event.name == "step" and event.step == 4:  # type: ignore[attr-defined]
                    break
        from engine.training.state import load_state

        saved = load_state(folder / "last")
        now, told = begun(noisy(), tmp_path, folder)
        assert told.checkpoint == "last"
        assert same(now, saved.network if averaging == "none" else saved.learning["averaging"]["average"])
        assert averaging == "none" or not same(now, saved.network)


# Whole runs


@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize("leave", [1, 9])
def test_resumed_it_ends_as_if_never_stopped(leave: int, trained: Path, tmp_path: Path) -> None:
    project = noisy(averaging="ema", seed=3)
    whole = run(project, tmp_path / "whole", start_from=trained)
    assert [event.name for event in whole[:3]] == ["started", "warm_started", "saved"]
    with closing(engine.train(project, tmp_path / "left", start_from=trained)) as events:  # type: ignore[type-var]
        for event in events:
            if event.name == "step" and (leave := leave - 1) == 0:
                break
    run(project, tmp_path / "left", resume=True)
    log = RunFolder(tmp_path / "left").read_events()
    assert scores(log) == scores(whole)
    assert of_kind(WarmStarted, log) == of_kind(WarmStarted, whole)
    assert same(weights(tmp_path / "left"), weights(tmp_path / "whole"))
    assert record(tmp_path / "left").warm == of_kind(WarmStarted, whole)[0]
    plain = run(project, tmp_path / "plain")
    assert steps(plain)[0].train["loss"] != steps(whole)[0].train["loss"]


@pytest.mark.usefixtures("every_step")
def test_killed_before_its_first_epoch_it_still_goes_on_from_these_weights(trained: Path, tmp_path: Path) -> None:
    """Also when the other run is gone by then."""
    shutil.copytree(trained, tmp_path / "3")
    whole = run(noisy(), tmp_path / "whole", start_from=tmp_path / "3")
    events = engine.train(noisy(), tmp_path / "left", start_from=tmp_path / "3")
    for event in events:
        if isinstance(event, Saved):
            break
    shutil.copytree(tmp_path / "left", tmp_path / "killed")
    events.close()  # type: ignore[attr-defined]
    shutil.rmtree(tmp_path / "3")
    run(noisy(), tmp_path / "killed", resume=True)
    assert scores(RunFolder(tmp_path / "killed").read_events()) == scores(whole)
    assert same(weights(tmp_path / "killed"), weights(tmp_path / "whole"))


# What can't be


def gone(folder: Path) -> None:
    shutil.rmtree(folder)


def damaged(folder: Path) -> None:
    (folder / "best.safetensors").write_bytes(b"no weights")


def nothing_saved(folder: Path) -> None:
    (folder / "best.safetensors").unlink()
    shutil.rmtree(folder / "last")


def garbled(folder: Path) -> None:
    (folder / "project.plexus").write_text("{")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (gone, "There is no run in"),
        (damaged, "best.safetensors is damaged and can't be read"),
        (nothing_saved, "is missing: the run was stopped before anything was saved"),
        (garbled, "project.plexus"),
    ],
)
def test_a_run_that_can_not_be_read_is_told_before_anything_is_made(
    harm: Any, words: str, trained: Path, tmp_path: Path
) -> None:
    shutil.copytree(trained, tmp_path / "3")
    harm(tmp_path / "3")
    with pytest.raises(UserError, match=words):
        engine.train(noisy(), tmp_path / "run", start_from=tmp_path / "3")
    assert not (tmp_path / "run").exists()


def test_a_resumed_run_has_its_own_weights(trained: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="goes on with its own weights"):
        engine.train(noisy(), tmp_path / "run", resume=True, start_from=trained)


def test_a_design_that_can_not_be_read_any_more_is_told(trained: Path, tmp_path: Path) -> None:
    origin = origin_in(trained)
    broken = origin.project.edit(origin.project.graph.disconnect([origin.project.graph.wires[0]]))
    (failed,) = run(noisy(), tmp_path / "run", start_from=replace(origin, project=broken))
    assert isinstance(failed, Failed)
    assert failed.message.startswith("The design of run 3 can't be read any more, so its weights can't be placed: ")


# Groups


def between(before: Project, after: Project) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor], WarmStarted]:
    """What the network before had, what the one after takes, and what is told of that."""
    one, two = build(before), build(after)
    state = one.network.state_dict()
    had = {name: torch.full_like(tensor, number) for number, (name, tensor) in enumerate(state.items())}
    origin = Origin(RunFolder(Path("r/3")), before, "best", 1, had)
    told = warm_start(two.network, two.source, after.graph, origin)
    return had, dict(two.network.state_dict()), told


def repeated(outer: int, inner: int) -> Project:
    """The encoder of the grouped example, so many times in series, with so many stages in each."""
    project = grouped()
    encoder = key(project, "encoder")
    group = project.graph.nodes[encoder].block
    assert isinstance(group, Group)
    stage = next(key for key, node in group.graph.nodes.items() if node.name == "stage1")
    inside = group.graph.change(stage, repeat=inner)
    return project.edit(project.graph.replace(encoder, group.with_graph(inside).change(repeat=outer)))


def test_each_repetition_has_the_weights_of_the_same_one() -> None:
    had, now, told = between(repeated(1, 2), repeated(1, 3))
    assert [name for name, why in told.fresh.items() if why == "1 of 3 repetitions: not in run 3"]
    assert told.fresh.keys() == {name for name in told.fresh if name.startswith("encoder/stage1/")}
    kept = {name for name in now if name in had}
    assert all(torch.equal(now[name], had[name]) for name in kept)
    assert kept < now.keys()


def test_a_group_that_is_drawn_around_blocks_changes_nothing_in_them() -> None:
    before = noisy()
    layers = [key for key, node in before.graph.nodes.items() if type(node.block).__name__ in ("Linear", "BatchNorm1d")]
    after, _ = make_group(before, layers[:2], "Stage")
    had, now, told = between(before, after)
    assert told.fresh == {}
    assert sorted(tensor.flatten()[0].item() for tensor in now.values() if tensor.numel()) == sorted(
        tensor.flatten()[0].item() for tensor in had.values() if tensor.numel()
    )
