"""Random drawings for tests of what holds for any graph: layers over three numbers each, that all fit together."""

from __future__ import annotations

from hypothesis import strategies as st

from engine.blocks import CATALOGUE
from engine.graph import Graph, Wire
from engine.grouping import make_group, share
from engine.problem import UserError
from engine.project import Project
from engine.weight_settings import WeightSettings

WIDTH = 3
LAYERS = {"Linear": {"out_features": WIDTH}, "ReLU": {}, "Tanh": {}, "Add": {"inputs": 2}, "Multiply": {"inputs": 2}}


@st.composite
def projects(draw: st.DrawFn, nested: bool = True, complete: bool = False) -> Project:
    """One or two inputs and up to nine layers, some of which share weights, are frozen, or stand in groups.

    Unless it is to be `complete`, some inputs have no wire.
    """
    project = Project(name="random")
    for name in ("a", "b")[: draw(st.integers(1, 2))]:
        project, _ = project.add(CATALOGUE["Input"](sample_shape=(WIDTH,)), (0, 0), name)
    for number in range(draw(st.integers(1, 9))):
        project = _with_layer(draw, project, f"layer{number}", complete)
    if nested and draw(st.booleans()):
        project = _with_group(draw, project)
    nodes = {key: project.graph.nodes[key] for key in draw(st.permutations(list(project.graph.nodes)))}
    return project.edit(Graph(nodes=nodes, wires=project.graph.wires))


def _with_layer(draw: st.DrawFn, project: Project, name: str, complete: bool) -> Project:
    place = (10.0 * draw(st.integers(-50, 50)), 10.0 * draw(st.integers(-50, 50)))
    learned = [key for key, node in project.graph.nodes.items() if type(node.block).__name__ == "Linear"]
    if learned and draw(st.integers(0, 3)) == 0:
        after, key = share(project, draw(st.sampled_from(learned)), place)
    else:
        kind = draw(st.sampled_from(sorted(LAYERS)))
        after, key = project.add(CATALOGUE[kind](**LAYERS[kind]), place, name)
        amount = round(0.3 + 0.1 * len(project.graph.nodes), 1)  # so that no two layers have the same weights
        settings = WeightSettings(
            frozen=draw(st.booleans()), l1=draw(st.sampled_from([0.0, 0.1])), initialisation="constant", amount=amount
        )
        after = after.edit(after.graph.treat(key, settings).annotate(key, draw(st.sampled_from(["", "hm"]))))
    graph = after.graph
    for port in graph.nodes[key].block.input_ports():
        if complete or draw(st.integers(0, 5)):
            graph = graph.connect(Wire(draw(st.sampled_from(list(project.graph.nodes))), "y", key, port.name))
    return after.edit(graph)


def _with_group(draw: st.DrawFn, project: Project) -> Project:
    """Some of the blocks in a group, which perhaps is used twice."""
    try:
        project, key = make_group(project, draw(selections(project)), draw(st.sampled_from(["Group", "MyBlock"])))
    except UserError:
        return project
    if draw(st.booleans()):
        return project
    project, other = share(project, key, (0, 500))
    graph = project.graph
    for port in graph.nodes[other].block.input_ports():
        graph = graph.connect(Wire("a", "y", other, port.name))
    return project.edit(graph)


def with_outputs(project: Project) -> Project:
    """The project in which all that nobody reads is a prediction."""
    read = {wire.source for wire in project.graph.wires}
    for key, node in list(project.graph.nodes.items()):
        for name in node.block.output_ports() if key not in read else ():
            project, output = project.add(CATALOGUE["Output"](), (0, 0))
            project = project.edit(project.graph.connect(Wire(key, name, output, "x")))
    return project


def selections(project: Project) -> st.SearchStrategy[set[str]]:
    """Some of the blocks; as often as not so many that they can be a group."""
    some = st.sets(st.sampled_from(list(project.graph.nodes)), min_size=1)
    return some | some.map(lambda chosen: _closed(project.graph, chosen))


def _closed(graph: Graph, chosen: set[str]) -> set[str]:
    """These blocks without the inputs, with all that stand between them or share their weights."""
    inner = {key for key, node in graph.nodes.items() if type(node.block).__name__ != "Input"}
    found, before = chosen & inner, set[str]()
    while found != before:
        before = set(found)
        after = _all_reached({(wire.source, wire.target) for wire in graph.wires}, found)
        ahead = _all_reached({(wire.target, wire.source) for wire in graph.wires}, found)
        found |= after & ahead & inner
        found |= {other for key in found for other in graph.sharing(key)}
    return found or chosen


def _all_reached(links: set[tuple[str, str]], start: set[str]) -> set[str]:
    reached = set(start)
    for _ in range(len(links)):
        reached |= {target for source, target in links if source in reached}
    return reached
