"""Which blocks come first where one is looked for: those that the user adds most, then those that usually follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from designer.available import available
from designer.block_search import COMMON

# What usually stands behind a block, by its name or else by its category, in the order of how often.
FOLLOWERS: Mapping[str, tuple[str, ...]] = {
    "Input": ("Conv2d", "Linear", "Flatten", "Embedding", "LSTM", "Conv1d"),
    "Target": ("CrossEntropyLoss", "MSELoss", "BCEWithLogitsLoss", "L1Loss"),
    "Flatten": ("Linear", "Dropout"),
    "Linear": ("ReLU", "CrossEntropyLoss", "Dropout", "GELU", "MSELoss", "Output", "BatchNorm1d", "Softmax"),
    "Embedding": ("LSTM", "GRU", "MultiheadAttention", "Conv1d", "Mean", "Add"),
    "Softmax": ("Output", "MatMul", "NLLLoss"),
    "Convolution": ("ReLU", "BatchNorm2d", "MaxPool2d", "Dropout2d", "Add", "Flatten"),
    "Pooling": ("Conv2d", "Flatten", "Dropout", "Linear"),
    "Normalisation": ("ReLU", "Linear", "MultiheadAttention", "Conv2d", "MaxPool2d"),
    "Activation": ("Linear", "MaxPool2d", "Conv2d", "Dropout", "BatchNorm2d", "Flatten"),
    "Dropout": ("Linear", "Add", "LayerNorm", "Flatten", "Conv2d"),
    "Recurrent": ("Linear", "Select", "Dropout", "Mean"),
    "Attention": ("Add", "Dropout", "LayerNorm", "Linear"),
    "Arithmetic": ("LayerNorm", "ReLU", "Linear", "Conv2d"),
    "Combine": ("Conv2d", "Linear", "ReLU"),
    "Reduce": ("Linear", "Dropout"),
    "Shape": ("Linear", "Conv2d", "MatMul"),
    "Resampling": ("Conv2d", "Concat"),
    "Groups": ("residual-block", "MaxPool2d", "AdaptiveAvgPool2d", "Linear"),
}


def followers(name: str, category: str) -> tuple[str, ...]:
    """Names of blocks that usually stand behind one of this name and category, the most usual first."""
    return tuple(dict.fromkeys((*FOLLOWERS.get(name, ()), *FOLLOWERS.get(category, ()))))


def forerunners(name: str) -> tuple[str, ...]:
    """Names of blocks that usually stand in front of it."""
    kinds = {offer.name: offer.section for offer in available(inside=False).values()}
    places = {other: followers(other, section) for other, section in kinds.items()}
    usual = [other for other in COMMON if name in places[other]]
    rest = [other for other, behind in places.items() if name in behind and other not in usual]
    return tuple(sorted(usual, key=lambda other: places[other].index(name))) + tuple(rest)


def ranks(uses: Mapping[str, int], usual: Iterable[str], inside: bool) -> Mapping[str, int]:
    """The place of each block that can be added: by how often it was used, then by what is usual, then as known."""
    order = {name: place for place, name in reversed(list(enumerate((*usual, *COMMON))))}
    names = list(available(inside))
    sorted_names = sorted(names, key=lambda name: (-uses.get(name, 0), order.get(name, len(order) + len(names))))
    return {name: place for place, name in enumerate(sorted_names)}
