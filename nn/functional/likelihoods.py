"""Losses that are minus log-likelihoods, and distances of distributions."""

from __future__ import annotations

import math
from typing import Any

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import ShapeError
from nn.functional.binary import SIGNED
from nn.functional.operands import check_reduction, in_single, is_half, paired, reduced, weighted
from nn.functional.targets import not_negative, probabilities
from nn.module.inputs import cast_input

__all__ = ["binary_cross_entropy", "gaussian_nll_loss", "kl_div", "poisson_nll_loss"]


def binary_cross_entropy(
    prediction: Any, target: Any, weight: Any = None, reduction: str = "mean"
) -> Tensor:
    """−y log p − (1 − y) log(1 − p), each logarithm at least −100.

    From logits, `binary_cross_entropy_with_logits` is exact at every size.

    Args:
        prediction: probabilities p.
        target: y, from 0 to 1, of the same shape.
        weight: factors on the losses, broadcast to their shape.
        reduction: ``mean`` over all entries, ``sum``, or ``none``.

    Returns:
        A scalar; with ``none`` one loss per entry.

    Raises:
        ShapeError: the shapes differ; nothing is broadcast.
        ValueError: a prediction or a target is outside [0, 1].

    Example:
        >>> round(binary_cross_entropy([0.5], [1.0]).item(), 4)
        0.6931
    """
    p, y = paired("binary_cross_entropy", prediction, target)
    remedy = "of logits take binary_cross_entropy_with_logits"
    probabilities("binary_cross_entropy", "prediction", p, remedy)
    probabilities("binary_cross_entropy", "target", y, SIGNED)
    losses = -(y * _log(p) + (1.0 - y) * _log(1.0 - p))
    if weight is not None:
        losses = weighted("binary_cross_entropy", losses, weight)
    return reduced(losses, reduction)


def _log(p: Any) -> Any:
    """The logarithm, but no less than -100."""
    none = ad.equal(p, 0)
    return ad.where(none, -100.0, ad.maximum(ad.log(ad.where(none, 1.0, p)), -100.0))


def kl_div(
    prediction: Any, target: Any, reduction: str = "mean", log_target: bool = False
) -> Tensor:
    """y (log y − x): from a distribution y to one that is given by its logarithms x.

    Args:
        prediction: x, logarithms of probabilities.
        target: y, probabilities of the same shape, or their logarithms.
        reduction: ``batchmean``, the sum over the length of axis 0 (the divergence proper);
            ``mean`` over all entries, ``sum``, or ``none``.
        log_target: whether the target is given by its logarithms.

    Returns:
        A scalar; with ``none`` one term per entry.

    Raises:
        ShapeError: the shapes differ; nothing is broadcast.
        ValueError: a probability is negative.

    Example:
        >>> import numpy as np
        >>> round(kl_div(np.log([[0.5, 0.5]]), [[1.0, 0.0]], "batchmean").item(), 4)
        0.6931
    """
    x, y = paired("kl_div", prediction, target)
    if not log_target:
        not_negative("kl_div", "probabilities as targets", y, "of logarithms give log_target=True")
    if is_half(x):
        return in_single(kl_div, x, y, reduction, log_target)
    terms = ad.exp(y) * (y - x) if log_target else ad.special.xlogy(y, y) - y * x
    if reduction != "batchmean":
        return reduced(terms, reduction)
    return ad.sum(terms) / max(x.shape[0] if x.ndim else 1, 1)


def gaussian_nll_loss(
    prediction: Any,
    target: Any,
    var: Any,
    full: bool = False,
    eps: float = 1e-6,
    reduction: str = "mean",
) -> Tensor:
    """½ (log σ² + (μ − y)² / σ²): minus the log-likelihood of a normal distribution.

    Source: Nix and Weigend, "Estimating the Mean and Variance of the Target Probability
    Distribution", 1994.

    Args:
        prediction: μ.
        target: y, of the same shape; or with length 1 along axes of which it is the same, or
            one number.
        var: σ², of that shape, or with length 1 along axes of which it is the same, or without
            the last axis, or one number.
        full: whether the constant ½ log 2π is added.
        eps: the least σ² that is computed with; its gradient passes as if nothing were
            changed, so that it can grow again.
        reduction: ``mean`` over all entries, ``sum``, or ``none``.

    Returns:
        A scalar; with ``none`` one loss per entry.

    Raises:
        ShapeError: the shapes do not fit.
        ValueError: a variance is negative, or ``eps`` not positive.

    Example:
        >>> gaussian_nll_loss([1.0], [3.0], [1.0]).item()
        2.0
    """
    if not eps > 0:
        raise ValueError(f"gaussian_nll_loss takes a positive eps, not {eps}")
    left, right = paired("gaussian_nll_loss", prediction, target, repeat=True)
    variance = cast_input(var, left)
    given = variance.shape
    if variance.shape == left.shape[:-1] and left.ndim and variance.shape != left.shape:
        variance = ad.expand_dims(variance, -1)
    lengths = zip(variance.shape, left.shape, strict=False)
    shared = variance.ndim == left.ndim and all(own in (1, length) for own, length in lengths)
    if not shared and variance.shape != ():
        raise ShapeError(
            f"gaussian_nll_loss: predictions of shape {left.shape} take variances of that shape, "
            "with length 1 along axes of which they are the same, without the last axis, or one "
            f"number, not {given}"
        )
    remedy = "make them positive, for example with autodiff.softplus"
    not_negative("gaussian_nll_loss", "variances", variance, remedy)
    raised = variance + (ad.maximum(variance, eps) - variance).detach()
    losses = (ad.log(raised) + ad.square(left - right) / raised) * 0.5
    return reduced(losses + 0.5 * math.log(2 * math.pi) if full else losses, reduction)


def poisson_nll_loss(
    prediction: Any,
    target: Any,
    log_input: bool = True,
    full: bool = False,
    eps: float = 1e-8,
    reduction: str = "mean",
) -> Tensor:
    """exp(x) − y x: minus the log-likelihood of counts, but for log y!.

    Args:
        prediction: x, the logarithm of the expected count; or that count itself.
        target: y, counts of the same shape.
        log_input: whether x is a logarithm; otherwise the loss is x − y log(x + ε).
        full: whether log y! is added, by Stirling's formula where y > 1.
        eps: ε.
        reduction: ``mean`` over all entries, ``sum``, or ``none``.

    Returns:
        A scalar; with ``none`` one loss per entry.

    Raises:
        ShapeError: the shapes differ; nothing is broadcast.
        ValueError: a count or ``eps`` is negative.

    Example:
        >>> poisson_nll_loss([0.0], [2.0]).item()
        1.0
    """
    if not eps >= 0:
        raise ValueError(f"poisson_nll_loss takes an eps of 0 or more, not {eps}")
    x, y = paired("poisson_nll_loss", prediction, target)
    not_negative("poisson_nll_loss", "counts as targets", y, "of other numbers take mse_loss")
    check_reduction(reduction)
    losses = ad.exp(x) - y * x if log_input else x - y * ad.log(x + eps)
    if full:
        many = y > 1
        safe = ad.where(many, y, 1.0)
        stirling = safe * ad.log(safe) - safe + 0.5 * ad.log(safe * (2 * math.pi))
        losses = losses + ad.where(many, stirling, 0.0)
    return reduced(losses, reduction)
