"""A quoted call prints as a person would write it, and does what is printed."""

from __future__ import annotations

import math

import pytest
import torch as real
from hypothesis import given
from hypothesis import strategies as st

from engine.call import (
    ATTRIBUTES,
    METHODS,
    Attribute,
    Buffer,
    Call,
    Constant,
    Expression,
    F,
    Infix,
    Item,
    Method,
    Name,
    Prefix,
    Sizes,
    init,
    literal,
    nn,
    parametrizations,
    resolve,
    size,
    torch,
)
from engine.tensor import AnyTensor
from tests.engine.examples import examples

A, B = AnyTensor((3,), port="a"), AnyTensor((3,), port="b")
TENSORS = {"a": real.tensor([[1.0, 2.0, 3.0]]), "b": real.tensor([[4.0, 5.0, 6.0]])}


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (nn.Linear(64, 10), "nn.Linear(64, 10)"),
        (nn.Linear(64, 10, bias=True), "nn.Linear(64, 10)"),
        (nn.Linear(64, 10, bias=False), "nn.Linear(64, 10, bias=False)"),
        (nn.Conv2d(3, 8, Sizes((3, 3)), stride=Sizes((1, 1)), padding=0), "nn.Conv2d(3, 8, 3)"),
        (nn.Conv2d(3, 8, Sizes((3, 5)), stride=Sizes((2, 2))), "nn.Conv2d(3, 8, (3, 5), stride=2)"),
        (nn.Conv2d(3, 8, 3, padding="same"), 'nn.Conv2d(3, 8, 3, padding="same")'),
        (nn.MaxPool2d(Sizes((2, 2)), stride=None, ceil_mode=False), "nn.MaxPool2d(2)"),
        (nn.Dropout(0.5), "nn.Dropout(0.5)"),
        (nn.BatchNorm2d(8, eps=1e-5, momentum=0.1), "nn.BatchNorm2d(8)"),
        (nn.BatchNorm2d(8, momentum=None), "nn.BatchNorm2d(8, momentum=None)"),
        # a layer that hands its arguments on to the class it derives from
        (
            nn.LSTM(5, 7, num_layers=1, bias=True, batch_first=True, dropout=0.0, bidirectional=False),
            "nn.LSTM(5, 7, batch_first=True)",
        ),
        (nn.LSTM(5, 7, num_layers=2, dropout=0.1), "nn.LSTM(5, 7, num_layers=2, dropout=0.1)"),
        # what equals a default but is of another type is said: it may mean something else
        (nn.Linear(64, 10, bias=1), "nn.Linear(64, 10, bias=1)"),
        (torch.flatten(A, 1), "torch.flatten(a, 1)"),
        (torch.cat([A, B], dim=1), "torch.cat([a, b], dim=1)"),
        (torch.reshape(A, (-1, 3)), "torch.reshape(a, (-1, 3))"),
        (F.relu(A), "F.relu(a)"),
        (F.softmax(A, dim=1), "F.softmax(a, dim=1)"),
        (Infix("+", (A, B)), "a + b"),
        (Infix("*", (A, B, A)), "a * b * a"),
        (torch.flatten(Infix("+", (A, B)), 1), "torch.flatten(a + b, 1)"),
        (torch.max(A)[0], "torch.max(a)[0]"),
        (torch.max(A)[:, -1], "torch.max(a)[:, -1]"),
        (torch.max(A)[1:, 2:3][-1], "torch.max(a)[1:, 2:3][-1]"),
        (Infix("+", (A, B))[0], "(a + b)[0]"),
        (Item(A, (..., None, slice(None, None, 2))), "a[..., None, ::2]"),
        # what is more than a name or a number stands apart from the colon
        (Item(A, slice(None, Method(A, "size", (1,)))), "a[: a.size(1)]"),
        (Item(A, slice(Infix("+", (B, 1)), None)), "a[b + 1 :]"),
        (Item(A, slice(Attribute(B, "dtype"), -1)), "a[b.dtype : -1]"),
        (Item(A, slice(None, Method(A, "size", (1,)), 2)), "a[: a.size(1) : 2]"),
        (Item(A, slice(None, None, Method(A, "size", (1,)))), "a[:: a.size(1)]"),
        (Item(A, slice(-3, Prefix("-", B))), "a[-3:-b]"),
        # parentheses where they are needed, and nowhere else
        (Infix("*", (Infix("+", (A, B)), A)), "(a + b) * a"),
        (Infix("+", (Infix("*", (A, B)), A)), "a * b + a"),
        (Infix("-", (A, Infix("-", (B, A)))), "a - (b - a)"),
        (Infix("-", (Infix("-", (A, B)), A)), "a - b - a"),
        (Infix("*", (A, Infix("@", (A, B)))), "a * (a @ b)"),
        (Infix("**", (Infix("**", (A, 2)), 3)), "(a**2) ** 3"),
        (Infix("**", (A, 2)), "a**2"),
        (Infix("**", (2.5, A)), "2.5**a"),
        (Infix("**", (A, Method(B, "size", (0,)))), "a ** b.size(0)"),
        (Infix("**", (Prefix("-", A), 2)), "(-a) ** 2"),
        (Infix("**", (A, -1)), "a ** (-1)"),
        (Infix("<", (A, Infix("<", (B, A)))), "a < (b < a)"),
        (Infix("<", (Infix("<", (A, B)), A)), "(a < b) < a"),
        (Infix("|", (A, Infix("&", (A, B)))), "a | a & b"),
        (Infix("&", (A, Infix("|", (A, B)))), "a & (a | b)"),
        (Infix("&", (Infix(">", (A, 0)), B)), "(a > 0) & b"),
        (Infix("*", (A, -2)), "a * -2"),
        (Infix("-", (A, -2)), "a - -2"),
        (Prefix("-", Infix("*", (A, B))), "-(a * b)"),
        (Prefix("-", Infix("**", (A, 2))), "-a**2"),
        (Prefix("~", Prefix("~", A)), "~~a"),
        (Prefix("-", Item(A, 0)), "-a[0]"),
        (Method(Infix("+", (A, B)), "size", (1,)), "(a + b).size(1)"),
        (Method(Prefix("-", A), "expand", (-1, 3)), "(-a).expand(-1, 3)"),
        (Attribute(Method(A, "detach"), "device"), "a.detach().device"),
        (
            torch.ones(3, dtype=Constant("torch.bool"), device=Attribute(A, "device")),
            "torch.ones(3, dtype=torch.bool, device=a.device)",
        ),
        (Call("module", (A, (B, A)), {"mask": B}), "module(a, (b, a), mask=b)"),
        (Call("module", ((A,),)), "module((a,))"),
        (Call("module", (A, [])), "module(a, [])"),
        (Buffer(torch.zeros(3)), "torch.zeros(3)"),
        (init.normal_(Name("self.fc.weight"), std=0.02), "nn.init.normal_(self.fc.weight, std=0.02)"),
        (init.xavier_uniform_(Name("self.fc.weight"), gain=1.0), "nn.init.xavier_uniform_(self.fc.weight)"),
        (parametrizations.weight_norm(nn.Linear(3, 4)), "nn.utils.parametrizations.weight_norm(nn.Linear(3, 4))"),
    ],
)
def test_prints(call: Expression, text: str) -> None:
    assert str(call) == text


