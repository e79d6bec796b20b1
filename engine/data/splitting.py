"""Which samples train the network, which steer the training, and which are kept back to judge it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from engine.problem import UserError

if TYPE_CHECKING:
    from engine.data.base import Array

Part = Literal["train", "validation", "test"]
PARTS: tuple[Part, ...] = ("train", "validation", "test")


def split(groups: Array, validation: float, test: float, seed: int) -> dict[Part, Array]:
    """Row numbers of each part, in rising order; every row is in exactly one part.

    Args:
        groups: whole numbers, as (samples,); each part gets about the same share of each group.
        validation, test: shares of the samples, rounded, but at least one sample where the share is above 0.
        seed: the same seed gives the same split.

    Raises:
        UserError: when no sample would be left for training.
    """
    import numpy as np

    count = len(groups)
    tested = max(1, int(count * test + 0.5)) if test else 0
    validated = max(1, int(count * validation + 0.5)) if validation else 0
    if tested + validated >= count:
        raise UserError(
            f"Of {count} samples, {validated} would be for validation and {tested} for the test, which leaves none "
            "to train with. Lower these shares or take more samples."
        )
    order = _proportional_order(groups, 1 - validation - test, seed)
    test_rows, validation_rows, train_rows = np.split(order, (tested, tested + validated))
    return {"train": np.sort(train_rows), "validation": np.sort(validation_rows), "test": np.sort(test_rows)}


def _proportional_order(groups: Array, train: float, seed: int) -> Array:
    """A random order of the rows in which any stretch holds the groups in their proportion.

    The members of a group stand at equal distances along the line from 0 to 1, each group with a start of its
    own. A group too small to be sure of a place in the last stretch, the training part, is pushed to the end.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    shuffled = random.permutation(len(groups))
    _, group, size = np.unique(groups[shuffled], return_inverse=True, return_counts=True)
    rank = np.empty(len(groups))
    rank[np.argsort(group, kind="stable")] = np.arange(len(groups)) - np.repeat(np.cumsum(size) - size, size)
    start = np.where(size * train < 1, 1.0, random.random(len(size)))
    position = (rank + start[group]) / size[group]
    return shuffled[np.argsort(position, kind="stable")]
