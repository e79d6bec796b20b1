"""A block for the functions of torch that have no block of their own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import field_validator

from engine.blocks.axes import axes, rank
from engine.blocks.base import Block, Port
from engine.blocks.operations import OPERATIONS, Argument, Operand, Operation, literals
from engine.call import Call, Expression
from engine.problem import Misfit
from engine.record import param, refuse
from engine.tensor import AnyTensor, TensorSpec, Value

if TYPE_CHECKING:
    Name = str
else:
    Name = Literal[tuple(OPERATIONS)]

LONGEST = 200  # characters of arguments
Examples = tuple[tuple[TensorSpec, ...], ...]


class Function(Block):
    """Calls a function of PyTorch that has no block of its own, on as many inputs as it takes.

    Its help on PyTorch's pages says what it does. Shapes are found by trying it on tensors without numbers.
    """

    category: ClassVar[str] = "Function"
    stem: ClassVar[str] = "function"
    formula: ClassVar[str] = r"y = f(x_1, x_2, \dots)"
    aliases: ClassVar[tuple[str, ...]] = (
        *("torch", "lambda", "custom", "operation", "special function", "linalg", "other", "Lambda", "call"),
        *(word for name in OPERATIONS for word in (name, name.rpartition(".")[2])),
    )
    examples: ClassVar[Examples] = (
        (TensorSpec((3, 4)),),
        (TensorSpec((3, 3)),),
        (TensorSpec((5,), batched=False),),
        (TensorSpec((3, 4)), TensorSpec((3, 4))),
        (TensorSpec((5,), batched=False), TensorSpec((4,), batched=False)),
        (TensorSpec((4,), "int64"), TensorSpec((4,), "int64")),
        (TensorSpec((3, 4)), TensorSpec((3, 4)), TensorSpec((1, 4))),
    )
    sums_up: ClassVar[tuple[str, ...]] = ("operation", "arguments")

    operation: Name = param("log1p", doc="The function, as it is called in PyTorch.")
    inputs: int = param(1, ge=1, le=4, doc="Number of tensors it takes.")
    arguments: str = param("", doc="What it takes besides tensors, as in Python: dim=1, keepdim=True.")

    @field_validator("operation", mode="before")
    @classmethod
    def _known(cls, value: Any) -> Any:
        if value not in tuple(OPERATIONS):
            told = f"“{value}”" if isinstance(value, str) and len(value) <= 40 else "this"
            raise refuse("operation", f"Operation must be one of those that are listed, such as “cumprod”, not {told}.")
        return value

    @field_validator("arguments")
    @classmethod
    def _short(cls, value: str) -> str:
        if len(value) > LONGEST or not value.isprintable():
            raise refuse("arguments", f"Arguments must be one line of at most {LONGEST} characters.")
        return value

    @property
    def called(self) -> Operation:
        return OPERATIONS[self.operation]

    @property
    def page(self) -> str:
        """That of the function it calls."""
        module, _, name = self.called.target.rpartition(".")
        return f"{'torch.nn.functional' if module == 'F' else module}.{name}"

    def input_ports(self) -> tuple[Port, ...]:
        kinds = [operand.kind for operand in self.called.operands[: self.inputs]]
        kinds += [Value] * (self.inputs - len(kinds))
        return tuple(Port(f"x{number + 1}", kind) for number, kind in enumerate(kinds))

    def output_ports(self) -> tuple[str, ...]:
        return self.called.outputs

    def layer(self, *xs: AnyTensor) -> Expression:
        called = self.called
        self._judge_inputs(xs)
        told = self._arguments(xs)
        # a tensor that torch expects behind a number is given by its name
        first_number = min((a.place for a in called.arguments.values()), default=math.inf)
        pairs = list(zip(called.operands, xs, strict=False))
        by_place = [x for operand, x in pairs if operand.place < first_number]
        by_name = {operand.name: x for operand, x in pairs if operand.place > first_number}
        return Call(called.target, tuple(by_place), {**by_name, **told})

    def _judge_inputs(self, xs: tuple[AnyTensor, ...]) -> None:
        operands = self.called.operands
        needed = sum(operand.required for operand in operands)
        if not needed <= len(xs) <= len(operands):
            count = f"{needed}" if needed == len(operands) else f"{needed} or {len(operands)}"
            raise Misfit(
                f"calls {self.operation}, which takes {count} input{'s' * (len(operands) > 1)}, but has {len(xs)}",
                param="inputs",
            )
        for place, (operand, x) in enumerate(zip(operands, xs, strict=False)):
            trouble = _trouble(operand, x, xs[0], xs[place - 1])
            if trouble:
                raise Misfit(f"calls {self.operation}, which {trouble}", x.port)

    def _arguments(self, xs: tuple[AnyTensor, ...]) -> dict[str, Any]:
        """The arguments that are given, judged.

        Raises:
            Misfit: naming the argument.
        """
        known = self.called.arguments
        try:
            told = literals(self.arguments)
        except ValueError as error:
            raise Misfit(str(error), param="arguments") from None
        for name in told:
            if name not in known:
                takes = f"takes {', '.join(known)}" if known else "takes none"
                raise Misfit(f"calls {self.operation}, which {takes}, not “{name}”", param="arguments")
        for argument in known.values():
            if argument.required and argument.name not in told:
                example = {"axis": "1", "axes": "1", "bool": "True", "float": "0.5"}.get(argument.kind, "1")
                example = f"'{argument.words[0]}'" if argument.words else example
                raise Misfit(
                    f"calls {self.operation}, which needs {argument.name}, such as {argument.name}={example}",
                    param="arguments",
                )
        self._judge_batch(xs[0], told)
        return {name: self._value(known[name], value) for name, value in told.items()}

    def _value(self, argument: Argument, value: Any) -> Any:
        """The value of one argument, when it is of its kind."""
        if argument.words:
            fine, wanted = value in argument.words, " or ".join(f"'{word}'" for word in argument.words)
        elif argument.kind == "axes":
            items = value if isinstance(value, (tuple, list)) else (value,)
            fine, wanted = bool(items) and all(_whole(item) for item in items), "whole numbers"
            value = tuple(items) if fine and isinstance(value, list) else value
        else:
            wanted = {"bool": "True or False", "float": "a number"}.get(argument.kind, "a whole number")
            number = _whole(value) or (type(value) is float and abs(value) <= 3.4e38)
            fine = {"bool": type(value) is bool, "float": number}.get(argument.kind, _whole(value))
        if not fine and not (value is None and not argument.required):
            shown = repr(value)
            raise Misfit(
                f"calls {self.operation} with {argument.name}={shown if len(shown) <= 40 else shown[:39] + '…'}, "
                f"which has to be {wanted}",
                param="arguments",
            )
        return value

    def _judge_batch(self, x: AnyTensor, told: Mapping[str, Any]) -> None:
        """No axis may be the batch, neither one that is told nor one that torch would take by itself."""
        for argument in self.called.arguments.values():
            value = told.get(argument.name, argument.default)
            dims = value if isinstance(value, (tuple, list)) else (value,)
            if argument.kind in ("axis", "axes") and rank(x) and all(map(_whole, dims)):
                axes(x, dims, f"calls {self.operation}", "arguments")


def _trouble(operand: Operand, x: AnyTensor, first: AnyTensor, before: AnyTensor) -> str:
    """What keeps a tensor from going in, since samples have to stay apart; empty when nothing does."""
    least = max(({"row": 1, "rows": 2, "matrix": 2}.get(need, 0) for need in operand.needs), default=0)
    if len(x.shape) < least:
        wanted = "rows × columns" if least == 2 else "at least one axis"
        return f"expects {wanted}{' for each sample' * x.batched}, but receives {x}"
    if "matrix" in operand.needs and None in x.shape[-2:]:
        return f"expects matrices of one size, but receives {x}"
    if "table" in operand.needs and x.batched:
        return f"expects its {operand.name} without a batch axis, as Constant and LearnedParameter give them"
    if "alike" in operand.needs and x.batched != first.batched:
        return f"expects a batch axis in both {first.port} and {x.port}, or in neither"
    if "shaped" in operand.needs and x.shape != before.shape:
        return f"expects {operand.name} in the shape of {before.port}, which is {before}, but receives {x}"
    return ""


def _whole(value: Any) -> bool:
    return type(value) is int and abs(value) < 2**63


BLOCKS = (Function,)
