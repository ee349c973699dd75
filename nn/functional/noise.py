"""Numbers, or whole channels, set aside at random; and classes drawn so that gradients pass."""

from __future__ import annotations

import math
import numbers
from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor, live
from autodiff.errors import ShapeError
from nn.module.dtypes import get_default_dtype
from nn.module.inputs import as_node

__all__ = [
    "alpha_dropout",
    "dropout",
    "dropout1d",
    "dropout2d",
    "dropout3d",
    "feature_alpha_dropout",
    "gumbel_softmax",
]

Rng = np.random.Generator | int | None
SATURATED = 1.7580993408473766
"""Minus the limit of SELU at −∞, λ α: what alpha dropout sets numbers to."""


def check_share(p: float) -> float:
    """The probability of being set to zero, refused if it is none."""
    if p.__class__ is not float and (isinstance(p, bool) or not isinstance(p, numbers.Real)):
        raise TypeError(f"dropout: p is a number from 0 to 1, and {p!r} was given")
    if not 0.0 <= p <= 1.0:
        raise ValueError(
            f"dropout: p is the share of entries set to zero, from 0 to 1, and {p} was given"
        )
    return float(p)


def dropout(
    x: Any, p: float = 0.5, training: bool = True, inplace: bool = False, *, rng: Rng = None
) -> Tensor:
    """Set entries to zero at random and enlarge the others, so that the mean stays.

    Source: Srivastava et al., "Dropout", JMLR 15, 2014; the "inverted" form, section 10.

    Args:
        x: a tensor or array; integers become floats of the type `nn.get_default_dtype`.
        p: probability with which an entry is set to zero, from 0 to 1.
        training: if false, the input passes unchanged.
        inplace: without meaning: the input stays as it is.
        rng: a generator or a seed; the library's generator if not given.

    Returns:
        x · mask / (1 − p), each entry of the mask being 1 with probability 1 − p.

    Raises:
        ValueError: ``p`` is outside [0, 1].

    Example:
        >>> dropout(np.ones(4), p=1.0).tolist()
        [0.0, 0.0, 0.0, 0.0]
    """
    if inplace.__class__ is not bool:
        raise TypeError(f"dropout: inplace is True or False, not {inplace!r}; give rng by name")
    return _thinned(as_node(x), None, p, training, rng)


def dropout1d(
    x: Any, p: float = 0.5, training: bool = True, inplace: bool = False, *, rng: Rng = None
) -> Tensor:
    """`dropout` of whole channels: those of one sample are kept or set to zero as one.

    Neighbours in a channel say nearly the same, so that dropping single entries loses little.

    Source: Tompson et al., "Efficient Object Localization Using Convolutional Networks", 2015.

    Args:
        x: of shape (N, C, L), or (C, L) for one sample.
        p: as for `dropout`.
        training: likewise.
        inplace: likewise.
        rng: likewise.

    Returns:
        The thinned input, of the same shape.

    Raises:
        ShapeError: the input has other axes.
        ValueError: ``p`` is outside [0, 1].

    Example:
        >>> dropout1d(np.ones((2, 3, 1)), p=1.0).shape
        (2, 3, 1)
    """
    return _channels("dropout1d", x, 1, p, training, rng)


def dropout2d(
    x: Any, p: float = 0.5, training: bool = True, inplace: bool = False, *, rng: Rng = None
) -> Tensor:
    """`dropout1d` for images, of shape (N, C, H, W).

    PyTorch takes three axes for (N, C, L), with a warning; here they are refused.

    Example:
        >>> dropout2d(np.ones((2, 3, 1, 1)), p=1.0).shape
        (2, 3, 1, 1)
    """
    return _channels("dropout2d", x, 2, p, training, rng)


def dropout3d(
    x: Any, p: float = 0.5, training: bool = True, inplace: bool = False, *, rng: Rng = None
) -> Tensor:
    """`dropout1d` for volumes, of shape (N, C, D, H, W), or (C, D, H, W) for one.

    Example:
        >>> dropout3d(np.ones((2, 1, 1, 1)), p=1.0).shape
        (2, 1, 1, 1)
    """
    return _channels("dropout3d", x, 3, p, training, rng)


def alpha_dropout(
    x: Any, p: float = 0.5, training: bool = False, inplace: bool = False, *, rng: Rng = None
) -> Tensor:
    """Set entries to SELU's limit at random, scaled and shifted so that mean and variance stay.

    For inputs of mean 0 and variance 1, which networks of SELU keep.

    Source: Klambauer et al., "Self-Normalizing Neural Networks", 2017.

    Args:
        x: as for `dropout`.
        p: likewise.
        training: likewise; off unless asked for, as in PyTorch.
        inplace: likewise.
        rng: likewise.

    Returns:
        a x + b where an entry is kept, b − 1.7581 a elsewhere; of the shape of ``x``.

    Raises:
        ValueError: ``p`` is outside [0, 1].

    Example:
        >>> alpha_dropout([1.0, 2.0]).tolist()
        [1.0, 2.0]
    """
    return _thinned(as_node(x), None, p, training, rng, SATURATED)


