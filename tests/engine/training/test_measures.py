"""Measures agree with scikit-learn and torchmetrics, however the samples are cut into batches."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Callable

import numpy as np
import pytest
import torch
import torchmetrics.functional as reference
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    jaccard_score,
    mean_absolute_error,
    r2_score,
    root_mean_squared_error,
)

from engine.training.measures import Accuracy, Distance, Measure, Overlap, Perplexity, Reading, TopFive
from tests.engine.examples import examples


def cut(samples: int, seed: int) -> list[slice]:
    cuts = np.sort(np.random.default_rng(seed).integers(0, samples + 1, 3)).tolist()
    return [slice(a, b) for a, b in zip([0, *cuts], [*cuts, samples], strict=True) if a < b]


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


@pytest.mark.parametrize("seed", range(3))
def test_accuracy_of_classes(seed: int) -> None:
    scores, target = torch.randn(50, 4), torch.randint(0, 4, (50,))
    tally = Accuracy(Reading())
    for part in cut(50, seed):
        tally.add(scores[part], target[part])
    assert tally.values() == (pytest.approx(accuracy_score(target, scores.argmax(1))),)
    one_hot = Accuracy(Reading())
    one_hot.add(scores, torch.nn.functional.one_hot(target, 4).float())
    assert one_hot.values() == tally.values()


@pytest.mark.parametrize("threshold", [0.0, 0.5])
def test_accuracy_of_yes_or_no(threshold: float) -> None:
    scores, target = torch.randn(50, 1), torch.randint(0, 2, (50, 1)).float()
    tally = Accuracy(Reading(threshold))
    tally.add(scores, target)
    assert tally.values() == (pytest.approx(accuracy_score(target > 0.5, scores > threshold)),)


def test_accuracy_of_pixels() -> None:
    scores, target = torch.randn(5, 3, 4, 4), torch.randint(0, 3, (5, 4, 4))
    tally = Accuracy(Reading())
    tally.add(scores, target)
    assert tally.values() == (pytest.approx(accuracy_score(target.flatten(), scores.argmax(1).flatten())),)


def test_an_ignored_class_counts_for_nothing() -> None:
    scores, target = torch.randn(5, 3, 4, 4), torch.randint(0, 3, (5, 4, 4))
    tally = Accuracy(Reading(ignored=1))
    tally.add(scores, target)
    counted = target != 1
    assert tally.values() == (pytest.approx(accuracy_score(target[counted], scores.argmax(1)[counted])),)
    nothing = Accuracy(Reading(ignored=1))
    nothing.add(scores, torch.ones_like(target))
    assert nothing.values() == (0.0,)


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("seed", range(3))
def test_distance(outputs: int, seed: int) -> None:
    target = torch.randn(40, outputs) * 3 + 5
    prediction = target + torch.randn(40, outputs)
    tally = Distance(Reading(unit=2.0))
    for part in cut(40, seed):
        tally.add(prediction[part], target[part])
    mae, r2 = tally.values()
    assert mae == pytest.approx(2.0 * mean_absolute_error(target, prediction), rel=1e-6)
    assert r2 == pytest.approx(r2_score(target, prediction), rel=1e-6)


def test_outputs_that_never_vary_do_not_count_for_r2() -> None:
    target = torch.cat([torch.randn(30, 2), torch.full((30, 1), 7.0)], dim=1)
    prediction = target + 0.1 * torch.randn(30, 3)
    tally = Distance(Reading())
    tally.add(prediction, target)
    assert tally.values()[1] == pytest.approx(r2_score(target[:, :2], prediction[:, :2]), rel=1e-5)


@pytest.mark.parametrize(("off", "r2"), [(0.0, 1.0), (0.5, 0.0)])
@pytest.mark.parametrize("samples", [1, 5])
def test_r2_is_a_number_even_where_nothing_varies(off: float, r2: float, samples: int) -> None:
    target = torch.full((samples, 2), 3.0)
    tally = Distance(Reading())
    tally.add(target + off, target)
    assert tally.values() == (off, r2)
    if samples > 1:
        assert r2_score(target, target + off) == r2


@examples(0.5)
@given(
    st.lists(st.tuples(st.floats(-1e3, 1e3, width=32), st.floats(-1e3, 1e3, width=32)), min_size=2, max_size=30),
    st.integers(0, 99),
)
def test_distance_of_any_numbers(pairs: list[tuple[float, float]], seed: int) -> None:
    prediction, target = torch.tensor(pairs)[:, :1], torch.tensor(pairs)[:, 1:]
    whole, pieces = Distance(Reading()), Distance(Reading())
    whole.add(prediction, target)
    for part in cut(len(pairs), seed):
        pieces.add(prediction[part], target[part])
    assert whole.values() == pieces.values()  # to the last bit, wherever the cuts are
    assert whole.values()[0] == pytest.approx(mean_absolute_error(target, prediction), rel=1e-5, abs=1e-6)
    if target.double().std() > 1e-2 * (1 + target.abs().max()):
        assert whole.values()[1] == pytest.approx(r2_score(target, prediction), rel=1e-3, abs=1e-3)


def test_nothing_warns() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tally = Distance(Reading())
        tally.add(torch.zeros(3, 1), torch.zeros(3, 1))
        assert tally.values() == (0.0, 1.0)


def in_pieces(make: Callable[[], Measure], prediction: torch.Tensor, target: torch.Tensor) -> tuple[float, ...]:
    """Values of the whole, which must be those of pieces that went through JSON, to the last bit."""
    whole = make()
    whole.add(prediction, target)
    for seed in range(3):
        pieces = make()
        for part in cut(len(target), seed):
            pieces.add(prediction[part], target[part])
            told, pieces = json.loads(json.dumps(pieces.state())), make()
            pieces.restore(told)
        assert pieces.values() == whole.values()
    return whole.values()


def test_top_five() -> None:
    scores, target = torch.randn(80, 9), torch.randint(0, 9, (80,))
    expected = reference.classification.multiclass_accuracy(scores, target, 9, average="micro", top_k=5)
    assert in_pieces(lambda: TopFive(Reading()), scores, target) == (pytest.approx(float(expected)),)


@pytest.mark.parametrize("classes", [2, 4, 30])  # of 30, some occur nowhere
def test_f1_of_classes(classes: int) -> None:
    scores, target = torch.randn(40, classes), torch.randint(0, classes, (40,))
    (f1,) = in_pieces(lambda: Overlap(Reading(), ("f1",)), scores, target)
    assert f1 == pytest.approx(f1_score(target, scores.argmax(1), average="macro"))


@pytest.mark.parametrize("labels", [1, 3])
def test_f1_of_yes_or_no(labels: int) -> None:
    scores, target = torch.randn(40, labels), torch.randint(0, 2, (40, labels)).float()
    (f1,) = in_pieces(lambda: Overlap(Reading(threshold=0.0), ("f1",)), scores, target)
    expected = f1_score(target, scores > 0, average="macro" if labels > 1 else "binary")
    assert f1 == pytest.approx(expected)


def test_overlap_of_pixels() -> None:
    scores, target = torch.randn(6, 3, 5, 4), torch.randint(0, 3, (6, 5, 4))
    dice, iou = in_pieces(lambda: Overlap(Reading(ignored=2), ("dice", "iou")), scores, target)
    counted = target.flatten() != 2
    truth, found = target.flatten()[counted], scores.argmax(1).flatten()[counted]
    assert dice == pytest.approx(f1_score(truth, found, average="macro", labels=[0, 1, 2]))
    assert iou == pytest.approx(jaccard_score(truth, found, average="macro", labels=[0, 1, 2]))


def test_overlap_of_masks() -> None:
    scores, target = torch.randn(6, 2, 5, 4), torch.randint(0, 2, (6, 2, 5, 4)).float()
    (iou,) = in_pieces(lambda: Overlap(Reading(threshold=0.0), ("iou",)), scores, target)
    expected = [jaccard_score(target[:, c].flatten(), scores[:, c].flatten() > 0) for c in range(2)]
    assert iou == pytest.approx(np.mean(expected))


def test_nothing_to_find_and_nothing_found() -> None:
    masks = Overlap(Reading(threshold=0.0), ("dice", "iou"))
    masks.add(torch.full((2, 1, 3, 3), -1.0), torch.zeros(2, 1, 3, 3))
    assert masks.values() == (0.0, 0.0)


@pytest.mark.parametrize("likelihood", ["logits", "log-probabilities"])
def test_perplexity_of_tokens(likelihood: str) -> None:
    scores, target = torch.randn(6, 7, 9), torch.randint(0, 7, (6, 9))
    given_scores = scores if likelihood == "logits" else scores.log_softmax(1)
    (found,) = in_pieces(lambda: Perplexity(Reading(likelihood=likelihood, ignored=3)), given_scores, target)
    expected = reference.text.perplexity(scores.movedim(1, -1), target, ignore_index=3)
    assert found == pytest.approx(float(expected), rel=1e-5)


def test_perplexity_stays_a_number() -> None:
    hopeless = Perplexity(Reading(likelihood="logits"))
    hopeless.add(torch.tensor([[0.0, 1e6]]), torch.tensor([0]))
    assert math.isfinite(hopeless.values()[0])


def test_root_of_the_mean_square() -> None:
    target = torch.randn(40, 3) * 3
    prediction = target + torch.randn(40, 3)
    (rmse,) = in_pieces(lambda: Distance(Reading(unit=2.0), ("rmse",)), prediction, target)
    assert rmse == pytest.approx(2 * math.sqrt(np.mean((prediction - target).numpy() ** 2)), rel=1e-6)
    one = Distance(Reading(), ("rmse",))
    one.add(prediction[:, :1], target[:, :1])
    assert one.values() == (pytest.approx(root_mean_squared_error(target[:, :1], prediction[:, :1]), rel=1e-6),)
