"""The command `summary`: shapes and counts of a network, block by block."""

from __future__ import annotations

from dataclasses import asdict

from engine.check import review
from engine.commands.output import DONE, PROBLEMS, complain, print_json, problem_lines
from engine.memory import Forecast, forecast
from engine.storage import load
from engine.summary import as_table, memory_text, ordered, summary

ORDERS = {  # as one types them
    "parameters": "parameters",
    "multiply-adds": "multiply_adds",
    "activations": "activation_bytes",
}


def run(file: str, sort: str | None, as_json: bool) -> int:
    """What can be known is told even of a design with errors, which are then listed beside it."""
    project = load(file)
    told = summary(project)
    if sort is not None:
        told = ordered(told, ORDERS[sort])
    errors = [problem for problem in review(project).problems if problem.severity == "error"]
    memory = forecast(project) if all(problem.builds for problem in errors) else None
    if as_json:
        print_json({**told, "training_memory": None if memory is None else {**asdict(memory), "total": memory.total}})
    else:
        print(as_table(told))
        if memory is not None:
            print(_in_words(memory))
    for problem in errors:
        complain(problem_lines(project, problem))
    return PROBLEMS if errors else DONE


def _in_words(memory: Forecast) -> str:
    parts = {
        "weights": memory.weights,
        "gradients": memory.gradients,
        "optimizer": memory.optimizer,
        "activations": memory.activations,
    }
    told = ", ".join(f"{name} {memory_text(count)}" for name, count in parts.items())
    return f"Training memory at batch size {memory.batch_size}: {memory_text(memory.total)} ({told})"
