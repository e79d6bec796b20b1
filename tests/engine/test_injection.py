"""Whatever a file says, nothing but validated identifiers and literals reaches the printed Python."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

import engine
from engine.compile import execute, inspect_tree, source_of
from engine.graph import NAME, refused_name
from engine.problem import UserError
from engine.storage import dumps, loads
from tests.engine.designs import DESIGNS
from tests.engine.examples import examples

FILES = {name: json.loads(dumps(make())) for name, make in DESIGNS.items()}
WORDS = {"same", "valid", "zeros", "reflect", "replicate", "circular", "none", "tanh", "__main__"}  # as arguments

HOSTILE = (
    'x"; raise SystemExit #',
    'x": __import__("os").abort(), "y',
    '"""\nraise SystemExit\n"""',
    "x\nraise SystemExit",
    "__import__('os').abort()",
    "self.apply(eval)",
    "x), self.fc.__class__, (x",
    "{x}",
    "x#",
    "forward",
    "__init__",
    "__class__",
    "torch",
    "nn",
    "self",
    "super",
    "print",
    "exec",
    "lambda",
    "class",
    "x" * 65,
    "ｅｘｅｃ",  # Python reads it as exec
    "\u202ex",
    "x\u0000",
    "x y",
    "",
)

hostile = st.sampled_from(HOSTILE) | st.text(max_size=12)
values = (
    hostile
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | st.none()
    | st.lists(st.integers(-2, 9) | hostile, max_size=3)
)


@st.composite
def damaged_files(draw: st.DrawFn) -> str:
    """The file of a design, in which names, ids, parameters and wires are replaced at a few places."""
    data: dict[str, Any] = json.loads(json.dumps(FILES[draw(st.sampled_from(sorted(FILES)))]))
    for _ in range(draw(st.integers(1, 3))):
        blocks = data["blocks"]
        place = draw(st.sampled_from(("project", "name", "parameter", "new parameter", "type", "id", "wire", "data")))
        key = draw(st.sampled_from(sorted(blocks)))
        if place == "project":
            data["name"] = draw(hostile)
        elif place == "name":
            blocks[key]["name"] = draw(hostile)
        elif place == "parameter":
            blocks[key][draw(st.sampled_from(sorted(blocks[key])))] = draw(values)
        elif place == "new parameter":
            blocks[key][draw(hostile)] = draw(values)
        elif place == "type":
            blocks[key]["block"] = draw(hostile | st.sampled_from(["Conv2d", "Output", "LSTM", "Add"]))
        elif place == "id":
            new = draw(hostile)
            blocks[new] = blocks.pop(key)
            data["wires"] = [re.sub(rf"(?<!\w){re.escape(key)}\.", lambda _: f"{new}.", wire) for wire in data["wires"]]  # noqa: B023
        elif place == "wire":
            wires = data["wires"]
            wires[draw(st.integers(0, len(wires) - 1))] = draw(hostile)
        else:
            data["data"]["source"] = {"name": draw(hostile)}
    return json.dumps(data)


def without_docstring(text: str) -> ast.Module:
    return ast.Module(ast.parse(text).body[1:], [])


def assert_plain(text: str, allowed: set[str]) -> None:
    """Every name in the text is torch's, Python's own in its place, or an identifier that a block may bear."""
    tree = ast.parse(text)
    docstring = ast.get_docstring(tree, clean=False)
    assert docstring is not None
    assert re.fullmatch(r"[A-Za-z0-9_ ,().:\[\]/*+=\n-]*", docstring)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != docstring:
            assert node.value in WORDS or refused_name(node.value) is None, node.value
        elif isinstance(node, ast.Name):
            assert node.id in allowed or refused_name(node.id) is None, node.id
        elif isinstance(node, ast.Attribute):
            assert node.attr in ("Module", "__init__", "shape", "int64", "nn") or NAME.match(node.attr), node.attr
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            assert ast.unparse(node) in ("import torch", "import torch.nn as nn")
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert re.fullmatch(r"(nn|torch|self)\.\w+|super(\(\).__init__)?|print|[A-Z]\w*(\(\))?", called), called


@examples(3)
@given(damaged_files())
@example(
    json.dumps(
        {**FILES["words"], "blocks": {**FILES["words"]["blocks"], "out": {"name": HOSTILE[1], "block": "Output"}}}
    )
)
@example(json.dumps({**FILES["chain"], "name": HOSTILE[2]}))
def test_only_names_and_literals_are_printed(text: str) -> None:
    try:
        project = loads(text)
        source = source_of(project)
    except UserError:
        return
    exported = engine.export_python(project)
    assert ast.dump(without_docstring(exported)) == ast.dump(without_docstring(source.text))
    assert_plain(exported, {"torch", "nn", "self", "super", "print", "__name__", source.network})
    tree = ast.parse(source.text)
    tree.body = [node for node in tree.body if not isinstance(node, ast.If)]
    inspect_tree(tree, source.targets)
    assert source.network in execute(source)


@examples(2)
@given(damaged_files())
def test_checking_and_saving_take_whatever_could_be_loaded(text: str) -> None:
    try:
        project = loads(text)
    except UserError:
        return
    for problem in engine.check(project):
        assert problem.title
        for fix in problem.fixes:
            engine.check(fix.edit(project))
    again = loads(dumps(project))
    assert again == project
    for node in project.graph.nodes.values():
        assert node.block.summary()
