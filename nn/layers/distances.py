"""Distances and similarities of vectors, as modules."""

from __future__ import annotations

from typing import Any

import autodiff as ad
from autodiff import Tensor, live
from nn.module.checks import nonnegative
from nn.module.declared import Declared, field

__all__ = ["CosineSimilarity", "PairwiseDistance"]


class CosineSimilarity(Declared):
    """x₁ · x₂ / (‖x₁‖ ‖x₂‖) along an axis, which the output lacks.

    The inputs are of one shape, or are broadcast to one.

    Example:
        >>> round(CosineSimilarity(dim=0)([1.0, 0.0], [1.0, 1.0]).item(), 4)
        0.7071
    """

    dim: int = field("the axis of the vectors", default=1)
    eps: float = field("the least norm to divide by", default=1e-8, check=nonnegative)

    def forward(self, x1: Any, x2: Any) -> Tensor:
        """The similarities, 0 for vectors of zeros."""
        own = vars(self)
        settings = {"axis": live.setting(own, "dim"), "eps": live.setting(own, "eps")}
        return ad.cosine_similarity(x1, x2, **settings)


class PairwiseDistance(Declared):
    """‖x₁ − x₂ + ε‖ₚ of vectors along the last axis.

    The inputs are of shape (N, D) or (D,), or are broadcast to one; the output is of shape (N,) or
    ().

    Example:
        >>> round(PairwiseDistance()([[3.0, 0.0]], [[0.0, 4.0]]).item(), 4)
        5.0
    """

    p: float = field("the exponent of the norm", default=2.0)
    eps: float = field("added to each difference, so that the norm has a slope", default=1e-6)
    keepdim: bool = field("whether the last axis stays, with length 1", default=False)

    def forward(self, x1: Any, x2: Any) -> Tensor:
        """The distances."""
        settings = [live.setting(vars(self), name) for name in ("p", "eps", "keepdim")]
        return ad.pairwise_distance(x1, x2, *settings)
