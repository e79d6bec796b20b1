"""The walls of the house, by machine: who may import whom, what may load when, and how files are kept."""

from __future__ import annotations

import ast
import fnmatch
import os
import subprocess
import sys

import pytest

from tests.modules import HOUSE, inside, modules
from tests.rooms import ENGINE

TOP_LEVEL = {"README.md", "designer", "engine", "pyproject.toml", "resources", "tests"}

QT = {"PySide6", "shiboken6", "PyQt5", "PyQt6", "pyqtgraph", "qtawesome", "qtpy"}
NEVER_IN_ENGINE = {*QT, "designer", "tests"}
NEVER_IN_DESIGNER = {"torch", "networkx", "safetensors", "sklearn", "tests"}

# The rooms of the designer do not know each other; all other modules but the window and the program are below them.
ROOMS = ("canvas", "palette", "inspector", "problems", "data", "training", "evaluate", "dialogs")
ABOVE_ROOMS = ("design_page", "run_commands", "commands", "window", "app", "__main__")

# What a room must not import, beyond what the order says; for a room inside another, its own entry counts.
FORBIDDEN = {
    "engine.tensor": {"torch", "pydantic", "networkx", "numpy"},
    "engine.problem": {"torch", "pydantic", "networkx", "numpy"},
    "engine.blocks": {"torch", "networkx", "numpy", "os", "pathlib"},
    "engine.graph": {"torch", "networkx", "numpy", "os", "pathlib"},
    "engine.plan": {"torch", "os", "pathlib"},
    "engine.repair": {"torch", "networkx", "os", "pathlib"},
    "engine.checks": {"torch", "networkx", "os", "pathlib"},
    "engine.data": {"torch", "networkx"},
    "engine.source": {"torch", "os", "pathlib"},
    "engine.compile": {"os", "pathlib", "threading", "subprocess"},
    "engine.training": {"networkx", "threading", "subprocess"},
    "engine.training.processes": {"networkx", "torch", "threading"},
    "engine.training.compiled.compiler": {"networkx", "threading"},
    "engine.training.compiled.background": {"networkx", "torch", "threading"},
    "engine.training.compiled.maker": {"networkx", "subprocess"},
    "engine.training.worker": {"networkx", "torch", "subprocess"},
    "engine.training.remote": {"networkx", "torch"},
}
# Torch may be imported at the head of these alone; nobody imports them at the head of a module.
STEP = {"captured", "choice", "flat", "forward", "nothing", "plain", "printing", "recording", "reordering", "tidying"}
STEP |= {"traced", "update"}
AFTER_TORCH = {
    f"engine.training.{name}"
    for name in (
        "averaging",
        "course",
        "descent",
        "diagnosis",
        "division",
        "passes",
        "pieces",
        "precision",
        "surroundings",
        "trainer",
    )
}
AFTER_TORCH |= {f"engine.training.step.{name}" for name in STEP}
AFTER_TORCH |= {f"engine.training.compiled.{name}" for name in ("block", "drawing", "going_over", "whole")}
# Nothing that is read may be able to run code.
NO_CODE_IN_FILES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "yaml"}

EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}
LONGEST_FILE, LONGEST_FUNCTION = 400, 70  # lines


def floor(name: str) -> int:
    """Where a module of the engine stands in the order: at the most exact entry that it lies inside."""
    rooms = [room for room in ENGINE if name == room or (room != "engine" and inside(name, room))]
    assert rooms, f"{name} has no place in the order of rooms; give it one in tests/rooms.py (ENGINE)"
    return ENGINE.index(max(rooms, key=len))


def room_of(name: str) -> str:
    """The part of the designer that a module belongs to: `designer.canvas.view` → `canvas`."""
    return name.split(".")[1] if "." in name else ""


def broken(rule: str, places: list[str]) -> None:
    assert not places, f"{rule}\n" + "\n".join(f"  {place}" for place in places)


@pytest.mark.parametrize(
    ("package", "never"), [("engine", NEVER_IN_ENGINE), ("designer", NEVER_IN_DESIGNER)], ids=["engine", "designer"]
)
def test_a_package_keeps_out_of_the_others_trade(package: str, never: set[str]) -> None:
    broken(
        f"{package} must not import {', '.join(sorted(never))}.",
        [
            f"{module.at(item.line)} imports {item.module}"
            for module in modules(package).values()
            for item in module.imports
            if item.module.split(".")[0] in never
        ],
    )


