"""Averages of the weights are what their formulas say, and what is validated and saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import nn

from engine.training import averaging
from engine.training.averaging import Averaging
from engine.training.run import RunFolder
from engine.training.settings import TrainingSettings
from engine.training.trainer import Trainer
from tests.engine.training.given import noisy, run, small, weights


def test_ema_follows_its_formula() -> None:
    network = nn.Linear(2, 1)
    average = Averaging(TrainingSettings(averaging="ema", ema_decay=0.6), network)
    expected = None
    for step, decay in zip(range(1, 12), [None, 2 / 11, 3 / 12, 4 / 13, 5 / 14, 6 / 15, 7 / 16, 8 / 17], strict=False):
        nn.init.constant_(network.weight, float(step * step))
        average.after_step()
        expected = step**2 if expected is None else decay * expected + (1 - decay) * step**2
        assert average.state()["average"]["weight"][0, 0] == pytest.approx(expected)
    for step in range(9, 40):
        nn.init.constant_(network.weight, float(step))
        before = float(average.state()["average"]["weight"][0, 0])
        average.after_step()
    assert average.state()["average"]["weight"][0, 0] == pytest.approx(0.6 * before + 0.4 * step)


def test_swa_is_the_mean_of_the_last_epochs() -> None:
    network = nn.Linear(2, 1)
    average = Averaging(TrainingSettings(averaging="swa", swa_start=0.5, epochs=6), network)
    for epoch in range(1, 7):
        nn.init.constant_(network.weight, float(epoch))
        for _ in range(2):  # an epoch that is told again, as after a stop while it was validated
            list(average.after_epoch(epoch, pytest.fail))
        with average.applied():
            expected = epoch if epoch <= 3 else sum(range(4, epoch + 1)) / (epoch - 3)
            assert float(network.weight.detach()[0, 0]) == pytest.approx(expected)
        assert network.weight[0, 0] == epoch


def test_statistics_of_batch_normalisation_are_taken_anew() -> None:
    data = torch.randn(64, 3, generator=torch.Generator().manual_seed(0)) * 5 + 2
    network = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))
    average = Averaging(TrainingSettings(averaging="swa", swa_start=0, epochs=2), network)
    network.train()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}

    fits = iter([False, True])  # at first the memory is too small for it

    def see() -> Iterator[bool]:
        assert not network.training
        network(data)
        yield next(fits)

    def as_before() -> bool:
        same = all(torch.equal(before[name], tensor) for name, tensor in network.state_dict().items())
        return same and network.training and network[1].momentum == 0.1

    left = average.after_epoch(1, see)
    next(left)
    assert not as_before()
    left.close()
    assert as_before()
    assert average.count == 0, "an epoch that was left counts when it is told again"
    fits = iter([False, True])
    assert len(list(average.after_epoch(1, see))) == 2
    assert as_before()
    assert average.count == 1
    with average.applied(), torch.no_grad():
        hidden = network[0](data)
        assert torch.allclose(network[1].running_mean, hidden.mean(0), atol=1e-5)
        assert torch.allclose(network[1].running_var, hidden.var(0), rtol=1e-4)


@pytest.mark.parametrize("kind", ["ema", "swa"])
def test_the_average_is_validated_and_saved(kind: str, tmp_path: Path) -> None:
    """The weights themselves go the same way as without; what is scored and kept is the average."""
    run(noisy(epochs=4), tmp_path / "plain")
    run(noisy(epochs=4, averaging=kind, swa_start=0.5), tmp_path / "averaged")
    trainers = [
        Trainer(noisy(epochs=4, averaging=chosen, swa_start=0.5), RunFolder(tmp_path / name), resume=True)
        for name, chosen in (("plain", "none"), ("averaged", kind))
    ]
    plain, averaged = (trainer.network.state_dict() for trainer in trainers)
    assert all(torch.equal(plain[name], averaged[name]) for name in plain)
    kept = trainers[1].averaging.state()["average"]
    metrics = RunFolder(tmp_path / "averaged").read_metrics()
    assert (
        metrics["history"][-1]["validation"]
        != RunFolder(tmp_path / "plain").read_metrics()["history"][-1]["validation"]
    )
    if metrics["best_epoch"] == 4:
        assert all(torch.equal(kept[name], tensor) for name, tensor in weights(tmp_path / "averaged").items())
    for trainer in trainers:
        trainer.restore_surroundings()


def test_without_it_nothing_is_kept() -> None:
    average = Averaging(TrainingSettings(), nn.Linear(2, 1))
    average.after_step()
    list(average.after_epoch(1, pytest.fail))
    assert average.state() == {"count": 0, "epoch": 0, "average": {}}
    assert averaging.Averaging(small().training, nn.Linear(1, 1)).count == 0
