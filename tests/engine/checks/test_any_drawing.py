"""Whatever is drawn, however wildly, is told of in words, and every fix does away with what it was told for."""

from __future__ import annotations

import random

import pytest

from engine.blocks import CATALOGUE
from engine.check import check
from engine.graph import Graph, Node, Wire
from engine.group import Exposed, Group, GroupInput, GroupOutput
from engine.problem import Problem
from engine.project import Project
from engine.weight_settings import WeightSettings

ENTRIES = ((4, 8, 8), (3, 16), (6,), (12,), ())


def wild(chance: random.Random, inside: bool = False, depth: int = 0) -> Graph:
    """Any blocks with any wires, as a careless hand or a damaged file may hold them."""
    graph = Graph()
    for number in range(chance.randint(1, 3)):
        if inside:
            graph, _ = graph.add(GroupInput(), f"x{number}")
        else:
            dtype = chance.choice(["float32", "int64"])
            graph, _ = graph.add(CATALOGUE["Input"](sample_shape=chance.choice(ENTRIES), dtype=dtype))
    for _ in range(chance.randint(1, 7)):
        if depth < 2 and chance.random() < 0.3:
            inner = wild(chance, True, depth + 1)
            exposed = (Exposed("Width", chance.choice([*inner.nodes]), "out_features"),) * chance.randint(0, 2)
            what = Group(graph=inner, repeat=chance.choice([1, 1, 3]), exposed=exposed)
            graph, key = graph.add(what, chance.choice([None, "stage"]))
        else:
            graph, key = graph.add(CATALOGUE[chance.choice([*CATALOGUE])]())
        if chance.random() < 0.2:
            graph = graph.treat(
                key, WeightSettings(frozen=True, initialisation=chance.choice(["normal", "orthogonal"]))
            )
        if chance.random() < 0.2:
            graph, _ = graph.share(key)
    for number in range(chance.randint(0, 2)):
        graph, _ = graph.add(GroupOutput(), f"y{number}") if inside else graph.add(CATALOGUE["Output"]())
    return damaged(chance, wired(chance, graph))


def wired(chance: random.Random, graph: Graph) -> Graph:
    keys = list(graph.nodes)
    for place, key in enumerate(keys):
        for port in graph.nodes[key].block.input_ports():
            giver = chance.choice(keys[:place] or keys) if chance.random() < 0.9 else chance.choice(keys)
            outputs = graph.nodes[giver].block.output_ports()
            if outputs and chance.random() < (0.3 if port.optional else 0.95):
                graph = graph.connect(Wire(giver, chance.choice(outputs), key, port.name))
    return graph


def damaged(chance: random.Random, graph: Graph) -> Graph:
    if chance.random() < 0.7:
        return graph
    key = chance.choice([*graph.nodes])
    node = graph.nodes[key].with_(name=chance.choice(["lambda", "a b", "x0", "fc1"]))
    nodes: dict[str, Node] = {**graph.nodes, key: node}
    stray = Wire(key, chance.choice(["y", "z"]), chance.choice(["ghost", *nodes]), chance.choice(["x", "x1", "w"]))
    return Graph(nodes=nodes, wires=(*graph.wires, stray))


def place(problem: Problem) -> tuple[str, str | None, str | None, str]:
    return problem.title, problem.block, problem.port, problem.text


@pytest.mark.parametrize("seed", range(40))
def test_every_problem_is_told_in_words_and_every_fix_does_away_with_it(seed: int) -> None:
    chance = random.Random(seed)
    project = Project(graph=wild(chance))
    before = project.model_dump()
    problems = check(project)
    for problem in problems:
        assert problem.text.endswith(".")
        assert problem.title
        if problem.block is not None:
            *path, key = problem.block.split("/")
            assert key in project.inside(tuple(path)).graph.nodes
        for fix in problem.fixes if chance.random() < 0.3 else ():
            after = fix.edit(project)
            assert after != project, fix.label
            assert place(problem) not in [place(other) for other in check(after)], fix.label
    assert project.model_dump() == before
