"""Whether a training can be compiled is told by its settings and its design, before torch is loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch

from engine.plan import plan
from engine.templates import open_template
from engine.training.compiled import outlook
from engine.training.compiled.outlook import COMPILED, foretold, refusal
from engine.training.compiled.rules import rule_of
from engine.training.settings import OPTIMIZERS, TrainingSettings
from tests.drawn.networks import gan
from tests.engine.drawing import block
from tests.engine.training.given import classifier

NOT: dict[str, tuple[dict[str, object], str]] = {
    "optimizer": ({"optimizer": OPTIMIZERS["Adagrad"]()}, "Adagrad has no compiled form; Adam, AdamW and SGD have one"),
    "fp16": ({"precision": "fp16"}, "the loss is scaled anew at each step"),
    "deterministic": ({"deterministic": True}, "“Deterministic” asks for the same bits each time"),
    "accumulate": ({"accumulate": 2}, "gradients of several batches are added up before each step"),
    "ema": ({"averaging": "ema"}, "EMA looks at the weights after every step"),
    "gpu": ({"device": "cuda"}, "on a GPU each step is captured as a whole already"),
}


@pytest.mark.parametrize("name", NOT)
def test_settings_that_go_against_it(name: str) -> None:
    given, told = NOT[name]
    assert refusal(TrainingSettings().change(**given)) == told


def test_nothing_is_against_the_usual_ones() -> None:
    assert refusal(TrainingSettings()) is None
    assert refusal(gan().training) == "each batch makes several steps"


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if name not in ("LBFGS", "Muon")])
def test_optimizers_with_a_compiled_form_are_those_with_a_rule(name: str) -> None:
    made = OPTIMIZERS[name]().make([torch.nn.Parameter(torch.zeros(2, 2))])
    assert (rule_of(made) is not None) == (name in COMPILED)


def test_a_recurrent_layer_is_seen_in_the_design() -> None:
    project = classifier(block("Unsqueeze", dim=1), block("LSTM", hidden_size=4), block("Flatten"))
    planned = plan(project.graph, project.data.fields())
    assert foretold(project.training, planned) == "a recurrent layer is computed as a whole already"


def test_without_a_compiler_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    project = open_template("digits-mlp")
    planned = plan(project.graph, project.data.fields())
    monkeypatch.setattr(outlook, "compiler", lambda: "/usr/bin/g++")
    assert foretold(project.training, planned) is None
    monkeypatch.setattr(outlook, "compiler", lambda: None)
    told = foretold(project.training, planned)
    assert told is not None
    assert told.startswith("there is no C++ compiler here. ")


def test_it_loads_no_torch() -> None:
    script = "import sys, engine.training.compiled.outlook, engine.training.effort; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
