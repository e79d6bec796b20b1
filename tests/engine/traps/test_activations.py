"""Activations in front of losses: what is warned of, that the fixes lead out, and that sound designs are left alone."""

from __future__ import annotations

import pytest

from engine.blocks import CATALOGUE, Block
from engine.check import check
from engine.project import Project
from tests.engine.drawing import block, draw
from tests.engine.traps.drawn import (
    ERROR,
    WARNING,
    Expected,
    assert_leads_out,
    assert_told,
    binary,
    classes,
    numbers,
    raw,
    the_one,
    vectors,
)

CE, NLL, FOCAL = block("CrossEntropyLoss"), block("NLLLoss"), block("FocalLoss")
BCE, LOGITS = block("BCELoss"), block("BCEWithLogitsLoss")
KL, POISSON = block("KLDivLoss"), block("PoissonNLLLoss")
SOFTMAX, LOG, SIGMOID = ("soft", block("Softmax")), ("log", block("LogSoftmax")), ("sig", block("Sigmoid"))
FLAT = ("flat", block("Flatten"))


def act(kind: str, **values: object) -> tuple[str, Block]:
    return "act", block(kind, **values)


def gaussian(*before_variance: tuple[str, Block]) -> Project:
    """Mean and variance of a number."""
    middle = dict(before_variance)
    blocks = {
        "x": block("Input", field="features"),
        "mean": block("Linear", out_features=1),
        "spread": block("Linear", out_features=1),
        **middle,
        "y": block("Target", field="progression"),
        "loss": block("GaussianNLLLoss"),
    }
    wires = ("x -> mean -> loss.prediction", " -> ".join(["x", "spread", *middle, "loss.var"]), "y -> loss.target")
    return draw(blocks, *wires, source="Diabetes")


def pixels(*middle: tuple[str, Block], loss: str = "NLLLoss", field: str = "image") -> Project:
    """A class for each pixel of an image; the target is typed by hand, since the data have none."""
    blocks = {
        "image": block("Input", field=field),
        "conv": block("Conv2d", out_channels=4, kernel_size=1),
        **dict(middle),
        "classes": block("Input", sample_shape=(8, 8), dtype="int64"),
        "loss": block(loss),
    }
    return draw(blocks, " -> ".join(["image", "conv", *dict(middle), "loss.prediction"]), "classes -> loss.target")


def distillation(*before_target: tuple[str, Block], **values: object) -> Project:
    """A pupil that learns from a frozen teacher."""
    middle = dict(before_target)
    blocks = {
        "x": block("Input", field="features"),
        "pupil": block("Linear", out_features=3),
        "log": block("LogSoftmax"),
        "teacher": block("Linear", out_features=3),
        **middle,
        "loss": block("KLDivLoss", **values),
    }
    project = draw(
        blocks,
        "x -> pupil -> log -> loss.prediction",
        " -> ".join(["x", "teacher", *middle, "loss.target"]),
        source="Iris",
    )
    weights = project.graph.nodes["teacher"].weights.change(frozen=True)
    return project.edit(project.graph.treat("teacher", weights))


REWIRE = "Rewire loss to fc"