def test_imports_of_the_engine_run_only_down() -> None:
    broken(
        "A room of the engine may import only rooms below it.",
        [
            f"{module.at(item.line)}: {ENGINE[floor(module.name)]} imports {item.module}"
            for module in modules("engine").values()
            for item in module.imports
            if inside(item.module, "engine") and floor(item.module) > floor(module.name)
        ],
    )


def test_rooms_of_the_designer_do_not_know_each_other() -> None:
    places = []
    for module in modules("designer").values():
        here = room_of(module.name)
        for item in module.imports:
            there = room_of(item.module)
            if not inside(item.module, "designer") or here == there or here in ("app", "__main__"):
                continue
            above = ABOVE_ROOMS[: ABOVE_ROOMS.index(here)] if here in ABOVE_ROOMS else ()
            climbs = (there in ABOVE_ROOMS and there not in above) or (there in ROOMS and here not in ABOVE_ROOMS)
            if climbs and there:
                places.append(f"{module.at(item.line)}: {here or 'designer'} imports {item.module}")
    broken(
        f"Only the window and its commands know the rooms {', '.join(ROOMS)}; only the program knows the window.",
        places,
    )


def test_no_circles() -> None:
    known = modules("engine", "designer", "tests")
    links = {
        name: sorted({item.module for item in module.imports if item.module in known and item.module != name})
        for name, module in known.items()
    }
    broken("Imports go round in a circle.", [" → ".join(circle) for circle in circles(links)])


def circles(links: dict[str, list[str]]) -> list[list[str]]:
    """One circle for each place where a walk along the links comes back to where it was."""
    done: set[str] = set()
    found: list[list[str]] = []

    def walk(name: str, trail: list[str]) -> None:
        if name in trail:
            found.append([*trail[trail.index(name) :], name])
        elif name not in done:
            for follower in links[name]:
                walk(follower, [*trail, name])
            done.add(name)

    for name in links:
        walk(name, [])
    return found


def test_circles_are_found() -> None:
    assert circles({"a": ["b"], "b": ["c"], "c": []}) == []
    assert circles({"a": ["b"], "b": ["c"], "c": ["b"]}) == [["b", "c", "b"]]


@pytest.mark.parametrize("room", FORBIDDEN)
def test_a_room_does_without(room: str) -> None:
    broken(
        f"{room} must not import {', '.join(sorted(FORBIDDEN[room]))}.",
        [
            f"{module.at(item.line)} imports {item.module}"
            for module in modules("engine").values()
            if room == max((other for other in FORBIDDEN if inside(module.name, other)), key=len, default=None)
            for item in module.imports
            if item.module.split(".")[0] in FORBIDDEN[room]
        ],
    )


def test_torch_waits_until_it_is_needed() -> None:
    places = []
    for module in modules("engine", "resources").values():
        for item in module.imports:
            heavy = item.module.split(".")[0] in ("torch", "sklearn") or item.module in AFTER_TORCH
            fitting = item.module.split(".")[0] == "torch" or item.module in AFTER_TORCH
            if item.at_head and heavy and not (module.name in AFTER_TORCH and fitting):
                places.append(f"{module.at(item.line)} imports {item.module}")
    broken("Torch and scikit-learn are imported inside functions.", places)


def test_nothing_reads_a_format_that_can_run_code() -> None:
    broken(
        f"Never {', '.join(sorted(NO_CODE_IN_FILES))}, nor torch.load.",
        [
            f"{module.at(item.line)} imports {item.module}"
            for module in modules("engine", "designer").values()
            for item in module.imports
            if item.module.split(".")[0] in NO_CODE_IN_FILES
        ]
        + [
            f"{module.at(node.lineno)} calls {called}"
            for module in modules("engine", "designer").values()
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute))
            if getattr(node.func, "attr", None) in ("load", None)
            for called in [ast.unparse(node.func)]
            if called in ("torch.load", "torch.export.load", "torch.jit.load", "eval")
            or (called == "exec" and module.name not in ("engine.compile", "engine.training.step.printing"))
        ],
    )


def test_training_says_what_it_has_to_say_in_events() -> None:
    broken(
        "Only the command line prints.",
        [
            module.at(node.lineno)
            for module in modules("engine").values()
            if floor(module.name) < ENGINE.index("engine.commands") and module.name != "engine.doctor"
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        ],
    )