def feature_alpha_dropout(
    x: Any, p: float = 0.5, training: bool = False, inplace: bool = False, *, rng: Rng = None
) -> Tensor:
    """`alpha_dropout` of whole channels, the axis 1 of an input of shape (N, C, ...).

    Raises:
        ShapeError: the input has fewer than two axes.
        ValueError: ``p`` is outside [0, 1].

    Example:
        >>> feature_alpha_dropout([[[1.0], [2.0]]]).tolist()
        [[[1.0], [2.0]]]
    """
    given = as_node(x)
    if given.ndim < 2:
        raise ShapeError(
            f"feature_alpha_dropout takes inputs of shape (N, C, ...), not {given.shape}; for "
            "single features use alpha_dropout"
        )
    shape = (*given.shape[:2], *[1] * (given.ndim - 2))
    return _thinned(given, shape, p, training, rng, SATURATED)


def _channels(name: str, x: Any, axes: int, p: float, training: bool, rng: Rng) -> Tensor:
    given = as_node(x)
    if given.ndim not in ((axes + 2,) if axes == 2 else (axes + 1, axes + 2)):
        sizes = {1: "L", 2: "H, W", 3: "D, H, W"}[axes]
        single = "" if axes == 2 else f" or (C, {sizes})"
        hint = "; of shape (N, C, L) take dropout1d, of one image x[None]" if axes == 2 else ""
        raise ShapeError(
            f"{name} takes inputs of shape (N, C, {sizes}){single}, not {given.shape}{hint}"
        )
    return _thinned(given, given.shape[:-axes] + (1,) * axes, p, training, rng)


def _thinned(
    given: Tensor,
    shape: tuple[int, ...] | None,
    p: float,
    training: bool,
    rng: Rng,
    saturated: float = 0.0,
) -> Tensor:
    """The input with what was drawn set to a constant, by entries or by a shape that is spread."""
    if not training or check_share(p) == 0.0:
        return given
    if given.dtype.kind not in "fc":
        given = ad.astype(given, get_default_dtype())
    if p == 1.0:
        dropped: Tensor = given * given.dtype.type(0.0)
        return dropped
    share = given.dtype.type(p)
    draws = live.uniform(ad.random.generator(rng), given.shape if shape is None else shape)
    scale: Any = np.divide(1.0, np.subtract(1.0, share))
    kept, otherwise = given * scale, 0.0
    if saturated:
        scale = 1.0 / math.sqrt((saturated**2 * p + 1.0) * (1.0 - p))
        kept = given * scale + saturated * scale * p
        otherwise = saturated * scale * (p - 1.0)
    # A choice rather than a product with 0, which an infinite cotangent would turn into NaN.
    thinned: Tensor = ad.where(np.greater_equal(draws, share), kept, otherwise)
    return thinned


def gumbel_softmax(
    logits: Any,
    tau: float = 1.0,
    hard: bool = False,
    eps: float = 1e-10,
    dim: int = -1,
    *,
    rng: Rng = None,
) -> Tensor:
    """softmax((z + g) / τ) with noise g: classes drawn so that gradients pass.

    The largest z + g is a draw from softmax(z) if the numbers g are Gumbel's.

    Source: Jang et al., "Categorical Reparameterization with Gumbel-Softmax", 2017.

    Args:
        logits: z.
        tau: τ, positive; the smaller, the nearer to a single class.
        hard: whether the result is one-hot, with the gradient of the soft one.
        eps: without meaning, as in PyTorch.
        dim: the axis of the classes.
        rng: a generator or a seed; the library's generator if not given.

    Returns:
        Shares of the classes, of the shape of the logits.

    Raises:
        ValueError: ``tau`` is not positive.

    Example:
        >>> gumbel_softmax([[9.0, -9.0]], tau=0.1, hard=True, rng=0).tolist()
        [[1.0, 0.0]]
    """
    if not tau > 0:
        raise ValueError(f"gumbel_softmax takes a positive tau, not {tau}")
    z = as_node(logits)
    if z.dtype.kind != "f":
        z = ad.astype(z, get_default_dtype())
    draws = live.uniform(ad.random.generator(rng), z.shape, np.float64)
    noise = -np.log(-np.log(np.maximum(draws, np.finfo(np.float64).tiny)))
    soft = ad.softmax((z + noise.astype(z.dtype)) / tau, axis=dim)
    if not hard:
        return soft
    # The classes in one place, so that the sum of both terms is exactly one-hot.
    chosen = ad.one_hot(ad.argmax(soft, axis=dim), z.shape[dim], axis=dim, dtype=z.dtype)
    straight: Tensor = ad.where(chosen > 0, 1.0, 0.0) + (soft - soft.detach())
    return straight