TABLE: dict[str, tuple[Project, Expected]] = {
    # applied twice
    "softmax twice": (
        classes(SOFTMAX, loss=CE),
        ("Softmax feeds CrossEntropy", WARNING, "soft", [REWIRE, "Use LogSoftmax and NLLLoss"]),
    ),
    "softmax twice, weighing classes": (
        classes(SOFTMAX, loss=block("CrossEntropyLoss", class_weights=(1, 2, 3), weight=0.5)),
        ("Softmax feeds CrossEntropy", WARNING, "soft", [REWIRE, "Use LogSoftmax and NLLLoss"]),
    ),
    "softmax twice, smoothing labels": (
        classes(SOFTMAX, loss=block("CrossEntropyLoss", label_smoothing=0.1)),
        ("Softmax feeds CrossEntropy", WARNING, "soft", [REWIRE]),
    ),
    "log-softmax twice": (
        classes(LOG, loss=CE),
        ("LogSoftmax feeds CrossEntropy", WARNING, "log", [REWIRE, "Use LogSoftmax and NLLLoss"]),
    ),
    "softmax twice, against one-hot": (
        classes(SOFTMAX, loss=CE, encoding="one-hot"),
        ("Softmax feeds CrossEntropy", WARNING, "soft", [REWIRE]),
    ),
    "softmax twice, something between": (
        classes(SOFTMAX, FLAT, loss=CE),
        ("Softmax feeds CrossEntropy", WARNING, "soft", ["Rewire flat to fc", "Use LogSoftmax and NLLLoss"]),
    ),
    "softmax before a focal loss": (
        classes(SOFTMAX, loss=FOCAL),
        ("Softmax feeds Focal", WARNING, "soft", [REWIRE]),
    ),
    "sigmoid twice": (
        binary(SIGMOID, loss=LOGITS),
        ("Sigmoid feeds BCEWithLogits", WARNING, "sig", [REWIRE, "Use BCELoss"]),
    ),
    "sigmoid twice, weighing yes": (
        binary(SIGMOID, loss=block("BCEWithLogitsLoss", pos_weight=(3,))),
        ("Sigmoid feeds BCEWithLogits", WARNING, "sig", [REWIRE]),
    ),
    "sigmoid before a focal loss": (
        binary(SIGMOID, loss=FOCAL),
        ("Sigmoid feeds Focal", WARNING, "sig", [REWIRE]),
    ),
    "sigmoid before a multi-label loss": (
        classes(SIGMOID, loss=block("MultiLabelSoftMarginLoss"), encoding="one-hot"),
        ("Sigmoid feeds MultiLabelSoftMargin", WARNING, "sig", [REWIRE]),
    ),
    "softplus before the logarithm of a rate": (
        raw(numbers(act("Softplus"), loss=POISSON)),
        (
            "Softplus feeds PoissonNLL",
            WARNING,
            "act",
            [REWIRE, "Set logarithm of the rate of loss to off"],
        ),
    ),
    # cut off
    **{
        f"{kind} before cross-entropy": (
            classes(act(kind), loss=CE),
            (f"{kind} cuts off the scores", WARNING, "act", [REWIRE]),
        )
        for kind in (
            *("ReLU", "ReLU6", "LeakyReLU", "RReLU", "ELU", "SELU", "CELU", "GELU", "SiLU", "Mish", "Hardswish"),
            *("Softplus", "Sigmoid", "LogSigmoid", "Hardsigmoid", "Tanh", "Softsign", "Hardtanh", "Softmin"),
            *("Threshold", "Exp", "Clamp"),
        )
    },
    **{
        f"{kind} before a binary loss": (
            binary(act(kind), loss=LOGITS),
            (f"{kind} cuts off the scores", WARNING, "act", [REWIRE]),
        )
        for kind in ("Tanh", "ReLU", "GELU", "Hardsigmoid", "LogSigmoid")
    },
    "PReLU before cross-entropy": (
        classes(act("PReLU"), loss=CE),
        ("PReLU cuts off the scores", WARNING, "act", ["Put Linear between act and loss"]),
    ),
    "ReLU before a margin": (
        classes(act("ReLU"), loss=block("MultiMarginLoss")),
        ("ReLU cuts off the scores", WARNING, "act", [REWIRE]),
    ),
    "ReLU and dropout behind the last layer": (
        classes(act("ReLU"), ("drop", block("Dropout")), FLAT, loss=CE),
        ("drop drops predictions", WARNING, "drop", ["Rewire flat to act"]),
    ),
    # missing
    "no log-softmax before NLL": (
        classes(loss=NLL),
        ("fc does not give what loss expects", WARNING, "loss", ["Use CrossEntropyLoss"]),
    ),
    "softmax before NLL": (
        classes(SOFTMAX, loss=NLL),
        ("soft does not give what loss expects", WARNING, "loss", ["Use LogSoftmax"]),
    ),
    "ReLU before NLL": (
        classes(act("ReLU"), loss=NLL),
        ("act does not give what loss expects", WARNING, "loss", ["Use LogSoftmax"]),
    ),
    "logits before a divergence": (
        classes(loss=KL, encoding="one-hot"),
        ("fc does not give what loss expects", WARNING, "loss", ["Put LogSoftmax between fc and loss"]),
    ),
    "probabilities before a divergence": (
        classes(SOFTMAX, loss=KL, encoding="one-hot"),
        ("soft does not give what loss expects", WARNING, "loss", ["Use LogSoftmax"]),
    ),
    "a teacher's logits": (
        distillation(),
        ("teacher does not give what loss expects", WARNING, "loss", ["Put Softmax between teacher and loss"]),
    ),
    "a teacher's logits, logarithms asked for": (
        distillation(log_target=True),
        ("teacher does not give what loss expects", WARNING, "loss", ["Put LogSoftmax between teacher and loss"]),
    ),
    "no sigmoid before BCE": (
        binary(loss=BCE),
        ("fc does not give what loss expects", ERROR, "loss", ["Use BCEWithLogitsLoss"]),
    ),
    "tanh before BCE": (
        binary(act("Tanh"), loss=BCE),
        ("act does not give what loss expects", ERROR, "loss", ["Use Sigmoid"]),
    ),
    "a variance that may be negative": (
        gaussian(),
        ("spread does not give what loss expects", ERROR, "loss", ["Put Softplus between spread and loss"]),
    ),
    "a variance behind tanh": (
        gaussian(act("Tanh")),
        ("act does not give what loss expects", ERROR, "loss", ["Use Softplus"]),
    ),
    "a rate that may be negative": (
        raw(numbers(loss=block("PoissonNLLLoss", log_input=False))),
        ("fc does not give what loss expects", ERROR, "loss", ["Put Softplus between fc and loss"]),
    ),
    # others
    "softmax of one number": (
        binary(("soft", block("Softmax")), loss=BCE),
        ("soft always gives 1", WARNING, "soft", ["Use Sigmoid"]),
    ),
    "dropout behind the last layer": (
        vectors(("drop", block("Dropout")), loss=block("MSELoss")),
        ("drop drops predictions", WARNING, "drop", [REWIRE]),
    ),
}
FURTHER = {"ReLU and dropout behind the last layer"}  # what is told besides needs another fix


