"""How weights begin, and which of them stay: the statements behind the attributes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.project import Project
from engine.weight_settings import WeightSettings
from tests.drawn.drawing import group
from tests.engine.drawing import block
from tests.engine.printing.to_the_letter import Table, classes, row

TABLE: Table = {}


def frozen() -> Project:
    run = group("Run", {"fc": block("Linear", out_features=6), "act": block("ReLU")}, "x -> fc -> act -> y")
    run = run.with_graph(run.graph.treat("fc", WeightSettings(frozen=True)))
    unit = group("Unit", {"fc": block("Linear"), "add": block("Add")}, "x -> fc -> add.x1", "fc -> add.x2", "add -> y")
    project = row(
        {"fc": block("Linear", out_features=6), "run": run, "unit": unit, "act": block("ReLU"), "out": block("Output")},
        "row -> fc -> run -> unit -> act -> out",
    )
    graph = project.graph
    for key in ("fc", "unit", "act"):
        graph = graph.treat(key, WeightSettings(frozen=True))
    return project.edit(graph)


TABLE[frozen] = """\
class Unit(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 64)

    def forward(self, x):  # (B, 6)
        fc = self.fc(x)  # (B, 64)
        return fc + fc  # (B, 64)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 6)
        self.run = nn.Sequential(nn.Linear(6, 6), nn.ReLU())
        self.unit = Unit()
        self.fc.requires_grad_(False)
        self.run[0].requires_grad_(False)
        self.unit.requires_grad_(False)

    def forward(self, row):  # (B, 6)
        x = self.fc(row)  # (B, 6)
        x = self.run(x)  # (B, 6)
        return F.relu(self.unit(x))  # (B, 64)
"""


def beginnings() -> Project:
    run = group("Run", {"fc": block("Linear", out_features=6), "act": block("ReLU")}, "x -> fc -> act -> y")
    run = run.with_graph(run.graph.treat("fc", WeightSettings(initialisation="kaiming normal")))
    unit = group("Unit", {"fc": block("Linear", out_features=6), "norm": block("LayerNorm"), "add": block("Add")},
                 "x -> fc -> norm -> add.x1", "fc -> add.x2", "add -> y")  # fmt: skip
    unit = unit.with_graph(unit.graph.treat("fc", WeightSettings(initialisation="orthogonal", amount=0.5)))
    project = row(
        {"runs": run.change(repeat=2), "units": unit.change(repeat=2), "fc": block("Linear", out_features=3),
         "out": block("Output")},
        "row -> runs -> units -> fc -> out",
    )  # fmt: skip
    return project.edit(project.graph.treat("fc", WeightSettings(initialisation="uniform", amount=0.3)))


TABLE[beginnings] = '''\
class Run(nn.Module):
    """Used 2 times: runs.0, runs.1"""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 6)
        nn.init.kaiming_normal_(self.fc.weight, nonlinearity="relu")
        nn.init.zeros_(self.fc.bias)

    def forward(self, x):  # (B, 6)
        return F.relu(self.fc(x))  # (B, 6)


class Unit(nn.Module):
    """Used 2 times: units.0, units.1"""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 6)
        self.norm = nn.LayerNorm(6)
        nn.init.orthogonal_(self.fc.weight, gain=0.5)
        nn.init.zeros_(self.fc.bias)

    def forward(self, x):  # (B, 6)
        fc = self.fc(x)  # (B, 6)
        return self.norm(fc) + fc  # (B, 6)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.runs = nn.Sequential(Run(), Run())
        self.units = nn.Sequential(Unit(), Unit())
        self.fc = nn.Linear(6, 3)
        nn.init.uniform_(self.fc.weight, -0.3, 0.3)
        nn.init.zeros_(self.fc.bias)

    def forward(self, row):  # (B, 6)
        x = self.runs(row)  # (B, 6)
        x = self.units(x)  # (B, 6)
        return self.fc(x)  # (B, 3)
'''


@pytest.mark.parametrize("design", TABLE, ids=lambda design: design.__name__)
def test_prints(design: Callable[[], Project]) -> None:
    assert classes(design()) == TABLE[design]


def test_a_parametrized_layer_is_parametrized_after_it_begins() -> None:
    run = group("Run", {"fc": block("Linear", out_features=6, weight_norm="spectral"), "act": block("ReLU")},
                "x -> fc -> act -> y")  # fmt: skip
    run = run.with_graph(run.graph.treat("fc", WeightSettings(initialisation="orthogonal", frozen=True)))
    project = row(
        {"run": run, "fc": block("Linear", out_features=3, weight_norm="weight"), "out": block("Output")},
        "row -> run -> fc -> out",
    )
    assert "self.fc = nn.utils.parametrizations.weight_norm(nn.Linear(6, 3))" in classes(project)
    project = project.edit(project.graph.treat("fc", WeightSettings(initialisation="constant", amount=2)))
    assert classes(project).partition("super().__init__()\n")[2].partition("\n\n")[0].splitlines() == [
        "        self.run = nn.Sequential(nn.Linear(6, 6), nn.ReLU())",
        "        self.fc = nn.Linear(6, 3)",
        "        nn.init.zeros_(self.run[0].bias)",
        "        nn.init.orthogonal_(self.run[0].weight)",
        "        nn.utils.parametrizations.spectral_norm(self.run[0])",
        "        self.run[0].requires_grad_(False)",
        "        nn.init.zeros_(self.fc.bias)",
        "        nn.init.constant_(self.fc.weight, 2.0)",
        "        nn.utils.parametrizations.weight_norm(self.fc)",
    ]


def test_settings_of_what_has_no_weights_change_nothing() -> None:
    project = row({"act": block("Dropout"), "out": block("Output")}, "row -> act -> out")
    settings = WeightSettings(initialisation="normal", frozen=True, l1=1)
    assert classes(project.edit(project.graph.treat("act", settings))) == classes(project)


def test_penalties_are_no_part_of_the_network() -> None:
    project = row({"fc": block("Linear"), "out": block("Output")}, "row -> fc -> out")
    treated = project.edit(project.graph.treat("fc", WeightSettings(weight_decay=0.1, l1=0.2)))
    assert classes(treated) == classes(project)
