"""Turn a project into a `torch.nn.Module` by carrying out the very Python that export writes.

Before the text is carried out, its syntax tree must pass an allow-list: nothing but layers, known
torch calls and local names. So no name or value from a file can become code, whatever else fails.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import linecache
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.check import review
from engine.group import path_in_names
from engine.inspection import inspect_tree
from engine.parts import split
from engine.problem import UserError
from engine.project import Project
from engine.source import Source, print_source

if TYPE_CHECKING:
    import torch


LARGE = 10**8  # parameters, of which a computer may not have room for all
HANDED_IN = {"torch": "torch", "nn": "torch.nn", "F": "torch.nn.functional"}


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
    except (RuntimeError, ValueError, MemoryError, OverflowError, TypeError) as error:
        raise _cannot_be_built(project, source, error) from error


def _cannot_be_built(project: Project, source: Source, error: Exception) -> UserError:
    """Why a network could not be made: it is too large, or one of its layers refuses its settings."""
    if source.parameters > LARGE or isinstance(error, (MemoryError, OverflowError)):
        return UserError(
            f"The network with its {source.parameters:,} parameters can't be built: it is too large for the memory "
            "here. Make its layers smaller."
        )
    block = source.block_of(error)
    name = "The network" if block is None else path_in_names(project.graph, block)
    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
    return UserError(f"{name} can't be built with these settings. PyTorch says: {reason}")


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
        and (objective if problem.block is None else problem.block.partition("/")[0] in needed)
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
    tree.body = [node for node in tree.body if not isinstance(node, (ast.Import, ast.ImportFrom))]
    lines = source.text.splitlines(keepends=True)
    linecache.cache[source.filename] = (len(source.text), None, lines, source.filename)
    allowed = {"__build_class__": builtins.__build_class__, "super": super, "__import__": _import_of_torch}
    names: dict[str, Any] = {name: importlib.import_module(module) for name, module in HANDED_IN.items()}
    names |= {"__name__": source.network, "__builtins__": allowed}
    exec(builtins.compile(tree, source.filename, "exec"), names)
    return names


def _import_of_torch(name: str, *_: object) -> Any:
    """What torch itself asks for by name while it makes a tensor of numbers; the text can't ask for anything."""
    if name.partition(".")[0] != "torch":
        raise ImportError(name)
    return importlib.import_module(name)
