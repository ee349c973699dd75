"""Losses that are 0 once a margin is kept, as modules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nn.functional.margins import (
    cosine_embedding_loss,
    hinge_embedding_loss,
    margin_ranking_loss,
    soft_margin_loss,
    triplet_margin_loss,
    triplet_margin_with_distance_loss,
)
from nn.losses.base import REDUCTION, Loss, PairLoss, TripletLoss
from nn.module.checks import function, positive
from nn.module.declared import field

__all__ = [
    "CosineEmbeddingLoss",
    "HingeEmbeddingLoss",
    "MarginRankingLoss",
    "SoftMarginLoss",
    "TripletMarginLoss",
    "TripletMarginWithDistanceLoss",
]


class HingeEmbeddingLoss(Loss, function=hinge_embedding_loss):
    """x where y = 1, max(0, margin − x) where y = −1; see `hinge_embedding_loss`.

    Example:
        >>> HingeEmbeddingLoss(reduction="none")([0.25, 0.25], [1.0, -1.0]).tolist()
        [0.25, 0.75]
    """

    margin: float = field("how large x should be where y = −1", default=1.0)
    reduction: str = REDUCTION


class SoftMarginLoss(Loss, function=soft_margin_loss):
    """log(1 + exp(−y x)), without overflow, for y = 1 or −1; see `soft_margin_loss`.

    Example:
        >>> round(SoftMarginLoss()([0.0], [1.0]).item(), 4)
        0.6931
    """

    reduction: str = REDUCTION


class MarginRankingLoss(PairLoss, function=margin_ranking_loss):
    """max(0, −y (x₁ − x₂) + margin): x₁ should be the larger where y = 1.

    See `margin_ranking_loss`.

    Example:
        >>> MarginRankingLoss()([1.0], [3.0], [1.0]).item()
        2.0
    """

    margin: float = field("by how much", default=0.0)
    reduction: str = REDUCTION


class CosineEmbeddingLoss(PairLoss, function=cosine_embedding_loss):
    """1 − cos(x₁, x₂) where y = 1, max(0, cos(x₁, x₂) − margin) where y = −1.

    Of vectors of shape (N, D) or (D,), and targets of shape (N,) or (); see
    `cosine_embedding_loss`.

    Example:
        >>> CosineEmbeddingLoss()([[1.0, 0.0]], [[0.0, 1.0]], [1]).item()
        1.0
    """

    margin: float = field("how small the cosine should be where y = −1", default=0.0)
    reduction: str = REDUCTION


class TripletMarginLoss(TripletLoss, function=triplet_margin_loss):
    """max(0, ‖a − p‖ − ‖a − n‖ + margin): what belongs together should be nearer.

    See `triplet_margin_loss`.

    Example:
        >>> round(TripletMarginLoss()([[0.0]], [[3.0]], [[1.0]]).item(), 4)
        3.0
    """

    margin: float = field("by how much", default=1.0, check=positive)
    p: float = field("the exponent of the norm", default=2.0)
    eps: float = field("added to the differences", default=1e-6)
    swap: bool = field(
        "whether the distance from the positive to the negative counts where it is smaller",
        default=False,
    )
    reduction: str = REDUCTION


class TripletMarginWithDistanceLoss(TripletLoss, function=triplet_margin_with_distance_loss):
    """`TripletMarginLoss` with a distance of one's own.

    See `triplet_margin_with_distance_loss`.

    Example:
        >>> import autodiff as ad
        >>> far = lambda x, y: ad.sum(ad.abs(x - y), axis=-1)
        >>> TripletMarginWithDistanceLoss(distance_function=far)([[0.0]], [[3.0]], [[1.0]]).item()
        3.0
    """

    distance_function: Callable[[Any, Any], Any] | None = field(
        "of two tensors; `autodiff.pairwise_distance` if not given",
        default=None,
        kw_only=True,
        check=function,
    )
    margin: float = field("by how much", default=1.0, kw_only=True, check=positive)
    swap: bool = field(
        "whether the distance from the positive to the negative counts where it is smaller",
        default=False,
        kw_only=True,
    )
    reduction: str = REDUCTION
