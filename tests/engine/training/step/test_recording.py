"""What a recorder sees of a step."""

from __future__ import annotations

import torch

from engine.training.step.recording import Recorder, Recording, place_of
from engine.training.step.traced import record
from tests.engine.drawing import block, classifier
from tests.engine.training.given import noisy
from tests.engine.training.step.made import made


def recorded(*tensors: torch.Tensor) -> Recording:
    return Recording({str(index): tensor for index, tensor in enumerate(tensors)})


def test_sees_what_autograd_does() -> None:
    x, weight = torch.ones(2, 3), torch.ones(4, 3, requires_grad=True)
    recording = recorded(x)
    with Recorder(recording):
        torch.autograd.grad((x @ weight.t()).sum(), weight)
    names = [operation.name for operation in recording.operations if operation.name not in ("t", "detach")]
    assert names == ["mm", "sum", "ones_like", "expand", "mm"]


def test_knows_who_writes_and_who_draws() -> None:
    recording = recorded()
    statistics = torch.zeros(3)
    with Recorder(recording):
        torch.zeros(3).bernoulli_(0.5)
        torch.nn.functional.batch_norm(torch.ones(2, 3), statistics, torch.ones(3), training=True)
    operations = {operation.name: operation for operation in recording.operations}
    assert [name for name, operation in operations.items() if operation.random] == ["bernoulli_"]
    assert len(operations["bernoulli_"].writes) == 1
    assert place_of(operations["native_batch_norm"].writes[0]) == place_of(statistics)
    assert not operations["zeros"].writes


def test_a_recurrent_layer_stays_whole() -> None:
    project = made(classifier(block("Unsqueeze", dim=1), block("LSTM", hidden_size=4), block("Flatten")))
    operations = record(project.forward, project.flat, project.batches.first(8)).operations
    names = [operation.name for operation in operations]
    assert names.count("mkldnn_rnn_layer") == names.count("mkldnn_rnn_layer_backward") == 1
    assert len(operations) < 80


def test_a_dropout_draws_once() -> None:
    project = made(noisy())
    operations = record(project.forward, project.flat, project.batches.first(8)).operations
    assert sum(operation.random for operation in operations) == 1
