"""Losses that compare distributions: given as probabilities, or by their parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from engine.blocks.base import Meaning
from engine.blocks.losses import Examples, WeightedLoss
from engine.blocks.losses_numbers import REDUCTION, Reduction, averaged, module_word
from engine.call import Call, Expression, Infix, nn, torch
from engine.problem import Misfit
from engine.record import param
from engine.tensor import Features, Tensor, TensorSpec


class KLDivLoss(WeightedLoss):
    """Measures how far a distribution is from the one it should be, as distillation does from a teacher's.

    The prediction is given as log-probabilities. It adds up over all numbers of a sample and averages over the batch.
    """

    reference: ClassVar[str] = "torch.nn.KLDivLoss"
    formula: ClassVar[str] = r"\ell = \sum_i y_i (\log y_i - x_i)"
    aliases: ClassVar[tuple[str, ...]] = ("kullback-leibler", "kl divergence", "relative entropy", "distillation")

    log_target: bool = param(
        False, label="Target in logarithms", doc="Whether the target is given as log-probabilities too."
    )

    def layer(self, prediction: Features, target: Features) -> Call:
        return nn.KLDivLoss(reduction="batchmean", log_target=self.log_target)

    def meanings(self, prediction: Features, target: Features) -> Mapping[str, Meaning]:
        return {
            "prediction": "log-probabilities",
            "target": "log-probabilities" if self.log_target else "probabilities",
        }


class GaussianKLLoss(WeightedLoss):
    """Measures how far Gaussians, given by mean and log-variance, are from the standard normal distribution.

    It keeps the code of a variational autoencoder in order and needs no target. Source: Kingma and Welling 2013.
    """

    formula: ClassVar[str] = r"\ell = -\frac{1}{2} \sum_i (1 + \log \sigma_i^2 - \mu_i^2 - \sigma_i^2)"
    aliases: ClassVar[tuple[str, ...]] = (
        "vae",
        "variational autoencoder",
        "kl divergence",
        "kld",
        "latent",
        "reparameterisation",
        "beta-vae",
    )
    examples: ClassVar[Examples] = (
        (TensorSpec((10,)), TensorSpec((10,))),
        (TensorSpec((3, 4, 5)), TensorSpec((3, 4, 5))),
    )

    def layer(self, mu: Features, log_variance: Features) -> Expression:
        axes = tuple(range(1, len(mu.shape) + 1))
        squared = Infix("**", (mu, 2))
        terms = Infix("-", (Infix("+", (1, log_variance)), squared, torch.exp(log_variance)))
        return Infix("*", (-0.5, torch.mean(torch.sum(terms, dim=axes[0] if len(axes) == 1 else axes))))


class GaussianNLLLoss(WeightedLoss):
    """Measures how improbable the target is under a Gaussian whose mean and variance the network predicts.

    The network learns how sure it may be. The variance must be positive: Softplus or Exp in front of it see to that.
    """

    reference: ClassVar[str] = "torch.nn.GaussianNLLLoss"
    formula: ClassVar[str] = r"\ell = \frac{1}{2} (\log \sigma^2 + \frac{(x - y)^2}{\sigma^2})"
    aliases: ClassVar[tuple[str, ...]] = ("uncertainty", "heteroscedastic", "negative log likelihood", "regression")
    examples: ClassVar[Examples] = (
        (TensorSpec((10,)), TensorSpec((10,)), TensorSpec((10,))),
        (TensorSpec((4, 6)), TensorSpec((4, 6)), TensorSpec((4, 1))),
    )

    full: bool = param(False, label="Constant term", doc="Adds the constant of the density; it changes no gradient.")
    eps: float = param(1e-6, gt=0, label="Smallest variance", doc="A smaller variance is taken as this.")
    reduction: Reduction = param("mean", **REDUCTION)

    def layer(self, prediction: Tensor, target: Tensor, var: Tensor) -> Call:
        return nn.GaussianNLLLoss(full=self.full, eps=self.eps, reduction=module_word(self.reduction))

    def forward(self, answer: Call, prediction: Tensor, target: Tensor, var: Tensor) -> Expression:
        return averaged(answer, self.reduction, prediction)

    def fit(self, prediction: Tensor, target: Tensor, var: Tensor) -> None:
        super().fit(prediction, target)
        along_last = bool(prediction.shape) and var.shape == (*prediction.shape[:-1], 1)
        if var.shape != prediction.shape and not along_last:
            raise Misfit(
                f"expects one variance for each number, or one along the last axis, but the prediction is {prediction} "
                f"and the variance is {var}",
                "var",
            )

    def meanings(self, prediction: Tensor, target: Tensor, var: Tensor) -> Mapping[str, Meaning]:
        return {"var": "positive numbers"}


class PoissonNLLLoss(WeightedLoss):
    """Measures how improbable a count is under a Poisson distribution whose rate the network predicts.

    It suits counts of events, such as calls an hour: whole numbers from 0 on.
    """

    reference: ClassVar[str] = "torch.nn.PoissonNLLLoss"
    formula: ClassVar[str] = r"\ell = e^x - y x"
    aliases: ClassVar[tuple[str, ...]] = ("poisson", "counts", "rate", "negative log likelihood", "regression")

    log_input: bool = param(
        True, label="Logarithm of the rate", doc="Whether the prediction is the logarithm of the rate, or the rate."
    )
    full: bool = param(False, label="Stirling's term", doc="Adds the approximated log-factorial of the counts.")
    eps: float = param(1e-8, gt=0, doc="Added to the rate before its logarithm is taken.")
    reduction: Reduction = param("mean", **REDUCTION)

    def layer(self, prediction: Tensor, target: Tensor) -> Call:
        return nn.PoissonNLLLoss(
            log_input=self.log_input, full=self.full, eps=self.eps, reduction=module_word(self.reduction)
        )

    def forward(self, answer: Call, prediction: Tensor, target: Tensor) -> Expression:
        return averaged(answer, self.reduction, prediction)

    def meanings(self, prediction: Tensor, target: Tensor) -> Mapping[str, Meaning]:
        return {"prediction": "log rates" if self.log_input else "positive numbers", "target": "counts"}


BLOCKS = (KLDivLoss, GaussianKLLoss, GaussianNLLLoss, PoissonNLLLoss)
