"""All that a training holds: network, objective, optimizer, data, and where it stands."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from operator import attrgetter
from typing import Any, Literal

import torch

from engine.compile import build
from engine.data.preparation import prepare
from engine.graph import Graph
from engine.group import path_in_names
from engine.plan import plan
from engine.problem import UserError
from engine.project import Project
from engine.source import Source
from engine.training.batches import Batches, Tensors, edges, tensors_of
from engine.training.device import available_device
from engine.training.events import Finished
from engine.training.run import RunFolder
from engine.training.scores import Batch, Tally, judges
from engine.training.settings import TrainingSettings
from engine.training.state import Progress, Saved, load_state, save_state
from engine.training.step.choice import choose, learned_by
from engine.training.step.flat import FlatWeights
from engine.training.step.forward import Forward, Outcome
from engine.training.step.layout import laid_out, wants_channels_last
from engine.training.step.memory import keep_freed_memory
from engine.training.step.update import update_of
from engine.training.treatment import treatment
from engine.weight_settings import WeightSettings

ASIDE_AT_MOST = 2**20  # numbers kept aside before they are added up, so that large predictions don't fill the memory
SCORE_BATCH = 256  # samples scored at once; more than a step's, since no gradients are kept


class Trainer:
    """Built from a project and a run's folder; everything random follows the project's seed."""

    def __init__(self, project: Project, folder: RunFolder, resume: bool) -> None:
        self.project, self.folder = project, folder
        self.device = available_device(project.training.device)
        self._surroundings = _Surroundings(self.device)
        try:
            self._set_up(resume)
        except BaseException:
            self._surroundings.restore()
            raise

    def _set_up(self, resume: bool) -> None:
        project, settings = self.project, self.project.training
        torch.set_num_threads(settings.threads)
        keep_freed_memory()
        prepared = prepare(project.data)
        planned = plan(project.graph, project.data.fields())

        torch.manual_seed(settings.seed)
        compiled = build(project, objective=True)
        assert compiled.objective is not None
        self.parts = compiled.source.parts
        self.network, self.objective = compiled.network.to(self.device), compiled.objective.to(self.device)
        self._source = compiled.source
        self._forward = Forward(self.network, self.objective, self.parts)
        self.data = tensors_of(planned, self.parts, prepared, self.device)
        if wants_channels_last(self.network):
            self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
            self.data = {part: {n: laid_out(t) for n, t in tensors.items()} for part, tensors in self.data.items()}
        self.samples = dict[str, int](prepared.sizes.items())
        self.batches = Batches(self.data["train"], settings.batch_size, settings.seed)
        together = any(getattr(step.block, "compares_samples", False) for step in self.parts.losses.values())
        # such a loss grows with the batch: scored in other batches, it could not be held against that of the training
        self._score_batch = settings.batch_size if together else SCORE_BATCH
        self._make_step(treatment(self.network, compiled.source, project.graph))
        self._judges = judges(planned, self.parts, prepared)
        place = self._forward.compared.index
        self._judged = [(place(judge.prediction), place(judge.target)) for judge in self._judges]
        self._blocks = _blocks_with_weights(self.network, compiled.source, project.graph)

        self.progress = Progress()
        self._aside: list[Batch] = []  # steps whose losses and predictions have not been read yet
        self._aside_size = 0
        self._window, self.epoch_tally = self._fresh_tally(), self._fresh_tally()
        self.scores: dict[str, float] = {}
        self._best: dict[str, torch.Tensor] = {}
        if resume:
            self._go_on(load_state(self.folder.path / "last"))
        self.network.train()

    def _make_step(self, treated: list[tuple[torch.nn.Parameter, WeightSettings]]) -> None:
        """Lay the weights flat, and choose how steps are computed."""
        learned = learned_by(self._forward, [weight for weight, _ in treated], self.batches.first(2))
        self.flat = FlatWeights(
            (weight, (how.weight_decay, how.l1)) for (weight, how), has in zip(treated, learned, strict=True) if has
        )
        self.optimizer = _optimizer(self.project.training, self.flat)
        self._update = update_of(self.optimizer)
        self.way = choose(self._forward, self.flat, self.batches.first(self.batches.batch_size))

    @property
    def parameters(self) -> int:
        return sum(parameter.numel() for parameter in self.network.parameters())

    @property
    def learning_rate(self) -> float:
        return float(self.optimizer.param_groups[0]["lr"])

    def _fresh_tally(self) -> Tally:
        return Tally(self._judges, self._forward.shares)

    def step(self, samples: int, batch: Tensors) -> None:
        """One step of the optimizer on one batch; nothing is read from the device."""
        outcome = self.way.step(batch)
        self._penalise()
        self._update()

        self._aside.append(self._batch(samples, outcome))
        self._aside_size += self._aside[-1].size
        if self._aside_size > ASIDE_AT_MOST:
            self._add_up()

    def window(self) -> dict[str, float]:
        """Losses and scores since this was asked last; the only place where the device is read while it trains."""
        self._add_up()
        values, self._window = self._window.values(), self._fresh_tally()
        return values

    def _add_up(self) -> None:
        self._window.add(self._aside)
        self.epoch_tally.add(self._aside)
        self._aside, self._aside_size = [], 0

    @torch.no_grad()
    def _penalise(self) -> None:
        """Add the slope of the sum of absolute weights where a block asks for it."""
        for segment in self.flat.segments:
            _, l1 = segment.alike
            if l1:
                assert segment.weight.grad is not None
                segment.weight.grad.add_(segment.weight.sign(), alpha=l1)

    def _batch(self, samples: int, outcome: Outcome) -> Batch:
        losses, compared = outcome
        return Batch(samples, losses, [(compared[prediction], compared[target]) for prediction, target in self._judged])

    def gradients(self) -> dict[str, float]:
        """Norm of the gradient of each block's weights, as the last step left it."""
        norms = []
        for parameters in self._blocks.values():
            gradients = [p.grad for p in parameters if p.grad is not None]
            norms.append(torch.stack(torch._foreach_norm(gradients)).norm() if gradients else torch.zeros(()))
        return dict(zip(self._blocks, torch.stack(norms).tolist(), strict=True)) if norms else {}

    def score(self, part: Literal["train", "validation", "test"]) -> Iterator[int]:
        """Score a part of the data into `scores`; tells from time to time how many samples are done."""
        tensors, tally, told = self.data[part], self._fresh_tally(), time.perf_counter()
        self.network.eval()
        for first, last in edges(self.samples[part], self._score_batch):
            with torch.inference_mode():
                outcome = self._forward({name: tensor[first:last] for name, tensor in tensors.items()})
                tally.add([self._batch(last - first, outcome)])
            if time.perf_counter() - told > 1 / 30:
                yield last
                told = time.perf_counter()
        self.network.train()
        self.scores = tally.values()

    def end_epoch(self, scores: dict[str, float]) -> bool:
        """Close an epoch: keep the weights when they are the best so far, and make ready for the next."""
        best = scores["loss"] < self.progress.best_loss
        if best:
            self.progress.best_loss, self.progress.best_epoch = scores["loss"], self.progress.epoch
            self._best = {name: tensor.detach().clone() for name, tensor in self.network.state_dict().items()}
        self.progress.epoch += 1
        self.progress.step = 0
        self.epoch_tally = self._fresh_tally()
        return best

    def finish(self, reason: Literal["done", "stopped"]) -> Finished:
        """Score the test part with the best weights and write what the run came to."""
        best = next((h for h in self.progress.history if h["epoch"] == self.progress.best_epoch), None)
        test: dict[str, float] = {}
        if best is not None and self.samples["test"]:
            last = {name: tensor.clone() for name, tensor in self.network.state_dict().items()}
            self.network.load_state_dict(self._best)
            for _ in self.score("test"):
                continue
            test = self.scores
            self.network.load_state_dict(last)
        event = Finished(
            reason=reason,
            epochs=self.progress.epoch - 1,
            best_epoch=self.progress.best_epoch,
            train=best["train"] if best else {},
            validation=best["validation"] if best else {},
            test=test,
            run_dir=str(self.folder.path),
            seconds=self.progress.seconds,
        )
        self.folder.write_metrics({**event.json(), "history": self.progress.history})
        return event

    def save(self) -> None:
        """Write the best weights, and the state from which the run can go on as if it had never stopped."""
        self._add_up()
        self.progress.tally = self.epoch_tally.state()
        random = torch.get_rng_state()
        random_cuda = torch.cuda.get_rng_state() if self.device == "cuda" else None
        if self._best:
            self.folder.write_best(self._best)
        save_state(
            self.folder.path / "last", self.progress, self.network, self.optimizer, random, random_cuda, self._best
        )

    def _go_on(self, saved: Saved) -> None:
        try:
            self.network.load_state_dict(saved.network)
        except RuntimeError:
            raise UserError("The saved weights do not fit the project of this run; it can't be resumed.") from None
        state = self.optimizer.state_dict()
        state["state"] = saved.optimizer
        self.optimizer.load_state_dict(state)
        self.progress, self._best = saved.progress, {n: t.to(self.device) for n, t in saved.best.items()}
        self.epoch_tally.restore(saved.progress.tally)
        torch.set_rng_state(saved.random)
        if saved.random_cuda is not None and self.device == "cuda":
            torch.cuda.set_rng_state(saved.random_cuda)

    def first_not_finite(self) -> str | None:
        """The first block whose weights are no longer finite."""
        for name, parameters in self._blocks.items():
            if not all(bool(parameter.isfinite().all()) for parameter in parameters):
                return name
        return None

    def block_of(self, error: BaseException) -> str | None:
        """The name of the block whose printed line raised `error`."""
        key = self._source.block_of(error)
        return None if key is None else path_in_names(self.project.graph, key)

    @contextmanager
    def put_aside(self) -> Iterator[None]:
        """Give random numbers and threads back to the caller while it handles an event."""
        mine = _Surroundings(self.device)
        self._surroundings.restore()
        try:
            yield
        finally:
            self._surroundings = _Surroundings(self.device)
            mine.restore()

    def restore_surroundings(self) -> None:
        self._surroundings.restore()


