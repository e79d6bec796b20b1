"""Statements laid out in lines of 88 columns, as ruff's formatter leaves them."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, replace

WIDTH = 88
ONE_A_LINE = ("nn.Sequential", "nn.ModuleList")  # what these hold reads better as a column
SUMS, PRODUCTS = (ast.Add, ast.Sub), (ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.MatMult)


def wrapped(code: str, indent: int, remark: str = "") -> list[str]:
    """One statement in lines; what is too long gets one line an argument, and a remark that has no room goes above."""
    front = " " * indent
    tail = f"  # {remark}" if remark else ""
    if indent + len(code) + len(tail) <= WIDTH:
        return [front + code + tail]
    if indent + len(code) <= WIDTH:
        return [f"{front}# {remark}", front + code]
    lines = _Layout(code).statement(indent)
    if not remark:
        return lines
    if len(lines) == 1 or len(lines[-1] + tail) > WIDTH:
        return [f"{front}# {remark}", *lines]
    return [*lines[:-1], lines[-1] + tail]


def wrapped_head(name: str, arguments: list[str]) -> list[str]:
    """The first line of a method, as one line an argument where it is too long for one."""
    line = f"    def {name}({', '.join(arguments)}):"
    if len(line) <= WIDTH:
        return [line]
    joined = ", ".join(arguments)
    if len(joined) + 8 <= WIDTH:
        return [f"    def {name}(", f"        {joined}", "    ):"]
    return [f"    def {name}(", *(f"        {argument}," for argument in arguments), "    ):"]


@dataclass(frozen=True)
class _Item:
    """A value in brackets, and what stands in front of it: `gain=`, `"fc": `, `+ `."""

    text: str
    node: ast.expr | None = None  # None for what is not taken apart
    front: str = ""
    enclosed: bool = False  # in parentheses of its own


@dataclass(frozen=True)
class _Bracket:
    """What is opened up in an expression that is too long: its last bracket that holds something."""

    head: str  # up to and with the opening bracket
    items: tuple[_Item, ...]
    tail: str  # from the closing bracket on
    column: bool = False  # whether each item gets a line of its own in any case
    earlier: _Bracket | None = None  # the one to open up where the head has no room

    def that_fits(self, room: int) -> _Bracket:
        """The last one whose head has room, or else the first."""
        return self if len(self.head) <= room or self.earlier is None else self.earlier.that_fits(room)


class _Layout:
    """One statement that is too long for a line."""

    def __init__(self, code: str) -> None:
        self._code = code.encode()
        self._tree = ast.parse(code).body[0]

    def statement(self, indent: int) -> list[str]:
        tree = self._tree
        if isinstance(tree, ast.Assign):
            target, value = tree.targets[0], tree.value
            head = f"{self._text(target)} = "
            if isinstance(target, ast.Tuple) and not _fits(indent, head + "("):
                rows = self._column(self._items(target.elts), indent + 4)
                return [_line(indent, "("), *rows, *self._value(") = ", value, indent)]
            return self._value(head, value, indent)
        if isinstance(tree, ast.Return) and tree.value is not None:
            return self._value("return ", tree.value, indent)
        assert isinstance(tree, ast.Expr)
        return self._value("", tree.value, indent)

    def _value(self, front: str, value: ast.expr, indent: int) -> list[str]:
        """What is assigned or returned: flat, with its last bracket opened up, or all of it in parentheses."""
        flat = _line(indent, front + self._text(value))
        if len(flat) <= WIDTH:
            return [flat]
        bracket = self._bracket(value)
        if isinstance(value, ast.Tuple):  # of what is returned, without brackets so far
            return [_line(indent, front + "("), *self._column(self._items(value.elts), indent + 4), _line(indent, ")")]
        text = self._text(value)
        helped = isinstance(value, (ast.BinOp, ast.Compare)) or _fits(indent + 4, text)
        if bracket is not None:
            bracket = bracket.that_fits(WIDTH - indent - len(front))
            if not front or _fits(indent, front + bracket.head) or not (helped or _fits(indent + 4, bracket.head)):
                return self._opened(front, bracket, indent)
        elif not front or not helped:
            return [flat]
        inner = self._laid_out(_Item(text, value), "", indent + 4)
        return [_line(indent, front + "("), *inner, _line(indent, ")")]

    def _laid_out(self, item: _Item, tail: str, indent: int) -> list[str]:
        """One of several values in brackets."""
        flat = _line(indent, item.front + item.text + tail)
        if len(flat) <= WIDTH or item.node is None:
            return [flat]
        if item.enclosed:
            inner = self._laid_out(_Item(item.text[1:-1], item.node), "", indent + 4)
            return [_line(indent, item.front + "("), *inner, _line(indent, ")" + tail)]
        if isinstance(item.node, (ast.BinOp, ast.Compare)):
            terms = self._terms(item.node)
            first = replace(terms[0], front=item.front)
            rows = [self._laid_out(term, tail if term is terms[-1] else "", indent) for term in (first, *terms[1:])]
            return [line for row in rows for line in row]
        bracket = self._bracket(item.node)
        if bracket is None:
            return [flat]
        return self._opened(item.front, bracket.that_fits(WIDTH - indent - len(item.front)), indent, tail)

    def _opened(self, front: str, bracket: _Bracket, indent: int, tail: str = "") -> list[str]:
        head, end = _line(indent, front + bracket.head), _line(indent, bracket.tail + tail)
        joined = ", ".join(item.front + item.text for item in bracket.items)
        if not bracket.column and _fits(indent + 4, joined):
            return [head, _line(indent + 4, joined), end]
        comma = "," if len(bracket.items) > 1 else ""  # a tuple of one has its own
        return [head, *self._column(bracket.items, indent + 4, comma), end]

    def _column(self, items: Iterable[_Item], indent: int, comma: str = ",") -> list[str]:
        return [line for item in items for line in self._laid_out(item, comma, indent)]

    def _bracket(self, value: ast.expr, tail: str = "") -> _Bracket | None:
        if isinstance(value, ast.Call):
            items = (*self._items(value.args), *map(self._keyword, value.keywords))
            name = self._text(value.func)
            if not items:
                return self._bracket(value.func, f"(){tail}")
            flat = self._text(value)[len(name) :]
            earlier = self._bracket(value.func, flat + tail)
            return _Bracket(f"{name}(", items, f"){tail}", name in ONE_A_LINE and len(items) > 1, earlier)
        if isinstance(value, ast.List):
            return _Bracket("[", self._items(value.elts), f"]{tail}", True) if value.elts else None
        if isinstance(value, ast.Tuple):
            items = self._items(value.elts)
            items = items if len(items) > 1 else tuple(_Item(f"{item.text},") for item in items)
            return _Bracket("(", items, f"){tail}", True) if items else None
        if isinstance(value, ast.Dict):
            pairs = zip(value.keys, value.values, strict=True)
            entries = (_Item(self._text(inner), inner, f"{self._text(key)}: ") for key, inner in pairs if key)
            return _Bracket("{", tuple(entries), f"}}{tail}", True) if value.keys else None
        if isinstance(value, ast.Attribute):
            return self._bracket(value.value, f".{value.attr}{tail}")
        if isinstance(value, ast.Subscript):
            gap = self._bytes(value.value.end_col_offset, value.end_col_offset)
            index = gap.lstrip(")")
            whole = self._text(value)[: -len(index)]
            earlier = self._bracket(value.value, index + tail)
            return _Bracket(f"{whole}[", (_Item(index[1:-1]),), f"]{tail}", earlier=earlier)
        if isinstance(value, ast.UnaryOp) and not isinstance(value.operand, (ast.BinOp, ast.Compare)):
            inner = self._bracket(value.operand, tail)
            sign = self._text(value)[0]
            return inner and _Bracket(sign + inner.head, inner.items, inner.tail, inner.column)
        return None

    def _keyword(self, keyword: ast.keyword) -> _Item:
        return _Item(self._text(keyword.value), keyword.value, f"{keyword.arg}=")

    def _items(self, nodes: Iterable[ast.expr]) -> tuple[_Item, ...]:
        return tuple(_Item(self._text(node), node) for node in nodes)

    def _terms(self, value: ast.BinOp | ast.Compare) -> list[_Item]:
        """The operands at the loosest level, each but the first with its sign in front."""
        level = _level(value)
        ends: list[_Item] = []
        while True:
            left = value.left
            right = value.comparators[0] if isinstance(value, ast.Compare) else value.right
            gap = self._code[left.end_col_offset or 0 : right.col_offset].decode()
            closing = len(gap) - len(gap.lstrip(")"))
            start, sign = (left.end_col_offset or 0) + closing, gap.strip("() ")
            ends.insert(0, self._term(self._bytes(start, value.end_col_offset).strip()[len(sign) :], right, f"{sign} "))
            front = self._bytes(value.col_offset, start)
            if closing or not isinstance(left, (ast.BinOp, ast.Compare)) or _level(left) != level:
                return [self._term(front, left, ""), *ends]
            value = left

    def _term(self, text: str, node: ast.expr, front: str) -> _Item:
        plain = text.strip()
        enclosed = plain != self._text(node)
        splits = isinstance(node, (ast.BinOp, ast.Compare)) or not enclosed
        return _Item(plain, node if splits else None, front, enclosed and splits)

    def _text(self, node: ast.expr) -> str:
        return self._bytes(node.col_offset, node.end_col_offset)

    def _bytes(self, start: int | None, end: int | None) -> str:
        return self._code[start:end].decode()


def _level(value: ast.BinOp | ast.Compare) -> object:
    """Which signs bind equally tightly."""
    if isinstance(value, ast.Compare):
        return ast.Compare
    kinds = next((kinds for kinds in (SUMS, PRODUCTS) if isinstance(value.op, kinds)), None)
    return kinds or type(value.op)


def _fits(indent: int, text: str) -> bool:
    return indent + len(text) <= WIDTH


def _line(indent: int, text: str) -> str:
    return " " * indent + text
