"""What belongs to the network, what to the objective, and under which names values pass from one to the other."""

from __future__ import annotations

import pytest

from engine.blocks import Block
from engine.graph import Graph, Wire
from engine.parts import Parts, leaving, split
from engine.plan import plan
from tests.drawn.drawing import group
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


def shared(*inputs: str, loss: Block, target: str = "") -> Parts:
    """One encoder, used once for each input, in front of a loss; the other uses are called fc1, fc2, …"""
    blocks = {name: block("Input", field="features") for name in inputs}
    blocks |= {"fc": LINEAR, "loss": loss} | ({"label": block("Target", field=target)} if target else {})
    graph = draw(blocks, *(["label -> loss.target"] if target else []), source="Iris").graph
    ports = [port.name for port in loss.input_ports() if port.name != "target"]
    for number, (name, port) in enumerate(zip(inputs, ports, strict=True)):
        graph, encoder = graph.share("fc") if number else (graph, "fc")
        graph = graph.connect(Wire(name, "y", encoder, "x")).connect(Wire(encoder, "y", "loss", port))
    project = draw({}, source="Iris").edit(graph)
    return split(plan(project.graph, project.data.fields()))


def told(parts: Parts) -> dict[str, str]:
    return {key: " ".join(value) for key, value in names(parts).items()}


def test_triplets_from_one_encoder() -> None:
    parts = shared("a", "p", "n", loss=block("TripletMarginLoss"))
    assert told(parts) == {
        "inputs": "a p n",
        "network": "fc fc1 fc2",
        "predictions": "fc fc1 fc2",
        "arguments": "fc fc1 fc2",
        "objective": "loss",
        "losses": "loss",
    }
    assert [step.shares for step in parts.network] == ["", "fc", "fc"]


def test_siamese_pairs() -> None:
    parts = shared("a", "b", loss=block("ContrastiveLoss"), target="species")
    assert told(parts) == {
        "inputs": "a b",
        "network": "fc fc1",
        "predictions": "fc fc1",
        "arguments": "fc fc1 label",
        "objective": "loss",
        "losses": "loss",
    }


VARIATIONAL = {
    "x": block("Input", field="features"),
    "mu": LINEAR,
    "log_variance": LINEAR,
    "noise": block("RandomNormal"),
    "spread": block("Multiply"),
    "z": block("Add"),
    "decode": LINEAR,
    "rebuilt": block("MSELoss", reduction="batchmean"),
    "regular": block("GaussianKLLoss"),
}
VARIATIONAL_WIRES = (
    "x -> mu -> z.x1",
    "x -> log_variance -> spread.x1",
    "log_variance -> noise -> spread.x2",
    "spread -> z.x2",
    "z -> decode -> rebuilt.prediction",
    "x -> rebuilt.target",
    "mu -> regular.mu",
    "log_variance -> regular.log_variance",
)


def test_variational_autoencoder() -> None:
    """Noise is drawn in the network; one loss has a target, the other reads two values from the middle."""
    assert told(parts_of(VARIATIONAL, *VARIATIONAL_WIRES)) == {
        "inputs": "x",
        "network": "mu log_variance noise spread z decode",
        "predictions": "decode mu log_variance",
        "arguments": "decode x mu log_variance",
        "objective": "rebuilt regular",
        "losses": "rebuilt regular",
    }


def test_a_penalty_is_computed_in_the_network() -> None:
    blocks = {**CLASSIFIER, "square": block("Square"), "penalty": block("MeanLoss")}
    parts = parts_of(blocks, "x -> fc -> loss.prediction", "label -> loss.target", "fc -> square -> penalty.value")
    assert told(parts)["predictions"] == "fc square"
    assert told(parts)["losses"] == "loss penalty"


def test_ports_without_wires_do_not_matter() -> None:
    blocks = {
        "x": block("Input", sample_shape=(12, 6)),
        "log": block("LogSoftmax"),
        "labels": block("Input", sample_shape=(4,), dtype="int64"),
        "lengths": block("Input", sample_shape=(), dtype="int64"),
        "loss": block("CTCLoss"),
    }
    wires = ("x -> log -> loss.prediction", "labels -> loss.target", "lengths -> loss.target_lengths")
    assert told(parts_of(blocks, *wires))["arguments"] == "log labels lengths"


def test_cycles_and_loose_ends_do_not_stop_it() -> None:
    blocks = {**CLASSIFIER, "a": block("Add"), "b": block("Add")}
    parts = parts_of(blocks, "a -> b", "b -> a.x2", "b -> fc -> loss.prediction")
    assert names(parts)["predictions"] == ["fc"]
    assert names(parts)["network"] == ["fc"]
    assert names(parts)["inputs"] == []


def test_what_leaves_a_group_by_each_port() -> None:
    unit = group(
        "Unit",
        {"fc1": LINEAR, "act": block("ReLU"), "fc2": LINEAR},
        "x -> fc1 -> act -> early",
        "act -> fc2 -> y",
        outputs=("early", "y"),
    )
    project = draw({"x": block("Input", sample_shape=(3,)), "unit": unit}, "x -> unit")

    def told(change: Graph) -> dict[str, tuple[str, str]]:
        changed = unit.with_graph(change)
        return leaving(changed, plan(project.graph.replace("unit", changed), {}).steps["unit"].trace.inner[0].living)

    assert told(unit.graph) == {"early": ("act", "y"), "y": ("fc2", "y")}
    assert told(unit.graph.disconnect([Wire("act", "y", "early", "x")])) == {"y": ("fc2", "y")}
    assert told(unit.graph.mute(["act", "fc2"])) == {"early": ("fc1", "y"), "y": ("fc1", "y")}