def loaded_by(names: list[str]) -> set[str]:
    """The packages that a fresh Python holds after it has imported these modules."""
    answer = subprocess.run(
        [sys.executable, "-c", f"import sys, {', '.join(names)}\nprint(*sys.modules)"],
        cwd=HOUSE,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert answer.returncode == 0, answer.stderr
    return {name.split(".")[0] for name in answer.stdout.split()}


def test_importing_the_engine_loads_neither_qt_nor_torch() -> None:
    assert not loaded_by(["engine"]) & {*QT, "torch", "sklearn"}


def test_importing_all_of_the_engine_loads_neither_qt_nor_torch() -> None:
    names = [name for name in modules("engine") if name not in {*AFTER_TORCH, "engine.__main__"}]
    assert not loaded_by(names) & {*QT, "torch", "sklearn"}


def test_importing_the_program_does_not_load_torch() -> None:
    loaded = loaded_by(["designer.app"])
    assert "designer" in loaded
    assert not loaded & {"torch", "sklearn"}


def test_qt_keeps_its_references_to_none() -> None:
    """PySide6 6.12.0 loses one at every call that answers with nothing, and aborts after about 5,000 calls."""
    from PySide6.QtCore import QObject

    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(500):
        thing.setObjectName("name")
    assert sys.getrefcount(None) > before - 250


def test_the_top_level_holds_what_it_should() -> None:
    ignored = [line.strip("/") for line in (HOUSE / ".gitignore").read_text().split()]
    entries = {
        entry.name
        for entry in HOUSE.iterdir()
        if not entry.name.startswith(".") and not any(fnmatch.fnmatch(entry.name, pattern) for pattern in ignored)
    }
    assert entries <= TOP_LEVEL, f"These don't belong at the top level: {', '.join(sorted(entries - TOP_LEVEL))}"


def test_names_say_something() -> None:
    broken(
        "A name such as utils or manager says nothing; name the file for its one idea.",
        [str(m.path) for m in modules("engine", "designer", "tests").values() if m.path.stem in EMPTY_NAMES],
    )


def test_every_module_opens_with_a_sentence() -> None:
    places = []
    for module in modules("engine", "designer").values():
        if module.tree.body and not ast.get_docstring(module.tree):
            places.append(module.at(1))
    broken("A module opens with one sentence that says what it holds.", places)


def test_every_public_class_has_words() -> None:
    broken(
        "A public class of the engine says what it is.",
        [
            f"{module.at(node.lineno)} {node.name}"
            for module in modules("engine").values()
            for node in module.tree.body
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
        ],
    )


def test_annotations_cost_nothing() -> None:
    broken(
        "from __future__ import annotations",
        [
            module.at(1)
            for module in modules("engine", "designer").values()
            if module.path.name not in ("__init__.py", "__main__.py")
            and not any(isinstance(n, ast.ImportFrom) and n.module == "__future__" for n in module.tree.body)
        ],
    )


def test_files_and_functions_stay_short() -> None:
    places = []
    for module in modules("engine", "designer", "tests").values():
        lines = len(module.path.read_text(encoding="utf-8").splitlines())
        if lines > LONGEST_FILE:
            places.append(f"{module.at(1)} has {lines} lines")
        for node in ast.walk(module.tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno is not None:
                length = node.end_lineno - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    places.append(f"{module.at(node.lineno)} {node.name} has {length} lines")
    broken(f"Files have at most {LONGEST_FILE} lines, functions {LONGEST_FUNCTION}.", places)


def test_no_error_is_swallowed() -> None:
    places = []
    for module in modules("engine", "designer").values():
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.ExceptHandler):
                continue
            wide = node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")
            if wide and all(isinstance(line, ast.Pass) for line in node.body):
                places.append(module.at(node.lineno))
    broken("Catch narrowly, and never pass over an error.", places)


def test_tests_mirror_the_engine() -> None:
    tests = {path.relative_to(HOUSE / "tests").as_posix() for path in (HOUSE / "tests" / "engine").rglob("test_*.py")}
    missing = []
    for name, module in modules("engine").items():
        if module.path.name in ("__init__.py", "__main__.py"):
            continue
        *folders, stem = name.split(".")
        mirror = "/".join([*folders, f"test_{stem}.py"])
        contract = f"{'/'.join(folders)}/test_contract.py"
        if mirror not in tests and contract not in tests:
            missing.append(f"{name}: tests/{mirror}")
    broken("a/b.py has tests/a/test_b.py, or a contract test for its whole folder.", missing)
