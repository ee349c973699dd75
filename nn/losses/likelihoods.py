"""Losses that are minus log-likelihoods, distances of distributions, sequences; as modules."""

from __future__ import annotations

from typing import Any

from autodiff import Tensor
from nn.functional.ctc import ctc_loss
from nn.functional.likelihoods import gaussian_nll_loss, kl_div, poisson_nll_loss
from nn.losses.base import REDUCTION, Loss
from nn.module.checks import nonnegative, one_of, positive
from nn.module.declared import field

__all__ = ["CTCLoss", "GaussianNLLLoss", "KLDivLoss", "PoissonNLLLoss"]


class KLDivLoss(Loss, function=kl_div):
    """y (log y − x): from a distribution y to one that is given by its logarithms x.

    See `kl_div`.

    Example:
        >>> import numpy as np
        >>> loss = KLDivLoss(reduction="batchmean")
        >>> round(loss(np.log([[0.5, 0.5]]), [[1.0, 0.0]]).item(), 4)
        0.6931
    """

    reduction: str = field(
        "``batchmean``, the sum over the length of axis 0 (the divergence proper); ``mean`` over "
        "all entries, ``sum``, or ``none``",
        default="mean",
        kw_only=True,
        check=one_of("mean", "batchmean", "sum", "none"),
    )
    log_target: bool = field(
        "whether the target is given by its logarithms, too", default=False, kw_only=True
    )


class PoissonNLLLoss(Loss, function=poisson_nll_loss):
    """exp(x) − y x: minus the log-likelihood of counts y, but for log y!.

    See `poisson_nll_loss`.

    Example:
        >>> PoissonNLLLoss()([0.0], [2.0]).item()
        1.0
    """

    log_input: bool = field(
        "whether x is the logarithm of the expected count; otherwise it is that count, and the "
        "loss x − y log(x + ε)",
        default=True,
    )
    full: bool = field("whether log y! is added, by Stirling's formula where y > 1", default=False)
    eps: float = field("ε", default=1e-8, kw_only=True, check=nonnegative)
    reduction: str = REDUCTION


class GaussianNLLLoss(Loss, function=gaussian_nll_loss):
    """½ (log σ² + (μ − y)² / σ²): minus the log-likelihood of a normal distribution.

    Called with μ, y and σ²; see `gaussian_nll_loss`.

    Example:
        >>> GaussianNLLLoss()([1.0], [3.0], [1.0]).item()
        2.0
    """

    full: bool = field("whether the constant ½ log 2π is added", default=False, kw_only=True)
    eps: float = field(
        "the least σ² that is computed with", default=1e-6, kw_only=True, check=positive
    )
    reduction: str = REDUCTION

    def forward(self, input: Any, target: Any, var: Any) -> Tensor:  # type: ignore[override]
        """The loss, a scalar; with ``none`` one for each entry."""
        return self._loss(input, target, var)


class CTCLoss(Loss, function=ctc_loss):
    """Minus the log-probability of a sequence of classes, summed over all its alignments.

    Of log-probabilities of shape (T, N, C) or (T, C), targets, and the lengths of both; see
    `ctc_loss`.

    Source: Graves et al., "Connectionist Temporal Classification", 2006, section 4.1.

    Example:
        >>> import math
        >>> even = [math.log(0.5)] * 2
        >>> loss = CTCLoss()([[even], [even]], [[1]], [2], [1])
        >>> round(math.exp(-loss.item()), 4)
        0.75
    """

    blank: int = field("the class that stands for none", default=0, check=nonnegative)
    reduction: str = field(
        "``mean`` of the losses divided by the lengths of their targets, ``sum``, or ``none``",
        default="mean",
        check=one_of("mean", "sum", "none"),
    )
    zero_infinity: bool = field(
        "whether sequences that are too short for their target count as 0; their loss is "
        "infinite otherwise",
        default=False,
    )

    def forward(  # type: ignore[override]
        self, log_probs: Any, targets: Any, input_lengths: Any, target_lengths: Any
    ) -> Tensor:
        """The loss, a scalar; with ``none`` one for each sequence."""
        return self._loss(log_probs, targets, input_lengths, target_lengths)
