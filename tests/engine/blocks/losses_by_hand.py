"""Losses written out by hand as their papers say, sample by sample where that is how it is said."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F

Tensor = torch.Tensor


def focal(scores: Tensor, target: Tensor, gamma: float, weights: Tensor | None = None) -> Tensor:
    """Lin et al. 2017, equation 5, of class indices."""
    shares = torch.softmax(scores, 1).gather(1, target.unsqueeze(1)).squeeze(1)
    weight = 1.0 if weights is None else weights[target]
    return (-weight * (1 - shares) ** gamma * shares.log()).mean()


def binary_focal(scores: Tensor, target: Tensor, gamma: float, alpha: float | None) -> Tensor:
    """The same of yes or no, with their weights (alpha)."""
    shares = torch.sigmoid(scores)
    right = torch.where(target == 1, shares, 1 - shares)
    weight = 1.0 if alpha is None else torch.where(target == 1, alpha, 1 - alpha)
    return (-weight * (1 - right) ** gamma * right.log()).mean()


def dice(shares: Tensor, truth: Tensor, smooth: float) -> Tensor:
    """Of each channel of each sample."""
    parts = []
    for p, y in zip(shares.flatten(0, 1), truth.flatten(0, 1), strict=True):
        parts.append(1 - (2 * (p * y).sum() + smooth) / (p.sum() + y.sum() + smooth))
    return torch.stack(parts).mean()


def tversky(shares: Tensor, truth: Tensor, alpha: float, beta: float, smooth: float) -> Tensor:
    parts = []
    for p, y in zip(shares.flatten(0, 1), truth.flatten(0, 1), strict=True):
        found, false, missed = (p * y).sum(), (p * (1 - y)).sum(), ((1 - p) * y).sum()
        parts.append(1 - (found + smooth) / (found + alpha * false + beta * missed + smooth))
    return torch.stack(parts).mean()


def one_hot(target: Tensor, classes: int) -> Tensor:
    return torch.stack([(target == number).float() for number in range(classes)], 1)


def gaussian_kl(mu: Tensor, log_variance: Tensor) -> Tensor:
    normal = torch.distributions.Normal
    ours, standard = normal(mu, (log_variance / 2).exp()), normal(torch.zeros(()), torch.ones(()))
    return torch.distributions.kl_divergence(ours, standard).flatten(1).sum(1).mean()


def nt_xent(z1: Tensor, z2: Tensor, temperature: float) -> Tensor:
    """Chen et al. 2020, equation 1, anchor by anchor."""
    z = torch.cat([z1, z2])
    count, parts = len(z), []
    for i in range(count):
        likeness = torch.stack([F.cosine_similarity(z[i], z[k], dim=0) / temperature for k in range(count)])
        partner = (i + count // 2) % count
        others = [k for k in range(count) if k != i]
        parts.append(-likeness[partner] + torch.logsumexp(likeness[others], 0))
    return torch.stack(parts).mean()


def contrastive(z1: Tensor, z2: Tensor, alike: Tensor, margin: float) -> Tensor:
    """Hadsell et al. 2006, without the halves."""
    parts = []
    for a, b, y in zip(z1, z2, alike.flatten(), strict=True):
        distance = (a - b).norm()
        parts.append(distance**2 if y else torch.clamp(margin - distance, min=0) ** 2)
    return torch.stack(parts).mean()


def triplet(distance: Callable[[Tensor, Tensor], Tensor], margin: float, swap: bool) -> Callable[..., Tensor]:
    return lambda a, p, n: F.triplet_margin_with_distance_loss(
        a, p, n, distance_function=distance, margin=margin, swap=swap
    )


def ctc(scores: Tensor, labels: Tensor, lengths: list[int], steps: list[int] | None = None, blank: int = 0) -> Tensor:
    steps = steps or [scores.shape[1]] * len(scores)
    return F.ctc_loss(scores.transpose(0, 1), labels, steps, lengths, blank=blank)


def cosine_distance(a: Tensor, b: Tensor) -> Tensor:
    return 1 - F.cosine_similarity(a, b, dim=-1)


def squared_distance(a: Tensor, b: Tensor) -> Tensor:
    return (a - b).pow(2).sum(-1)
