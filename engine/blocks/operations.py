"""The functions of torch that the Function block may call, each with its tensors and its arguments; no others.

A line is written as torch writes it: tensors are of decimal numbers unless a kind is given, what has a default may be
left out, and behind the arrow stand the names of several outputs. Of tensors,

- `row` and `rows` say that each sample has to be a vector or a matrix at least, or torch takes the batch for it,
- `matrix` that the sizes of the matrix must not vary either,
- `table` that there is no batch axis, and `alike` that there is one just when the first has one,
- `shaped` that it has the shape of the tensor before it, without which there is no gradient.

Left out is all that reads or writes files, that joins the samples of a batch, whose answer's shape depends on the
numbers, that has no gradient though it is smooth, or that gives complex numbers.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.tensor import AnyTensor, Decimal, Indices, Mask, Number, Value

KINDS: Mapping[str, type[AnyTensor]] = {
    "Decimal": Decimal,
    "Indices": Indices,
    "Mask": Mask,
    "Number": Number,
    "Value": Value,
}

NEEDS = ("row", "rows", "matrix", "table", "alike", "shaped")

LINES = """
tan(input)
asin(input)
acos(input)
atan(input)
atan2(input, other)
sinh(input)
cosh(input)
asinh(input)
acosh(input)
atanh(input)
deg2rad(input)
rad2deg(input)
sinc(input)
hypot(input, other)
exp2(input)
expm1(input)
log2(input)
log10(input)
log1p(input)
logit(input, eps: float = None)
logaddexp(input, other)
logaddexp2(input, other)
xlogy(input, other)
logcumsumexp(input, dim: axis)
erf(input)
erfc(input)
erfinv(input)
lgamma(input)
digamma(input)
mvlgamma(input, p: int)
i0(input)
special.i0e(input)
special.i1(input)
special.i1e(input)
special.entr(input)
special.erfcx(input)
special.ndtr(input)
special.ndtri(input)
special.log_ndtr(input)
special.xlog1py(input, other)
trunc(input)
frac(input)
fmod(input: Number, other: Number)
fmax(input: Number, other: Number)
fmin(input: Number, other: Number)
copysign(input, other)
nan_to_num(input, nan: float = None, posinf: float = None, neginf: float = None)
signbit(input: Number)
isfinite(input: Number)
isinf(input: Number)
isposinf(input: Number)
isneginf(input: Number)
isclose(input: Number, other: Number, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False)
gcd(input: Indices, other: Indices)
lcm(input: Indices, other: Indices)
bitwise_and(input: Indices, other: Indices)
bitwise_or(input: Indices, other: Indices)
bitwise_xor(input: Indices, other: Indices)
bitwise_not(input: Indices)
addcmul(input, tensor1, tensor2, value: float = 1)
addcdiv(input, tensor1, tensor2, value: float = 1)
baddbmm(input, batch1, batch2, beta: float = 1, alpha: float = 1)
cross(input, other, dim: axis)
linalg.cross(input, other, dim: axis = -1)
linalg.vecdot(x, y, dim: axis = -1)
cdist(x1: rows, x2: rows, p: float = 2)
outer(input, vec2)
kron(input, other)
nansum(input, dim: axes, keepdim: bool = False)
nanmean(input, dim: axes, keepdim: bool = False)
nanmedian(input, dim: axis, keepdim: bool = False) -> values, indices
mode(input: Number, dim: axis = -1, keepdim: bool = False) -> values, indices
kthvalue(input: Number, k: int, dim: axis = -1, keepdim: bool = False) -> values, indices
quantile(input, q: float, dim: axis, keepdim: bool = False,
    interpolation: linear|lower|higher|midpoint|nearest = linear)
nanquantile(input, q: float, dim: axis, keepdim: bool = False,
    interpolation: linear|lower|higher|midpoint|nearest = linear)
count_nonzero(input: Value, dim: axes)
aminmax(input: Number, dim: axis, keepdim: bool = False) -> min, max
std_mean(input, dim: axes, correction: int = None, keepdim: bool = False) -> std, mean
var_mean(input, dim: axes, correction: int = None, keepdim: bool = False) -> var, mean
cumprod(input: Number, dim: axis)
cummax(input: Number, dim: axis) -> values, indices
cummin(input: Number, dim: axis) -> values, indices
diff(input: Number, n: int = 1, dim: axis = -1)
trapezoid(y, x = None, dx: float = 1, dim: axis = -1)
cumulative_trapezoid(y, x = None, dx: float = 1, dim: axis = -1)
argsort(input: Number, dim: axis = -1, descending: bool = False)
rot90(input: Value, k: int = 1, dims: axes)
diag_embed(input: Value row, offset: int = 0)
bucketize(input, boundaries: table, right: bool = False)
searchsorted(sorted_sequence: row, input: row alike, right: bool = False)
scatter(input, dim: axis, index: Indices alike, src: alike shaped)
scatter_add(input, dim: axis, index: Indices alike, src: alike shaped)
scatter_reduce(input, dim: axis, index: Indices alike, src: alike shaped,
    reduce: sum|prod|mean|amax|amin, include_self: bool = True)
