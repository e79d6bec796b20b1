"""What a batch costs is counted for each of its steps, as far as its losses need the network."""

from __future__ import annotations

import pytest

from engine.parts import ancestors
from engine.plan import plan
from engine.templates import open_template
from engine.training.effort import multiply_adds_of_step
from tests.drawn.networks import gan


def test_one_step_goes_forwards_once_and_backwards_twice() -> None:
    project = open_template("digits-mlp")
    planned = plan(project.graph, project.data.fields())
    settings = project.training.change(batch_size=10)
    assert multiply_adds_of_step(settings, planned) == 3 * 10 * planned.multiply_adds
    assert multiply_adds_of_step(settings.change(accumulate=4), planned) == 3 * 40 * planned.multiply_adds


def test_each_step_of_a_batch_computes_afresh_what_its_losses_need() -> None:
    project = gan()
    planned = plan(project.graph, project.data.fields())
    cost = {key: step.trace.multiply_adds for key, step in planned.steps.items()}
    judging = cost["generator"] + cost["judge"] + cost["judge_again"]
    making = cost["generator"] + cost["judge_again"]
    assert judging == planned.multiply_adds, "the judge looks at all there is"
    settings = project.training.change(batch_size=10)
    assert multiply_adds_of_step(settings, planned) == 3 * 10 * (judging + making)
    judge, generator = settings.turns
    seldom = settings.change(turns=(judge, generator.change(every=5)))
    assert multiply_adds_of_step(seldom, planned) == pytest.approx(3 * 10 * (judging + making / 5))


def test_a_loss_that_is_gone_costs_nothing() -> None:
    project = gan()
    planned = plan(project.graph, project.data.fields())
    judge, generator = project.training.turns
    gone = project.training.change(turns=(judge, generator.change(losses=("nowhere",))))
    assert ancestors(planned, ("nowhere",)) == set()
    assert multiply_adds_of_step(gone, planned) < multiply_adds_of_step(project.training, planned)
