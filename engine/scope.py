"""One drawing of a project as it is looked at: the canvas itself, or what is inside a group."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from engine.field import Field
from engine.graph import Graph
from engine.group import Group, Path
from engine.plan import NO_FIELDS, Plan, plan
from engine.problem import Fix, Problem
from engine.project import Project


@dataclass(frozen=True, eq=False)
class Scope:
    """A graph with its plan, and the scope around it: that in which it stands as the group `key`.

    Without `outer`, what lies around it is left out of account.
    """

    graph: Graph
    plan: Plan
    fields: Mapping[str, Field]
    probing: bool = True  # whether torch may be asked
    grouped: bool = False  # whether it is inside a group
    outer: Scope | None = None
    key: str = ""

    @property
    def path(self) -> Path:
        """Ids of the groups that it is inside of."""
        return (*self.outer.path, self.key) if self.outer is not None else ()

    def groups(self) -> Iterator[Scope]:
        """The scopes inside the groups that stand here, each as it is the first time it runs."""
        for key, node in self.graph.nodes.items():
            if isinstance(node.block, Group):
                inner = self.plan.inside((key,)) or plan(node.block.graph, NO_FIELDS, probing=self.probing)
                yield Scope(node.block.graph, inner, NO_FIELDS, self.probing, True, self, key)


def lift(problem: Problem, path: Path) -> Problem:
    """A problem inside the group at `path` as one of the project."""
    if not path:
        return problem
    block = "/".join(path if problem.block is None else (*path, problem.block))
    return replace(problem, block=block, fixes=tuple(lift_fix(fix, path) for fix in problem.fixes))


def lift_fix(fix: Fix, path: Path) -> Fix:
    """A fix for the drawing inside the group at `path` as one for the project."""
    return Fix(fix.label, partial(_inside, path=path, edit=fix.edit)) if path else fix


def _inside(project: Project, path: Path, edit: Callable[[Project], Project]) -> Project:
    return project.put_back(path, edit(project.inside(path)))
