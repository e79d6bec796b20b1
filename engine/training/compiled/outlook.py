"""Whether a training can be compiled here at all, as far as that is known before anything is made ready."""

from __future__ import annotations

from engine.blocks.recurrent import Recurrent
from engine.plan import Plan
from engine.training.compiled.compiler import compiler, remedy
from engine.training.settings import TrainingSettings

COMPILED = ("Adam", "AdamW", "SGD")
ON_GPU = "on a GPU each step is captured as a whole already"
RECURRENT = "a recurrent layer is computed as a whole already"


def refusal(settings: TrainingSettings) -> str | None:
    """Why a training with these settings has no compiled form, if it has none."""
    optimizer = type(settings.optimizer).__name__
    reasons = (
        (len(settings.turns) > 1, "each batch makes several steps"),
        (settings.precision == "fp16", "the loss is scaled anew at each step"),
        (settings.deterministic, "“Deterministic” asks for the same bits each time"),
        (settings.accumulate > 1, "gradients of several batches are added up before each step"),
        (settings.averaging == "ema", "EMA looks at the weights after every step"),
        (optimizer not in COMPILED, f"{optimizer} has no compiled form; Adam, AdamW and SGD have one"),
        (settings.device == "cuda", ON_GPU),
    )
    return next((reason for holds, reason in reasons if holds), None)


def foretold(settings: TrainingSettings, plan: Plan) -> str | None:
    """Why this training will not be compiled on this machine, in words; None where nothing is known against it.

    It costs little, and loads no torch; what only shows when the steps are seen is told by the run itself.
    """
    against = refusal(settings) or (RECURRENT if _recurrent(plan.living) else None)
    if against is None and compiler() is None:
        against = f"there is no C++ compiler here. {remedy()}"
    return against


def _recurrent(plan: Plan) -> bool:
    return any(
        isinstance(step.block, Recurrent) or any(map(_recurrent, step.trace.inner[:1])) for step in plan.steps.values()
    )
