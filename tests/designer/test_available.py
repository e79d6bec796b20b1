import pytest

from designer.available import PORTS, available, offer
from engine.blocks import CATALOGUE, Loss, Source
from engine.blocks.inputs import Output
from engine.composites import names
from engine.group import Group
from engine.project import Project


def test_outside_of_groups_all_blocks_and_all_groups_of_the_program_are_offered():
    assert set(available(inside=False)) == {*CATALOGUE, *names()}


def test_inside_a_group_its_ports_are_offered_and_what_stays_outside_is_not():
    kinds = {name: made.kind for name, made in available(inside=True).items()}
    assert {*PORTS, *names()} <= set(kinds)
    assert not any(issubclass(kind, (Source, Output, Loss)) for kind in kinds.values())
    assert set(CATALOGUE) - set(kinds) == {
        name for name, kind in CATALOGUE.items() if issubclass(kind, (Source, Output, Loss))
    }


@pytest.mark.parametrize("inside", [False, True])
def test_what_is_of_one_section_stands_together(inside):
    sections = [made.section for made in available(inside).values()]
    order = list(dict.fromkeys(sections))
    assert sections == sorted(sections, key=order.index)
    assert order[0 if inside else 1] == Group.category


@pytest.mark.parametrize("name", [*CATALOGUE, *PORTS, *names()])
def test_every_offer_says_what_it_does_and_can_be_added(name):
    made = offer(name)
    assert made.doc.endswith(".")
    assert "\n" not in made.doc
    project, key = made.add(Project(), (30, 40))
    assert project.graph.nodes[key].block == made.block
    assert tuple(project.layout[key]) == (30, 40)


def test_a_group_of_the_program_comes_with_its_layout():
    project, key = offer(names()[0]).add(Project(), (0, 0))
    inner = project.inside((key,))
    assert inner.layout.keys() == inner.graph.nodes.keys()