class _Surroundings:
    """What a training changes for the whole process: random state and number of threads."""

    def __init__(self, device: str) -> None:
        self.random, self.threads = torch.get_rng_state(), torch.get_num_threads()
        self.random_cuda = torch.cuda.get_rng_state() if device == "cuda" else None

    def restore(self) -> None:
        torch.set_rng_state(self.random)
        if self.random_cuda is not None:
            torch.cuda.set_rng_state(self.random_cuda)
        if torch.get_num_threads() != self.threads:
            torch.set_num_threads(self.threads)


def _optimizer(settings: TrainingSettings, flat: FlatWeights) -> torch.optim.Optimizer:
    """The optimizer over all weights that learn, those with a weight decay of their own in groups of their own."""
    groups: list[dict[str, Any]] = []
    for segment in flat.segments:
        decay, _ = segment.alike
        groups.append({"params": [segment.weight]} | ({} if decay is None else {"weight_decay": decay}))
    optimizer: torch.optim.Optimizer = settings.optimizer.make(groups)
    return optimizer


def _blocks_with_weights(network: torch.nn.Module, source: Source, graph: Graph) -> dict[str, list[Any]]:
    """The weights of each block by its path in names; a group has all that are in it."""
    blocks: dict[str, list[Any]] = {}
    for dotted, key in source.holders.items():
        held = attrgetter(dotted)(network)
        weights = list(held.parameters()) if isinstance(held, torch.nn.Module) else [held] * held.requires_grad
        names = path_in_names(graph, key).split("/")
        for depth in range(1, len(names) + 1) if weights else ():
            blocks.setdefault("/".join(names[:depth]), []).extend(weights)
    return blocks
