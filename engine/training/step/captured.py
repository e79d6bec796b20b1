"""A step on a GPU that is captured once for each shape of batch, and from then on launched as a whole.

A small network keeps a GPU waiting: each of its operations takes less time there than Python and PyTorch take to ask
for it. A CUDA graph holds all that a step asks for, forward and backward, at fixed places in memory; a batch is copied
to where the graph looks for it, and one call does the rest. Random numbers go on from replay to replay as they would
from step to step. What can't be captured, such as a number that is read on the way, is refused, and each capture must
give once more what the plain step gives before it is used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch

from engine.training.step.flat import Windows
from engine.training.step.forward import Forward, Outcome, Tensors
from engine.training.step.nothing import close, nothing_happened
from engine.training.step.plain import PlainStep

SHAPES_AT_MOST = 4  # that are captured; batches of yet others go the plain way
WARMING = 3  # steps before the capture, in which libraries make their choices and take their memory
Shapes = tuple[torch.Size, ...]
Capture = Callable[[Callable[[], Outcome]], tuple[Callable[[], None], Outcome]]


class CannotCaptureError(Exception):
    """Why a step can't be launched as a whole, in words."""


@dataclass(frozen=True)
class _Graph:
    """A captured step, and where it looks and writes."""

    batch: dict[str, torch.Tensor]
    replay: Callable[[], None]
    outcome: Outcome


def on_gpu(run: Callable[[], Outcome]) -> tuple[Callable[[], None], Outcome]:
    """Capture what `run` asks of the GPU; calling the first of the answer does it again, into the second."""
    stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(WARMING):
            run()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        outcome = run()
    return graph.replay, outcome


class CapturedStep:
    """`CannotCaptureError` is raised on the first batch, if ever: the later ones then go the plain way."""

    def __init__(self, forward: Forward, weights: Windows, first: Tensors, capture: Capture = on_gpu) -> None:
        self.forward, self.weights, self._capture = forward, weights, capture
        self.plain = PlainStep(forward, weights)
        self._graphs: dict[Shapes, _Graph | None] = {_shapes(first): self._captured(first)}

    def __call__(self, batch: Tensors) -> Outcome:
        """Losses of a batch; the gradients are written over those of the last one."""
        self.make_ready(batch)
        graph = self._graphs[_shapes(batch)]
        if graph is None:
            return self.plain(batch)
        return self._replayed(graph, batch)

    def make_ready(self, batch: Tensors) -> None:
        """Capture a step for batches of these shapes, where it can be."""
        if _shapes(batch) in self._graphs:
            return
        self._graphs[_shapes(batch)] = None
        if len([graph for graph in self._graphs.values() if graph is not None]) < SHAPES_AT_MOST:
            try:
                self._graphs[_shapes(batch)] = self._captured(batch)
            except CannotCaptureError:
                return

    def _captured(self, batch: Tensors) -> _Graph:
        staying = [*self.forward.network.parameters(), *self.forward.network.buffers()]
        staying += [*self.forward.objective.parameters(), *self.forward.objective.buffers()]
        with nothing_happened(staying):
            outcome = self.plain(batch)
            seen = [tensor.clone() for tensor in (*outcome.losses, *outcome.compared, *self.weights.gradients)]
        held = {name: tensor.clone() for name, tensor in batch.items()}
        try:
            with nothing_happened(staying):
                replay, outcome = self._capture(lambda: self.plain(held))
        except RuntimeError as error:
            words = str(error).strip().partition("\n")[0]
            raise CannotCaptureError(f"its step can't be captured on the GPU ({words})") from None
        graph = _Graph(held, replay, outcome)
        with nothing_happened(staying):
            again = self._replayed(graph, batch)
            tensors = [*again.losses, *again.compared, *self.weights.gradients]
            if not all(close(one, two) for one, two in zip(tensors, seen, strict=True)):
                raise CannotCaptureError("its numbers are not the same when it is repeated")
        return graph

    def _replayed(self, graph: _Graph, batch: Tensors) -> Outcome:
        for name, place in graph.batch.items():
            place.copy_(batch[name], non_blocking=True)
        graph.replay()
        # the next replay writes over these
        return Outcome(
            tuple(loss.clone() for loss in graph.outcome.losses),
            tuple(value.clone() for value in graph.outcome.compared),
        )


def _shapes(batch: Tensors) -> Shapes:
    return tuple(tensor.shape for tensor in batch.values())
