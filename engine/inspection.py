"""The allow-list that printed Python must pass before it is carried out: layers, known torch calls and local names.

Nothing is looked for that could do harm: what is not among the few forms of statements and expressions that printing
needs is refused, whatever it may be.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable

from engine.call import ATTRIBUTES, METHODS, MODULES
from engine.graph import refused_name

NODES = (
    *(ast.Module, ast.ClassDef, ast.FunctionDef, ast.arguments, ast.arg, ast.Expr, ast.Assign, ast.Return),
    *(ast.Call, ast.keyword, ast.Attribute, ast.Name, ast.Load, ast.Store, ast.Constant, ast.Tuple, ast.List),
    *(ast.Dict, ast.Subscript, ast.Slice, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod),
    *(ast.Pow, ast.MatMult, ast.BitAnd, ast.BitOr, ast.BitXor, ast.UnaryOp, ast.USub, ast.Invert),
    *(ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE),
    *(ast.Import, ast.ImportFrom, ast.alias),
)
CONSTANTS = (int, float, str, bool, type(None), type(...))
IMPORTS = frozenset(("import torch", "import torch.nn.functional as F", "from torch import nn"))
SPOKEN_FOR = ("torch", "nn", "F", "self", "super")
CONTAINERS = frozenset(("nn.Sequential", "nn.ModuleList"))
FILES_AND_CODE = frozenset(  # what in torch's modules does more than compute
    f"torch.{name}"
    for name in (
        *("load", "save", "from_file", "compile", "hub", "ops", "jit", "utils", "os", "sys"),
        *("import_ir_module", "import_ir_module_from_buffer"),
    )
)
FIRST_VALUES = frozenset(  # how weights begin
    f"nn.init.{name}_"
    for name in (
        *("zeros", "constant", "normal", "uniform", "orthogonal"),
        *("xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal"),
    )
)
CLASS_NAME = re.compile(r"[A-Z][A-Za-z0-9]*\Z")
VARIABLE = re.compile(r"(_|[A-Za-z]\w*)\Z", re.ASCII)
WEIGHT = re.compile(r"(\w+_)?(weight|bias)(_\w+)?\Z", re.ASCII)  # weight, bias_ih_l0, in_proj_weight


def inspect_tree(tree: ast.Module, targets: Collection[str]) -> None:
    """Refuse any syntax tree that holds more than a printed network needs; `targets` are torch's names it may call.

    Raises:
        ValueError: naming the line; it means that our own printing has a hole.
    """
    for target in targets:
        module, _, name = target.rpartition(".")
        if module not in MODULES or not VARIABLE.match(name) or target in FILES_AND_CODE:
            raise hole(tree, target)
    for node in ast.walk(tree):
        if not isinstance(node, NODES):
            raise hole(node, type(node).__name__)
    classes: set[str] = set()
    for child in tree.body:
        if isinstance(child, ast.ClassDef):
            if not CLASS_NAME.match(child.name) or child.name in (*classes, *SPOKEN_FOR):
                raise hole(child, child.name)
            _Class({*targets, *CONTAINERS}, classes).inspect(child)
            classes.add(child.name)
        elif isinstance(child, (ast.Import, ast.ImportFrom)):
            if ast.unparse(child) not in IMPORTS:
                raise hole(child, "import")
        elif not _is_text(child):
            raise hole(child, "statement")


def hole(node: ast.AST, what: str) -> ValueError:
    return ValueError(f"Printed Python may not hold “{what}” (line {getattr(node, 'lineno', 0)}).")


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


class _Class:
    """One class: `__init__` (where there is something to keep) and `forward`, and what may be named in them."""

    def __init__(self, targets: Collection[str], classes: Collection[str]) -> None:
        self._targets, self._classes = targets, classes
        self._kept: set[str] = set()
        self._local: set[str] = set()
        self._making = False  # whether this is `__init__`, where layers and classes are made

    def inspect(self, node: ast.ClassDef) -> None:
        if [ast.unparse(base) for base in node.bases] != ["nn.Module"] or node.decorator_list or node.keywords:
            raise hole(node, "base class")
        body = node.body[1:] if _is_text(node.body[0]) else node.body
        methods = [item for item in body if isinstance(item, ast.FunctionDef)]
        names = [method.name for method in methods]
        if names not in (["__init__", "forward"], ["forward"]) or len(methods) != len(body):
            raise hole(node, "method")
        for method in methods:
            self._making = method.name == "__init__"
            self._local = set(self._arguments(method))
            if self._making:
                self._inspect_beginning(method.body)
            else:
                self._inspect_forward(method.body)

    def _arguments(self, method: ast.FunctionDef) -> Iterable[str]:
        args = method.args
        if args.defaults or args.kwonlyargs or args.vararg or args.kwarg or args.posonlyargs or not args.args:
            raise hole(method, "argument")
        if method.decorator_list or method.returns or any(arg.annotation for arg in args.args):
            raise hole(method, "annotation")
        first, *others = (arg.arg for arg in args.args)
        if first != "self":
            raise hole(method, first)
        for name in others:
            self._inspect_variable(method, name)
        return others

    def _inspect_variable(self, node: ast.AST, name: str) -> None:
        if not VARIABLE.match(name) or name in SPOKEN_FOR or name in self._classes:
            raise hole(node, name)

    # statements

    def _inspect_beginning(self, statements: list[ast.stmt]) -> None:
        """`__init__` first calls its base, then keeps things under plain names, then sets how weights begin."""
        first, *rest = statements
        if ast.unparse(first) != "super().__init__()":
            raise hole(first, "beginning")
        for statement in rest:
            if isinstance(statement, ast.Assign):
                self._keep(statement, _kept_name(statement))
                self._inspect(statement.value)
                continue
            call = statement.value if isinstance(statement, ast.Expr) else None
            if not isinstance(call, ast.Call):
                raise hole(statement, "statement")
            self._inspect_call_in_beginning(call)

    def _keep(self, node: ast.AST, name: str) -> None:
        if refused_name(name) or name in self._kept:
            raise hole(node, name)
        self._kept.add(name)

    def _inspect_call_in_beginning(self, call: ast.Call) -> None:
        called = ast.unparse(call.func)
        first = call.args[0] if call.args else None
        if called == "self.register_buffer":
            words = [ast.unparse(keyword) for keyword in call.keywords]
            if not (isinstance(first, ast.Constant) and type(first.value) is str and len(call.args) == 2):
                raise hole(call, "buffer")
            if words != ["persistent=False"]:
                raise hole(call, "buffer")
            self._keep(call, first.value)
            self._inspect(call.args[1])
        elif called in FIRST_VALUES and first is not None:
            row = isinstance(first, ast.Subscript) and isinstance(first.value, ast.Attribute)
            self._inspect_weight(first.value if row and isinstance(first, ast.Subscript) else first)
            if row and isinstance(first, ast.Subscript):
                _inspect_number(first.slice)
            self._inspect_arguments(call, call.args[1:])
        elif isinstance(call.func, ast.Attribute) and call.func.attr == "requires_grad_":
            self._inspect_place(call.func.value)
            self._inspect_arguments(call, call.args)
        elif called in self._targets and called.startswith("nn.utils.parametrizations.") and first is not None:
            self._inspect_place(first)
            self._inspect_arguments(call, call.args[1:])
        else:
            raise hole(call, called)

    def _inspect_forward(self, statements: list[ast.stmt]) -> None:
        """Assignments to variables, and one `return` at the end."""
        *rest, last = statements
        if not isinstance(last, ast.Return) or last.value is None:
            raise hole(last, "end")
        for statement in rest:
            if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
                raise hole(statement, "statement")
            self._inspect(statement.value)
            self._bind(statement.targets[0])
        self._inspect(last.value)

    def _bind(self, target: ast.expr) -> None:
        if isinstance(target, ast.Tuple):
            for item in target.elts:
                self._bind(item)
        elif isinstance(target, ast.Name):
            self._inspect_variable(target, target.id)
            self._local.add(target.id)
        else:
            raise hole(target, f"{ast.unparse(target)} =")

    # expressions

    def _inspect(self, node: ast.expr) -> None:
        """A value: numbers and words, variables, what the class keeps, and what is computed from these."""
        if isinstance(node, ast.Constant):
            if type(node.value) not in CONSTANTS:
                raise hole(node, "constant")
        elif isinstance(node, ast.Name):
            if node.id not in self._local:
                raise hole(node, node.id)
        elif isinstance(node, ast.Call):
            self._inspect_call(node)
        elif isinstance(node, ast.Attribute):
            if not (ast.unparse(node) in self._targets or self._is_kept(node)):
                if node.attr not in ATTRIBUTES:
                    raise hole(node, ast.unparse(node))
                self._inspect(node.value)
        elif isinstance(node, ast.Dict):
            for key in node.keys:
                if not (isinstance(key, ast.Constant) and type(key.value) is str):
                    raise hole(node, "key")
            self._inspect_all(node.values)
        elif isinstance(node, (ast.Tuple, ast.List)):
            self._inspect_all(node.elts)
        elif isinstance(node, ast.Compare):
            self._inspect_all([node.left, *node.comparators])
        elif isinstance(node, ast.BinOp):
            self._inspect_all([node.left, node.right])
        elif isinstance(node, ast.UnaryOp):
            self._inspect(node.operand)
        elif isinstance(node, ast.Subscript):
            self._inspect_all([node.value, node.slice])
        elif isinstance(node, ast.Slice):
            self._inspect_all([edge for edge in (node.lower, node.upper, node.step) if edge is not None])
        else:
            raise hole(node, type(node).__name__)

    def _inspect_all(self, nodes: Iterable[ast.expr]) -> None:
        for node in nodes:
            self._inspect(node)

    def _inspect_call(self, node: ast.Call) -> None:
        called = node.func
        text = ast.unparse(called)
        if isinstance(called, ast.Name):
            if not (self._making and called.id in self._classes):
                raise hole(called, called.id)
        elif text not in self._targets and not self._is_kept(called) and not self._is_kept_item(called):
            if not (isinstance(called, ast.Attribute) and called.attr in METHODS):
                raise hole(called, text)
            self._inspect(called.value)
        self._inspect_arguments(node, node.args)

    def _inspect_arguments(self, call: ast.Call, args: list[ast.expr]) -> None:
        self._inspect_all(args)
        for keyword in call.keywords:
            if keyword.arg is None:
                raise hole(call, "**")
            self._inspect(keyword.value)

    def _is_kept(self, node: ast.expr) -> bool:
        """`self.conv1`, in forward."""
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name) or node.value.id != "self":
            return False
        return not self._making and node.attr in self._kept

    def _is_kept_item(self, node: ast.expr) -> bool:
        """`self.blocks[0]`, in forward."""
        if not isinstance(node, ast.Subscript) or not self._is_kept(node.value):
            return False
        return isinstance(node.slice, ast.Constant) and type(node.slice.value) is int

    def _inspect_place(self, node: ast.expr) -> None:
        """What stands in the class: `self.conv1`, `self.stem[0]`, `self.encoder.layers[0].norm1`."""
        if isinstance(node, ast.Subscript):
            _inspect_number(node.slice)
            self._inspect_place(node.value)
        elif not isinstance(node, ast.Attribute) or refused_name(node.attr):
            raise hole(node, ast.unparse(node))
        elif not (isinstance(node.value, ast.Name) and node.value.id == "self" and node.attr in self._kept):
            self._inspect_place(node.value)

    def _inspect_weight(self, node: ast.expr) -> None:
        """What a value is set in: something learned that the class keeps itself, or a weight of a layer."""
        self._inspect_place(node)
        own = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if not own and not (isinstance(node, ast.Attribute) and WEIGHT.match(node.attr)):
            raise hole(node, ast.unparse(node))


def _kept_name(statement: ast.Assign) -> str:
    """The attribute that an assignment of `__init__` makes: `self.conv1 = …`"""
    target = statement.targets[0]
    if len(statement.targets) == 1 and isinstance(target, ast.Attribute) and ast.unparse(target.value) == "self":
        return target.attr
    raise hole(statement, f"{ast.unparse(target)} =")


def _inspect_number(node: ast.expr) -> None:
    value = node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else node
    if not (isinstance(value, ast.Constant) and type(value.value) is int):
        raise hole(node, ast.unparse(node))
