from __future__ import annotations

import pytest

from engine.blocks import CATALOGUE, Block
from engine.copying import duplicate, excerpt, insert, share, unshare
from engine.graph import Wire
from engine.grouping import make_group
from engine.plan import plan
from engine.problem import UserError
from engine.project import Position, Project
from engine.weight_settings import WeightSettings
from tests.engine.drawing import block, graph


def siamese() -> Project:
    """Two inputs, one Linear with an activation behind it."""
    blocks: dict[str, Block] = {
        "left": block("Input", sample_shape=(4,)),
        "right": block("Input", sample_shape=(4,)),
        "fc1": block("Linear", out_features=3),
        "relu1": block("ReLU"),
    }
    drawn = graph(blocks, "left -> fc1 -> relu1")
    places = {key: Position(190.0 * index, 0.0) for index, key in enumerate(drawn.nodes)}
    return Project(graph=drawn, layout=places)


def learned(project: Project) -> int:
    return plan(project.graph, {}).parameters


def test_a_copy_has_weights_of_its_own() -> None:
    project, copies = duplicate(siamese(), ["relu1", "fc1"], (20, 30))
    assert copies == ("fc2", "relu2")
    assert [project.graph.nodes[key].name for key in copies] == ["fc2", "relu2"]
    assert project.graph.wires[2:] == (Wire("fc2", "y", "relu2", "x"),), "wires that lead out are not copied"
    assert project.layout["fc2"] == Position(400.0, 30.0)
    assert learned(project.edit(project.graph.connect(Wire("right", "y", "fc2", "x")))) == 2 * 15


def test_copies_keep_parameters_weights_and_notes() -> None:
    project = siamese()
    treated = project.edit(project.graph.treat("fc1", WeightSettings(frozen=True)).annotate("fc1", "read me"))
    copied, (key,) = duplicate(treated, ["fc1"], (0, 0))
    assert copied.graph.nodes[key] == treated.graph.nodes["fc1"].with_(name="fc2")


@pytest.mark.parametrize(
    ("chosen", "owners"),
    [
        (["fc1", "fc2"], {"fc3": "fc3", "fc4": "fc3"}),  # copies share among each other
        (["fc2"], {"fc3": "fc3"}),
        (["fc2", "fc1"], {"fc3": "fc3", "fc4": "fc3"}),
    ],
)
def test_copies_of_blocks_that_share_their_weights(chosen: list[str], owners: dict[str, str]) -> None:
    shared, _ = share(siamese(), "fc1", (0, 100))
    project, copies = duplicate(shared, chosen, (0, 0))
    assert {key: project.graph.owner(key) for key in copies} == owners
    assert {project.graph.owner(key) for key in ("fc1", "fc2")} == {"fc1"}


def test_a_copied_group_takes_its_inside_along() -> None:
    project, key = make_group(siamese(), ["fc1", "relu1"])
    copied, (other,) = duplicate(project, [key], (0, 200))
    assert copied.inside((other,)).layout == project.inside((key,)).layout
    assert copied.inside((other,)).graph == project.inside((key,)).graph
    assert other in copied.layout


def test_the_same_weights_used_again_count_once() -> None:
    project, other = share(siamese(), "fc1", (5, 6))
    project = project.edit(project.graph.connect(Wire("right", "y", other, "x")))
    assert (other, project.layout[other]) == ("fc2", Position(5, 6))
    assert learned(project) == 15
    assert learned(unshare(project, other)) == 30
    assert learned(unshare(project, "fc1")) == 30


@pytest.mark.parametrize("key", ["left", "right"])
def test_what_never_has_weights_is_not_shared(key: str) -> None:
    with pytest.raises(UserError, match=f"{key} has no weights that could be shared."):
        share(siamese(), key, (0, 0))


def test_weights_of_its_own_change_nothing_where_they_are_its_own() -> None:
    project = siamese()
    assert unshare(project, "fc1") is project


@pytest.mark.parametrize("parted", ["the owner", "the other"])
def test_a_parted_group_keeps_the_layout_inside(parted: str) -> None:
    grouped, owner = make_group(siamese(), ["fc1", "relu1"])
    shared, other = share(grouped, owner, (0, 300))
    inner = shared.inside((other,)).move({"fc1": (7, 8)})
    edited = shared.put_back((other,), inner)
    apart = unshare(edited, owner if parted == "the owner" else other)
    for key in (owner, other):
        assert apart.graph.owner(key) == key
        assert apart.inside((key,)).layout == inner.layout
    own = apart.put_back((owner,), apart.inside((owner,)).move({"fc1": (1, 1)}))
    assert own.inside((other,)).layout == inner.layout, "what happens in one no longer happens in the other"


def test_names_of_copies_are_free_and_not_too_long() -> None:
    name = "c" * 64
    project, _ = siamese().add(CATALOGUE["ReLU"](), (0, 0), name)
    key = list(project.graph.nodes)[-1]
    copied, (copy,) = duplicate(project, [key], (0, 0))
    assert len(copied.graph.nodes[copy].name) <= 64
    assert copied.graph.nodes[copy].name not in {node.name for node in project.graph.nodes.values()}


@pytest.mark.parametrize(("incoming", "led"), [(False, []), (True, [("left", "fc2")])])
def test_copies_may_receive_what_the_blocks_receive(incoming: bool, led: list[tuple[str, str]]) -> None:
    project, copies = duplicate(siamese(), ["fc1", "relu1"], (0, 0), incoming)
    assert copies == ("fc2", "relu2")
    new = project.graph.wires[len(siamese().graph.wires) :]
    assert [(wire.source, wire.target) for wire in new] == [("fc2", "relu2"), *led]


def test_an_excerpt_put_into_nothing_is_the_same_again() -> None:
    project = siamese()
    part = excerpt(project, ["relu1", "fc1"])
    assert list(part.graph.nodes) == ["fc1", "relu1"]
    assert part.graph.wires == (Wire("fc1", "y", "relu1", "x"),)
    again, ids = insert(Project(), part, (0, 0))
    assert ids == ("fc1", "relu1")
    assert (again.graph, again.layout) == (part.graph, part.layout)
