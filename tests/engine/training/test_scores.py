"""What is scored and how, and how losses and scores add up over batches."""

from __future__ import annotations

import json

import pytest
import torch

from engine.data import prepare
from engine.parts import split
from engine.plan import plan
from engine.training.scores import Batch, Judge, Tally, higher_is_better, judges, offered_scores, score_names
from tests.engine.designs import autoencoder, branches, chain
from tests.engine.drawing import block, draw


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


def judged(*names: str) -> tuple[Judge, ...]:
    return tuple(
        Judge(name, "p", "t", True, offered=("accuracy", "f1"), usual=("accuracy",))
        if name.startswith("ce")
        else Judge(name, "p", "t", False, offered=("mae", "rmse", "r2"), usual=("mae", "r2"))
        for name in names
    )


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
        return [(j.loss, j.prediction, j.target, j.classes, j.reading.threshold) for j in found]

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
    assert (judge.reading.threshold, judge.classes) == (threshold, True)


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
    assert [(j.classes, j.reading.threshold, j.reading.ignored) for j in found] == ([expected] if expected else [])


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
        assert judge.reading.unit == (
            pytest.approx(float(prepared.scaling["progression"].std[0])) if normalise else 1.0
        )


def test_a_loss_that_is_called_loss_does_not_hide_the_sum() -> None:
    tally = Tally((), {"loss": 0.5, "mse": 1.0})
    tally.add([Batch(2, [torch.tensor(1.0), torch.tensor(3.0)], [])])
    assert tally.values() == {"loss": 3.5, "loss alone": 1.0, "mse": 3.0}
    only = Tally((), {"loss": 0.5})
    only.add([Batch(2, [torch.tensor(1.0)], [])])
    assert only.values() == {"loss": 0.5}


def test_a_loss_is_averaged_over_what_it_is_a_mean_of() -> None:
    tally = Tally((), {"ce": 1.0, "mse": 1.0})
    first = Batch(2, [torch.tensor(1.0), torch.tensor(3.0)], [], [torch.tensor(6.0), None])
    second = Batch(4, [torch.tensor(5.0), torch.tensor(6.0)], [], [torch.tensor(2.0), None])
    empty = Batch(4, [torch.tensor(float("nan")), torch.tensor(6.0)], [], [torch.tensor(0.0), None])
    tally.add([first, second, empty])
    assert tally.values()["ce"] == pytest.approx((6 * 1.0 + 2 * 5.0) / 8)
    assert tally.values()["mse"] == pytest.approx((2 * 3.0 + 8 * 6.0) / 10)


def test_a_tally_from_before_losses_weighed_goes_on() -> None:
    tally = Tally((), {"ce": 1.0})
    tally.restore({"count": 4, "losses": {"ce": 8.0}, "scores": []})
    assert tally.values() == {"loss": 2.0}


def test_chosen_scores_come_in_their_order_and_only_where_they_can_be_had() -> None:
    tally = Tally(judged("ce", "mse"), {"ce": 1.0, "mse": 1.0}, ("rmse", "f1", "iou"))
    assert tally.names == ("ce_f1", "mse_rmse")
    tally.add([batch(2, 1.0, 8.0)])
    assert list(tally.values())[3:] == ["ce_f1", "mse_rmse"]
    assert Tally(judged("ce"), {"ce": 1.0}, ()).all_names == ("loss",)


@pytest.mark.parametrize(
    ("field", "loss", "outputs", "offered", "usual"),
    [
        ("digit", "CrossEntropyLoss", 10, ("accuracy", "top5", "f1", "auroc", "perplexity"), ("accuracy",)),
        ("digit", "MultiMarginLoss", 10, ("accuracy", "top5", "f1", "auroc"), ("accuracy",)),
    ],
)
def test_what_is_offered(field: str, loss: str, outputs: int, offered: tuple[str, ...], usual: tuple[str, ...]) -> None:
    project = chain()
    name = next(key for key, node in project.graph.nodes.items() if node.block.category == "Loss")
    if loss != "CrossEntropyLoss":
        project = project.edit(project.graph.replace(name, block(loss)))
    planned = plan(project.graph, project.data.fields())
    parts = split(planned)
    assert offered_scores(planned, parts) == (offered, usual)
    assert score_names(planned, parts) == ("loss", *usual)
    assert score_names(planned, parts, ("auroc", "mae")) == ("loss", "auroc")


@pytest.mark.parametrize(
    ("name", "higher"),
    [
        ("loss", False),
        ("accuracy", True),
        ("top5", True),
        ("digit_auroc", True),
        ("perplexity", False),
        ("rmse", False),
    ],
)
def test_which_way_is_better(name: str, higher: bool) -> None:
    assert higher_is_better(name) == higher
