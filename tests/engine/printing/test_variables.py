"""Values that are read twice, or late, keep the names of their blocks; the others need none of their own."""

from __future__ import annotations

import pytest

from engine.blocks import Block
from engine.plan import plan
from engine.printing.variables import LONGEST, Variables
from engine.project import Project
from tests.engine.drawing import block, draw, graph
from tests.engine.printing.to_the_letter import Table, classes, row

TABLE: Table = {}


def kept_names() -> Project:
    """Values that are read twice, or late, keep the names of their blocks; the others need none."""
    blocks = {
        "skip": block("Linear", out_features=6),
        "fc1": block("Linear", out_features=6),
        "fc2": block("Linear", out_features=6),
        "fc3": block("Linear", out_features=6),
        "fc4": block("Linear", out_features=6),
        "late": block("Add"),
        "twice": block("Multiply"),
        "out": block("Output"),
    }
    return row(
        blocks,
        "row -> skip",
        "row -> fc1 -> fc2 -> fc3 -> fc4 -> late.x1",
        "skip -> late.x2",
        "late -> twice.x1",
        "late -> twice.x2",
        "twice -> out",
    )


TABLE[kept_names] = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.skip = nn.Linear(6, 6)
        self.fc1 = nn.Linear(6, 6)
        self.fc2 = nn.Linear(6, 6)
        self.fc3 = nn.Linear(6, 6)
        self.fc4 = nn.Linear(6, 6)

    def forward(self, row):  # (B, 6)
        skip = self.skip(row)  # (B, 6)
        x = self.fc1(row)  # (B, 6)
        x = self.fc2(x)  # (B, 6)
        x = self.fc3(x)  # (B, 6)
        late = self.fc4(x) + skip  # (B, 6)
        return late * late  # (B, 6)
"""


def test_prints() -> None:
    for design, text in TABLE.items():
        assert classes(design()) == text


def variables(*blocks: str, results: tuple[str, ...] = (), avoided: tuple[str, ...] = ()) -> Variables:
    """Those of a chain of layers."""
    kinds: dict[str, Block] = {"x_in": block("Input", sample_shape=(3,))}
    drawn = graph({**kinds, **{name: block("ReLU") for name in blocks}}, " -> ".join(["x_in", *blocks]))
    steps = list(plan(drawn, {}).steps.values())[1:]
    return Variables(steps, [(name, "y") for name in results], (), avoided)


def test_short_names_are_used_again_when_they_are_free() -> None:
    names = variables("a", "b", "c", "d")
    assert names.argument("x_in", ("x_in", "y")) == "x_in"
    assert [names.held((key, "y"), place, key) for place, key in enumerate("abcd")] == ["x", "x", "x", "x"]


def test_a_name_is_taken_as_long_as_its_value_is_read() -> None:
    names = variables("a", "b", "c", results=("a", "b"))
    assert names.held(("a", "y"), 0, "a") == "a"
    assert names.held(("b", "y"), 1, "a") == "a_", "a is still read"
    assert names.held(("c", "y"), 2, "c") == "x"


@pytest.mark.parametrize(
    ("wanted", "given"),
    [("l", "l_"), ("O", "O_"), ("I", "I_"), ("ll", "ll"), ("Net", "Net_"), ("a" * LONGEST, "a" * LONGEST)],
)
def test_names_that_would_mislead_get_a_mark(wanted: str, given: str) -> None:
    names = variables("a", "b", results=("a",), avoided=("Net",))
    assert names.held(("a", "y"), 0, wanted) == given
    assert variables("a", avoided=("Net",)).argument(wanted, ("a", "y")) == given


def test_a_name_too_long_makes_way_for_a_short_one() -> None:
    names = variables("a", "b", results=("a",))
    assert names.held(("a", "y"), 0, "a" * (LONGEST + 1)) == "x"


def test_short_names_are_never_those_of_blocks() -> None:
    names = variables("x", "y", "z", "h", "u", "v", "w", "x1", "last")
    assert names.held(("last", "y"), 8, "last") == "x2"


def test_what_is_put_aside_has_a_name_of_its_own() -> None:
    names = variables("a", "b_out", results=("a",))
    assert names.aside("b_out") == "b_out_"
    assert names.aside("b_out") == "b_out__"
    assert names.aside("c" * 99) == "part"


def test_what_is_reserved_is_not_given() -> None:
    names = variables("a", "b")
    assert names.held(("a", "y"), 0, "a", reserved={"x", "y"}) == "z"


def test_a_value_that_is_overwritten_is_no_longer_needed() -> None:
    """The first line below needs x twice: it must not be overwritten between."""
    project = draw(
        {
            "x": block("Input", sample_shape=(4,)),
            "split": block("Split", sizes=(1, -1)),
            "both": block("Concat"),
            "sum": block("Add"),
            "out": block("Output"),
        },
        "x -> split",
        "split.y2 -> both.x1",
        "split.y1 -> both.x2",
        "both -> sum.x1",
        "x -> sum.x2",
        "sum -> out",
    )
    assert classes(project).partition("forward")[2].splitlines()[1:] == [
        "        y, z = torch.split(x, [1, 3], dim=-1)  # (B, 1); (B, 3)",
        "        return torch.cat([z, y], dim=1) + x  # (B, 4)",
    ]
