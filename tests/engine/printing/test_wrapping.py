"""Long statements are laid out as ruff's formatter leaves them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.printing.wrapping import WIDTH, wrapped, wrapped_head
from engine.project import Project
from tests.engine.drawing import block, draw
from tests.engine.examples import examples
from tests.engine.printing.formatted import laid_out
from tests.engine.printing.to_the_letter import Table, classes, image

TABLE: Table = {}


def long_lines() -> Project:
    names = [f"a_long_name_for_the_branch_{number}" for number in range(3)]
    blocks = {
        "convolution_with_a_long_name": block(
            "Conv2d",
            out_channels=8,
            kernel_size=(3, 5),
            stride=(1, 2),
            padding=(1, 2),
            padding_mode="reflect",
            bias=False,
        ),
        **{name: block("Conv2d", out_channels=8, padding=1) for name in names},
        "everything": block("Concat", inputs=3),
        "sum": block("Add", inputs=3),
        "out": block("Output"),
        "sums": block("Output"),
    }
    return draw(
        {**image(), **blocks},
        "image -> convolution_with_a_long_name",
        *(f"convolution_with_a_long_name -> {name} -> everything.x{n + 1}" for n, name in enumerate(names)),
        *(f"{name} -> sum.x{n + 1}" for n, name in enumerate(names)),
        "everything -> out",
        "sum -> sums",
        name="net",
    )


TABLE[long_lines] = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolution_with_a_long_name = nn.Conv2d(
            4,
            8,
            (3, 5),
            stride=(1, 2),
            padding=(1, 2),
            bias=False,
            padding_mode="reflect",
        )
        self.a_long_name_for_the_branch_0 = nn.Conv2d(8, 8, 3, padding=1)
        self.a_long_name_for_the_branch_1 = nn.Conv2d(8, 8, 3, padding=1)
        self.a_long_name_for_the_branch_2 = nn.Conv2d(8, 8, 3, padding=1)

    def forward(self, image):  # (B, 4, 8, 8)
        # (B, 8, 8, 4)
        convolution_with_a_long_name = self.convolution_with_a_long_name(image)
        a_long_name_for_the_branch_0 = self.a_long_name_for_the_branch_0(
            convolution_with_a_long_name
        )  # (B, 8, 8, 4)
        a_long_name_for_the_branch_1 = self.a_long_name_for_the_branch_1(
            convolution_with_a_long_name
        )  # (B, 8, 8, 4)
        a_long_name_for_the_branch_2 = self.a_long_name_for_the_branch_2(
            convolution_with_a_long_name
        )  # (B, 8, 8, 4)
        out = torch.cat(
            [
                a_long_name_for_the_branch_0,
                a_long_name_for_the_branch_1,
                a_long_name_for_the_branch_2,
            ],
            dim=1,
        )  # (B, 24, 8, 4)
        sums = (
            a_long_name_for_the_branch_0
            + a_long_name_for_the_branch_1
            + a_long_name_for_the_branch_2
        )  # (B, 8, 8, 4)
        return {"out": out, "sums": sums}
"""


def test_prints() -> None:
    for design, text in TABLE.items():
        assert classes(design()) == text


A, B, C, D = "a" * 33, "b" * 34, "c" * 21, "d" * 16
LONG = "n" * 64
STATEMENTS = [
    f"x = torch.cat({A}, {B}, {C})",
    f"x = torch.cat({A}, {B}, {C}, {D}, dim=1)",
    f"return torch.cat([{A}, {B}, {C}], dim=1)",
    f"return torch.cat([{A}, {B}, {C}, {D}], dim=1)",
    f"x = {A} + {B} + {C}",
    f"x = {A} + {B} * {C} - {D}",
    f"x = ({A} + {B}) * {C} * {D}",
    f"return {A} == {B}{B}",
    f"x = {A} @ {B} @ {C}",
    f"x = -self.{A}({B}{C})",
    f"{A}, {B} = self.lstm({C}, {D})",
    f"{A}, {B}, {C} = self.lstm({C}, {D})",
    f"{A}, ({B}, {C}) = self.lstm({C}, {D})",
    f"{A}, {B}, {C} = torch.chunk({D}, 3, dim=1)",
    f"return {A}, {B}, {C}",
    'return {"' + A + '": ' + B + ', "' + C + '": ' + D + "}",
    'return {"' + A + B + '": self.' + C + "(" + D + ")}",
    f"x = torch.max({A}, {B}{D})[0]",
    f"x = torch.max({A}, {B}{D})[:, -1]",
    f"x = self.{A}[0]({B}, {D})",
    f"x = self.{LONG}[0]({B}, {D})",
    f"x = {A}.expand({B}, {C})",
    f"x = self.{LONG}.expand({B}.size(0), -1)",
    f"self.{A} = nn.Conv2d({B}, {C}, 3)",
    f"self.{A} = nn.Conv2d({B}, {C}, 3, stride=(1, 2), padding=1, bias=False)",
    f"self.{LONG} = nn.TransformerEncoderLayer(3, 4)",
    f"self.{LONG} = nn.TransformerEncoderLayer({A}, {B}, {C}, dropout=0.25)",
    f"self.{LONG} = Block()",
    f"self.{LONG} = nn.ReLU()",
    f"self.{A} = nn.ModuleList([{B}(8), {C}(8), {D}(8)])",
    f"self.p = nn.Parameter(torch.randn({A}, {B}) * 0.02)",
    f"self.p = nn.Parameter(torch.randn({A}, {B}, {C}) * 0.02)",
    f'self.register_buffer("mask", torch.ones({A}, {B}), persistent=False)',
    f'self.register_buffer("mask", torch.tensor([{", ".join("1.0" for _ in range(9))}]), persistent=False)',
    f'self.register_buffer("mask", torch.tensor([{", ".join("1.0" for _ in range(30))}]), persistent=False)',
    f"nn.init.xavier_uniform_(self.{LONG}.weight)",
    f"nn.init.xavier_uniform_(self.{LONG}[0].weight, gain=1.5)",
    f"self.{LONG}[0].requires_grad_(False)",
    f"self.{A}.{B}.requires_grad_(False)",
    f"x = f({A}({B}, ({C}, {D}), {C}), {D})",
    f"x = f({A}, ({B}.g().h(), {C}), ({D},))",
    f"x = f(a=g({A}, {B}), b=[{C}, {D}])",
    f"x = f({A} + {B} + {C} + {D}, 1)",
    f"x = f(torch.outer({A}, 10000 ** ({B}({C}, 0, 2) / {D})))",
    f'x = torch.einsum("bij,bjk->bik", {A}, {B}, {C})',
    f'x = f("a, b (c", {A}, "[", {B}, \'say "x", (\', {C})',
    f'x = f("größe, {A}", {B}, {C})',
]


