"""The modules of the house as they are written: their syntax trees, and what each imports."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).parent.parent


@dataclass(frozen=True)
class Import:
    """A module that another one imports: in which line, and whether that happens as soon as the other one loads."""

    module: str
    line: int
    at_head: bool


@dataclass(frozen=True)
class Module:
    """One file of Python: `name` is what imports call it."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def imports(self) -> tuple[Import, ...]:
        return _imports(self)

    def at(self, line: int) -> str:
        return f"{self.path.relative_to(HOUSE)}:{line}"


@functools.cache
def modules(*packages: str) -> dict[str, Module]:
    """All modules in some of the top-level folders, by name."""
    found = {}
    for package in packages:
        for path in sorted((HOUSE / package).rglob("*.py")):
            parts = path.relative_to(HOUSE).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = Module(name, path, ast.parse(path.read_text(encoding="utf-8")))
    return found


def inside(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@functools.cache
def _imports(module: Module) -> tuple[Import, ...]:
    return tuple(_visit(module, module.tree, True))


def _visit(module: Module, node: ast.AST, at_head: bool) -> Iterator[Import]:
    known = modules("engine", "designer", "tests")
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            continue
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, child.lineno, at_head) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"{module.at(child.lineno)} imports relatively; write the whole name"
            for alias in child.names:
                inner = f"{child.module}.{alias.name}"
                yield Import(inner if inner in known else str(child.module), child.lineno, at_head)
        else:
            inside_function = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef))
            yield from _visit(module, child, at_head and not inside_function)
