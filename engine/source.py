"""Print a plan as the Python a good engineer would write; what is printed is what is trained and exported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, count

from engine.call import Call, Expression, Infix, Item
from engine.parts import Parts, Value, split
from engine.plan import Plan, Step
from engine.tensor import TensorSpec

COMMENT_COLUMN = 48  # where comments with shapes begin, unless the code is longer


@dataclass(frozen=True)
class Source:
    """Printed Python: its text, the classes in it, and which line belongs to which block."""

    text: str
    network: str  # name of the class
    objective: str | None
    blocks: Mapping[int, str]  # line, counted from 1, to block id
    targets: frozenset[str]  # names of torch's that the text calls, such as "nn.Conv2d"
    parts: Parts


def print_source(plan: Plan, name: str, *, objective: bool = False, notes: Iterable[str] = ()) -> Source:
    """The network as a Python file that runs alone with only torch.

    With `objective`, a second class computes the losses; it takes predictions, inputs and targets by name.
    Every step of the network must be complete. `notes` are lines for the docstring at its head.
    """
    parts = split(plan)
    network = class_name(name)
    lines = _Lines()
    lines.add(f'"""{network}', "")
    inputs = {step.name: step.leaves[0] for step in parts.inputs}
    predictions = {name: plan.leaving(*value) for name, value in parts.predictions.items()}
    for row in _signature(inputs, predictions):
        lines.add(row)
    parameters = sum(step.trace.parameters for step in parts.network)
    lines.add(f"{parameters:,} parameters. Drawn in Plexus.", *notes, '"""', "")
    lines.add("import torch", "import torch.nn as nn")
    arguments = {step.name: (step.id, "y") for step in parts.inputs}
    _print_class(lines, plan, network, arguments, parts.network, parts.predictions)
    objective_name = None
    if objective:
        objective_name = "Objective" if network != "Objective" else "Losses"
        losses = {name: (step.id, "loss") for name, step in parts.losses.items()}
        _print_class(lines, plan, objective_name, parts.arguments, parts.objective, losses, always_named=True)
    else:
        example = ", ".join(_example(spec) for spec in inputs.values() if spec is not None)
        result = f"{network}()({example})"
        lines.add("", "", 'if __name__ == "__main__":')
        if len(predictions) == 1:
            lines.add(f"    print({result}.shape)")
        else:
            shapes = ", ".join(f'outputs["{name}"].shape' for name in predictions)
            lines.add(f"    outputs = {result}", f"    print({shapes})")
    return Source("\n".join(lines.text) + "\n", network, objective_name, lines.blocks, frozenset(lines.targets), parts)


def class_name(name: str) -> str:
    """`digits-cnn` → `DigitsCnn`: a project's name as the name of a class."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    joined = "".join(word[0].upper() + word[1:] for word in words)[:60]
    return joined if joined and joined[0].isalpha() and joined not in ("None", "True", "False") else f"Network{joined}"


def comment(spec: TensorSpec | None) -> str:
    """`(B, 32, 26, 26)`, the batch axis in front; a loss is a scalar."""
    if spec is None:
        return ""
    return f"({_sizes('B', spec)})" if spec.batched else "scalar"


class _Lines:
    """The text as it grows, and what is worth knowing of each line."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.blocks: dict[int, str] = {}
        self.targets: set[str] = set()

    def add(self, *lines: str) -> None:
        self.text += lines

    def add_step(self, step: Step, code: str, remark: str = "") -> None:
        self.text.append(f"{code.ljust(COMMENT_COLUMN - 2)}  # {remark}" if remark else code)
        self.blocks[len(self.text)] = step.id


def _print_class(
    lines: _Lines,
    plan: Plan,
    name: str,
    arguments: Mapping[str, Value],
    steps: tuple[Step, ...],
    results: Mapping[str, Value],
    always_named: bool = False,
) -> None:
    lines.add("", "", f"class {name}(nn.Module):", "    def __init__(self):", "        super().__init__()")
    for step in steps:
        for call in _calls(step.trace.call):
            lines.targets.add(call.target)
        if isinstance(step.trace.call, Call) and step.trace.call.builds_module:
            lines.add_step(step, f"        self.{step.name} = {step.trace.call.text({})}")
    shapes = "; ".join(comment(plan.leaving(*value)) for value in arguments.values())
    head = f"    def forward(self, {', '.join(arguments)}):"
    lines.add("", f"{head.ljust(COMMENT_COLUMN - 2)}  # {shapes}")
    names = {value: name for name, value in arguments.items()}
    alone = next(iter(results.values())) if len(results) == 1 and not always_named else None
    uses = _uses(steps, results)
    taken = {step.name for step in steps} | set(arguments)
    flowing = next(name for name in chain("xhz", (f"x{n}" for n in count())) if name not in taken)
    returned = False
    for index, step in enumerate(steps):
        value = (step.id, step.block.output_ports()[0])
        follower = steps[index + 1] if index + 1 < len(steps) else None
        code = _expression(lines, step, names)
        if value == alone and follower is None and uses[value] == 1:
            lines.add_step(step, f"        return {code}", comment(step.leaves[0]))
            returned = True
            continue
        passing = uses[value] == 1 and follower is not None and any(w and w.source == step.id for w in follower.wires)
        names[value] = flowing if passing else step.name
        lines.add_step(step, f"        {names[value]} = {code}", comment(step.leaves[0]))
    if alone is not None and not returned:
        lines.add(f"        return {names[alone]}")
    elif alone is None:
        entries = ", ".join(f'"{name}": {names[value]}' for name, value in results.items())
        lines.add(f"        return {{{entries}}}")


