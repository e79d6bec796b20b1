"""What every block is: one class that gives palette entry, form, ports, shape, layer and help."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from engine.call import Call, Expression
from engine.field import Field
from engine.problem import Misfit
from engine.record import Record
from engine.tensor import AnyTensor, TensorSpec

Shape = tuple[int, ...]
BETWEEN = " · "  # values of a summary


@dataclass(frozen=True)
class Port:
    """An input of a block: its name, the kind of tensor it takes, and whether it may stay without a wire."""

    name: str
    kind: type[AnyTensor] = AnyTensor
    optional: bool = False


class Block(Record):
    """A step of a network. Subclasses declare parameters and quote one PyTorch call in `layer`.

    The arguments of `layer` are the input ports; their annotations say what may enter. A port annotated
    `Tensor | None` may stay unwired, and None arrives. A block whose `layer` takes `*xs` has as many
    input ports as its parameter `inputs` says. The other methods receive the same arguments.
    """

    category: ClassVar[str] = ""
    formula: ClassVar[str] = ""
    stem: ClassVar[str] = ""  # default name on the canvas, a number follows: "conv" → conv1
    reference: ClassVar[str] = ""  # the name in torch's documentation, such as "torch.nn.Conv2d"
    examples: ClassVar[tuple[tuple[TensorSpec | None, ...], ...]] = ()  # None: a port without a wire
    output_names: ClassVar[tuple[str, ...]] = ("y",)
    unpacked: ClassVar[str] = ""  # how the layer's answer falls apart into outputs, such as "y, (h, c)"
    sums_up: ClassVar[tuple[str, ...]] = ()  # parameters always told on the card, in this order

    def layer(self, *args: Any) -> Expression:
        """The PyTorch expression this block stands for: `nn.…` builds a module, anything else is computed each time.

        Raises:
            Misfit: when the layer can't work on these inputs.
        """
        raise NotImplementedError(type(self).__name__)

    def applied(self, *args: Any) -> Call:
        """How what `layer` builds is called, by the name of `module`: `module(x, (h, c))`.

        It takes what arrives in order, by the ports' names behind one that isn't wired.
        """
        ports = list(zip(self.input_ports(), args, strict=True))
        first = next((place for place, (_, arg) in enumerate(ports) if arg is None), len(ports))
        rest = {port.name: arg for port, arg in ports[first:] if arg is not None}
        return Call("module", args[:first], rest)

    def forward(self, answer: Call, *args: Any) -> Expression | tuple[Expression, ...]:
        """What leaves the block, one expression an output port, given what its layer answers."""
        count = len(self.output_ports())
        return answer if count == 1 else tuple(answer[place] for place in range(count))

    def function(self, *args: Any) -> Expression | None:
        """The same as a function without a module, such as `F.relu(x)`, for layers that keep nothing; else None."""
        return None

    def shape(self, *args: Any) -> TensorSpec | tuple[TensorSpec, ...]:
        """Shape and dtype of what leaves, one an output port, foretold without torch.

        A block that has no such rule leaves this as it is: its layer is then run on tensors without data.

        Raises:
            Misfit: when the inputs don't fit.
        """
        raise NotImplementedError(type(self).__name__)

    def weights(self, *args: Any) -> Mapping[str, Shape]:
        """Name (as in the module's `state_dict`) and shape of each learned parameter."""
        return {}

    def multiply_adds(self, output: TensorSpec, *args: Any) -> int:
        """Multiplications, each with its addition, for one sample; `output` is what leaves by the first port."""
        return 0

    def input_ports(self) -> tuple[Port, ...]:
        """The input ports, in order."""
        return _ports(type(self), self.__dict__.get("inputs", 0))

    def output_ports(self) -> tuple[str, ...]:
        """Names of the output ports, in order."""
        return self.output_names

    @property
    def page(self) -> str:
        """The name of the page in torch's documentation that tells more; empty where there is none."""
        return self.reference

    def summary(self) -> str:
        """One line for the card: the type and what differs from its defaults, such as `Conv2d 64 · 3×3`."""
        return " ".join([type(self).__name__, BETWEEN.join(words for _, words in self.told())]).strip()

    def told(self) -> tuple[tuple[str, str], ...]:
        """What the summary tells: parameters by name, each with its value in words."""
        names = [*self.sums_up, *(name for name in self.changed() if name not in self.sums_up)]
        told = ((name, self._told(name)) for name in names)
        return tuple((name, words) for name, words in told if words)

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


# what the numbers that enter a loss stand for, where not any number will do
Meaning = Literal[
    "class logits",  # a score for each class, along axis 1, to which the loss applies softmax itself
    "logits",  # a score for yes or no, to which the loss applies the sigmoid itself
    "scores",  # the higher, the surer; nothing is applied
    "probabilities",
    "log-probabilities",
    "log rates",
    "positive numbers",
    "class index",
    "0 or 1",
    "-1 or 1",
    "counts",
]


class Loss(Block):
    """A block that gives one number which training makes small, such as how far a prediction is from its target.

    The network is trained on the sum of all losses, each times its weight.
    """

    output_names: ClassVar[tuple[str, ...]] = ("loss",)
    compares_samples: ClassVar[bool] = False  # with each other: it then depends on how many share a batch

    def shape(self, *args: Any) -> TensorSpec:
        self.fit(*args)
        return TensorSpec((), "float32", batched=False)

    def fit(self, *args: Any) -> None:
        """Refuse inputs that don't go together; unless a loss says otherwise, all need the shape of the first.

        Raises:
            Misfit: in words, with the port.
        """
        first = args[0]
        for other in args[1:]:
            if other.shape != first.shape:
                raise Misfit(
                    f"compares number with number, but the {first.port} is {first} and the {other.port} is {other}",
                    other.port,
                )

    def meanings(self, *args: Any) -> Mapping[str, Meaning]:
        """What must enter, by port; ports that take any numbers are left out."""
        return {}


@functools.lru_cache(maxsize=4096)
def _ports(cls: type[Block], count: int) -> tuple[Port, ...]:
    signature = inspect.signature(cls.layer)
    hints = typing.get_type_hints(cls.layer)
    ports: list[Port] = []
    for name, parameter in list(signature.parameters.items())[1:]:
        hint = hints.get(name, AnyTensor)
        kinds = [kind for kind in typing.get_args(hint) or (hint,) if kind is not type(None)]
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            ports += [Port(f"{name.removesuffix('s')}{number + 1}", kinds[0]) for number in range(count)]
        else:
            ports.append(Port(name, kinds[0], type(None) in typing.get_args(hint)))
    return tuple(ports)
