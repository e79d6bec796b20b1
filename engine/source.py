"""Print a plan as the Python a good engineer would write; what is printed is what is trained and exported."""

from __future__ import annotations

import keyword
import re
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.graph import RESERVED
from engine.parts import Parts, split
from engine.plan import Plan
from engine.printing.classes import Reader
from engine.printing.constructors import constructor
from engine.printing.forms import TOLD, Form, Forms
from engine.printing.forward import Blocks
from engine.printing.made import Body, Instance, Layer, Made, Series
from engine.printing.sizes import Sizes
from engine.printing.wrapping import WIDTH, wrapped, wrapped_head
from engine.problem import UserError
from engine.tensor import TensorSpec

MOST_LAYERS = 100_000


@dataclass(frozen=True)
class Source:
    """Printed Python: its text, the classes in it, and what in it belongs to which block.

    A block in a group goes by its path, such as "stage1/conv1", and by that of its first use where it has several.
    """

    text: str
    network: str  # name of the class
    objective: str | None
    blocks: Mapping[int, Blocks]  # line, counted from 1 → (block, its text in it), innermost first
    targets: frozenset[str]  # names of torch's that it calls, such as "nn.Conv2d"
    parameters: int  # numbers that the network learns
    holders: Mapping[str, str]  # what a module of the network is called, such as "stage1.0.conv1" → block
    parts: Parts

    def block_at(self, line: int, code: str = "") -> str | None:
        """The block whose text stands in a line; `code` narrows a line of several blocks down to one.

        `code` may be laid out over several lines.
        """
        entries = self.blocks.get(line, ())
        exact = [block for block, text in entries if _squeezed(text) == _squeezed(code)]
        return exact[0] if exact else entries[-1][0] if entries else None

    def block_of(self, error: BaseException) -> str | None:
        """The block whose printed text raised an error; None when it came from elsewhere."""
        lines = self.text.encode().splitlines(keepends=True)
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            if frame.filename == self.filename and frame.lineno:
                last = frame.end_lineno or frame.lineno
                rows = lines[frame.lineno - 1 : last]
                rows[-1] = rows[-1][: frame.end_colno]
                rows[0] = rows[0][frame.colno or 0 :]
                return self.block_at(frame.lineno, b"".join(rows).decode(errors="replace"))
        return None

    @property
    def filename(self) -> str:
        """What tracebacks call the text."""
        return f"<{self.network}>"


def _squeezed(code: str) -> str:
    """Code without the spaces and commas in which layouts differ."""
    return re.sub(r",(?=[)\]}])", "", re.sub(r"\s", "", code))


def print_source(plan: Plan, name: str, *, objective: bool = False, notes: Iterable[str] = ()) -> Source:
    """The network as a Python file that runs alone with only torch.

    With `objective`, a second class computes the losses; it takes predictions, inputs and targets by name.
    Every step of the network must be complete. `notes` are lines for the docstring at its head.

    Raises:
        UserError: when weights are shared by what can't be one layer, or when there would be far too many layers.
    """
    plan = plan.living
    parts, network = split(plan), class_name(name)
    objective_name = ("Objective" if network != "Objective" else "Losses") if objective else None
    taken = {network, *([objective_name] if objective_name else [])}
    reader, printer = Reader(plan, taken), _Printer()

    arguments = {step.name: (step.id, "y") for step in parts.inputs}
    answer = "one" if len(parts.predictions) == 1 else "dict"
    main = reader.body(plan, network, arguments, parts.network, parts.predictions, answer)
    forms = Forms(main, taken)
    if forms.layers > MOST_LAYERS:
        raise UserError(
            f"The network would be made of {forms.layers:,} layers, but {MOST_LAYERS:,} are as many as can be built. "
            "Repeat its groups less often."
        )
    printer.print_classes(forms, main, network)
    if objective_name:
        losses = {name: (step.id, "loss") for name, step in parts.losses.items()}
        measured = reader.body(plan, objective_name, parts.arguments, parts.objective, losses, "dict")
        printer.print_classes(Forms(measured, {*taken, *forms.names}), measured, objective_name)

    example = [] if objective else _example_call(plan, network, parts)
    head = _head(plan, network, parts, forms.parameters, notes, [*printer.lines, *example])
    return Source(
        "\n".join([*head, *printer.lines, *example]) + "\n",
        network,
        objective_name,
        {line + len(head): blocks for line, blocks in printer.blocks.items()},
        frozenset(printer.targets),
        forms.parameters,
        dict(_holders(main, "", "")),
        parts,
    )


