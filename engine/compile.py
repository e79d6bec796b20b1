"""Turn a project into a `torch.nn.Module` by carrying out the very Python that export writes.

Before the text is carried out, its syntax tree must pass an allow-list: nothing but layers, known
torch calls and local names. So no name or value from a file can become code, whatever else fails.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import linecache
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.check import review
from engine.parts import split
from engine.problem import UserError
from engine.project import Project
from engine.source import Source, print_source

if TYPE_CHECKING:
    import torch

NODES = (
    *(ast.Module, ast.ClassDef, ast.FunctionDef, ast.arguments, ast.arg, ast.Expr, ast.Assign, ast.Return),
    *(ast.Call, ast.keyword, ast.Attribute, ast.Name, ast.Load, ast.Store, ast.Constant, ast.Tuple, ast.List),
    *(ast.Dict, ast.Subscript, ast.Slice, ast.BinOp, ast.Add, ast.Mult, ast.UnaryOp, ast.USub),
    *(ast.Import, ast.alias),
)
IMPORTS = {("torch", None), ("torch.nn", "nn"), ("torch.nn.functional", "F")}


@dataclass(frozen=True)
class Compiled:
    """A network ready to run, the objective it is trained on, and the text both came from."""

    network: torch.nn.Module
    objective: torch.nn.Module | None
    source: Source


def compile(project: Project) -> torch.nn.Module:
    """The project's network as a module with fresh weights.

    Its `forward` takes one tensor (batch first) an input, in the order they were added, and returns
    one prediction, or a dict of named ones.

    Raises:
        UserError: when the design has problems that keep it from running.
    """
    return build(project).network


def build(project: Project, *, objective: bool = False) -> Compiled:
    """The network and, on request, its objective.

    Raises:
        UserError: when the design has problems that keep it from running.
    """
    source = source_of(project, objective=objective)
    classes = execute(source)
    try:
        return Compiled(classes[source.network](), classes[source.objective]() if source.objective else None, source)
    except (RuntimeError, MemoryError, OverflowError, TypeError) as error:  # how torch says that it can't be held
        parameters = sum(step.trace.parameters for step in source.parts.network)
        raise UserError(
            f"The network with its {parameters:,} parameters can't be built: it is too large for the memory here. "
            "Make its layers smaller."
        ) from error


def source_of(project: Project, *, objective: bool = False, notes: Iterable[str] = ()) -> Source:
    """The printed Python of a project; `notes` are lines for the docstring at its head.

    Raises:
        UserError: when the design has problems that keep it from being printed.
    """
    reviewed = review(project)
    parts = split(reviewed.plan)
    printed = [*parts.inputs, *parts.network, *(parts.objective if objective else ())]
    # blocks whose names alone are printed
    named = [step for step in reviewed.plan.outputs if step.name in parts.predictions]
    named += [reviewed.plan.steps[key] for key, _ in parts.arguments.values()] if objective else []
    needed = {step.id for step in (*printed, *named)}
    if not parts.predictions or not all(step.complete for step in printed):
        needed = set(project.graph.nodes)
    blocking = [
        problem
        for problem in reviewed.problems
        if problem.severity == "error"
        and (problem.block in needed or (problem.block is None and objective))
        and (objective or not problem.builds)
    ]
    if blocking:
        more = f" ({len(blocking) - 1} more)" if len(blocking) > 1 else ""
        raise UserError(f"{blocking[0]}{more}")
    if not parts.predictions:
        raise UserError(
            "There is no network yet: draw an Input, at least one layer, and a loss (or an Output) behind it."
        )
    return print_source(reviewed.plan, project.name, objective=objective, notes=notes)


def execute(source: Source) -> dict[str, Any]:
    """The classes of a printed text, after its syntax tree has passed the allow-list."""
    tree = ast.parse(source.text)
    tree.body = [node for node in tree.body if not isinstance(node, ast.If)]  # the example call
    inspect_tree(tree, source.targets)
    # What is imported is handed in instead: the text gets no `__import__`, and Qt's own import hook, which wants
    # all builtins to be there, is not called.
    tree.body = [node for node in tree.body if not isinstance(node, ast.Import)]
    filename = f"<{source.network}>"
    linecache.cache[filename] = (len(source.text), None, source.text.splitlines(keepends=True), filename)
    allowed = {name: getattr(builtins, name) for name in ("__build_class__", "super")}
    names: dict[str, Any] = {alias or name: importlib.import_module(name) for name, alias in IMPORTS}
    names |= {"__name__": source.network, "__builtins__": allowed}
    exec(builtins.compile(tree, filename, "exec"), names)
    return names


def inspect_tree(tree: ast.Module, targets: frozenset[str]) -> None:
    """Refuse any syntax tree that holds more than a printed network needs.

    Raises:
        ValueError: naming the line; it means that our own printing has a hole.
    """
    for node in ast.walk(tree):
        if not isinstance(node, NODES):
            raise _hole(node, type(node).__name__)
        if isinstance(node, ast.Import) and any((a.name, a.asname) not in IMPORTS for a in node.names):
            raise _hole(node, "import")
        if isinstance(node, ast.Constant) and type(node.value) not in (int, float, str, bool, type(None)):
            raise _hole(node, "constant")
    for child in tree.body:
        if isinstance(child, ast.ClassDef):
            _inspect_class(child, targets)
        elif not isinstance(child, (ast.Import, ast.Expr)):
            raise _hole(child, "statement")
        elif isinstance(child, ast.Expr) and not isinstance(child.value, ast.Constant):
            raise _hole(child, "expression")


def _inspect_class(node: ast.ClassDef, targets: frozenset[str]) -> None:
    if [ast.unparse(base) for base in node.bases] != ["nn.Module"] or node.decorator_list or node.keywords:
        raise _hole(node, "base class")
    methods = [item for item in node.body if isinstance(item, ast.FunctionDef)]
    if [method.name for method in methods] != ["__init__", "forward"] or len(methods) != len(node.body):
        raise _hole(node, "method")
    layers = {
        target.attr
        for item in ast.walk(methods[0])
        if isinstance(item, ast.Assign)
        for target in item.targets
        if isinstance(target, ast.Attribute)
    }
    for method in methods:
        if method.decorator_list or method.args.defaults or method.args.kwonlyargs or method.args.vararg:
            raise _hole(method, "argument")
        local = {arg.arg for arg in method.args.args}
        local |= {n.id for n in ast.walk(method) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        if local & {"torch", "nn", "F", "super"}:
            raise _hole(method, "name")
        for owner in _owners(method):
            _inspect_name(owner, local, layers, targets)
            stored = isinstance(owner, ast.Attribute) and isinstance(owner.ctx, ast.Store)
            if stored and (method is not methods[0] or not ast.unparse(owner).startswith("self.")):
                raise _hole(owner, f"{ast.unparse(owner)} =")


def _owners(method: ast.FunctionDef) -> Iterator[ast.expr]:
    """Every outermost dotted name in a method."""
    inner = {id(node.value) for node in ast.walk(method) if isinstance(node, ast.Attribute)}
    for node in ast.walk(method):
        if isinstance(node, (ast.Attribute, ast.Name)) and id(node) not in inner:
            yield node


def _inspect_name(node: ast.expr, local: set[str], layers: set[str], targets: frozenset[str]) -> None:
    dotted = ast.unparse(node)
    if isinstance(node, ast.Name):
        fine = (dotted in local and dotted != "self") or dotted == "super"
    else:
        fine = dotted == "super().__init__" or dotted in targets
        fine = fine or (dotted.startswith("self.") and dotted[5:] in layers)
    if not fine:
        raise _hole(node, dotted)


def _hole(node: ast.AST, what: str) -> ValueError:
    return ValueError(f"Printed Python may not hold “{what}” (line {getattr(node, 'lineno', 0)}).")
