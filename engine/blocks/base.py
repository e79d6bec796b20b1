"""What every block is: one class that gives palette entry, form, ports, shape, layer and help."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from engine.call import Call, Expression
from engine.field import Field
from engine.problem import Misfit
from engine.record import Record
from engine.tensor import AnyTensor, TensorSpec

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Port:
    """An input of a block: its name and the kind of tensor it takes."""

    name: str
    kind: type[AnyTensor] = AnyTensor


class Block(Record):
    """A step of a network. Subclasses declare parameters and quote one PyTorch call in `layer`.

    The arguments of `layer` are the input ports; their annotations say what may enter. A block whose
    `layer` takes `*xs` has as many input ports as its parameter `inputs` says.
    """

    category: ClassVar[str] = ""
    formula: ClassVar[str] = ""
    stem: ClassVar[str] = ""  # default name on the canvas, a number follows: "conv" → conv1
    reference: ClassVar[str] = ""  # the name in torch's documentation, such as "torch.nn.Conv2d"
    examples: ClassVar[tuple[tuple[TensorSpec, ...], ...]] = ()
    output_names: ClassVar[tuple[str, ...]] = ("y",)
    sums_up: ClassVar[tuple[str, ...]] = ()  # parameters always told on the card, in this order

    def layer(self, *args: Any) -> Expression:
        """The PyTorch call this block stands for; `nn.…` builds a module, anything else is a function.

        Raises:
            Misfit: when the layer can't work on these inputs.
        """
        raise NotImplementedError(type(self).__name__)

    def forward(self, module: Call, *args: Any) -> Expression:
        """The value that leaves the block, given its module applied to its inputs."""
        return module

    def shape(self, *args: Any) -> TensorSpec:
        """Shape and dtype of the output, foretold without torch.

        Raises:
            Misfit: when the inputs don't fit.
        """
        raise NotImplementedError(type(self).__name__)

    def weights(self, *args: Any) -> Mapping[str, Shape]:
        """Name (as in the module's `state_dict`) and shape of each learned parameter."""
        return {}

    def multiply_adds(self, output: TensorSpec, *args: Any) -> int:
        """Multiplications, each with its addition, for one sample."""
        return 0

    def input_ports(self) -> tuple[Port, ...]:
        """The input ports, in order."""
        return _ports(type(self), getattr(self, "inputs", 0))

    def output_ports(self) -> tuple[str, ...]:
        """Names of the output ports, in order."""
        return self.output_names

    def summary(self) -> str:
        """One line for the card: the type and what differs from its defaults, such as `Conv2d 64 · 3×3`."""
        told = list(self.sums_up)
        told += [name for name in self.changed() if name not in told]
        values = [self._told(name) for name in told]
        values = [value for value in values if value]
        return " ".join([type(self).__name__, " · ".join(values)]).strip()

    def _told(self, name: str) -> str:
        described, value = self.param(name), getattr(self, name)
        if value is None or value == "":
            return ""
        text = described.format(value).replace(" ", "")
        if name in self.sums_up:
            return text
        if isinstance(value, bool):
            return described.label.lower() if value else f"no {described.label.lower()}"
        if described.choices and isinstance(value, str):
            return text
        return f"{described.label.lower()} {text}"


class Source(Block):
    """A block that brings data in from a field of the dataset."""

    def spec(self, fields: Mapping[str, Field]) -> TensorSpec:
        """What leaves the block, given the dataset's fields.

        Raises:
            Misfit: when the dataset has no such field.
        """
        raise NotImplementedError(type(self).__name__)

    def input_ports(self) -> tuple[Port, ...]:
        return ()


class Loss(Block):
    """A block that measures how far a prediction is from its target; training makes the (weighted) sum small."""

    output_names: ClassVar[tuple[str, ...]] = ("loss",)

    def shape(self, *args: Any) -> TensorSpec:
        self.fit(*args)
        return TensorSpec((), "float32", batched=False)

    def fit(self, prediction: Any, target: Any) -> None:
        """Refuse a prediction and a target that don't go together.

        Raises:
            Misfit: in words, with the port.
        """
        if prediction.shape != target.shape:
            raise Misfit(
                f"compares number with number, but the prediction is {prediction} and the target is {target}", "target"
            )


@functools.lru_cache(maxsize=4096)
def _ports(cls: type[Block], count: int) -> tuple[Port, ...]:
    signature = inspect.signature(cls.layer)
    hints = typing.get_type_hints(cls.layer)
    ports: list[Port] = []
    for name, parameter in list(signature.parameters.items())[1:]:
        kind = hints.get(name, AnyTensor)
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            ports += [Port(f"{name.removesuffix('s')}{number + 1}", kind) for number in range(count)]
        else:
            ports.append(Port(name, kind))
    return tuple(ports)
