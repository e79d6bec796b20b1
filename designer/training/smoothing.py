"""A calmer curve: the running mean that forgets, as training dashboards draw it."""

from __future__ import annotations

import math

import numpy as np

from designer.training.series import Numbers, Window

LONGEST = 5000  # points looked back at most


def reach(weight: float) -> int:
    """Points after which what came before counts less than a thousandth; 0 without smoothing."""
    if weight <= 0:
        return 0
    return min(LONGEST, math.ceil(math.log(1e-3) / math.log(weight)))


def smoothed(window: Window, weight: float) -> Numbers:
    """The means of a window's buckets, each drawn to what came before with `weight`, 0 (not at all) to below 1.

    A bucket of many points counts as that many, so that the curve keeps its form when the view zooms. The
    beginning is unbiased (Kingma and Ba, "Adam", 2015, section 3). Gaps stay gaps and are passed over.
    """
    if weight <= 0:
        return window.mean
    out = np.full(len(window), np.nan)
    mean, kept = 0.0, 1.0  # `kept` is the share that the zero at the beginning still has
    for index, (value, count) in enumerate(zip(window.mean.tolist(), window.counts.tolist(), strict=True)):
        if math.isfinite(value):
            share = weight**count
            mean, kept = share * mean + (1 - share) * value, kept * share
            out[index] = mean / (1 - kept)
    return out