def test_prints_with_the_names_of_the_place() -> None:
    assert torch.cat([A, B], dim=1).text({"a": "x", "b": "conv1"}) == "torch.cat([x, conv1], dim=1)"
    assert Call("module", (A,)).text({"a": "x", "module": "self.fc"}) == "self.fc(x)"


@pytest.mark.parametrize(
    ("call", "value"),
    [
        (torch.flatten(A, 1), TENSORS["a"]),
        (torch.cat([A, B], dim=1), real.tensor([[1.0, 2, 3, 4, 5, 6]])),
        (Infix("+", (A, B, B)), TENSORS["a"] + TENSORS["b"] + TENSORS["b"]),
        (Infix("*", (A, B)), TENSORS["a"] * TENSORS["b"]),
        (torch.max(A, 1)[0], real.tensor([3.0])),
        (torch.cat([A, B])[:, -1], real.tensor([3.0, 6.0])),
        (F.relu(A), TENSORS["a"]),
        (torch.cat((A, B), dim=0)[1], TENSORS["b"][0]),
        (Infix("-", (A, B, A)), -TENSORS["b"]),
        (Infix("**", (Infix("-", (A, B)), 2)), real.tensor([[9.0, 9.0, 9.0]])),
        (Infix("<=", (A, 2)), real.tensor([[True, True, False]])),
        (Infix("&", (Infix(">", (A, 1)), Prefix("~", Infix(">", (A, 2))))), real.tensor([[False, True, False]])),
        (Prefix("-", A), -TENSORS["a"]),
        (Method(A, "expand", (2, Method(A, "size", (1,)))), TENSORS["a"].expand(2, 3)),
        (Item(A, (slice(None), slice(None, Infix("-", (Method(A, "size", (1,)), 1))))), TENSORS["a"][:, :2]),
        (Item(A, (..., None)), TENSORS["a"][..., None]),
        (torch.zeros(1, 3, dtype=Attribute(A, "dtype")), real.zeros(1, 3)),
        (torch.ones(2, dtype=Constant("torch.bool")), real.ones(2, dtype=real.bool)),
        (Buffer(torch.arange(3)), real.arange(3)),
    ],
)
def test_does_what_it_prints(call: Expression, value: real.Tensor) -> None:
    assert real.equal(call.make(TENSORS), value)
    assert real.equal(eval(str(call), {"torch": real, "F": real.nn.functional, **TENSORS}), value)


def test_builds_layers() -> None:
    call = nn.Conv2d(3, 8, Sizes((3, 5)), stride=Sizes((2, 2)), padding="valid")
    assert repr(call.make()) == repr(real.nn.Conv2d(3, 8, (3, 5), stride=2, padding="valid"))


