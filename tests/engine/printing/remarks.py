"""Shapes that printed Python tells in its remarks, compared with what is there when it runs."""

from __future__ import annotations

import ast
import io
import tokenize
from typing import Any

import torch

from engine.printing.sizes import LETTERS
from engine.source import Source


def remarks(text: str) -> dict[int, str]:
    """The remark of each statement by its first line: behind its last line, or on a line of its own above it."""
    comments = {
        token.start[0]: (token.string.removeprefix("# "), token.line.strip().startswith("#"))
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT
    }
    found: dict[int, str] = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Assign, ast.Return)):
            behind, above = comments.get(node.end_lineno or 0), comments.get(node.lineno - 1)
            if behind is not None and not behind[1]:
                found[node.lineno] = behind[0]
            elif above is not None and above[1]:
                found[node.lineno] = above[0]
    return found


class Watch:
    """Looks at the values of one call of a forward method."""

    def __init__(self, module: Any, arguments: dict[str, Any]) -> None:
        self.sizes = dict(vars(module).get("told", {}))
        first = next(iter(arguments.values()))
        for letter, size in zip(LETTERS.get(first.dim() - 1, ()), first.shape[1:], strict=False):
            self.sizes.setdefault(letter, size)
        self.seen = 0

    def look(self, remark: str, *values: torch.Tensor) -> None:
        told = remark.split("; ")
        assert len(told) == len(values), remark
        for words, value in zip(told, values, strict=True):
            if words == "scalar":
                assert value.dim() == 0
                continue
            sizes = [word.strip() for word in words.strip("()").split(",") if word.strip()]
            if sizes[:1] == ["B"]:
                assert value.shape[0] == 2, (words, value.shape)
            assert len(sizes) == value.dim(), (words, value.shape)
            for word, size in list(zip(sizes, value.shape, strict=True))[sizes[:1] == ["B"] :]:
                assert word == "n" or eval(word, dict(self.sizes)) == size, (remark, value.shape, self.sizes)
        Watch.total += 1

    total = 0


def watched(source: Source) -> dict[str, Any]:
    """The classes of a printed text, whose forward methods compare what they compute with the remarks."""
    told = remarks(source.text)
    tree = ast.parse(source.text)
    tree.body = [node for node in tree.body if not isinstance(node, ast.If)]
    for method in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        names = [arg.arg for arg in method.args.args[1:]]
        if method.name == "__init__":
            pairs = ", ".join(f"'{name}': {name}" for name in names)
            method.body.insert(1, ast.parse(f"self.told = {{{pairs}}}").body[0])
            continue
        pairs = ", ".join(f"'{name}': {name}" for name in names)
        body: list[ast.stmt] = ast.parse(f"watch_ = Watch_(self, {{{pairs}}})").body if names else []
        for statement in method.body:
            remark = told.get(statement.lineno) if names else None
            if isinstance(statement, ast.Return) and remark is not None and statement.value is not None:
                body.append(ast.Assign([ast.Name("answer_", ast.Store())], statement.value))
                body += ast.parse(f"watch_.look({remark!r}, alone_(answer_))\nreturn answer_").body
                continue
            body.append(statement)
            if isinstance(statement, ast.Assign) and remark is not None:
                left = [n.id for n in ast.walk(statement.targets[0]) if isinstance(n, ast.Name) and n.id != "_"]
                body += ast.parse(f"watch_.look({remark!r}, {', '.join(left)})").body
        method.body = body
    names_: dict[str, Any] = {"Watch_": Watch, "alone_": alone, "__name__": "watched"}
    exec(compile(ast.fix_missing_locations(tree), "<watched>", "exec"), names_)
    return names_


def alone(value: Any) -> Any:
    """What a dict of one holds."""
    return next(iter(value.values())) if isinstance(value, dict) and len(value) == 1 else value
