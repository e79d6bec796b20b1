"""What a batch costs to learn from, in multiply-adds, foretold from the plan alone."""

from __future__ import annotations

from engine.parts import ancestors
from engine.plan import Plan
from engine.training.settings import TrainingSettings
from engine.training.turn import Turn

WAYS = 3  # a step goes forwards once, and backwards once for the inputs and once for the weights


def multiply_adds_of_step(settings: TrainingSettings, plan: Plan) -> float:
    """Of one step of the optimizer, over all batches that share it.

    Where each batch makes several, they count as one: each computes afresh what its losses need, some not every time.
    """
    samples = settings.batch_size * settings.accumulate
    if not settings.turns:
        return WAYS * samples * plan.multiply_adds
    return WAYS * samples * sum(_of_turn(turn, plan.living) / turn.every for turn in settings.turns)


def _of_turn(turn: Turn, plan: Plan) -> int:
    return sum(plan.steps[key].trace.multiply_adds for key in ancestors(plan, turn.losses))