@pytest.mark.parametrize("case", TABLE)
def test_tells(case: str) -> None:
    assert_told(*TABLE[case])


@pytest.mark.parametrize("case", [case for case in TABLE if case not in FURTHER])
def test_every_fix_leads_out(case: str) -> None:
    project, (title, *_) = TABLE[case]
    assert_leads_out(project, title)


def test_log_probabilities_along_the_width_of_an_image() -> None:
    title, label = "log works along another axis than the classes", "Set axis of log to 1"
    project = pixels(LOG)
    assert_told(project, (title, WARNING, "log", [label]))
    after = the_one(project, title).fixes[0].edit(project)
    assert after == pixels(("log", block("LogSoftmax", dim=1)))
    assert title not in [problem.title for problem in check(after)]


def test_labels_of_a_sequence_lie_along_its_last_axis() -> None:
    blocks = {
        "x": block("Input", sample_shape=(12, 6)),
        "log": block("LogSoftmax", dim=1),
        "labels": block("Input", sample_shape=(4,), dtype="int64"),
        "loss": block("CTCLoss"),
    }
    project = draw(blocks, "x -> log -> loss.prediction", "labels -> loss.target")
    problem = the_one(project, "log works along another axis than the classes")
    assert problem.fixes[0].edit(project).graph.nodes["log"].block == block("LogSoftmax", dim=2)


SOUND = {
    "cross-entropy on logits": classes(loss=CE),
    "cross-entropy on one-hot": classes(loss=CE, encoding="one-hot"),
    "focal loss on logits": classes(loss=FOCAL),
    "focal loss on yes or no": binary(loss=FOCAL),
    "margins": classes(loss=block("MultiMarginLoss")),
    "NLL on log-softmax": classes(LOG, loss=NLL),
    "NLL on the logarithm of softmax": classes(SOFTMAX, ("ln", block("Log")), loss=NLL),
    "a divergence of log-softmax": classes(LOG, loss=KL, encoding="one-hot"),
    "a teacher's probabilities": distillation(("soft", block("Softmax"))),
    "a teacher's log-probabilities": distillation(("soft", block("LogSoftmax")), log_target=True),
    "BCE on a sigmoid": binary(SIGMOID, loss=BCE),
    "BCE on a sigmoid further off": binary(SIGMOID, FLAT, loss=BCE),
    "BCE with logits": binary(loss=LOGITS),
    "BCE with logits on one-hot": classes(loss=LOGITS, encoding="one-hot"),
    "BCE on a softmax of one-hot": classes(SOFTMAX, loss=BCE, encoding="one-hot"),
    "a mean and a variance": gaussian(("positive", block("Softplus"))),
    "a rate": raw(numbers(("positive", block("Exp")), loss=block("PoissonNLLLoss", log_input=False))),
    "the logarithm of a rate": raw(numbers(loss=POISSON)),
    "squared error": numbers(loss=block("MSELoss")),
    "a sigmoid before a squared error": numbers(SIGMOID, loss=block("MSELoss")),
    "a softmax in the middle": classes(SOFTMAX, ("fc2", block("Linear", out_features=3)), loss=CE),
    "dropout in the middle": classes(("drop", block("Dropout")), ("fc2", block("Linear", out_features=3)), loss=CE),
    "shrinking": classes(("act", block("Tanhshrink")), loss=CE),
}


@pytest.mark.parametrize("case", SOUND)
def test_leaves_sound_designs_in_peace(case: str) -> None:
    assert [str(problem) for problem in check(SOUND[case])] == []


def test_every_activation_that_limits_is_told_of() -> None:
    told = {case.partition(" ")[0] for case in TABLE if case.endswith("before cross-entropy")}
    bends = {"Softmax", "LogSoftmax"}  # told as applied twice
    free = {"GLU", "Hardshrink", "Softshrink", "Tanhshrink", "Softmax2d"}  # any number; channels of images
    assert {name for name, cls in CATALOGUE.items() if cls.category == "Activation"} <= told | bends | free


def test_a_memory_is_no_score() -> None:
    blocks = {
        "image": block("Input", field="image"),
        "rows": block("Reshape", sample_shape=(8, 8)),
        "lstm": block("LSTM", hidden_size=10, output="last step"),
        "digit": block("Target", field="digit"),
        "loss": CE,
    }
    project = draw(blocks, "image -> rows -> lstm -> loss.prediction", "digit -> loss.target")
    problem = the_one(project, "LSTM cuts off the scores")
    assert [fix.label for fix in problem.fixes] == ["Put Linear between lstm and loss"]
    assert check(problem.fixes[0].edit(project)) == []
