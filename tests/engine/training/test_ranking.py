"""The area under the curve agrees with scikit-learn: exactly where scores are kept, nearly where they are binned."""

from __future__ import annotations

import json

import pytest
import torch
from sklearn.metrics import roc_auc_score

import engine.training.ranking as ranking
from engine.training.measures import Reading
from engine.training.ranking import Ranking

NEAR = 1e-3


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


def area(reading: Reading, exact: bool, prediction: torch.Tensor, target: torch.Tensor) -> float:
    measure = Ranking(reading, exact)
    for part in (slice(0, 70), slice(70, None)):
        measure.add(prediction[part], target[part])
    return measure.values()[0]


@pytest.mark.parametrize(("exact", "off"), [(True, 1e-6), (False, NEAR)])
@pytest.mark.parametrize("kind", ["logits", "log-probabilities"])
def test_each_class_against_the_rest(exact: bool, off: float, kind: str) -> None:
    target = torch.randint(0, 4, (500,))
    scores = torch.randn(500, 4) * 2 + torch.nn.functional.one_hot(target, 4)
    given = scores if kind == "logits" else scores.log_softmax(1)
    expected = roc_auc_score(target, scores.double().softmax(1), multi_class="ovr")
    assert area(Reading(likelihood=kind), exact, given, target) == pytest.approx(expected, abs=off)


@pytest.mark.parametrize(("exact", "off"), [(True, 1e-6), (False, NEAR)])
@pytest.mark.parametrize("labels", [1, 3])
def test_yes_or_no(exact: bool, off: float, labels: int) -> None:
    target = torch.randint(0, 2, (500, labels)).float()
    scores = torch.randn(500, labels) * 3 + target
    expected = roc_auc_score(target, scores)
    assert area(Reading(0.0), exact, scores, target) == pytest.approx(expected, abs=off)
    likely = Reading(0.5, likelihood="probabilities")
    assert area(likely, exact, scores.sigmoid(), target) == pytest.approx(expected, abs=max(off, 1e-5))


def test_ties_count_half() -> None:
    scores, target = torch.randint(0, 3, (200, 1)).float(), torch.randint(0, 2, (200, 1)).float()
    for exact in (True, False):
        assert area(Reading(0.0), exact, scores, target) == pytest.approx(roc_auc_score(target, scores))


def test_classes_that_do_not_occur_are_left_out() -> None:
    scores, target = torch.randn(100, 3), torch.randint(0, 2, (100,))
    probabilities = scores.softmax(1)
    expected = sum(roc_auc_score(target == label, probabilities[:, label]) for label in (0, 1)) / 2
    assert area(Reading(likelihood="logits"), True, scores, target) == pytest.approx(expected)
    for exact in (True, False):
        assert area(Reading(likelihood="logits"), exact, scores, torch.zeros(100, dtype=torch.long)) == 0.5


def test_what_is_too_much_to_keep_is_binned(monkeypatch: pytest.MonkeyPatch) -> None:
    target = torch.randint(0, 4, (500,))
    scores = torch.randn(500, 4)
    binned = area(Reading(likelihood="logits"), False, scores, target)
    monkeypatch.setattr(ranking, "KEPT_AT_MOST", 400)
    assert area(Reading(likelihood="logits"), True, scores, target) == binned


def test_it_goes_on_from_json() -> None:
    target, scores = torch.randint(0, 4, (90,)), torch.randn(90, 4)
    reading = Reading(likelihood="logits")
    whole, first, second = (Ranking(reading, exact=False) for _ in range(3))
    whole.add(scores, target)
    first.restore(json.loads(json.dumps(Ranking(reading, exact=False).state())))
    first.add(scores[:30], target[:30])
    second.restore(json.loads(json.dumps(first.state())))
    second.add(scores[30:], target[30:])
    assert second.values() == whole.values()
