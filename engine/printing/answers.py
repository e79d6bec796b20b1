"""What a step computes as it is quoted: its layer applied to what arrives, and each output in terms of the answer."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.blocks.base import Block
from engine.call import Call, Expression, Item, Name
from engine.plan import Step
from engine.printing.expressions import exchanged, parts
from engine.tensor import AnyTensor

Path = tuple[int, ...]  # which part of an answer: (1, 0) is `answer[1][0]`


@dataclass(frozen=True)
class Answer:
    """What a step computes, and its outputs."""

    applied: Expression  # the layer by the name of "module", applied; or what is computed each time
    quoted: Expression  # what stands in `outputs` where `applied` is meant
    outputs: Mapping[str, Expression]
    pattern: str = ""  # how the answer falls apart, such as "y, (h, c)"; empty where it does not

    def whole(self, port: str) -> Expression:
        """What leaves by a port, in terms of what arrives."""
        return self.filled(self.outputs[port], self.applied)

    def filled(self, value: Expression, applied: Expression) -> Expression:
        """A value with `applied` where the answer stands."""
        filled = exchanged(value, lambda part: applied if part is self.quoted else None)
        assert isinstance(filled, Expression)
        return filled

    def named(self, value: Expression, names: Mapping[Path, str]) -> Expression:
        """A value with the names of parts of the answer where these stand."""

        def name(part: Expression) -> Name | None:
            path = self.path(part)
            return Name(names[path]) if path is not None and path in names else None

        named = exchanged(value, name)
        assert isinstance(named, Expression)
        return named

    def readings(self, values: Iterable[Expression]) -> list[Path]:
        """The part of the answer that each mention of it asks for; () for all of it."""
        found: list[Path] = []

        def note(part: Expression) -> Expression | None:
            path = self.path(part)
            if path is None:
                return None
            found.append(path)
            return part

        for value in values:
            exchanged(value, note)
        return found

    def path(self, value: Expression) -> Path | None:
        """`answer[1][0]` → (1, 0); None for what is no part of the answer."""
        path: Path = ()
        inner: Any = value
        while isinstance(inner, Item) and type(inner.index) is int and inner.index >= 0:  # else it is a tensor's part
            path, inner = (inner.index, *path), inner.whole
        return path if inner is self.quoted else None


def views(step: Step) -> list[AnyTensor | None]:
    """What arrives, as the block sees it."""
    ports = zip(step.block.input_ports(), step.arrives, strict=True)
    return [port.kind.view(spec, port.name) if spec is not None else None for port, spec in ports]


def function_of(step: Step) -> Expression | None:
    """The function that is printed instead of a layer that keeps nothing; None where there is none."""
    return step.block.function(*views(step)) if step.trace.call is not None else None


def answer_of(step: Step, attribute: str) -> Answer:
    """What a step computes; `attribute` is what the class keeps for it, such as "self.conv1", empty for nothing."""
    ports, call = step.block.output_ports(), step.trace.call
    if call is None:
        return _answer_of_group(step, ports)
    arriving = views(step)
    function = None if attribute else function_of(step)
    applied: Expression = function or call
    quoted: Expression = Call("answer") if attribute else applied
    if attribute:
        applied = step.block.applied(*arriving) if call.kept == "module" else Name(attribute)
    value: Any = function or step.block.forward(quoted, *arriving)  # type: ignore[arg-type]
    values = value if isinstance(value, tuple) else (value,)
    return Answer(applied, quoted, dict(zip(ports, values, strict=True)), _pattern(step.block, ports))


def _answer_of_group(step: Step, ports: tuple[str, ...]) -> Answer:
    quoted = Call("answer")
    outputs = (quoted,) if len(ports) == 1 else tuple(quoted[place] for place in range(len(ports)))
    applied = Call("module", tuple(AnyTensor((), port=port.name) for port in step.block.input_ports()))
    return Answer(applied, quoted, dict(zip(ports, outputs, strict=True)), ", ".join(ports) if len(ports) > 1 else "")


def _pattern(block: Block, ports: tuple[str, ...]) -> str:
    plain = type(block).forward is Block.forward and len(ports) > 1
    return block.unpacked or (", ".join(ports) if plain else "")


def leaves(pattern: str) -> dict[Path, str]:
    """Where each name stands in a pattern: `y, (h, c)` → y at (0,), h at (1, 0), c at (1, 1)."""
    return dict(_leaves(ast.parse(pattern, mode="eval").body, ())) if pattern else {}


def _leaves(node: ast.expr, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(node, ast.Tuple):
        for place, inner in enumerate(node.elts):
            yield from _leaves(inner, (*path, place))
    elif isinstance(node, ast.Name):
        yield path, node.id


def unpacked(pattern: str, names: Mapping[str, str]) -> str:
    """The left side of an assignment, with names for what is used: `y, (h, c)` → `x, _` or `_, (lstm_h, _)`."""
    tree = ast.parse(pattern, mode="eval").body
    assert isinstance(tree, ast.Tuple)
    return ", ".join(_left(node, names) for node in tree.elts)


def _left(node: ast.expr, names: Mapping[str, str]) -> str:
    if isinstance(node, ast.Tuple):
        inner = [_left(item, names) for item in node.elts]
        return f"({', '.join(inner)})" if set(inner) != {"_"} else "_"
    return names.get(node.id, "_") if isinstance(node, ast.Name) else "_"


def reads(expression: Expression) -> set[str]:
    """Names of the ports that an expression reads."""
    return {part.port for part in parts(expression) if isinstance(part, AnyTensor)}
