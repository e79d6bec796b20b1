"""The part of the document that one is in: the whole project, or the inside of one of its groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.check import Review
from engine.graph import Graph
from engine.group import Group, Path
from engine.plan import Plan, plan
from engine.problem import Fix, Problem
from engine.project import Project

if TYPE_CHECKING:
    from designer.document import Document


class Scope(QObject):
    """Shows the document from inside a group as if that were all, and lifts what is edited there back out.

    Its project, review and signals are those of the document, as seen from here: ids are the group's own. `moved(path)`
    tells that one has come elsewhere; `changed` and `reviewed` follow.
    """

    changed = Signal(object)
    reviewed = Signal(object)
    moved = Signal(object)

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self.path: Path = ()  # ids of the groups that one is in, from the outermost inwards
        self._project: tuple[object, Project] = (None, document.project)
        self._review: tuple[object, Review] = (None, document.review)

    # What is seen from here

    @property
    def project(self) -> Project:
        whole = self._document.project
        if self._project[0] is not whole:
            self._project = whole, whole.inside(self.path)
        return self._project[1]

    @property
    def review(self) -> Review:
        """Shapes, counts and problems; a problem inside a group that is seen from here names the way to it."""
        whole = self._document.review
        if self._review[0] is not whole:
            self._review = whole, self._seen(whole) if self.path else whole
        return self._review[1]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the groups on the way in."""
        whole = self._document.project
        return tuple(whole.inside(self.path[:depth]).graph.nodes[key].name for depth, key in enumerate(self.path))

    @property
    def group(self) -> Group | None:
        """The group that one is in."""
        if not self.path:
            return None
        block = self._document.project.inside(self.path[:-1]).graph.nodes[self.path[-1]].block
        assert isinstance(block, Group)
        return block

    @property
    def frozen(self) -> bool:
        """Whether one of the groups that one is in is frozen, and so all that is seen here."""
        graph = self._document.project.graph
        for key in self.path:
            node = graph.nodes[key]
            if node.weights.frozen:
                return True
            assert isinstance(node.block, Group)
            graph = node.block.graph
        return False

    def way_to(self, problem: Problem) -> Path:
        """Where a problem that is told here stands in the whole project: ids of groups, then that of the block."""
        return (*self.path, *problem.block.split("/")) if problem.block else self.path

    def plan_of(self, project: Project) -> Plan:
        """The plan of what is seen from here, were it this project."""
        whole = self._document.project.put_back(self.path, project)
        return plan(whole.graph, whole.data.fields(), probing=False).inside(self.path) or Plan({})

    def _seen(self, whole: Review) -> Review:
        problems = []
        here = self._owners(self.path)
        for problem in whole.problems:
            way = tuple((problem.block or "").split("/"))
            if self._owners(way[: len(here)]) != here:
                continue
            # a problem of the group itself belongs to no block here
            problems.append(replace(problem, block="/".join(way[len(here) :]) or None))
        return replace(whole, plan=whole.plan.inside(self.path) or Plan({}), problems=tuple(problems))

    def _owners(self, path: Path) -> Path:
        """The same way by the first of the groups that share their weights: what is wrong is told there alone."""
        graph, owners = self._document.project.graph, []
        for key in path:
            node = graph.nodes.get(key)
            owners.append(graph.owner(key) if node is not None else key)
            graph = node.block.graph if node is not None and isinstance(node.block, Group) else Graph()
        return tuple(owners)

    # Editing from here

    def change(self, after: Project, text: str, merge: str | None = None) -> None:
        """One undo step to a project as seen from here; see `Document.change`."""
        key = f"{'/'.join(self.path)} {merge}" if merge else None
        self._document.change(self._document.project.put_back(self.path, after), text, key, where=self.path)

    def change_group(self, group: Group, text: str, merge: str | None = None) -> None:
        """One undo step to another group around what is seen here."""
        *front, key = self.path
        outer = self._document.project.inside(tuple(front))
        after = self._document.project.put_back(tuple(front), outer.edit(outer.graph.replace(key, group)))
        self._document.change(after, text, merge, where=self.path)

    def mend(self, fix: Fix) -> None:
        """Carry out what mends a problem; it is an edit of the whole project."""
        self._document.mend(fix)

    def settle(self) -> None:
        self._document.settle()

    # Moving about

    def enter(self, key: str) -> None:
        """Go into a group that is seen from here; any other block is passed over."""
        self.go((*self.path, key))

    def leave(self) -> None:
        """Go out into what is around the group."""
        self.go(self.path[:-1])

    def go(self, path: Path) -> None:
        """Go into the group at a path; where there is none, as far as the path leads."""
        if self._follow(path):
            self._document.settle()
            self._tell()
            self.reviewed.emit(self.review)

    def show_project(self, where: Path | None) -> None:
        """The document has another project; `where` is the group that was edited, unless the whole was."""
        self._project = (None, self._project[1])
        self._follow(self.path if where is None else where)
        self._tell()

    def show_review(self) -> None:
        """The document has been reviewed."""
        self.reviewed.emit(self.review)

    def _tell(self) -> None:
        self.changed.emit(self.project)

    def _follow(self, path: Path) -> bool:
        """Be where a path leads, as far as it leads through groups; answers whether that is elsewhere."""
        path = _reachable(self._document.project, path)
        if path == self.path:
            return False
        self.path = path
        self._project, self._review = (None, self._project[1]), (None, self._review[1])
        self.moved.emit(path)
        return True


def _reachable(project: Project, path: Path) -> Path:
    nodes: Mapping = project.graph.nodes
    for depth, key in enumerate(path):
        block = nodes[key].block if key in nodes else None
        if not isinstance(block, Group):
            return path[:depth]
        nodes = block.graph.nodes
    return path
