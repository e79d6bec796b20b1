"""When the document is reviewed, and by whom."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

import engine
from designer.document import IN_STEP, Document, _size
from engine.blocks import CATALOGUE
from engine.check import Review
from engine.graph import Graph
from engine.group import Group
from engine.plan import Plan
from engine.project import Project
from tests.grouped import flat, grouped


def test_blocks_inside_groups_count_for_how_large_a_drawing_is() -> None:
    ports = 2 * 3  # of three groups; the shared one is drawn in both its places
    assert _size(grouped().graph) == len(flat().graph.nodes) + 3 + ports + 1 + 4
    many = Graph(nodes={}).add(Group().with_graph(flat().graph))[0]
    assert _size(many) == 1 + len(flat().graph.nodes)


def test_what_torch_alone_can_tell_is_asked_of_it_afterwards(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    review = engine.review

    class Pending(Plan):
        pending = True  # type: ignore[assignment]

    def pretend(project: Project, probing: bool = True) -> Review:
        asked.append(probing)
        found = review(project, probing=False)
        return found if probing else replace(found, plan=Pending(found.plan.steps))

    monkeypatch.setattr(engine, "review", pretend)
    document = Document(flat())
    assert document.review.pending
    qtbot.waitUntil(lambda: not document.review.pending)
    assert asked == [False, True]
    project, _ = document.project.add(CATALOGUE["ReLU"](), (0, 0))
    document.change(project, "Add")
    assert document.review.pending, "the screen does not wait"
    qtbot.waitUntil(lambda: not document.review.pending)
    assert asked == [False, True, False, True]


def test_a_large_drawing_is_reviewed_off_the_screens_thread(qtbot: QtBot) -> None:
    project = Project()
    for _ in range(IN_STEP + 1):
        project, _ = project.add(CATALOGUE["ReLU"](), (0, 0))
    document = Document()
    document.change(project, "Add many")
    assert not document.review.plan.steps
    qtbot.waitUntil(lambda: len(document.review.plan.steps) == IN_STEP + 1)
