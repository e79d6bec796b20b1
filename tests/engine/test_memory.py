"""What is foretold of the memory is what a real step takes."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from engine import templates
from engine.blocks import CATALOGUE
from engine.compile import build
from engine.memory import forecast
from engine.plan import plan
from engine.problem import UserError
from engine.project import Project
from engine.tensor import TensorSpec
from engine.training.settings import OPTIMIZERS
from tests.drawn.networks import gan
from tests.engine.drawing import block, draw

TRAINABLE = ("digits-cnn", "digits-mlp", "iris", "two-inputs", "digits-vae")


def real(spec: TensorSpec, batch: int) -> torch.Tensor:
    sizes = (batch, *spec.sizes)
    return torch.rand(sizes) if spec.dtype == "float32" else torch.zeros(sizes, dtype=torch.int64)


def kept_by_a_real_step(project: Project) -> int:
    """Bytes of all storages that autograd holds after a forward pass on the CPU, and of the batch."""
    compiled = build(project, objective=True)
    planned = plan(project.graph, project.data.fields())
    parts, batch = compiled.source.parts, project.training.batch_size
    entering = {step.name: real(step.leaves[0], batch) for step in parts.inputs if step.leaves[0]}
    given = {name: real(planned.leaving(*value), batch) for name, value in parts.arguments.items()}
    known = {weight.untyped_storage().data_ptr() for weight in compiled.network.parameters()}
    held: dict[int, torch.Tensor] = {}

    def note(tensor: torch.Tensor) -> torch.Tensor:
        if tensor.untyped_storage().data_ptr() not in known:
            held[tensor.untyped_storage().data_ptr()] = tensor
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        predicted = compiled.network(*entering.values())
        named = predicted if isinstance(predicted, dict) else dict.fromkeys(parts.predictions, predicted)
        assert compiled.objective is not None
        losses = compiled.objective(*({**given, **entering, **named}[name] for name in parts.arguments))
    assert losses
    batches: list[Any] = [*entering.values(), *given.values()]
    return sum(t.untyped_storage().nbytes() for t in held.values()) + sum(t.numel() * t.element_size() for t in batches)


@pytest.mark.parametrize("name", TRAINABLE)
def test_activations_are_those_that_a_real_step_keeps(name: str) -> None:
    project = templates.open_template(name)
    assert forecast(project).activations == kept_by_a_real_step(project)


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if name != "LBFGS"])
def test_an_optimizer_keeps_what_it_says(name: str) -> None:
    optimizer = OPTIMIZERS[name]()
    weight = torch.nn.Parameter(torch.ones(1000))
    (made,) = optimizer.make_for([{"params": [weight]}])
    weight.sum().backward()
    made.step()
    kept = sum(
        v.numel() for state in made.state.values() for v in state.values() if torch.is_tensor(v) and v.numel() > 1
    )
    assert kept == 1000 * optimizer.kept_for_each_weight


def test_the_history_of_lbfgs_is_counted() -> None:
    optimizer = OPTIMIZERS["LBFGS"](history_size=3, max_iter=20, lr=0.01)
    weight = torch.nn.Parameter(torch.linspace(0.5, 2, 1000))
    made = optimizer.make([weight])

    def loss() -> torch.Tensor:
        made.zero_grad()
        value = (weight**4).sum()
        value.backward()
        return value

    made.step(loss)
    lists = [v if isinstance(v, list) else [v] for state in made.state.values() for v in state.values()]
    kept = sum(v.numel() for values in lists for v in values if torch.is_tensor(v) and v.numel() > 1)
    assert 0 <= 1000 * optimizer.kept_for_each_weight - kept <= 1000


def test_frozen_weights_need_no_gradients() -> None:
    project = templates.open_template("iris")
    before = forecast(project)
    key = next(key for key, node in project.graph.nodes.items() if type(node.block).__name__ == "Linear")
    node = project.graph.nodes[key]
    frozen = project.edit(project.graph.treat(key, node.weights.change(frozen=True)))
    after = forecast(frozen)
    assert after.weights == before.weights
    assert after.gradients < before.gradients
    assert after.optimizer == 2 * after.gradients


def test_grows_with_the_batch() -> None:
    project = templates.open_template("digits-cnn")
    double = project.with_(training=project.training.change(batch_size=2 * project.training.batch_size))
    small, large = forecast(project), forecast(double)
    assert (small.weights, small.gradients, small.optimizer) == (large.weights, large.gradients, large.optimizer)
    assert 1.9 < large.activations / small.activations < 2.1
    assert small.total == small.weights + small.gradients + small.optimizer + small.activations


def test_six_billion_weights_take_no_memory_to_count() -> None:
    project = draw(
        {
            "image": block("Input", field="image"),
            "flatten": block("Flatten"),
            "wide": block("Linear", out_features=80_000),
            "deep": block("Linear", out_features=80_000),
            "fc": block("Linear", out_features=10),
            "digit": block("Target", field="digit"),
            "loss": block("CrossEntropyLoss"),
        },
        "image -> flatten -> wide -> deep -> fc -> loss",
        "digit -> loss.target",
    )
    assert plan(project.graph, project.data.fields()).parameters > 6e9
    assert forecast(project).total > 4 * 4 * 6e9


def test_a_design_with_errors_is_refused_in_words() -> None:
    project, _ = Project().add(CATALOGUE["Linear"](), (0, 0))
    with pytest.raises(UserError):
        forecast(project)


def test_each_optimizer_of_several_steps_keeps_its_own() -> None:
    project = gan()
    alone = forecast(project.with_(training=project.training.change(turns=())))
    assert forecast(project).optimizer == alone.optimizer, "each weight is moved by one of them"
    judge, generator = project.training.turns
    both = generator.change(blocks=("generator", "judge"))
    twice = forecast(project.with_(training=project.training.change(turns=(judge, both))))
    planned = plan(project.graph, project.data.fields())
    weights = {key: 4 * planned.steps[key].parameters for key in ("judge", "generator")}
    assert alone.optimizer == 2 * sum(weights.values())
    assert twice.optimizer == 2 * (weights["generator"] + 2 * weights["judge"])
