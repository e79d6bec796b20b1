"""A step prints as straight lines that write gradients where they belong and let go of what is done."""

from __future__ import annotations

import ast

import torch

from engine.training.step.printing import Printed
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