@pytest.mark.parametrize(
    ("expression", "kept"),
    [
        (nn.Linear(3, 4), "module"),
        (parametrizations.spectral_norm(nn.Linear(3, 4)), "module"),
        (nn.Parameter(torch.zeros(3)), "parameter"),
        (Buffer(torch.zeros(3)), "buffer"),
        (torch.flatten(A), ""),
        (F.relu(A), ""),
        (init.zeros_(Name("self.fc.bias")), ""),
        (Infix("+", (A, B)), ""),
        (Method(A, "size", (0,)), ""),
    ],
)
def test_what_a_network_keeps(expression: Expression, kept: str) -> None:
    assert expression.kept == kept


@pytest.mark.parametrize(
    ("spec", "axis", "printed"),
    [
        (AnyTensor((5, 6), port="a"), 1, "5"),
        (AnyTensor((5, 6), port="a"), -1, "6"),
        (AnyTensor((5, 6), port="a"), -2, "5"),
        (AnyTensor((None, 6), port="a"), 1, "a.size(1)"),
        (AnyTensor((None, 6), port="a"), -2, "a.size(-2)"),
        (AnyTensor((5, 6), port="a"), 0, "a.size(0)"),
        (AnyTensor((5, 6), batched=False, port="a"), 0, "5"),
        (AnyTensor((5, None), batched=False, port="a"), 1, "a.size(1)"),
    ],
)
def test_the_length_of_an_axis(spec: AnyTensor, axis: int, printed: str) -> None:
    assert str(Infix("+", (size(spec, axis), 1))) == f"{printed} + 1"


def test_only_a_few_methods_and_attributes_can_be_quoted() -> None:
    for name in ("backward", "__class__", "numpy", "apply_", "data", "register_hook", "map_", "tolist"):
        assert name not in (*METHODS, *ATTRIBUTES)
        with pytest.raises(AssertionError):
            Method(A, name)
        with pytest.raises(AssertionError):
            Attribute(A, name)


def test_a_module_that_is_there_is_applied() -> None:
    layer = real.nn.Identity()
    assert Call("module", (A,)).make({**TENSORS, "module": layer}) is TENSORS["a"]


def test_quotes_build_nothing() -> None:
    """Whether torch has such a name shows only when it is needed."""
    call = nn.NoSuchLayer(3)
    with pytest.raises(AttributeError):
        call.make()
    with pytest.raises(AttributeError):
        nn.__private__  # noqa: B018
    assert resolve("nn.Linear") is real.nn.Linear


def test_every_expression_says_how() -> None:
    for question in (lambda e: e.text({}), lambda e: e.make({})):
        with pytest.raises(NotImplementedError):
            question(Expression())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (-1, "-1"),
        (True, "True"),
        (None, "None"),
        (0.1, "0.1"),
        (1e-5, "1e-05"),
        ("same", '"same"'),
        ('"; import os', "'\"; import os'"),
        ("it's", '"it\'s"'),
        ("it's \"", '"it\'s \\""'),
        ('say "it\'s"', "'say \"it\\'s\"'"),
        ("a\\b", '"a\\\\b"'),
        ("\n\x00\u202e", '"\\n\\x00\\u202e"'),
        ("größe", '"größe"'),
        ((3,), "(3,)"),
        ((3, 5), "(3, 5)"),
        ([1, (2.0, None)], "[1, (2.0, None)]"),
        (Sizes((3, 3)), "3"),
        (Sizes((3, 5)), "(3, 5)"),
    ],
)
def test_literals(value: object, text: str) -> None:
    assert literal(value) == text


class SlyInt(int):
    """A number that prints as code."""

    def __repr__(self) -> str:
        return "__import__('os')"


class SlyText(str):
    """A text that prints as code."""

    def __repr__(self) -> str:
        return "__import__('os')"


@pytest.mark.parametrize(
    "value",
    [
        SlyInt(3),
        SlyText("same"),
        (1, SlyInt(3)),
        [[SlyText("x")]],
        math.inf,
        math.nan,
        1j,
        b"bytes",
        {1: 2},
        {1},
        range(3),
        print,
        object(),
        type,
    ],
    ids=lambda value: type(value).__name__,
)
def test_nothing_but_literals_is_printed(value: object) -> None:
    with pytest.raises(ValueError, match="no place in printed Python"):
        literal(value)
    with pytest.raises(ValueError, match="no place in printed Python"):
        str(nn.Linear(3, out_features=value))


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple),
    max_leaves=8,
)


@examples(3)
@given(plain)
def test_a_literal_reads_back_as_itself(value: object) -> None:
    import ast

    text = literal(value)
    again = ast.literal_eval(text)
    assert again == value
    assert repr(again) == repr(value)
    assert not any(isinstance(node, (ast.Call, ast.Name, ast.Attribute)) for node in ast.walk(ast.parse(text)))
