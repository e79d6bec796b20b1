"""Shape rules that families of blocks share, in plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.problem import Misfit
from engine.tensor import Size, TensorSpec


def same(x: TensorSpec) -> TensorSpec:
    """The output looks like the input."""
    return TensorSpec(x.shape, x.dtype)


def window(
    sizes: Sequence[Size],
    kernel: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    ceil_mode: bool = False,
) -> tuple[Size, ...]:
    """Sizes of the axes after a window has slid over them (torch.nn.Conv2d and MaxPool2d, "Shape").

    Raises:
        Misfit: when the window is larger than what it slides over.
    """
    result: list[Size] = []
    for size, k, s, p, d in zip(sizes, kernel, stride, padding, dilation, strict=True):
        if size is None:
            result.append(None)
            continue
        room = size + 2 * p - (d * (k - 1) + 1)
        count = (-(-room // s) if ceil_mode else room // s) + 1
        if count < 1:
            raise Misfit(
                f"slides a window {in_words(reach_of(kernel, dilation))} wide, but only {in_words(sizes)} arrive"
                + (f" (with padding {in_words(padding)})" if any(padding) else ""),
                "x",
                "kernel_size",
            )
        if ceil_mode and (count - 1) * s >= size + p:  # the last window must start inside the input
            count -= 1
        result.append(count)
    return tuple(result)


def reach_of(kernel: Sequence[int], dilation: Sequence[int]) -> tuple[int, ...]:
    """How far a dilated window reaches, each axis."""
    return tuple(d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True))


def in_words(sizes: Iterable[Size]) -> str:
    return str(TensorSpec(tuple(sizes)))


def divides(divisor: int, size: int, what: str, param: str) -> None:
    """Refuse a number of groups that does not divide `size`.

    Raises:
        Misfit
    """
    if size % divisor:
        fits = [n for n in range(1, size + 1) if size % n == 0]
        raise Misfit(
            f"splits {size} {what} into {divisor} groups, which does not come out even; "
            f"it could be {', '.join(map(str, fits[:6]))}{' …' if len(fits) > 6 else ''}",
            param=param,
        )
