"""Whatever a file says, nothing but validated identifiers and literals reaches the printed Python."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine.compile import build, execute, source_of
from engine.graph import refused_name
from engine.problem import UserError
from engine.project import Project
from engine.source import Source
from engine.storage import Unreadable, dumps, loads
from tests.engine.designs import DESIGNS
from tests.engine.examples import examples
from tests.engine.hostile import TEXTS, WORDS, hostile_file

seeds = st.integers(0, 2**63)
ARGUMENTS = {"same", "valid", "zeros", "reflect", "replicate", "circular", "none", "tanh", "relu", "gelu", "nearest"}
IMPORTS = ("import torch", "import torch.nn.functional as F", "from torch import nn")
outcomes: Counter[str] = Counter()

# What Python does, and tells a hook of, that no network needs while it is carried out, made and used.
WATCHED = ("open", "os.", "subprocess.", "socket.", "shutil.", "ctypes.", "exec", "import", "pty.", "webbrowser")
watching: list[str] | None = None


def _hook(event: str, args: tuple[object, ...]) -> None:
    if watching is not None and event.startswith(WATCHED):
        watching.append(f"{event} {args[:1]}")


sys.addaudithook(_hook)


@contextmanager
def nothing_happens(allowed: str) -> Iterator[None]:
    """Nothing is opened, imported, started or carried out but the text that Python knows as `allowed`."""
    global watching
    watching = []
    try:
        yield
    finally:
        seen, watching = watching, None
    strange = [event for event in seen if allowed not in event and not re.match(r"import \('(torch|nn|numpy)\b", event)]
    assert not strange


def assert_plain(source: Source) -> None:
    """Every name in the text is torch's, Python's own in its place, or an identifier that a block may bear."""
    tree = ast.parse(source.text)
    docstring = ast.get_docstring(tree, clean=False)
    assert docstring is not None
    assert re.fullmatch(r"[A-Za-z0-9_ ,().:\[\]/*+=\n-]*", docstring)
    texts = {docstring}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", node.name)
            texts.add(ast.get_docstring(node, clean=False) or docstring)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            assert ast.unparse(node) in IMPORTS
        elif isinstance(node, ast.Name):
            assert node.id in ("torch", "nn", "F", "self", "super", "print", "__name__", "_") or plain(node.id), node.id
        elif isinstance(node, ast.Attribute):
            assert plain(node.attr) or node.attr in KNOWN, node.attr
    for text in re.findall(r'"""(Used [^"]*)"""', source.text):
        assert re.fullmatch(r"Used [0-9,]+ times(: [A-Za-z0-9_., …]+|\.)", text)
        texts.add(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in texts:
            fine = node.value in (*ARGUMENTS, "__main__", "mean", "sum") or plain(node.value)
            assert fine or re.fullmatch(r"[A-Za-z.,]+->[A-Za-z.]*", node.value), node.value


KNOWN = {
    *("__init__", "Module", "init", "utils", "shape", "expand", "size", "contiguous", "device", "dtype", "bool"),
    *("register_buffer", "requires_grad_", "float", "long", "detach", "to", "unsqueeze", "squeeze", "transpose"),
    *("triu", "zeros_", "normal_", "uniform_", "constant_", "orthogonal_", "xavier_uniform_", "kaiming_normal_"),
}


def plain(name: str) -> bool:
    """Whether a block may be called so; variables may have more underscores behind."""
    return refused_name(name) is None or refused_name(name.rstrip("_")) is None or refused_name(f"{name}1") is None


def printed(project: Project) -> Source | None:
    """What can be printed of a project, with its objective when it can train."""
    problems = engine.check(project)
    assert all(problem.title and problem.text for problem in problems)
    try:
        return source_of(project, objective=not any(problem.severity == "error" for problem in problems))
    except UserError:
        return None


@examples(55)
@given(seeds)
def test_only_names_and_literals_are_printed(seed: int) -> None:
    try:
        project = loads(hostile_file(seed))
    except Unreadable:
        outcomes["unreadable"] += 1
        return
    source = printed(project)
    outcomes["refused" if source is None else "printed"] += 1
    if source is not None:
        assert_plain(source)
        with nothing_happens(source.filename):
            classes = execute(source)
        assert source.network in classes


@examples(45)
@given(seeds)
def test_whatever_could_be_loaded_is_saved_as_it_is(seed: int) -> None:
    try:
        with nothing_happens("<nothing>"):
            project = loads(hostile_file(~seed))
    except Unreadable:
        return
    assert loads(dumps(project)) == project
    for node in project.graph.nodes.values():
        assert node.block.summary()


def test_the_files_are_worth_trying() -> None:
    """Enough of them come as far as the printer."""
    assert outcomes.total() >= 3000
    assert outcomes["printed"] > 0.15 * outcomes.total()
    assert outcomes["refused"] > 0.1 * outcomes.total()
    assert outcomes["unreadable"] > 0.1 * outcomes.total()


@examples(3)
@given(seeds)
def test_what_is_printed_runs_or_is_refused_in_words(seed: int) -> None:
    """Made and used, with nothing else happening."""
    try:
        project = loads(hostile_file(seed))
        if engine.review(project).plan.parameters > 10**7:
            return
        compiled = build(project)
    except UserError:
        return
    specs = [step.leaves[0] for step in compiled.source.parts.inputs]
    if sum(spec.numel for spec in specs if spec is not None) > 10**6:
        return
    inputs = [torch.zeros(2, *spec.sizes, dtype=getattr(torch, spec.dtype)) for spec in specs if spec is not None]
    with nothing_happens(compiled.source.filename), torch.no_grad():
        compiled.network.eval()(*inputs)


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("text", TEXTS[:2], ids=["values", "chain"])
def test_a_hostile_word_everywhere(text: str, word: str) -> None:
    """In place of each text in a file, one after the other."""
    data = json.loads(text)

    def places(value: object, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
        if isinstance(value, str):
            yield path
        if isinstance(value, (dict, list)):
            for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
                yield from places(inner, (*path, key))

    for path in places(data, ()):
        changed = json.loads(text)
        *front, last = path
        here = changed
        for key in front:
            here = here[key]
        here[last] = word
        try:
            project = loads(json.dumps(changed))
        except Unreadable:
            continue
        source = printed(project)
        if source is not None:
            assert_plain(source)
            execute(source)


def test_the_words_themselves_are_hostile() -> None:
    """The gate alone stops those that would be printed unchecked."""
    source = source_of(DESIGNS["chain"]())
    for word in ('x"; raise SystemExit #', "__import__('os').abort()", "self.apply(eval)"):
        attacked = source.text.replace("self.fc(x)", word)
        with pytest.raises((SyntaxError, ValueError)):
            execute(Source(**{**vars(source), "text": attacked}))


def test_the_hook_sees_what_happens(tmp_path: object) -> None:
    for deed in (
        lambda: open(str(tmp_path) + "/x", "w").close(),
        lambda: exec("1"),
        lambda: __import__("this_is_not_there"),
    ):
        with pytest.raises((AssertionError, ImportError)), nothing_happens("<nothing>"):
            deed()


def test_a_seed_gives_the_same_file() -> None:
    for seed in Random(0).sample(range(10**9), 20):
        assert hostile_file(seed) == hostile_file(seed)