select_scatter(input, src: alike, dim: axis, index: int)
slice_scatter(input, src: alike, dim: axis, start: int = None, end: int = None, step: int = 1)
diagonal_scatter(input, src: alike, offset: int = 0, dim1: axis, dim2: axis)
bernoulli(input)
multinomial(input: row, num_samples: int, replacement: bool = False)
logdet(A: matrix)
linalg.det(A: matrix)
linalg.slogdet(A: matrix) -> sign, logabsdet
linalg.inv(A: matrix)
linalg.pinv(A: matrix)
linalg.solve(A: matrix, B: matrix, left: bool = True)
linalg.solve_triangular(A: matrix, B: matrix, upper: bool, left: bool = True, unitriangular: bool = False)
linalg.cholesky(A: matrix, upper: bool = False)
linalg.qr(A: matrix, mode: reduced|complete = reduced) -> Q, R
linalg.svd(A: matrix, full_matrices: bool = True) -> U, S, Vh
linalg.svdvals(A: matrix)
linalg.eigh(A: matrix, UPLO: L|U = L) -> values, vectors
linalg.eigvalsh(A: matrix, UPLO: L|U = L)
linalg.lu(A: matrix) -> P, L, U
linalg.matrix_exp(A: matrix)
linalg.matrix_power(A: matrix, n: int)
linalg.matrix_norm(A: matrix, ord: fro|nuc = fro, keepdim: bool = False)
linalg.matrix_rank(A: matrix)
linalg.cond(A: matrix)
linalg.vander(x: row, N: int = None)
fft.fftshift(input: Value, dim: axes)
fft.ifftshift(input: Value, dim: axes)
F.normalize(input, p: float = 2, dim: axis = 1, eps: float = 1e-12)
F.gumbel_softmax(logits, tau: float = 1, hard: bool = False, dim: axis = -1)
F.grid_sample(input, grid: alike, mode: bilinear|nearest|bicubic = bilinear,
    padding_mode: zeros|border|reflection = zeros, align_corners: bool = False)
"""


@dataclass(frozen=True)
class Argument:
    """A number, a truth value, axes or a word that an operation takes besides tensors."""

    name: str
    kind: str  # "int", "float", "bool", "axis", "axes", or the words to choose from, joined by |
    required: bool
    default: Any
    place: int  # among all that the function takes

    @property
    def words(self) -> tuple[str, ...]:
        return () if self.kind in ("int", "float", "bool", "axis", "axes") else tuple(self.kind.split("|"))


@dataclass(frozen=True)
class Operand:
    """A tensor that an operation takes."""

    name: str
    kind: type[AnyTensor]
    needs: tuple[str, ...]  # of NEEDS
    required: bool
    place: int


@dataclass(frozen=True)
class Operation:
    """A function of torch's: what it takes, and what it gives."""

    name: str
    operands: tuple[Operand, ...]
    arguments: Mapping[str, Argument]
    outputs: tuple[str, ...]

    @property
    def target(self) -> str:
        """As it is quoted: `torch.linalg.det`, `F.normalize`."""
        return self.name if self.name.startswith("F.") else f"torch.{self.name}"


def read(line: str) -> Operation:
    """One line of the table."""
    head, _, outputs = line.partition(" -> ")
    name, _, inside = head.partition("(")
    operands: list[Operand] = []
    arguments: dict[str, Argument] = {}
    for place, part in enumerate(inside.rstrip(")").split(", ")):
        words, _, default = part.partition(" = ")
        called, _, told = words.partition(": ")
        kinds = told.split()
        if all(kind in KINDS or kind in NEEDS for kind in kinds):
            kind = next((KINDS[kind] for kind in kinds if kind in KINDS), Decimal)
            operands.append(Operand(called, kind, tuple(kind for kind in kinds if kind in NEEDS), not default, place))
        else:
            arguments[called] = Argument(called, told, not default, _literal(default), place)
    return Operation(name, tuple(operands), arguments, tuple(outputs.split(", ")) if outputs else ("y",))


def _literal(default: str) -> Any:
    """A default as written; a word stands for itself."""
    try:
        return ast.literal_eval(default) if default else None
    except ValueError:
        return default


OPERATIONS: Mapping[str, Operation] = {
    operation.name: operation for operation in map(read, LINES.strip().replace("\n    ", " ").splitlines())
}


@functools.lru_cache(maxsize=4096)
def literals(text: str) -> Mapping[str, Any]:
    """`dim=1, keepdim=True` as names and values; nothing but plain literals.

    Raises:
        ValueError: in words that go on after a block's name.
    """
    try:
        call = ast.parse(f"_({text})", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(f"can't read its arguments, “{text}”: they are written name=value, with commas") from None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.args:
        raise ValueError(f"takes its arguments by name, such as dim=1, but has “{text}”")
    found: dict[str, Any] = {}
    for keyword in call.keywords:
        name = keyword.arg or "**"
        try:
            found[name] = ast.literal_eval(keyword.value)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            raise ValueError(f"takes numbers, words, True, False and tuples, but {name} is none of these") from None
    return found
