"""A step as a Python function of straight lines, printed and carried out.

Gradients are written where they belong, in the flat buffers, by the very operation that makes them when it can write
to a given place, and else by a copy right after it. A value is let go after its last use, as autograd does.

The text holds nothing but numbers, names made up here, and names of torch's own arguments: what a file says, even a
string, stays outside of it, under such a name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch

from engine.training.step.recording import Operation, Place, place_of, storage_of
from engine.training.step.tidying import Tidied

Step = Callable[..., tuple[tuple[torch.Tensor, ...], tuple[torch.Tensor, ...]]]

# torch's own functions, which cost less to call than its operations; the arguments are the same
QUICK: dict[str, Callable[..., Any]] = {
    **{
        name: getattr(torch, name)
        for name in (
            *("mm", "addmm", "bmm", "relu", "tanh", "sigmoid", "exp", "log", "mul", "add", "sub", "div", "neg", "t"),
            *("sum", "mean", "transpose", "select", "unsqueeze", "squeeze", "permute", "cat", "stack", "sqrt", "rsqrt"),
            *("convolution", "native_batch_norm", "native_layer_norm", "where", "abs", "sign", "mkldnn_rnn_layer"),
            *("_softmax", "_log_softmax", "embedding", "pow"),
        )
    },
    "view": torch.Tensor.view,
    "expand": torch.Tensor.expand,
    "max_pool2d_with_indices": torch._C._nn.max_pool2d_with_indices,
}
WRITE_TO_A_PLACE = {"mm", "addmm", "bmm", "sum.dim_IntList"}  # the operations that do so without a copy
LOOKED_UP = "embedding_dense_backward"  # does so by `rows_added`


def rows_added(place: torch.Tensor, gradient: torch.Tensor, rows: torch.Tensor, padding: int) -> None:
    """The gradient of a table whose rows were looked up; as `embedding_dense_backward` makes it, but in its place.

    Args:
        place: (entries, features), for the gradient of the table.
        gradient: (…, features), of what was looked up.
        rows: (…), which entries were.
        padding: an entry that learns nothing; none where it is negative.
    """
    place.zero_()
    place.index_add_(0, rows.reshape(-1), gradient.reshape(-1, place.shape[1]))
    if padding >= 0:
        place[padding].zero_()


PLAIN = (bool, int, type(None))


class Delivery(NamedTuple):
    """Where a gradient is when it is done, and where it belongs."""

    source: torch.Tensor
    place: torch.Tensor  # of the same shape as the source
    straight: bool  # whether the operation that makes it can write there by itself


class Printed:
    """The text of a step, and the function that it defines; `gradients` are the places for them."""

    def __init__(self, tidied: Tidied, gradients: Sequence[torch.Tensor]) -> None:
        recording = tidied.recording
        self._names: dict[Place, str] = {}
        self._values: dict[str, Any] = {}  # what the text finds in place, by name
        self._known: dict[int, str] = {}
        self._lines: list[str] = []
        arguments = [f"x{index}" for index in range(len(recording.inputs))]
        for name, tensor in zip(arguments, recording.inputs.values(), strict=True):
            self._names[place_of(tensor)] = name
        for place, tensor in tidied.held.items():
            self._names[place] = self._in_place("c", tensor)
        self._ends = {place_of(tensor) for tensor in (*recording.losses, *recording.compared)}
        deliveries = _deliveries(tidied, gradients)
        self._print(_seen(tidied.operations, deliveries, self._ends), deliveries)
        losses, compared = (
            "".join(f"{self._names[place_of(tensor)]}, " for tensor in tensors)
            for tensors in (recording.losses, recording.compared)
        )
        body = "\n    ".join([*self._lines, f"return ({losses}), ({compared})"])
        self.text = f"def step({', '.join(arguments)}):\n    {body}\n"

    def function(self) -> Step:
        exec(compile(self.text, "<step>", "exec"), self._values)
        step: Step = self._values["step"]
        return step

    def _print(self, operations: dict[int, Operation], deliveries: dict[int, list[Delivery]]) -> None:
        gone = self._last_uses(operations, deliveries)
        for index in sorted({*operations, *deliveries}):
            due = deliveries.get(index, [])
            if index in operations:
                straight = next((delivery.place for delivery in due if delivery.straight), None)
                self._lines.append(self._call(operations[index], straight))
            for delivery in due:
                if not delivery.straight:
                    copied, place = self._in_place("f", torch.Tensor.copy_), self._in_place("g", delivery.place)
                    self._lines.append(f"{copied}({place}, {self._names[place_of(delivery.source)]})")
            names = [self._names[place] for place in gone.get(index, ()) if place in self._names]
            names = [name for name in names if name.startswith("a")]
            if names:
                self._lines.append(f"del {', '.join(names)}")

    def _last_uses(
        self, operations: dict[int, Operation], deliveries: dict[int, list[Delivery]]
    ) -> dict[int, list[Place]]:
        """For each operation, the values that nobody uses after it."""
        last: dict[Place, int] = {}
        for index, operation in operations.items():
            for tensor in (*operation.takes, *operation.results):
                last[place_of(tensor)] = index
        for index, due in deliveries.items():
            for delivery in due:
                place = place_of(delivery.source)
                last[place] = max(index, last.get(place, index))
        found: dict[int, list[Place]] = {}
        for place, index in last.items():
            if place not in self._ends:
                found.setdefault(index, []).append(place)
        return found

    def _call(self, operation: Operation, target: torch.Tensor | None) -> str:
        if target is not None and operation.name == LOOKED_UP:
            called = self._in_place("f", rows_added)
            name = self._names[place_of(operation.results[0])] = self._in_place("g", target)
            gradient, rows, _, padding, _ = operation.arguments
            return f"{called}({name}, {self._text(gradient)}, {self._text(rows)}, {self._text(padding)})"
        called = self._in_place("f", QUICK.get(operation.name, operation.function._op))
        given = [self._text(value) for value in operation.arguments]
        given += [f"{name}={self._text(value)}" for name, value in operation.named.items()]
        if target is not None:
            name = self._names[place_of(operation.results[0])] = self._in_place("g", target)
            return f"{called}({', '.join(given)}, out={name})"
        call = f"{called}({', '.join(given)})"
        if all(place_of(tensor) in self._names for tensor in operation.results):
            return call  # it wrote to what has a name
        return f"{self._left(operation.result)} = {call}"

    def _left(self, result: Any) -> str:
        """The names that take a result, nested as it is."""
        if isinstance(result, torch.Tensor):
            return self._names.setdefault(place_of(result), f"a{len(self._names)}")
        if isinstance(result, (list, tuple)):
            return f"({''.join(f'{self._left(inner)}, ' for inner in result)})"
        return "_"

    def _text(self, value: Any) -> str:
        if isinstance(value, torch.Tensor):
            return self._names[place_of(value)]
        if isinstance(value, (list, tuple)):
            return f"[{', '.join(self._text(inner) for inner in value)}]"
        if isinstance(value, PLAIN) or (type(value) is float and math.isfinite(value)):
            return repr(value)
        return self._in_place("o", value)

    def _in_place(self, kind: str, value: Any) -> str:
        """The name under which the text finds a value."""
        if id(value) not in self._known:
            name = f"{kind}{len(self._values)}"
            self._known[id(value)], self._values[name] = name, value
        return self._known[id(value)]


def _deliveries(tidied: Tidied, gradients: Sequence[torch.Tensor]) -> dict[int, list[Delivery]]:
    """For each operation, the gradients that are done after it; before the first, at -1, those that are constants."""
    makers: dict[int, int] = {}  # for each memory, the last operation that computes into it
    changed: dict[int, int] = {}  # or looks into it
    for index, operation in enumerate(tidied.operations):
        for tensor in (*operation.results, *operation.writes):
            changed[storage_of(tensor)] = index
            if storage_of(tensor) not in makers or operation.writes:
                makers[storage_of(tensor)] = index
    found: dict[int, list[Delivery]] = {}
    for gradient, place in zip(tidied.recording.gradients, gradients, strict=True):
        storage = storage_of(gradient)
        maker = makers.get(storage, -1)
        made = None if maker < 0 else _filling(tidied.operations[maker], gradient, place)
        if made is None:
            found.setdefault(changed.get(storage, -1), []).append(Delivery(gradient, place, straight=False))
            continue
        due = found.setdefault(maker, [])
        straight = _can_write(tidied.operations[maker]) and not any(delivery.straight for delivery in due)
        window = place.as_strided(made.shape, made.stride(), place.storage_offset())
        due.append(Delivery(made, window, straight))
    return found


def _filling(operation: Operation, gradient: torch.Tensor, place: torch.Tensor) -> torch.Tensor | None:
    """The result of an operation that is all of a gradient, and lies in memory as its place does."""
    for made in operation.results:
        if (
            storage_of(made) == storage_of(gradient)
            and made.storage_offset() == gradient.storage_offset() == 0
            and made.numel() == gradient.numel()
            and made.untyped_storage().nbytes() == made.numel() * made.element_size()
            and made.dtype == gradient.dtype == place.dtype
            and _same_strides(gradient, place)
        ):
            return made
    return None


def _can_write(operation: Operation) -> bool:
    overload = operation.function._schema.overload_name
    name = f"{operation.name}.{overload}" if overload else operation.name
    if name == LOOKED_UP:
        by_frequency = operation.arguments[4]
        return not by_frequency and not operation.named
    return name in WRITE_TO_A_PLACE and not operation.named


def _seen(
    operations: Sequence[Operation], deliveries: dict[int, list[Delivery]], ends: set[Place]
) -> dict[int, Operation]:
    """The operations without the looks at memory that nobody takes."""
    taken = set(ends) | {place_of(delivery.source) for due in deliveries.values() for delivery in due}
    made: set[int] = set()
    looks = set()
    for index, operation in enumerate(operations):
        storages = {storage_of(tensor) for tensor in operation.results}
        if storages and storages <= made | {storage_of(t) for t in operation.takes} and not operation.writes:
            looks.add(index)
        made |= storages
    seen: dict[int, Operation] = {}
    for index in reversed(range(len(operations))):
        operation = operations[index]
        if index in looks and not any(place_of(tensor) in taken for tensor in operation.results):
            continue
        seen[index] = operation
        taken.update(place_of(tensor) for tensor in operation.takes)
    return dict(sorted(seen.items()))


def _same_strides(one: torch.Tensor, two: torch.Tensor) -> bool:
    """Whether both lie in the same way; the stride along an axis of length 1 says nothing."""
    if one.shape != two.shape:
        return False
    pairs = zip(one.shape, one.stride(), two.stride(), strict=True)
    return all(first == second for size, first, second in pairs if size > 1)
