"""Losses that are 0 once a margin is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autodiff as ad
from autodiff import Tensor
from nn.functional.operands import alike, paired, reduced
from nn.functional.targets import signs
from nn.module.inputs import as_node

__all__ = [
    "cosine_embedding_loss",
    "hinge_embedding_loss",
    "margin_ranking_loss",
    "soft_margin_loss",
    "triplet_margin_loss",
    "triplet_margin_with_distance_loss",
]

Distance = Callable[[Any, Any], Any]


def hinge_embedding_loss(
    prediction: Any, target: Any, margin: float = 1.0, reduction: str = "mean"
) -> Tensor:
    """x where y = 1, max(0, margin − x) where y = −1.

    Args:
        prediction: x, usually distances.
        target: y, 1 or −1, of the same shape; or with length 1 along axes of which it is the
            same, or one number.
        margin: how large x should be where y = −1.
        reduction: ``mean`` over all entries, ``sum``, or ``none``.

    Returns:
        A scalar; with ``none`` one loss per entry.

    Raises:
        ShapeError: the shapes do not fit; (N,) and (N, 1) do not.
        ValueError: a target is neither 1 nor −1.

    Example:
        >>> hinge_embedding_loss([0.25, 0.25], [1.0, -1.0], reduction="none").tolist()
        [0.25, 0.75]
    """
    x, y = paired("hinge_embedding_loss", prediction, target, repeat=True)
    signs("hinge_embedding_loss", y)
    near = ad.where(ad.not_equal(y, -1), x, 0.0)
    far = ad.where(ad.not_equal(y, 1), ad.relu(margin - x), 0.0)
    return reduced(near + far, reduction)


def margin_ranking_loss(
    input1: Any, input2: Any, target: Any, margin: float = 0.0, reduction: str = "mean"
) -> Tensor:
    """max(0, −y (x₁ − x₂) + margin): x₁ should be the larger where y = 1.

    Args:
        input1: x₁.
        input2: x₂, of the same shape.
        target: y, 1 or −1, of the same shape; or with length 1 along axes of which it is the
            same, or one number.
        margin: by how much.
        reduction: ``mean`` over all entries, ``sum``, or ``none``.

    Returns:
        A scalar; with ``none`` one loss per entry.

    Raises:
        ShapeError: the shapes do not fit; (N,) and (N, 1) do not.
        ValueError: a target is neither 1 nor −1.

    Example:
        >>> margin_ranking_loss([1.0], [3.0], [1.0]).item()
        2.0
    """
    x1, x2 = alike("margin_ranking_loss", input1, input2)
    difference, y = paired("margin_ranking_loss", x1 - x2, target, repeat=True)
    signs("margin_ranking_loss", y)
    return reduced(ad.relu(margin - y * difference), reduction)


def soft_margin_loss(prediction: Any, target: Any, reduction: str = "mean") -> Tensor:
    """log(1 + exp(−y x)), without overflow; arguments as for `hinge_embedding_loss`.

    Raises:
        ShapeError: the shapes do not fit; nothing is broadcast.
        ValueError: a target is 0.

    Example:
        >>> round(soft_margin_loss([0.0], [1.0]).item(), 4)
        0.6931
    """
    x, y = paired("soft_margin_loss", prediction, target)
    signs("soft_margin_loss", y, scaled=True)
    return reduced(ad.softplus(-(y * x)), reduction)


def cosine_embedding_loss(
    input1: Any, input2: Any, target: Any, margin: float = 0.0, reduction: str = "mean"
) -> Tensor:
    """1 − cos(x₁, x₂) where y = 1, max(0, cos(x₁, x₂) − margin) where y = −1.

    Args:
        input1: x₁ of shape (N, D), or (D,) for one pair.
        input2: x₂, of the same shape.
        target: y, 1 or −1, of shape (N,) or ().
        margin: how small the cosine should be where y = −1.
        reduction: ``mean`` over all pairs, ``sum``, or ``none``.

    Returns:
        A scalar; with ``none`` one loss per pair.

    Raises:
        ShapeError: the shapes do not fit; nothing is broadcast.
        ValueError: a target is neither 1 nor −1.

    Example:
        >>> cosine_embedding_loss([[1.0, 0.0]], [[0.0, 1.0]], [1]).item()
        1.0
    """
    x1, x2 = alike("cosine_embedding_loss", input1, input2)
    tiny = 1e-12
    lengths = (ad.sum(x1 * x1, axis=-1) + tiny) * (ad.sum(x2 * x2, axis=-1) + tiny)
    cosine, y = paired("cosine_embedding_loss", ad.sum(x1 * x2, axis=-1) / ad.sqrt(lengths), target)
    signs("cosine_embedding_loss", y)
    near = ad.where(ad.equal(y, 1), 1.0 - cosine, 0.0)
    far = ad.where(ad.equal(y, -1), ad.relu(cosine - margin), 0.0)
    return reduced(near + far, reduction)


def triplet_margin_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    reduction: str = "mean",
) -> Tensor:
    """max(0, ‖a − p‖ − ‖a − n‖ + margin): what belongs together should be nearer.

    Source: Balntas et al., "Learning shallow convolutional feature descriptors with triplet
    losses", 2016.

    Args:
        anchor: a of shape (N, D) or (D,).
        positive: what belongs to it, of the same shape.
        negative: what does not, of the same shape.
        margin: by how much.
        p: the exponent of the norm.
        eps: added to the differences, as in PyTorch.
        swap: whether the distance from the positive to the negative counts where it is the
            smaller one.
        reduction: ``mean`` over all triplets, ``sum``, or ``none``.

    Returns:
        A scalar; with ``none`` one loss per triplet.

    Raises:
        ShapeError: the shapes differ; nothing is broadcast.
        ValueError: ``margin`` is not positive.

    Example:
        >>> round(triplet_margin_loss([[0.0]], [[3.0]], [[1.0]]).item(), 4)
        3.0
    """

    def distance(x: Any, y: Any) -> Any:
        return ad.pairwise_distance(x, y, p, eps)

    return triplet_margin_with_distance_loss(
        anchor,
        positive,
        negative,
        distance_function=distance,
        margin=margin,
        swap=swap,
        reduction=reduction,
    )


def triplet_margin_with_distance_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    *,
    distance_function: Distance | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Tensor:
    """`triplet_margin_loss` with a distance of one's own.

    Args:
        anchor: as there.
        positive: as there.
        negative: as there.
        distance_function: of two tensors; `autodiff.pairwise_distance` by default.
        margin: as there.
        swap: as there.
        reduction: as there.

    Returns:
        A scalar; with ``none`` one loss per triplet.

    Raises:
        ShapeError: the shapes differ; nothing is broadcast.
        ValueError: ``margin`` is not positive.

    Example:
        >>> far = lambda x, y: ad.sum(ad.abs(x - y), axis=-1)
        >>> triplet_margin_with_distance_loss(
        ...     [[0.0]], [[3.0]], [[1.0]], distance_function=far
        ... ).item()
        3.0
    """
    if not margin > 0:
        raise ValueError(f"triplet_margin_loss takes a positive margin, not {margin}")
    distance = ad.pairwise_distance if distance_function is None else distance_function
    a, close = alike("triplet_margin_loss", anchor, positive)
    _, far = alike("triplet_margin_loss", a, negative)
    wrong = distance(a, far)
    if swap:
        wrong = ad.minimum(wrong, distance(close, far))
    return reduced(ad.relu(distance(a, close) - as_node(wrong) + margin), reduction)
