"""The general block: every function of its list, held against torch and against its schema."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.blocks.function import Function
from engine.blocks.operations import OPERATIONS, literals
from engine.call import Call, literal, resolve
from engine.plan import trace_block
from engine.record import BadValue
from engine.tensor import TensorSpec
from tests.engine.blocks.carried_out import Specs, call_of, carry_out, fits
from tests.engine.examples import examples

ROW, MATRIX, SQUARE = TensorSpec((5,)), TensorSpec((3, 4)), TensorSpec((4, 4))
WHOLE = TensorSpec((3, 4), "int64")
LIST = TensorSpec((5,), batched=False)
Case = tuple[str, str, list[TensorSpec]]

ONE = [MATRIX]
TWO = [MATRIX, MATRIX]
CASES: list[Case] = [
    *((name, "", ONE) for name in (
        *("tan", "asin", "acos", "atan", "sinh", "cosh", "asinh", "acosh", "atanh", "deg2rad", "rad2deg", "sinc"),
        *("exp2", "expm1", "log2", "log10", "log1p", "logit", "erf", "erfc", "erfinv", "lgamma", "digamma", "i0"),
        *("special.i0e", "special.i1", "special.i1e", "special.entr", "special.erfcx", "special.ndtr"),
        *("special.ndtri", "special.log_ndtr", "trunc", "frac", "nan_to_num", "signbit", "isfinite", "isinf"),
        *("isposinf", "isneginf", "bernoulli"),
    )),
    *((name, "", TWO) for name in (
        *("atan2", "hypot", "logaddexp", "logaddexp2", "xlogy", "special.xlog1py", "fmod", "fmax", "fmin"),
        *("copysign", "isclose"),
    )),
    *((name, "", [WHOLE, TensorSpec((4,), "int64", batched=False)]) for name in (
        *("gcd", "lcm", "bitwise_and", "bitwise_or", "bitwise_xor"),
    )),
    ("bitwise_not", "", [WHOLE]),
    ("logit", "eps=0.01", ONE),
    ("mvlgamma", "p=1", ONE),
    ("nan_to_num", "nan=0.5, posinf=9", ONE),
    ("isclose", "rtol=0.1, equal_nan=True", TWO),
    ("addcmul", "", [MATRIX, MATRIX, TensorSpec((1, 4))]),
    ("addcdiv", "value=0.5", [MATRIX, MATRIX, MATRIX]),
    ("baddbmm", "beta=0.5", [TensorSpec((3, 5)), MATRIX, TensorSpec((4, 5))]),
    ("cross", "dim=1", TWO),
    ("linalg.cross", "dim=-2", TWO),
    ("linalg.vecdot", "", TWO),
    ("cdist", "", [MATRIX, TensorSpec((6, 4))]),
    ("cdist", "p=1", [MATRIX, TensorSpec((6, 4), batched=False)]),
    ("outer", "", [LIST, LIST]),
    ("kron", "", [LIST, LIST]),
    ("kron", "", [ROW, TensorSpec((1, 3), batched=False)]),
    *((name, "dim=(1, 2)", ONE) for name in ("nansum", "nanmean", "count_nonzero", "std_mean", "var_mean")),
    *((name, "dim=-1, keepdim=True", ONE) for name in ("nansum", "nanmedian", "mode", "aminmax", "var_mean")),
    ("std_mean", "dim=[1], correction=0", ONE),
    ("kthvalue", "k=2, dim=1", ONE),
    ("quantile", "q=0.3, dim=1", ONE),
    ("nanquantile", "q=0.5, dim=-1, keepdim=True, interpolation='nearest'", ONE),
    *((name, "dim=1", ONE) for name in ("logcumsumexp", "cumprod", "cummax", "cummin", "argsort")),
    ("argsort", "descending=True", ONE),
    ("cumprod", "dim=1", [WHOLE]),
    ("diff", "n=2", ONE),
    ("trapezoid", "dim=1, dx=0.5", ONE),
    ("trapezoid", "", TWO),
    ("cumulative_trapezoid", "", ONE),
    ("rot90", "dims=(1, 2), k=3", ONE),
    ("diag_embed", "offset=1", [ROW]),
    ("bucketize", "right=True", [MATRIX, LIST]),
    ("searchsorted", "", [MATRIX, TensorSpec((3, 2))]),
    ("scatter", "dim=2", [MATRIX, TensorSpec((3, 2), "int64"), TensorSpec((3, 2))]),
    ("scatter_add", "dim=1", [MATRIX, WHOLE, MATRIX]),
    ("scatter_reduce", "dim=-1, reduce='amax', include_self=False", [MATRIX, WHOLE, MATRIX]),
    ("select_scatter", "dim=1, index=2", [MATRIX, TensorSpec((4,))]),
    ("slice_scatter", "dim=2, end=2", [MATRIX, TensorSpec((3, 2))]),
    ("diagonal_scatter", "dim1=1, dim2=2", [SQUARE, TensorSpec((4,))]),
    ("multinomial", "num_samples=2", [ROW]),
    *((name, "", [SQUARE]) for name in (
        *("logdet", "linalg.det", "linalg.slogdet", "linalg.inv", "linalg.cholesky", "linalg.eigh", "linalg.eigvalsh"),
        *("linalg.lu", "linalg.matrix_exp", "linalg.matrix_norm", "linalg.matrix_rank", "linalg.cond"),
    )),
    *((name, "", ONE) for name in ("linalg.pinv", "linalg.qr", "linalg.svdvals")),
    ("linalg.svd", "full_matrices=False", ONE),
    ("linalg.qr", "mode='complete'", ONE),
    ("linalg.matrix_power", "n=3", [SQUARE]),
    ("linalg.matrix_norm", "ord='nuc', keepdim=True", ONE),
    ("linalg.solve", "", [SQUARE, TensorSpec((4, 2))]),
    ("linalg.solve_triangular", "upper=True", [SQUARE, TensorSpec((4, 2))]),
    ("linalg.vander", "N=3", [ROW]),
    ("fft.fftshift", "dim=1", ONE),
    ("fft.ifftshift", "dim=(1, 2)", ONE),
    ("F.normalize", "", ONE),
    ("F.normalize", "p=1, dim=-1", ONE),
    ("F.gumbel_softmax", "tau=0.5, hard=True", ONE),
    ("F.grid_sample", "align_corners=True", [TensorSpec((2, 5, 5)), TensorSpec((3, 4, 2))]),
]  # fmt: skip
RANDOM = {"bernoulli", "multinomial", "F.gumbel_softmax"}


def built(case: Case) -> tuple[Function, Specs]:
    name, arguments, specs = case
    return Function(operation=name, inputs=len(specs), arguments=arguments), tuple(specs)


def numbers(name: str, specs: Specs, batch: int) -> dict[str, torch.Tensor]:
    """Numbers that the function is made for: between 0 and 1, above 1, or symmetric matrices that can be inverted."""
    torch.default_generator.manual_seed(0)
    values = {}
    for number, spec in enumerate(specs, start=1):
        assert spec is not None
        shape = (batch, *spec.shape) if spec.batched else spec.shape
        value = torch.rand(shape) * 0.8 + 0.1
        if spec.dtype == "int64":
            value = torch.randint(0, 2, shape)
        elif name == "acosh":
            value = value + 1
        elif shape[-2:] == (4, 4):
            value = value @ value.mT + torch.eye(4)
        elif name in ("searchsorted", "bucketize"):
            value = value.sort().values
        values[f"x{number}"] = value
    return values


def test_all_of_the_list_is_tried() -> None:
    assert {name for name, _, _ in CASES} == set(OPERATIONS)
    assert len(OPERATIONS) >= 80


@pytest.mark.parametrize("case", CASES, ids=str)
def test_foretold_is_real(case: Case) -> None:
    block, specs = built(case)
    trace = trace_block(block, specs)
    assert trace.misfit is None, trace.misfit
    assert len(trace.outputs) == len(block.output_ports())
    for batch in (1, 4):
        outputs = carry_out(block, call_of(block, specs), specs, numbers(case[0], specs, batch)).outputs
        for output, told in zip(outputs, trace.outputs, strict=True):
            assert told is not None
            assert fits(output, told, batch), f"{told} is really {tuple(output.shape)} {output.dtype}"
            assert told.batched == any(spec is not None and spec.batched for spec in specs)


@pytest.mark.parametrize("case", [case for case in CASES if case[0] not in RANDOM], ids=str)
def test_samples_stay_apart(case: Case) -> None:
    """What leaves for a sample is the same whatever else is in the batch."""
    block, specs = built(case)
    values = numbers(case[0], specs, 4)
    call = call_of(block, specs)
    whole = carry_out(block, call, specs, values).outputs
    for sample in range(4):
        alone = {
            f"x{number}": values[f"x{number}"][sample : sample + 1] if spec and spec.batched else values[f"x{number}"]
            for number, spec in enumerate(specs, start=1)
        }
        if not any(spec and spec.batched for spec in specs):
            return
        for one, all_of_them in zip(carry_out(block, call, specs, alone).outputs, whole, strict=True):
            torch.testing.assert_close(one[0], all_of_them[sample], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_smooth_can_learn(case: Case) -> None:
    """No function of the list stops a training for want of a derivative."""
    block, specs = built(case)
    values = numbers(case[0], specs, 3)
    for value in values.values():
        value.requires_grad_(value.is_floating_point())
    outputs = carry_out(block, call_of(block, specs), specs, values).outputs
    learned = [output.sum() for output in outputs if output.requires_grad]
    if learned:
        torch.stack(learned).sum().backward()


def schemas(name: str) -> list[dict[str, Any]]:
    """What torch itself says that a function takes: its arguments and their defaults, one dictionary an overload."""
    operator = "aten::" + name.replace(".", "_")
    found = [
        {argument.name: argument for argument in schema.arguments}
        for schema in torch._C._jit_get_schemas_for_operator(operator)
    ]
    assert found, f"torch knows no {operator}"
    return found


OF_SCHEMA = {
    "int": {"int", "number"},
    "axis": {"int"},
    "axes": {"List[int]"},
    "float": {"float", "number"},
    "bool": {"bool"},
}


@pytest.mark.parametrize("name", [name for name in OPERATIONS if not name.startswith("F.")])
def test_arguments_are_those_of_torch(name: str) -> None:
    operation = OPERATIONS[name]
    first = min((argument.place for argument in operation.arguments.values()), default=99)
    told = {*operation.arguments, *(operand.name for operand in operation.operands if operand.place > first)}
    fitting = [schema for schema in schemas(name) if told <= set(schema) and "out" not in schema]
    assert fitting, f"torch's {name} takes {[list(schema) for schema in schemas(name)]}"
    for argument in operation.arguments.values():
        theirs = [schema[argument.name] for schema in fitting]
        kinds = {
            str(one.type).removeprefix("Optional[").removesuffix("]" * ("Optional" in str(one.type))) for one in theirs
        }
        assert kinds & OF_SCHEMA.get(argument.kind, {"str"}), f"{argument.name}: {kinds}"
        if not argument.required:
            assert any(one.has_default_value() for one in theirs), f"{argument.name} has no default in torch"
        if argument.default is not None:
            defaults = [one.default_value for one in theirs if one.has_default_value()]
            assert argument.default in defaults, f"{argument.name}: {defaults}"


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_name_is_a_function_of_torch(name: str) -> None:
    assert callable(resolve(OPERATIONS[name].target))


MISFITS = [
    ("hypot", 1, "", [MATRIX], "inputs", "which takes 2 inputs, but has 1"),
    ("tan", 2, "", TWO, "inputs", "which takes 1 input, but has 2"),
    ("trapezoid", 3, "", [MATRIX] * 3, "inputs", "takes 1 or 2 inputs, but has 3"),
    ("cumprod", 1, "", ONE, "arguments", "which needs dim, such as dim=1"),
    ("quantile", 1, "dim=1", ONE, "arguments", "which needs q, such as q=0.5"),
    ("scatter_reduce", 3, "dim=1", [MATRIX, WHOLE, MATRIX], "arguments", "needs reduce, such as reduce='sum'"),
    ("cumprod", 1, "dim=0", ONE, "arguments", "calls cumprod along axis 0, which is the batch"),
    ("cumprod", 1, "dim=-3", ONE, "arguments", "along axis -3, which is the batch"),
    ("nansum", 1, "dim=(1, 0)", ONE, "arguments", "along axis 0, which is the batch"),
    ("diff", 1, "", [TensorSpec(())], "arguments", "along axis -1, which is the batch"),
    ("cumprod", 1, "dim=9", ONE, "arguments", "along axis 9, but 3 × 4 has axes 1 to 2"),
    ("cumprod", 1, "axis=1", ONE, "arguments", "which takes dim, not “axis”"),
    ("tan", 1, "dim=1", ONE, "arguments", "which takes none, not “dim”"),
    ("cumprod", 1, "dim=True", ONE, "arguments", "with dim=True, which has to be a whole number"),
    ("cumprod", 1, "dim=1.5", ONE, "arguments", "with dim=1.5, which has to be a whole number"),
    ("cumprod", 1, "dim=None", ONE, "arguments", "with dim=None, which has to be a whole number"),
    ("nansum", 1, "dim=()", ONE, "arguments", "which has to be whole numbers"),
    ("nansum", 1, "dim=1, keepdim=1", ONE, "arguments", "with keepdim=1, which has to be True or False"),
    ("quantile", 1, "dim=1, q='a'", ONE, "arguments", "with q='a', which has to be a number"),
    ("quantile", 1, "dim=1, q=1e999", ONE, "arguments", "which has to be a number"),
    ("quantile", 1, "dim=1, q=.5, interpolation='x'", ONE, "arguments", "which has to be 'linear' or 'lower' or"),
    ("cumprod", 1, "1", ONE, "arguments", "takes its arguments by name, such as dim=1, but has “1”"),
    ("cumprod", 1, "dim=1)", ONE, "arguments", "can't read its arguments, “dim=1)”"),
    ("cumprod", 1, "dim=__import__('os')", ONE, "arguments", "but dim is none of these"),
    ("cumprod", 1, "**{'dim': 1}", ONE, "arguments", "which takes dim, not “**”"),
    ("cumprod", 1, "dim=1) or _(dim=1", ONE, "arguments", "takes its arguments by name"),
    ("gcd", 2, "", TWO, None, "expects whole numbers"),
    ("linalg.inv", 1, "", [ROW], None, "expects rows × columns for each sample, but receives 5"),
    ("linalg.inv", 1, "", ONE, None, "can't work on what arrives"),
    ("bucketize", 2, "", [MATRIX, ROW], None, "expects its boundaries without a batch axis"),
    ("scatter", 3, "dim=1", [MATRIX, WHOLE, TensorSpec((3, 4), batched=False)], None, "a batch axis in both x1 and x3"),
    (
        "scatter",
        3,
        "dim=1",
        [MATRIX, TensorSpec((2, 4), "int64"), MATRIX],
        None,
        "src in the shape of x2, which is 2 × 4",
    ),
    ("outer", 2, "", [TensorSpec(()), TensorSpec(())], None, "batch"),
    ("kron", 2, "", [ROW, ROW], None, "batch"),
    ("cdist", 2, "", [ROW, ROW], None, "expects rows × columns for each sample"),
    ("atan2", 2, "", [TensorSpec((1, 4)), TensorSpec((4,))], None, "batch"),
    ("diag_embed", 1, "", [TensorSpec(())], None, "expects at least one axis for each sample"),
]


@pytest.mark.parametrize(("name", "inputs", "arguments", "arrives", "param", "words"), MISFITS)
def test_says_what_does_not_fit(
    name: str, inputs: int, arguments: str, arrives: list[TensorSpec], param: str | None, words: str
) -> None:
    trace = trace_block(Function(operation=name, inputs=inputs, arguments=arguments), tuple(arrives))
    assert trace.misfit is not None
    assert words in trace.misfit.message
    assert trace.misfit.param == param


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"operation": "load"}, "Operation must be one of those that are listed, such as “cumprod”, not “load”"),
        ({"operation": "__class__"}, "not “__class__”"),
        ({"operation": 3}, "not this"),
        ({"arguments": "dim=1\nimport os"}, "Arguments must be one line"),
        ({"arguments": "dim=" + "1" * 200}, "at most 200 characters"),
    ],
)
def test_refuses(values: dict[str, object], words: str) -> None:
    with pytest.raises(BadValue, match=words):
        Function.build(values)


@examples(5)
@given(st.text(max_size=60) | st.lists(st.sampled_from("dim=1,()[]{}'\"*_ -.e9:+keepTrue\\"), max_size=40).map("".join))
def test_whatever_is_typed_becomes_literals_or_a_sentence(text: str) -> None:
    try:
        found = literals(text)
    except ValueError as error:
        told = str(error)
        assert told.startswith(("can't read", "takes"))
    else:
        for name in found:
            assert name.isidentifier() or name == "**"


@pytest.mark.parametrize(
    ("name", "inputs", "arguments", "text"),
    [
        ("log1p", 1, "", "torch.log1p(x1)"),
        ("cumprod", 1, "dim=1", "torch.cumprod(x1, dim=1)"),
        ("linalg.solve", 2, "left=False", "torch.linalg.solve(x1, x2, left=False)"),
        ("scatter_add", 3, "dim=1", "torch.scatter_add(x1, index=x2, src=x3, dim=1)"),
        ("F.normalize", 1, "dim=-1", "F.normalize(x1, dim=-1)"),
    ],
)
def test_prints(name: str, inputs: int, arguments: str, text: str) -> None:
    specs = [SQUARE, TensorSpec((4, 4), "int64") if name.startswith("scatter") else SQUARE, SQUARE][:inputs]
    call = call_of(Function(operation=name, inputs=inputs, arguments=arguments), tuple(specs))
    assert isinstance(call, Call)
    assert str(call) == text
    assert all(literal(value) for value in (call.kwargs or {}).values() if not isinstance(value, TensorSpec))


def test_no_function_touches_files_or_runs_code() -> None:
    names = {part for name in OPERATIONS for part in name.split(".")}
    dangerous = {
        "load",
        "save",
        "from_file",
        "compile",
        "jit",
        "package",
        "hub",
        "ops",
        "library",
        "tensor",
        "manual_seed",
    }
    assert not names & dangerous
    assert not any(name.endswith("_") or name.startswith("_") for name in names)
    assert len(list(itertools.chain(OPERATIONS))) == len(set(OPERATIONS))


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("cumprod", "torch.cumprod"),
        ("F.normalize", "torch.nn.functional.normalize"),
        ("linalg.det", "torch.linalg.det"),
    ],
)
def test_its_page_is_that_of_what_it_calls(name: str, page: str) -> None:
    assert Function(operation=name).page == page