@dataclass
class _Printer:
    """The text of all classes as it grows."""

    lines: list[str] = field(default_factory=list)
    blocks: dict[int, Blocks] = field(default_factory=dict)
    targets: set[str] = field(default_factory=set)

    def print_classes(self, forms: Forms, main: Body, name: str) -> None:
        """A class and all that it makes, these first."""
        for form in forms.by_key.values():
            self._print_class(form.name, form.uses[0], form, forms)
        self._print_class(name, main, None, forms)

    def _print_class(self, name: str, body: Body, form: Form | None, forms: Forms) -> None:
        path = form.path if form else ""
        self.lines += ["", "", f"class {name}(nn.Module):"]
        if form is not None and form.count > 1:
            self.lines += [_docstring(form), ""]
        self.targets |= body.targets
        made = constructor(form, body, forms)
        for row in made:
            self._print(row.line, row.blocks, path)
        if made:
            self.lines.append("")
        self._print_forward(body, Sizes(form, body, forms), path)

    def _print_forward(self, body: Body, sizes: Sizes, path: str) -> None:
        head = wrapped_head("forward", ["self", *body.arguments])
        remark = sizes.remarks([[use.arguments[name] for use in sizes.uses] for name in body.arguments])
        if remark and len(head[-1]) + len(remark) + 4 <= WIDTH:
            head[-1] += f"  # {remark}"
        self.lines += head
        for place, line in enumerate(body.lines):
            specs = [[use.lines[place].specs[number] for use in sizes.uses] for number in range(len(line.specs))]
            for row in wrapped(line.code, 8, sizes.remarks(specs)):
                self._print(row, line.blocks, path)

    def _print(self, line: str, blocks: Blocks, path: str) -> None:
        """One line; blocks go by their ids in the class, which is first made for the block at `path`."""
        self.lines.append(line)
        if blocks:
            self.blocks[len(self.lines)] = tuple((path + block, text) for block, text in blocks)


def _docstring(form: Form) -> str:
    """Where instances of a class stand: `Used 3 times: stage1, stage2.1, stage3.1`."""
    for shown in range(min(form.count, TOLD), 0, -1):
        places = [*form.places[:shown], *(["…"] if shown < form.count else [])]
        line = f'    """Used {form.count:,} times: {", ".join(places)}"""'
        if len(line) <= WIDTH:
            return line
    return f'    """Used {form.count:,} times."""'


def _head(plan: Plan, network: str, parts: Parts, parameters: int, notes: Iterable[str], lines: list[str]) -> list[str]:
    """What stands above the classes: what the network takes and gives, and what the code below needs."""
    inputs = {step.name: step.leaves[0] for step in parts.inputs}
    predictions = {name: plan.leaving(*value) for name, value in parts.predictions.items()}
    code = "\n".join(lines)
    head = [f'"""{network}', "", *_signature(inputs, predictions)]
    head += [f"{parameters:,} parameters. Drawn in Plexus.", *notes, '"""', ""]
    if re.search(r"\btorch\.", code):
        head.append("import torch")
    if re.search(r"\bF\.", code):
        head.append("import torch.nn.functional as F")
    return [*head, "from torch import nn"]


def _holders(body: Body, prefix: str, path: str) -> Iterator[tuple[str, str]]:
    """The modules of a class and of those in it, by dotted name, with the block each comes from."""
    for attribute, made in body.attributes.items():
        yield from _held(made, prefix + attribute, path)


def _held(made: Made, name: str, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(made, Layer):
        yield name, path + made.block
    elif isinstance(made, Instance):
        yield from _holders(made.body, f"{name}.", f"{path}{made.block}/")
    elif isinstance(made, Series):
        for number, item in enumerate(made.items):
            yield from _held(item, f"{name}.{number}", path)


def class_name(name: str) -> str:
    """`digits-cnn` → `DigitsCnn`: a project's name as the name of a class."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    joined = "".join(word[0].upper() + word[1:] for word in words)[:60]
    plain = joined[:1].isalpha() and not keyword.iskeyword(joined) and joined not in RESERVED
    return joined if plain else f"Network{joined}"


def _signature(inputs: Mapping[str, TensorSpec | None], predictions: Mapping[str, TensorSpec | None]) -> Iterable[str]:
    width = max((len(name) for name in (*inputs, *predictions)), default=0)
    for word, values in (("Input ", inputs), ("Output", predictions)):
        for name, spec in values.items():
            if spec is not None:
                yield f"{word}  {name.ljust(width)}  {spec.dtype}  ({_sizes(spec)})"


def _sizes(spec: TensorSpec) -> str:
    """`batch, 32, 26, 26`; a lone axis is written as a tuple of one is."""
    axes = [*(["batch"] if spec.batched else []), *("n" if size is None else str(size) for size in spec.shape)]
    return f"{axes[0]}," if len(axes) == 1 else ", ".join(axes)


def _example_call(plan: Plan, network: str, parts: Parts) -> list[str]:
    """The lines that try the network when the file is run."""
    specs = [step.leaves[0] for step in parts.inputs]
    call = f"{network}()({', '.join(_example(spec) for spec in specs if spec is not None)})"
    lines, names = ["", "", 'if __name__ == "__main__":'], list(parts.predictions)
    if len(names) == 1 and len(call) + len("    print(.shape)") <= WIDTH:
        return [*lines, f"    print({call}.shape)"]
    shown = "outputs.shape" if len(names) == 1 else ", ".join(f'outputs["{name}"].shape' for name in names)
    return [*lines, *wrapped(f"outputs = {call}", 4), *wrapped(f"print({shown})", 4)]


def _example(spec: TensorSpec) -> str:
    sizes = ", ".join(str(size) for size in (*([2] if spec.batched else []), *spec.sizes))
    return {
        "float32": f"torch.randn({sizes or '()'})",
        "int64": f"torch.zeros({sizes or '()'}, dtype=torch.int64)",
        "bool": f"torch.ones({sizes or '()'}, dtype=torch.bool)",
    }[spec.dtype]
