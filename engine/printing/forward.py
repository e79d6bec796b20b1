"""The lines of a forward method: what is assigned to which variable, and which expressions stand in one line."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from engine.call import Call, Expression, Name, strength_of
from engine.group import Group
from engine.parts import Value, leaving
from engine.plan import Step
from engine.printing.answers import Answer, Path, answer_of, leaves, unpacked
from engine.printing.expressions import parts, targets_of
from engine.printing.hoisting import STEP, shortened
from engine.printing.variables import LONGEST, Variables
from engine.printing.wrapping import WIDTH
from engine.tensor import TensorSpec

INDENT = 8
DEEPEST = 3  # expressions in one line

Blocks = tuple[tuple[str, str], ...]  # (id of a block, its text), the innermost first


@dataclass(frozen=True)
class Line:
    """One statement of a forward method, the specs its remark tells, and the text that each block has in it."""

    code: str
    specs: tuple[TensorSpec | None, ...] = ()
    blocks: Blocks = ()


@dataclass(frozen=True)
class Text:
    """Python that gives a value."""

    code: str
    strength: int = 99
    blocks: Blocks = ()


@dataclass
class Writer:
    """Writes the body of one forward method, step by step."""

    steps: Sequence[Step]
    arguments: Mapping[str, Value]  # the method's, by the names they should have
    attributes: Mapping[str, str]  # what a step's layer is called: "self.conv1"
    series: Mapping[str, int]  # how many entries the list has that a repeated group is kept in, by id
    results: Mapping[str, Value]
    answer: str  # how the results are returned: "one", a "tuple", or a "dict" by their names
    avoided: Collection[str] = ()  # names that mean something else in the printed file
    lines: list[Line] = field(default_factory=list)
    targets: set[str] = field(default_factory=set)
    signature: dict[str, Value] = field(default_factory=dict)  # the arguments by the names they have

    def __post_init__(self) -> None:
        # what is returned with others goes by the name that it has outside
        several = list(self.results.items()) if len(self.results) > 1 else []
        self._named = {value: name for name, value in reversed(several)}
        self.variables = Variables(self.steps, self.results.values(), self._named.values(), self.avoided)
        self._texts: dict[Value, Text] = {}
        for wanted, value in self.arguments.items():
            name = self.variables.argument(wanted, value)
            self.signature[name] = value
            self._texts[value] = Text(name)

    def write(self) -> None:
        """All lines of the method."""
        for place, step in enumerate(self.steps):
            used = [port for port in step.block.output_ports() if self.variables.readers((step.id, port))]
            if step.id in self.series:
                self._write_series(place, step)
            else:
                self._write_step(place, step, used)
        if not self.lines or not self.lines[-1].code.startswith("return "):
            codes = {name: self._texts[value].code for name, value in self.results.items()}
            self.lines.append(Line(f"return {self._returned(codes)}"))

    def _returned(self, codes: Mapping[str, str]) -> str:
        if self.answer == "dict":
            return "{" + ", ".join(f'"{name}": {code}' for name, code in codes.items()) + "}"
        return ", ".join(codes.values())

    def _write_step(self, place: int, step: Step, used: Sequence[str]) -> None:
        answer = answer_of(step, self.attributes.get(step.id, ""))
        values = {port: answer.outputs[port] for port in used}
        applied = answer.applied
        readings, named = answer.readings(values.values()), leaves(answer.pattern)
        kept = step.id in self.attributes
        exact = [port for port in used if answer.path(values[port]) in named]
        if readings and all(path in named for path in readings) and (len(readings) > 1 or (kept and exact)):
            values = self._write_unpacked(place, step, answer, values)
        elif len(readings) > 1:
            name = self.variables.aside(f"{step.name}_out")
            self._assign_aside(name, self._text(step, applied))
            applied = Name(name)
        wholes = {port: answer.filled(value, applied) for port, value in values.items()}
        for number, (port, whole) in enumerate(wholes.items()):
            value, text = (step.id, port), self._text(step, whole)
            if len(used) == 1 and self._folds(place, value, text):
                self._texts[value] = text
                continue
            later = " ".join(self._text(step, other).code for other in list(wholes.values())[number + 1 :])
            self._assign(place, step, port, whole, set(re.findall(r"\w+", later)))

    def _assign(self, place: int, step: Step, port: str, whole: Expression, reserved: Collection[str]) -> None:
        value, specs = (step.id, port), (self._spec(step, port),)
        results = list(self.results.items())
        if place == len(self.steps) - 1 and len(results) == 1 and results[0][1] == value:
            front = f'return {{"{results[0][0]}": ' if self.answer == "dict" else "return "
            text = self._shortened(step, whole, front)
            self.lines.append(Line(f"return {self._returned({results[0][0]: text.code})}", specs, text.blocks))
            return
        name = self._held(place, step, port, reserved)
        text = self._shortened(step, whole, f"{name} = ")
        self.lines.append(Line(f"{name} = {text.code}", specs, text.blocks))
        self._texts[value] = Text(name)

    @staticmethod
    def _spec(step: Step, port: str) -> TensorSpec | None:
        return step.leaves[step.block.output_ports().index(port)]

    def _held(self, place: int, step: Step, port: str, reserved: Collection[str]) -> str:
        """The variable for what leaves by a port."""
        value = (step.id, port)
        wanted = step.name if len(step.block.output_ports()) == 1 else f"{step.name}_{port}"
        return self.variables.held(value, place, self._named.get(value, wanted), reserved, value not in self._named)

    def _assign_aside(self, name: str, text: Text) -> None:
        self.lines.append(Line(f"{name} = {text.code}", (), text.blocks))

    # what is computed

    def _inputs(self, step: Step) -> dict[str, Text]:
        return {
            port.name: self._texts[wire.source, wire.output]
            for port, wire in zip(step.block.input_ports(), step.wires, strict=True)
            if wire is not None
        }

    def _names(self, step: Step) -> dict[str, str]:
        """The variable behind each port of a step, and its layer."""
        names = {port: text.code for port, text in self._inputs(step).items()}
        return names | {"module": self.attributes[step.id]} if step.id in self.attributes else names

    def _text(self, step: Step, value: Expression) -> Text:
        """A value of a step in Python."""
        self.targets |= targets_of(value)
        names = self._names(step)
        code = value.text(names)
        inner = tuple(entry for text in self._inputs(step).values() for entry in text.blocks)
        called = [part.text(names) for part in parts(value) if isinstance(part, Call) and part.target == "module"]
        own = tuple((step.id, text) for text in dict.fromkeys((*called, code)))
        return Text(code, strength_of(value), (*inner, *own))

    # long lines

    def _shortened(self, step: Step, value: Expression, front: str) -> Text:
        """A value of a step that fits into lines behind `front`; parts of it may get lines of their own first."""

        def aside(part: Expression) -> Name:
            text = self._shortened(step, part, f"{step.name[:LONGEST]}_1 = ")
            number = 1 + sum(name.startswith(f"{step.name}_") for name in self.variables.used)
            name = self.variables.aside(f"{step.name}_{number}")
            self._assign_aside(name, text)
            return Name(name)

        inside = WIDTH - INDENT - STEP
        return self._text(step, shortened(value, WIDTH - INDENT - len(front), inside, self._names(step), aside))

    # several outputs

    def _write_unpacked(
        self, place: int, step: Step, answer: Answer, values: Mapping[str, Expression]
    ) -> dict[str, Expression]:
        """Take the answer apart in one line; what is answered is what is still to be computed from its parts."""
        parts_named = leaves(answer.pattern)
        exact: dict[Path, str] = {}
        for port, value in values.items():
            path = answer.path(value)
            if path in parts_named:
                exact.setdefault(path, port)
        rest = {port: value for port, value in values.items() if port not in exact.values()}
        reserved = set(re.findall(r"\w+", " ".join(self._text(step, value).code for value in rest.values())))
        names: dict[Path, str] = {}
        for path, port in exact.items():
            names[path] = self._held(place, step, port, reserved)
            self._texts[step.id, port] = Text(names[path])
        for path in answer.readings(rest.values()):
            if path not in names:
                names[path] = self.variables.aside(f"{step.name}_{parts_named[path]}")
        front = unpacked(answer.pattern, {parts_named[path]: name for path, name in names.items()}) + " = "
        text = self._shortened(step, answer.applied, front)
        specs = tuple(self._spec(step, port) for port in exact.values()) if len(exact) == len(names) else ()
        self.lines.append(Line(front + text.code, specs, text.blocks))
        return {port: answer.named(value, names) for port, value in rest.items()}

    def _write_series(self, place: int, step: Step) -> None:
        """A repeated group that takes more than one value: one line each time, what stays the same handed to all."""
        assert isinstance(step.block, Group)
        inputs = [text.code for text in self._inputs(step).values()]
        results = leaving(step.block, step.trace.inner[0])
        reserved = set(inputs[len(results) :])
        names: list[str] = []
        for port in results:
            names.append(self._held(place, step, port, reserved | set(names)))
            self._texts[step.id, port] = Text(names[-1])
        for time, inner in enumerate(step.trace.inner):
            last = time == len(step.trace.inner) - 1
            unread = [last and not self.variables.readers((step.id, port)) for port in results]
            left = ", ".join("_" if dead else name for dead, name in zip(unread, names, strict=True))
            specs = [inner.leaving(*value) for dead, value in zip(unread, results.values(), strict=True) if not dead]
            code = f"{self.attributes[step.id]}[{time}]({', '.join(inputs)})"
            self.lines.append(Line(f"{left} = {code}", tuple(specs), ((step.id, code),)))
            inputs[: len(names)] = names

    # what stands in one line

    def _folds(self, place: int, value: Value, text: Text) -> bool:
        """Whether an expression goes into the line of the next step, which is the only one to read it."""
        if self.variables.readers(value) != [place + 1] or place + 1 >= len(self.steps) or len(text.blocks) > DEEPEST:
            return False
        reader = self.steps[place + 1]
        if len(reader.block.output_ports()) > 1 or isinstance(reader.block, Group) or None in reader.wires:
            return False
        if reader.id in self.attributes and not _light(reader):
            return False
        answer = answer_of(reader, self.attributes.get(reader.id, ""))
        (port, output) = next(iter(answer.outputs.items()))
        if len(answer.readings([output])) > 1:
            return False
        self._texts[value] = text
        whole = self._text(reader, answer.whole(port))
        del self._texts[value]
        if whole.code.count(text.code) != 1:
            return False
        if text.strength < 99 and not (whole.strength == 99 and _stands_alone(whole.code, text.code)):
            return False
        return INDENT + len("return ") + len(whole.code) + len("  # (B, 100, 100)") <= WIDTH


def _light(step: Step) -> bool:
    """Whether a layer leaves the shape as it is and multiplies nothing: a normalisation, an activation, dropout."""
    arriving = [spec for spec in step.arrives if spec is not None]
    return (
        len(arriving) == 1
        and step.trace.multiply_adds == 0
        and step.leaves[0] is not None
        and step.leaves[0].shape == arriving[0].shape
    )


def _stands_alone(whole: str, part: str) -> bool:
    """Whether `part` is an argument of its own, so that it needs no parentheses."""
    before, _, after = whole.partition(part)
    return before.endswith(("(", ", ")) and after.startswith((")", ","))
