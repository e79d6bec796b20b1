"""Averages of the weights beside the weights themselves, which often do better than any one step leaves them.

EMA (Polyak and Juditsky 1992) goes a little way towards the weights after every step; in the first steps a longer
way, as TensorFlow and timm do, so that it does not drag along where the network began. SWA (Izmailov et al. 2018) is
the plain mean of the weights at the end of the last epochs; since statistics of batch normalisation can't be averaged
in this way, they are taken anew over the training part.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch.nn.modules.batchnorm import _BatchNorm

from engine.training.settings import TrainingSettings

State = dict[str, torch.Tensor]


class Averaging:
    """What is averaged has the names of the network's state; `applied` puts it in place for a while."""

    def __init__(self, settings: TrainingSettings, network: torch.nn.Module) -> None:
        self.kind, self._decay = settings.averaging, settings.ema_decay
        self._network = network
        self.change(settings)
        self.count = 0  # of steps, or of epochs, that went into it
        self._epoch = 0  # the last one that went into it
        self._average: State = {}

    def change(self, settings: TrainingSettings) -> None:
        """Go by another number of epochs; an average that has begun goes on."""
        self._first_epoch = math.floor(settings.swa_start * settings.epochs) + 1

    def after_step(self) -> None:
        """Take note of where a step has led."""
        if self.kind != "ema":
            return
        self.count += 1
        decay = min(self._decay, self.count / (9 + self.count))
        self._average = self._nearer(self._average, 1 - decay)

    def after_epoch(self, epoch: int, see_training_part: Callable[[], Iterator[bool]]) -> Generator[None]:
        """Take note of where an epoch has led; an epoch that is told twice counts once.

        `see_training_part` runs the network over the training part, batch by batch, which batch normalisation learns
        from; after a batch that is told to be False, it begins anew. Between the batches one may leave: then the epoch
        has not been taken note of.
        """
        begun = self.count > 0 or self._first_epoch <= epoch
        if self.kind != "swa" or not begun or epoch == self._epoch:
            return
        average = {name: tensor.clone() for name, tensor in self._average.items()}
        average = self._nearer(average, 1 / (self.count + 1))
        norms = [module for module in self._network.modules() if isinstance(module, _BatchNorm)]
        norms = [norm for norm in norms if norm.track_running_stats]
        if norms:
            average = yield from self._with_statistics(average, norms, see_training_part)
        self._epoch, self._average = epoch, average
        self.count += 1

    def _with_statistics(
        self, average: State, norms: Sequence[_BatchNorm], see_training_part: Callable[[], Iterator[bool]]
    ) -> Generator[None, None, State]:
        """The average with statistics of its own; the network has it for a while."""
        momenta, training = [norm.momentum for norm in norms], self._network.training
        mine = {name: tensor.clone() for name, tensor in self._network.state_dict().items()}
        self._network.load_state_dict(average)
        self._network.eval()
        for norm in norms:
            norm.momentum = None  # the plain mean over all batches
            norm.train()
        whole = False
        try:
            while not whole:
                for norm in norms:
                    norm.reset_running_stats()
                for fits in see_training_part():
                    whole = fits
                    yield
            return {name: tensor.clone() for name, tensor in self._network.state_dict().items()}
        finally:
            for norm, momentum in zip(norms, momenta, strict=True):
                norm.momentum = momentum
            self._network.load_state_dict(mine)
            self._network.train(training)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """The network has the averaged weights, if there are any yet."""
        if not self.count:
            yield
            return
        mine = {name: tensor.clone() for name, tensor in self._network.state_dict().items()}
        self._network.load_state_dict(self._average)
        try:
            yield
        finally:
            self._network.load_state_dict(mine)

    def state(self) -> dict[str, Any]:
        return {"count": self.count, "epoch": self._epoch, "average": self._average}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what `state` told."""
        self.count, self._epoch = state["count"], state["epoch"]
        places = self._network.state_dict()
        self._average = {name: tensor.to(places[name].device) for name, tensor in state["average"].items()}

    @torch.no_grad()
    def _nearer(self, average: State, share: float) -> State:
        """The average, brought in its place this share of the way to the network; what is no measure is copied."""
        now = self._network.state_dict()
        if not average:
            return {name: tensor.detach().clone() for name, tensor in now.items()}
        measures = [name for name, tensor in now.items() if tensor.is_floating_point()]
        torch._foreach_lerp_([average[name] for name in measures], [now[name] for name in measures], share)
        for name in now.keys() - set(measures):
            average[name].copy_(now[name])
        return average
