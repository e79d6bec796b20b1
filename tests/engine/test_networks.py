"""Well-known networks, drawn with groups: published counts, a step of training, and exports that agree bit for bit."""

from __future__ import annotations

import math
import pathlib
from typing import Any

import pytest
import torch

import engine
from engine import templates
from engine.compile import build
from engine.plan import plan
from engine.project import Project
from engine.storage import dumps
from tests.drawn.networks import NETWORKS

ROWS = [(name, parameters) for name, (_, parameters) in NETWORKS.items()]
RESOURCES = pathlib.Path(__file__).parents[2] / "resources"


@pytest.fixture(params=NETWORKS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_file_is_what_is_drawn(name: str) -> None:
    """`python -m tests.drawn` writes the files anew."""
    text = (RESOURCES / "templates" / f"{name}.plexus").read_text(encoding="utf-8")
    assert text == dumps(NETWORKS[name][0]())


@pytest.mark.parametrize(("name", "parameters"), ROWS)
def test_counts_are_the_published_ones(name: str, parameters: int | None) -> None:
    planned = plan(templates.open_template(name).graph, templates.open_template(name).data.fields())
    assert planned.complete
    assert parameters in (planned.parameters, None)


def test_nothing_is_wrong_but_that_it_has_no_data_of_its_own(name: str) -> None:
    assert all(problem.builds for problem in engine.check(templates.open_template(name)))


def example(project: Project, batch: int) -> list[torch.Tensor]:
    """A batch for each input, small numbers so that nothing runs over."""
    planned = plan(project.graph, project.data.fields())
    specs = [step.leaves[0] for step in planned.inputs]
    return [
        torch.randint(0, 100, (batch, *spec.sizes)) if spec.dtype == "int64" else torch.rand(batch, *spec.sizes)
        for spec in specs
        if spec is not None
    ]


def values(answer: Any) -> list[torch.Tensor]:
    return list(answer.values()) if isinstance(answer, dict) else [answer]


def test_it_learns_a_step_and_its_export_does_the_same(name: str, tmp_path: pathlib.Path) -> None:
    project = templates.open_template(name)
    torch.manual_seed(0)
    network = build(project).network
    inputs = example(project, 2)
    assert sum(weight.numel() for weight in network.parameters()) == engine.review(project).plan.parameters

    optimizer = torch.optim.SGD(network.parameters(), lr=1e-3)
    loss = sum((value.float() ** 2).mean() for value in values(network(*inputs)))
    assert isinstance(loss, torch.Tensor)
    loss.backward()
    gradients = {weight: weight.grad for weight in network.parameters() if weight.grad is not None}
    steepness = {weight: max(map(abs, map(float, gradient.aminmax()))) for weight, gradient in gradients.items()}
    assert all(math.isfinite(steep) for steep in steepness.values())  # the least and the largest are nan where any is
    assert sum(steep > 0 for steep in steepness.values()) >= 0.8 * len(list(network.parameters()))
    steepest = max(steepness, key=steepness.__getitem__)
    before = steepest.detach().clone()
    optimizer.step()
    assert not torch.equal(steepest, before)

    exported = carried_out(engine.export_python(project), tmp_path)
    with torch.device("meta"):  # random weights that are replaced at once take seconds
        other = exported()
    assert list(other.state_dict()) == list(network.state_dict())
    other.load_state_dict(network.state_dict(), assign=True)
    answers = []
    for module in (network.eval(), other.eval()):
        torch.manual_seed(1)
        with torch.inference_mode():
            answers.append(values(module(*inputs)))
    assert all(torch.equal(ours, theirs) for ours, theirs in zip(*answers, strict=True))


def carried_out(text: str, folder: pathlib.Path) -> Any:
    """The network's class from an exported file, as somebody without Plexus would get it."""
    import importlib.util

    place = folder / "exported.py"
    place.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("exported", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    classes = [value for value in vars(module).values() if isinstance(value, type)]
    return classes[-1]
