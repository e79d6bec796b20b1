"""From all that PyTorch did in a step to what must be done in every one.

Each rule leaves the numbers as they are:
- a result that looks at memory already known, in the same way, is that value under another name;
- windows into weights, statistics and constants are made once, since their memory stays where it is;
- what depends on nothing but constants, draws nothing and is never written to, is a constant itself;
- ReLU goes behind a max pooling that follows it (`reordering`);
- what no loss, compared value or gradient needs goes, unless it draws random numbers or writes to what stays.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from engine.training.step.recording import Operation, Place, Recording, place_of, storage_of
from engine.training.step.reordering import pooled_first

ALWAYS_KEPT = {"native_batch_norm", "_native_batch_norm_legit"}  # for the statistics they write
# take a tensor for its shape alone
SHAPED_ALIKE = {"ones_like", "zeros_like", "full_like", "new_zeros", "new_ones", "new_full"}


class Tidied:
    """`operations` in order, and what they find in place before the first: `held`, by where it lies."""

    def __init__(self, recording: Recording, staying: Iterable[torch.Tensor]) -> None:
        self.recording = recording
        self._staying = {storage_of(tensor) for tensor in staying}
        self._inputs = {storage_of(tensor) for tensor in recording.inputs.values()}
        self._written = {storage_of(t) for operation in recording.operations for t in operation.writes}
        self._constant: set[int] = set()
        self.held: dict[Place, torch.Tensor] = {}
        ends = {storage_of(t) for t in (*recording.losses, *recording.compared, *recording.gradients)}
        self.operations = pooled_first(self._needed(self._shortened(), ends), ends)

    def _shortened(self) -> list[Operation]:
        """The operations without second names, windows into what stays, and constants."""
        kept: list[Operation] = []
        known = {place_of(tensor) for tensor in self.recording.inputs.values()}
        storages = set(self._inputs) | self._staying
        for operation in self.recording.operations:
            for tensor in operation.takes:
                if storage_of(tensor) not in storages:  # made outside of all that is seen: a number in the text
                    self._constant.add(storage_of(tensor))
                    storages.add(storage_of(tensor))
                if self._stays(tensor):
                    self._hold(tensor)
            places = [place_of(tensor) for tensor in operation.results]
            looks = all(storage in storages for storage, *_ in places) and not operation.writes
            if looks and all(self._stays(tensor) for tensor in operation.results):
                for tensor in operation.results:
                    self._hold(tensor)
            elif looks and all(place in known for place in places):
                continue
            elif self._is_constant(operation):
                for tensor in operation.results:
                    self._constant.add(storage_of(tensor))
                    self._hold(tensor)
            else:
                kept.append(operation)
            known.update(places)
            storages.update(storage for storage, *_ in places)
        return kept

    def _is_constant(self, operation: Operation) -> bool:
        made = {storage_of(tensor) for tensor in operation.results}
        return (
            not operation.random
            and not operation.writes
            and not made & self._written
            and (operation.name in SHAPED_ALIKE or all(storage_of(t) in self._constant for t in operation.takes))
        )

    def _stays(self, tensor: torch.Tensor) -> bool:
        return storage_of(tensor) in self._staying or storage_of(tensor) in self._constant

    def _hold(self, tensor: torch.Tensor) -> None:
        self.held.setdefault(place_of(tensor), tensor.detach())

    def _needed(self, operations: list[Operation], ends: set[int]) -> list[Operation]:
        """Those of the operations that something comes of."""
        needed = set(ends)
        kept: list[Operation] = []
        for operation in reversed(operations):
            changed = {storage_of(tensor) for tensor in operation.writes}
            made = {storage_of(tensor) for tensor in operation.results}
            if not (
                operation.random
                or operation.name in ALWAYS_KEPT
                or changed & (needed | self._staying | self._inputs)
                or made & needed
            ):
                continue
            kept.append(operation)
            needed |= {storage_of(tensor) for tensor in operation.takes}
        return kept[::-1]
