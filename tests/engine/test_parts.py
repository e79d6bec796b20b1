"""What belongs to the network, what to the objective, and under which names values pass from one to the other."""

from __future__ import annotations

import pytest

from engine.blocks import Block
from engine.parts import Parts, split
from engine.plan import plan
from tests.engine.drawing import block, draw

LINEAR = block("Linear", out_features=4)
CLASSIFIER = {
    "x": block("Input", field="features"),
    "fc": LINEAR,
    "label": block("Target", field="species"),
    "loss": block("CrossEntropyLoss"),
}


def parts_of(blocks: dict[str, Block], *wires: str, source: str = "Iris") -> Parts:
    project = draw(blocks, *wires, source=source)
    return split(plan(project.graph, project.data.fields()))


def names(parts: Parts) -> dict[str, list[str]]:
    return {
        "inputs": [step.name for step in parts.inputs],
        "network": [step.name for step in parts.network],
        "predictions": list(parts.predictions),
        "arguments": list(parts.arguments),
        "objective": [step.name for step in parts.objective],
        "losses": list(parts.losses),
    }


TABLE = {
    "classifier": (
        CLASSIFIER,
        ["x -> fc -> loss.prediction", "label -> loss.target"],
        {"inputs": "x", "network": "fc", "predictions": "fc", "arguments": "fc label", "objective": "loss"},
    ),
    "autoencoder: the input is the target": (
        {"x": block("Input", field="features"), "code": LINEAR, "fc": LINEAR, "loss": block("MSELoss")},
        ["x -> code -> fc -> loss.prediction", "x -> loss.target"],
        {"inputs": "x", "network": "code fc", "predictions": "fc", "arguments": "fc x", "objective": "loss"},
    ),
    "two losses on one prediction": (
        {**CLASSIFIER, "smooth": block("CrossEntropyLoss", label_smoothing=0.1)},
        ["x -> fc -> loss.prediction", "label -> loss.target", "fc -> smooth.prediction", "label -> smooth.target"],
        {
            "inputs": "x",
            "network": "fc",
            "predictions": "fc",
            "arguments": "fc label",
            "objective": "loss smooth",
            "losses": "loss smooth",
        },
    ),
    "two heads": (
        {
            **CLASSIFIER,
            "trunk": LINEAR,
            "size": LINEAR,
            "target2": block("Target", field="features"),
            "mse": block("MSELoss"),
        },
        [
            "x -> trunk -> fc -> loss.prediction",
            "label -> loss.target",
            "trunk -> size -> mse.prediction",
            "target2 -> mse.target",
        ],
        {
            "inputs": "x",
            "network": "trunk fc size",
            "predictions": "fc size",
            "arguments": "fc label size target2",
            "objective": "loss mse",
            "losses": "loss mse",
        },
    ),
    "two inputs in the order they were drawn": (
        {
            "b": block("Input", field="petal"),
            "a": block("Input", field="sepal"),
            "both": block("Concat"),
            "fc": LINEAR,
            "label": block("Target", field="species"),
            "loss": block("CrossEntropyLoss"),
        },
        ["a -> both.x1", "b -> both.x2", "both -> fc -> loss.prediction", "label -> loss.target"],
        {"inputs": "b a", "network": "both fc", "predictions": "fc", "arguments": "fc label", "objective": "loss"},
    ),
    "an operation on the target belongs to the objective": (
        {
            "x": block("Input", field="features"),
            "fc": LINEAR,
            "truth": block("Target", field="features"),
            "half": block("Sigmoid"),
            "loss": block("MSELoss"),
        },
        ["x -> fc -> loss.prediction", "truth -> half -> loss.target"],
        {"inputs": "x", "network": "fc", "predictions": "fc", "arguments": "truth fc", "objective": "half loss"},
    ),
    "an operation on prediction and target": (
        {
            "x": block("Input", field="features"),
            "fc": LINEAR,
            "truth": block("Target", field="features"),
            "product": block("Multiply"),
            "loss": block("L1Loss"),
        },
        ["x -> fc -> product.x1", "truth -> product.x2", "product -> loss.prediction", "truth -> loss.target"],
        {"inputs": "x", "network": "fc", "predictions": "fc", "arguments": "fc truth", "objective": "product loss"},
    ),
    "an output gives the prediction its name": (
        {**CLASSIFIER, "scores": block("Output")},
        ["x -> fc -> loss.prediction", "label -> loss.target", "fc -> scores"],
        {"inputs": "x", "network": "fc", "predictions": "scores", "arguments": "scores label", "objective": "loss"},
    ),
    "an output that no loss reads": (
        {**CLASSIFIER, "hidden": LINEAR, "code": block("Output")},
        ["x -> hidden -> fc -> loss.prediction", "label -> loss.target", "hidden -> code"],
        {
            "inputs": "x",
            "network": "hidden fc",
            "predictions": "code fc",
            "arguments": "fc label",
            "objective": "loss",
        },
    ),
    "what reaches no loss takes no part": (
        {**CLASSIFIER, "stray": LINEAR, "idle": block("Input", field="petal")},
        ["x -> fc -> loss.prediction", "label -> loss.target", "x -> stray"],
        {"inputs": "x", "network": "fc", "predictions": "fc", "arguments": "fc label", "objective": "loss"},
    ),
    "an output of a target is no prediction": (
        {**CLASSIFIER, "truth": block("Output")},
        ["x -> fc -> loss.prediction", "label -> loss.target", "label -> truth"],
        {"inputs": "x", "network": "fc", "predictions": "fc", "arguments": "fc label", "objective": "loss"},
    ),
    "only an output": (
        {"x": block("Input", field="features"), "fc": LINEAR, "out": block("Output")},
        ["x -> fc -> out"],
        {"inputs": "x", "network": "fc", "predictions": "out", "arguments": "", "objective": "", "losses": ""},
    ),
    "nothing": (
        {},
        [],
        {"inputs": "", "network": "", "predictions": "", "arguments": "", "objective": "", "losses": ""},
    ),
}


@pytest.mark.parametrize("case", TABLE)
def test_split(case: str) -> None:
    blocks, wires, expected = TABLE[case]
    told = names(parts_of(blocks, *wires))
    assert {key: " ".join(value) for key, value in told.items()} == {"losses": "loss", **expected}


def test_cycles_and_loose_ends_do_not_stop_it() -> None:
    blocks = {**CLASSIFIER, "a": block("Add"), "b": block("Add")}
    parts = parts_of(blocks, "a -> b", "b -> a.x2", "b -> fc -> loss.prediction")
    assert names(parts)["predictions"] == ["fc"]
    assert names(parts)["network"] == ["fc"]
    assert names(parts)["inputs"] == []