def _expression(lines: _Lines, step: Step, names: Mapping[Value, str]) -> str:
    """The value of a step in Python; a line of its own comes first when the module's answer is used twice."""
    call = step.trace.call
    assert call is not None, "a network is printed only when every step is complete"
    inputs = {
        port.name: names[wire.source, wire.output]
        for port, wire in zip(step.block.input_ports(), step.wires, strict=True)
        if wire is not None
    }
    if not (isinstance(call, Call) and call.builds_module):
        return call.text(inputs)
    views = [
        port.kind.view(spec, port.name)
        for port, spec in zip(step.block.input_ports(), step.arrives, strict=True)
        if spec is not None
    ]
    answer = Call("module", tuple(views))
    value = step.block.forward(answer, *views)
    applied = f"self.{step.name}({', '.join(inputs.values())})"
    for called in _calls(value):
        if called.target != "module":
            lines.targets.add(called.target)
    if sum(called is answer for called in _calls(value)) > 1:
        variable = f"{step.name}_out"
        while variable in names.values():  # another block may have that very name
            variable += "_"
        lines.add_step(step, f"        {variable} = {applied}")
        applied = variable
    return _with_text(value, answer, applied, inputs)


def _with_text(value: Expression, answer: Call, applied: str, inputs: Mapping[str, str]) -> str:
    """`value` in Python, `applied` standing where the module's answer stands."""

    class Applied(Expression):
        def text(self, names: Mapping[str, str]) -> str:
            return applied

    def swap(part: object) -> object:
        if part is answer:
            return Applied()
        if isinstance(part, Item):
            return Item(swap(part.whole), part.index)  # type: ignore[arg-type]
        if isinstance(part, Infix):
            return Infix(part.symbol, tuple(swap(term) for term in part.terms))
        if isinstance(part, Call):
            kwargs = {key: swap(item) for key, item in (part.kwargs or {}).items()}
            return Call(part.target, tuple(swap(item) for item in part.args), kwargs)
        if isinstance(part, list):
            return [swap(item) for item in part]
        return part

    swapped = swap(value)
    assert isinstance(swapped, Expression)
    return swapped.text(inputs)


def _calls(value: object) -> Iterable[Call]:
    """All calls in an expression, outermost first."""
    if isinstance(value, Call):
        yield value
        for part in (*value.args, *(value.kwargs or {}).values()):
            yield from _calls(part)
    elif isinstance(value, Item):
        yield from _calls(value.whole)
    elif isinstance(value, Infix):
        for term in value.terms:
            yield from _calls(term)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _calls(item)


def _uses(steps: tuple[Step, ...], results: Mapping[str, Value]) -> dict[Value, int]:
    """How often each step's value is read."""
    uses = {(step.id, port): 0 for step in steps for port in step.block.output_ports()}
    read = [(w.source, w.output) for step in steps for w in step.wires if w is not None]
    for value in (*read, *results.values()):
        if value in uses:
            uses[value] += 1
    return uses


def _signature(inputs: Mapping[str, TensorSpec | None], predictions: Mapping[str, TensorSpec | None]) -> Iterable[str]:
    width = max((len(name) for name in (*inputs, *predictions)), default=0)
    for word, values in (("Input ", inputs), ("Output", predictions)):
        for name, spec in values.items():
            if spec is not None:
                yield f"{word}  {name.ljust(width)}  {spec.dtype}  ({_sizes('batch', spec)})"


def _sizes(batch: str, spec: TensorSpec) -> str:
    """`B, 32, 26, 26`; a lone batch axis is written as a tuple of one is."""
    sizes = ", ".join([batch, *("n" if size is None else str(size) for size in spec.shape)])
    return sizes if spec.shape else f"{sizes},"


def _example(spec: TensorSpec) -> str:
    sizes = ", ".join(str(size) for size in (2, *spec.sizes))
    return f"torch.randn({sizes})" if spec.dtype == "float32" else f"torch.zeros({sizes}, dtype=torch.{spec.dtype})"
