"""The process that makes a library of a blueprint: `python -m engine.training.compiled.maker`, asked over a pipe.

It is told one JSON line, {"blueprint": its text, "workshop": a folder that is its own, "target": a file in it}, and
answers with one: {"made": seconds} or {"refused": why}. It stays out of the way of whoever trains: a lower priority,
one thread. When its input ends, whoever asked is gone, and it takes its compiler and its folder with it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

NICE = 10  # of 19; higher is more patient


def main() -> None:
    answers = os.dup(1)
    os.dup2(2, 1)  # what libraries print is no answer
    signal.signal(signal.SIGTERM, lambda number, frame: None)  # which `_leave` sends to all that we began
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with open(0, "rb", buffering=0, closefd=False) as commands:
        order = json.loads(commands.readline())
    if hasattr(os, "nice"):
        os.nice(NICE)
    leaving = threading.Event()
    threading.Thread(target=_leave_with_whoever_asked, args=(order["workshop"], leaving), daemon=True).start()
    answer = json.dumps(_carried_out(order)).encode() + b"\n"
    if leaving.is_set():  # the compiler was ended; the thread that did so still removes the folder, then ends us
        time.sleep(60)
    os.write(answers, answer)
    os._exit(0)  # there is nothing to put in order, and the thread still listens


def _leave_with_whoever_asked(workshop: str, leaving: threading.Event) -> None:
    while os.read(0, 4096):
        continue
    leaving.set()
    leads = os.name == "posix" and os.getpgrp() == os.getpid()  # or else others belong to the group
    if leads:
        os.killpg(0, signal.SIGTERM)  # the compiler ends and removes what it has begun
    for _ in range(40):  # the compiler may still be writing there
        shutil.rmtree(workshop, ignore_errors=True)
        if not os.path.exists(workshop):
            break
        time.sleep(0.05)
    if leads:
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _carried_out(order: Mapping[str, Any]) -> dict[str, Any]:
    began = time.perf_counter()
    try:
        make(order["blueprint"], Path(order["target"]))
    except Exception as error:  # noqa: BLE001 — whatever the compiler fails of, the training goes on without it
        traceback.print_exc()
        return {"refused": _reason(error)}
    return {"made": time.perf_counter() - began}


def make(text: str, target: Path) -> None:
    """Compile the blueprint of this text and try the library out once, before anybody trusts it."""
    import torch
    import torch._inductor
    from torch._inductor import config
    from torch.fx.experimental.proxy_tensor import make_fx

    from engine.training.compiled.block import loaded
    from engine.training.compiled.blueprint import Blueprint
    from engine.training.compiled.whole import taken, whole

    blueprint = Blueprint.read(text)
    torch.set_num_threads(blueprint.threads)
    config.compile_threads = 1
    config.cpp.threads = blueprint.threads
    config.aot_inductor.precompile_headers = False  # which pays only for many libraries
    example = taken(blueprint)
    with torch.no_grad():
        graph = make_fx(whole(blueprint), tracing_mode="fake")(*example)
        made = torch._inductor.aot_compile(graph, tuple(example))
    assert isinstance(made, str)
    loaded(Path(made))(example)
    Path(made).replace(target)


def _reason(error: Exception) -> str:
    """The first line that says something."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = next((line for line in lines if "error:" in line.lower()), lines[0] if lines else "no reason given")
    return f"{type(error).__name__}: {told[:300]}"


if __name__ == "__main__":
    main()
