"""Scores agree with scikit-learn, however the samples are cut into batches."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, mean_absolute_error, r2_score

from engine.data import prepare
from engine.parts import split
from engine.plan import plan
from engine.training.scores import Accuracy, Batch, Distance, Judge, Tally, judges
from tests.engine.designs import autoencoder, branches, chain
from tests.engine.drawing import block, draw
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
    tally = Accuracy(None)
    for part in cut(50, seed):
        tally.add(scores[part], target[part])
    assert tally.values() == (pytest.approx(accuracy_score(target, scores.argmax(1))),)
    one_hot = Accuracy(None)
    one_hot.add(scores, torch.nn.functional.one_hot(target, 4).float())
    assert one_hot.values() == tally.values()


@pytest.mark.parametrize("threshold", [0.0, 0.5])
def test_accuracy_of_yes_or_no(threshold: float) -> None:
    scores, target = torch.randn(50, 1), torch.randint(0, 2, (50, 1)).float()
    tally = Accuracy(threshold)
    tally.add(scores, target)
    assert tally.values() == (pytest.approx(accuracy_score(target > 0.5, scores > threshold)),)


def test_accuracy_of_pixels() -> None:
    scores, target = torch.randn(5, 3, 4, 4), torch.randint(0, 3, (5, 4, 4))
    tally = Accuracy(None)
    tally.add(scores, target)
    assert tally.values() == (pytest.approx(accuracy_score(target.flatten(), scores.argmax(1).flatten())),)


def test_an_ignored_class_counts_for_nothing() -> None:
    scores, target = torch.randn(5, 3, 4, 4), torch.randint(0, 3, (5, 4, 4))
    tally = Accuracy(None, ignored=1)
    tally.add(scores, target)
    counted = target != 1
    assert tally.values() == (pytest.approx(accuracy_score(target[counted], scores.argmax(1)[counted])),)
    nothing = Accuracy(None, ignored=1)
    nothing.add(scores, torch.ones_like(target))
    assert nothing.values() == (0.0,)


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("seed", range(3))
def test_distance(outputs: int, seed: int) -> None:
    target = torch.randn(40, outputs) * 3 + 5
    prediction = target + torch.randn(40, outputs)
    tally = Distance(unit=2.0)
    for part in cut(40, seed):
        tally.add(prediction[part], target[part])
    mae, r2 = tally.values()
    assert mae == pytest.approx(2.0 * mean_absolute_error(target, prediction), rel=1e-6)
    assert r2 == pytest.approx(r2_score(target, prediction), rel=1e-6)


def test_outputs_that_never_vary_do_not_count_for_r2() -> None:
    target = torch.cat([torch.randn(30, 2), torch.full((30, 1), 7.0)], dim=1)
    prediction = target + 0.1 * torch.randn(30, 3)
    tally = Distance(1.0)
    tally.add(prediction, target)
    assert tally.values()[1] == pytest.approx(r2_score(target[:, :2], prediction[:, :2]), rel=1e-5)


@pytest.mark.parametrize(("off", "r2"), [(0.0, 1.0), (0.5, 0.0)])
@pytest.mark.parametrize("samples", [1, 5])
def test_r2_is_a_number_even_where_nothing_varies(off: float, r2: float, samples: int) -> None:
    target = torch.full((samples, 2), 3.0)
    tally = Distance(1.0)
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
    whole, pieces = Distance(1.0), Distance(1.0)
    whole.add(prediction, target)
    for part in cut(len(pairs), seed):
        pieces.add(prediction[part], target[part])
    assert whole.values() == pieces.values()  # to the last bit, wherever the cuts are
    assert whole.values()[0] == pytest.approx(mean_absolute_error(target, prediction), rel=1e-5, abs=1e-6)
    if target.double().std() > 1e-2 * (1 + target.abs().max()):
        assert whole.values()[1] == pytest.approx(r2_score(target, prediction), rel=1e-3, abs=1e-3)


def judged(*names: str) -> tuple[Judge, ...]:
    return tuple(Judge(name, "p", "t", classes=name.startswith("ce")) for name in names)


def batch(samples: int, *losses: float) -> Batch:
    pair = (torch.randn(samples, 3), torch.randint(0, 3, (samples,)))
    distance = (torch.randn(samples, 3), torch.randn(samples, 3))
    return Batch(samples, [torch.tensor(loss) for loss in losses], [pair, distance][: len(losses)])


def test_losses_are_averaged_over_samples() -> None:
    tally = Tally(judged("ce"), {"ce": 1.0})
    tally.add([batch(3, 1.0), batch(1, 5.0)])
    tally.add([])
    assert tally.values()["loss"] == pytest.approx((3 * 1.0 + 1 * 5.0) / 4)
    assert tally.names == ("accuracy",)
    assert list(tally.values()) == ["loss", "accuracy"]


def test_several_losses_have_their_names_and_weights() -> None:
    tally = Tally(judged("ce", "mse"), {"ce": 1.0, "mse": 0.25})
    tally.add([batch(2, 1.0, 8.0), batch(2, 3.0, 4.0)])
    values = tally.values()
    assert (values["ce"], values["mse"], values["loss"]) == (2.0, 6.0, 2.0 + 0.25 * 6.0)
    assert tally.names == ("ce_accuracy", "mse_mae", "mse_r2")
    assert list(values) == ["loss", "ce", "mse", *tally.names]


def test_a_tally_goes_on_from_json_as_if_nothing_had_been() -> None:
    batches = [batch(samples, samples / 3, samples / 7) for samples in (5, 3, 4, 2)]
    weights = {"ce": 1.0, "mse": 0.1}
    whole, first = Tally(judged("ce", "mse"), weights), Tally(judged("ce", "mse"), weights)
    whole.add(batches)
    first.add(batches[:2])
    second = Tally(judged("ce", "mse"), weights)
    second.restore(json.loads(json.dumps(first.state())))
    second.add(batches[2:])
    assert second.values() == whole.values()
    empty = Tally(judged("ce", "mse"), weights)
    empty.restore(json.loads(json.dumps(Tally(judged("ce", "mse"), weights).state())))
    empty.add(batches)
    assert empty.values() == whole.values()


def test_what_is_scored_and_how() -> None:
    def told(project: object) -> list[tuple[str, str, str, bool, float | None]]:
        planned = plan(project.graph, project.data.fields())
        found = judges(planned, split(planned), prepare(project.data))
        return [(j.loss, j.prediction, j.target, j.classes, j.threshold) for j in found]

    assert told(chain()) == [("loss", "fc", "digit", True, None)]
    assert told(autoencoder()) == [("loss", "decode", "pixels", False, None)]
    # the target of mse goes through a sigmoid first: there is no telling what a distance to it would mean
    assert told(branches()) == [("ce", "fc", "label", True, None)]


@pytest.mark.parametrize(("loss", "threshold"), [("BCEWithLogitsLoss", 0.0), ("BCELoss", 0.5)])
def test_yes_or_no_has_its_threshold(loss: str, threshold: float) -> None:
    blocks = {"x": block("Input", field="features"), "fc": block("Linear", out_features=1), "act": block("Sigmoid")}
    field = next(f.name for f in draw({}, source="BreastCancer").data.fields().values() if f.kind == "class")
    blocks |= {"y": block("Target", field=field, encoding="number"), "loss": block(loss)}
    project = draw(blocks, "x -> fc -> act -> loss.prediction", "y -> loss.target", source="BreastCancer")
    planned = plan(project.graph, project.data.fields())
    (judge,) = judges(planned, split(planned), prepare(project.data))
    assert (judge.threshold, judge.classes) == (threshold, True)


@pytest.mark.parametrize(
    ("loss", "values", "encoding", "expected"),
    [
        ("FocalLoss", {}, "index", (True, None, -1)),
        ("MultiMarginLoss", {}, "index", (True, None, -1)),
        ("CrossEntropyLoss", {}, "index", (True, None, -100)),
        ("CrossEntropyLoss", {"ignore_index": 2}, "index", (True, None, 2)),
        ("CrossEntropyLoss", {}, "one-hot", (True, None, -100)),
        ("MultiLabelSoftMarginLoss", {}, "one-hot", (True, 0.0, -1)),
        ("FocalLoss", {}, "one-hot", (True, 0.0, -1)),
        ("HuberLoss", {}, "one-hot", (False, None, -1)),
        ("PoissonNLLLoss", {"log_input": False}, "one-hot", (False, None, -1)),
        ("PoissonNLLLoss", {}, "one-hot", None),
        ("KLDivLoss", {}, "one-hot", None),
        ("HingeEmbeddingLoss", {}, "one-hot", None),
    ],
)
def test_what_the_numbers_mean_decides_how_they_are_scored(
    loss: str, values: dict[str, object], encoding: str, expected: tuple[bool, float | None, int] | None
) -> None:
    blocks = {"x": block("Input", field="features"), "fc": block("Linear", out_features=3)}
    blocks |= {"y": block("Target", field="species", encoding=encoding), "loss": block(loss, **values)}
    project = draw(blocks, "x -> fc -> loss.prediction", "y -> loss.target", source="Iris")
    planned = plan(project.graph, project.data.fields())
    found = judges(planned, split(planned), prepare(project.data))
    assert [(j.classes, j.threshold, j.ignored) for j in found] == ([expected] if expected else [])


def test_ports_beside_prediction_and_target_do_not_matter() -> None:
    blocks = {"x": block("Input", field="features"), "fc": block("Linear", out_features=1)}
    blocks |= {"wide": block("Linear", out_features=1), "y": block("Target", field="progression")}
    blocks |= {"loss": block("GaussianNLLLoss"), "triplet": block("TripletMarginLoss")}
    wires = ("x -> fc -> loss.prediction", "x -> wide -> loss.var", "y -> loss.target")
    triplet = ("fc -> triplet.anchor", "wide -> triplet.positive", "fc -> triplet.negative")
    project = draw(blocks, *wires, *triplet, source="Diabetes")
    planned = plan(project.graph, project.data.fields())
    (judge,) = judges(planned, split(planned), prepare(project.data))
    assert (judge.loss, judge.prediction, judge.target, judge.classes) == ("loss", "fc", "y", False)


def test_numbers_are_scored_in_the_units_of_the_data() -> None:
    blocks = {"x": block("Input", field="features"), "fc": block("Linear", out_features=1)}
    blocks |= {"y": block("Target", field="progression"), "loss": block("L1Loss")}
    wires = ("x -> fc -> loss.prediction", "y -> loss.target")
    for normalise in (True, False):
        project = draw(blocks, *wires, source="Diabetes", data={"normalise": normalise})
        planned, prepared = plan(project.graph, project.data.fields()), prepare(project.data)
        (judge,) = judges(planned, split(planned), prepared)
        assert judge.unit == (pytest.approx(float(prepared.scaling["progression"].std[0])) if normalise else 1.0)


def test_nothing_warns() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tally = Distance(1.0)
        tally.add(torch.zeros(3, 1), torch.zeros(3, 1))
        assert tally.values() == (0.0, 1.0)


def test_a_loss_that_is_called_loss_does_not_hide_the_sum() -> None:
    tally = Tally((), {"loss": 0.5, "mse": 1.0})
    tally.add([Batch(2, [torch.tensor(1.0), torch.tensor(3.0)], [])])
    assert tally.values() == {"loss": 3.5, "loss alone": 1.0, "mse": 3.0}
    only = Tally((), {"loss": 0.5})
    only.add([Batch(2, [torch.tensor(1.0)], [])])
    assert only.values() == {"loss": 0.5}