def test_lays_out_as_ruff_does() -> None:
    """In the body of a method; what is held in a series reads better as a column, and is not asked about here."""
    ours = [row for statement in STATEMENTS for row in wrapped(statement, 8)]
    assert ours == laid_out(STATEMENTS)


words = st.integers(1, 40).map(lambda size: "abcdefghij"[size % 10] * size)
numbers = st.sampled_from(["1", "-1", "0.5", "True", "None", "(3, 5)", '"same"', "[1, 2]"])
atoms = words | numbers
calls = st.recursive(
    atoms,
    lambda inner: st.builds(
        lambda name, args, named: f"{name}({', '.join([*args, *(f'{key}={value}' for key, value in named)])})",
        words.map(lambda word: f"torch.{word}"),
        st.lists(inner, max_size=3),
        st.lists(st.tuples(st.sampled_from(["dim", "weight"]), numbers), max_size=1),
    ),
    max_leaves=9,
)
sums = st.lists(words, min_size=1, max_size=5).map(" + ".join)
lefts = words.map(lambda word: f"{word} = ") | st.just("return ") | words.map(lambda word: f"self.{word} = ")
statements = st.builds(str.__add__, lefts, calls | sums)


@examples(0.1)
@given(st.lists(statements, min_size=60, max_size=60))
def test_lays_out_whatever_is_printed_as_ruff_does(many: list[str]) -> None:
    plain = ["x = a", *(statement for statement in many if "torch" in statement or " + " in statement)]
    rows = [row for statement in plain for row in wrapped(statement, 8)]
    assert rows == laid_out(plain)


@pytest.mark.parametrize(
    ("code", "remark", "lines"),
    [
        ("x = a", "(B, 3)", ["        x = a  # (B, 3)"]),
        ("x = a", "", ["        x = a"]),
        (f"x = {A}({B})", "(B, 300)", [f"        # (B, 300)\n        x = {A}({B})"]),
        (f"x = {A}({B}, {C})", "(B, 3)", [f"        x = {A}(\n            {B}, {C}\n        )  # (B, 3)"]),
        (f"x = {A}({B}, {C})", "B" * 90, [f"        # {'B' * 90}\n        x = {A}(\n            {B}, {C}\n        )"]),
        (f"x = {LONG}{LONG}", "(B, 3)", [f"        # (B, 3)\n        x = {LONG}{LONG}"]),
    ],
)
def test_remarks_stand_where_there_is_room(code: str, remark: str, lines: list[str]) -> None:
    assert wrapped(code, 8, remark) == "\n".join(lines).split("\n")


@pytest.mark.parametrize("container", ["nn.Sequential", "nn.ModuleList"])
def test_a_series_stands_as_a_column(container: str) -> None:
    items = ["nn.Linear(3, 4)", "nn.ReLU()", "nn.Sequential(nn.Linear(3, 4), nn.Sigmoid())", "nn.Linear(4, 3)"]
    rows = wrapped(f"self.stem = {container}({', '.join(items)})", 8)
    assert rows == [f"        self.stem = {container}(", *(f"            {item}," for item in items), "        )"]


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (["self", "x"], ["    def forward(self, x):"]),
        (["self", A, B], ["    def forward(", f"        self, {A}, {B}", "    ):"]),
        (["self", A, B, C], ["    def forward(", "        self,", *(f"        {arg}," for arg in (A, B, C)), "    ):"]),
    ],
)
def test_heads_of_methods(arguments: list[str], lines: list[str]) -> None:
    assert wrapped_head("forward", arguments) == lines
    assert max(map(len, lines)) <= WIDTH
