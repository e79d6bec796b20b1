"""A step prints as straight lines that write gradients where they belong and let go of what is done."""

from __future__ import annotations

import ast

import pytest
import torch

from engine.training.step.printing import Printed
from engine.training.step.recording import Recorder, Recording
from engine.training.step.tidying import Tidied
from engine.training.step.traced import record
from tests.engine.training.given import noisy, small
from tests.engine.training.step.made import Made, made


def printed(project: Made) -> Printed:
    recording = record(project.forward, project.flat, project.batches.first(8))
    staying = [*project.forward.network.parameters(), *project.forward.network.buffers()]
    return Printed(Tidied(recording, staying), project.flat.gradients)


def test_gradients_of_linear_layers_are_written_in_place() -> None:
    text = printed(made(small())).text
    assert text.count("out=g") == 4
    assert "copy_" not in text


def test_every_value_is_let_go_once_and_used_no_more() -> None:
    body = ast.parse(printed(made(noisy())).text).body[0]
    assert isinstance(body, ast.FunctionDef)
    gone: set[str] = set()
    for line in body.body:
        names = {node.id for node in ast.walk(line) if isinstance(node, ast.Name)}
        assert not names & gone
        if isinstance(line, ast.Delete):
            gone |= names
    assert len(gone) > 5


def test_gives_what_was_recorded() -> None:
    project = made(small())
    recording = record(project.forward, project.flat, project.batches.first(8))
    step = Printed(Tidied(recording, project.forward.network.parameters()), project.flat.gradients).function()
    with torch.no_grad():
        losses, compared = step(*project.batches.first(8).values())
    torch.testing.assert_close([*losses, *compared], [*recording.losses, *recording.compared])
    torch.testing.assert_close(project.flat.gradients, list(recording.gradients))


@pytest.mark.parametrize("padding", [None, 2])
@pytest.mark.parametrize("by_frequency", [False, True])
def test_the_gradient_of_a_table_is_written_in_place(padding: int | None, by_frequency: bool) -> None:
    torch.manual_seed(0)
    table, place = torch.nn.Parameter(torch.randn(5, 3)), torch.full((5, 3), 7.0)
    recording = Recording({"rows": torch.tensor([[1, 2, 1, 4], [2, 2, 0, 1]])})
    with torch.enable_grad(), Recorder(recording):
        found = torch.nn.functional.embedding(
            *recording.inputs.values(), table, padding, scale_grad_by_freq=by_frequency
        )
        recording.losses = [found.square().sum()]
        recording.gradients = torch.autograd.grad(recording.losses[0], [table])
    step = Printed(Tidied(recording, [table]), [place])
    copies = "copy_" in {getattr(value, "__name__", "") for value in step._values.values()}
    assert copies == by_frequency
    step.function()(*recording.inputs.values())
    torch.testing.assert_close(place, recording.gradients[0])
