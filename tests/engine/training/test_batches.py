"""Each epoch passes every sample once, in an order that seed and epoch alone decide."""

from __future__ import annotations

import pytest
import torch

from engine.data import prepare
from engine.parts import split
from engine.plan import plan
from engine.training import batches
from engine.training.batches import Batches, edges, tensors_of
from tests.engine.designs import autoencoder, branches


@pytest.mark.parametrize(
    ("samples", "batch_size", "cuts"),
    [
        (10, 4, [(0, 4), (4, 8), (8, 10)]),
        (8, 4, [(0, 4), (4, 8)]),
        (9, 4, [(0, 4), (4, 9)]),  # a lone sample joins the batch before it
        (3, 4, [(0, 3)]),
        (1, 4, [(0, 1)]),
        (3, 1, [(0, 1), (1, 3)]),
        (2, 1, [(0, 2)]),
    ],
)
def test_edges(samples: int, batch_size: int, cuts: list[tuple[int, int]]) -> None:
    assert edges(samples, batch_size) == cuts


@pytest.mark.parametrize(
    ("samples", "batch_size", "sizes"), [(96, 32, (32,)), (100, 32, (32, 4)), (97, 32, (32, 33)), (7, 32, (7,))]
)
def test_sizes(samples: int, batch_size: int, sizes: tuple[int, ...]) -> None:
    assert Batches(numbered(samples), batch_size, 0).sizes == sizes


def numbered(samples: int = 23) -> dict[str, torch.Tensor]:
    return {"x": torch.arange(samples * 2.0).reshape(samples, 2), "label": torch.arange(samples)}


@pytest.fixture(params=["at once", "batch by batch"])
def _gathering(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "GATHER_AT_MOST", 2**28 if request.param == "at once" else 0)


@pytest.mark.usefixtures("_gathering")
def test_an_epoch_passes_every_sample_once_with_its_target() -> None:
    passed = list(Batches(numbered(), 4, seed=3).epoch(1))
    assert [count for count, _ in passed] == [len(batch["x"]) for _, batch in passed] == [4, 4, 4, 4, 4, 3]
    labels = torch.cat([batch["label"] for _, batch in passed])
    assert sorted(labels.tolist()) == list(range(23))
    assert torch.equal(torch.cat([batch["x"] for _, batch in passed]), numbered()["x"][labels])


def order(seed: int, epoch: int, start: int = 0) -> list[int]:
    passed = list(Batches(numbered(), 4, seed).epoch(epoch, start))
    return [label for _, batch in passed for label in batch["label"].tolist()]


@pytest.mark.usefixtures("_gathering")
def test_seed_and_epoch_decide_the_order() -> None:
    assert order(1, 1) == order(1, 1) != list(range(23))
    assert order(1, 1) != order(1, 2) != order(2, 2)
    assert order(1, 5, start=2) == order(1, 5)[8:]
    assert order(1, 5, start=6) == []
    assert order(2**63 - 1, 10**6)


def test_the_order_does_not_touch_the_random_state() -> None:
    before = torch.get_rng_state()
    order(1, 1)
    assert torch.equal(before, torch.get_rng_state())


def test_brings_in_what_inputs_and_targets_name() -> None:
    project = branches()
    planned = plan(project.graph, project.data.fields())
    prepared = prepare(project.data)
    tensors = tensors_of(planned, split(planned), prepared, "cpu")
    assert list(tensors) == ["train", "validation", "test"]
    assert {name: tuple(tensor.shape[1:]) for name, tensor in tensors["train"].items()} == {
        "a": (2,),
        "b": (2,),
        "label": (),
        "whole": (4,),
    }
    for part, values in tensors.items():
        assert {len(tensor) for tensor in values.values()} == {prepared.sizes[part]}
        assert torch.equal(values["a"], torch.from_numpy(prepared.parts[part]["petal"]))


def test_an_input_that_is_the_target_is_there_once() -> None:
    project = autoencoder()
    planned = plan(project.graph, project.data.fields())
    assert list(tensors_of(planned, split(planned), prepare(project.data), "cpu")["train"]) == ["pixels"]
