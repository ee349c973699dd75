"""Initial values with a structure: orthogonal, identical, sparse."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import autodiff as ad
from autodiff.errors import ShapeError
from nn.init.plain import (
    Array,
    Rng,
    Shape,
    checked_dtype,
    checked_shape,
    integer,
    normal,
    number,
    zeros,
)

__all__ = ["dirac", "eye", "orthogonal", "sparse"]


def orthogonal(shape: Shape, gain: float = 1.0, *, rng: Rng = None, dtype: Any = None) -> Array:
    """A random matrix whose rows or columns, whichever are fewer, are orthonormal.

    A square one keeps the length of every signal, and of every gradient.

    Source: Saxe et al., "Exact solutions to the nonlinear dynamics of learning in deep linear
    neural networks", 2014; drawn evenly by the QR factorisation of a normal matrix, Mezzadri,
    "How to generate random matrices from the classical compact groups", 2007.

    Args:
        shape: shape of the weight; the axes after the first are taken as one.
        gain: factor on the result, see `calculate_gain`.
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Returns:
        The array.

    Raises:
        ShapeError: there are fewer than two axes.

    Example:
        >>> w = orthogonal((3, 5))
        >>> bool(abs(w @ w.T - np.eye(3)).max() < 1e-6)
        True
    """
    sizes, chosen = checked_shape(shape), checked_dtype(dtype)
    if len(sizes) < 2:
        raise ShapeError(f"orthogonal takes shapes with two axes or more, not {sizes}")
    number("gain", gain)
    rows, columns = sizes[0], math.prod(sizes[1:])
    drawn = ad.random.generator(rng).standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(drawn)
    # The signs that make the factorisation unique; without them not all q are equally likely.
    q = q * np.where(np.diagonal(r) < 0, -1.0, 1.0)
    return (gain * (q.T if rows < columns else q)).reshape(sizes).astype(chosen)


def eye(shape: Shape, *, rng: Rng = None, dtype: Any = None) -> Array:
    """The identity matrix, of as many inputs as there are outputs.

    Args:
        shape: of a matrix.
        rng: not used; taken so that every scheme is called alike.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Returns:
        The array.

    Raises:
        ShapeError: it is no matrix.

    Example:
        >>> eye((2, 3)).tolist()
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    sizes = checked_shape(shape)
    if len(sizes) != 2:
        raise ShapeError(f"eye takes the shape of a matrix, not {sizes}; for kernels take dirac")
    return np.eye(*sizes, dtype=checked_dtype(dtype))


def dirac(shape: Shape, groups: int = 1, *, rng: Rng = None, dtype: Any = None) -> Array:
    """A kernel that passes on its input channels, as many as there are outputs.

    Args:
        shape: ``(out, in / groups, *kernel)``, with one to three axes of the kernel.
        groups: groups of a grouped convolution; each passes on its own channels.
        rng: not used; taken so that every scheme is called alike.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Returns:
        The array: 1 in the middle of the kernel from each channel to itself, 0 elsewhere.

    Raises:
        ShapeError: it is no kernel, or the output channels cannot be divided into groups.

    Example:
        >>> dirac((2, 2, 3))[:, :, 1].tolist()
        [[1.0, 0.0], [0.0, 1.0]]
    """
    sizes = checked_shape(shape)
    if not 3 <= len(sizes) <= 5:
        raise ShapeError(
            f"dirac takes the shape of a kernel, (out, in, *kernel) with one to three axes of the "
            f"kernel, not {sizes}; for matrices take eye"
        )
    if integer("groups", groups) < 1 or sizes[0] % groups:
        raise ShapeError(
            f"dirac: {sizes[0]} output channels cannot be divided into {groups} groups"
        )
    kernel, each = zeros(sizes, dtype=dtype), sizes[0] // groups
    channels = np.arange(min(each, sizes[1]))
    middle = tuple(n // 2 for n in sizes[2:])
    for first in range(0, sizes[0], each or 1):
        places: Any = (first + channels, channels, *middle)
        kernel[places] = 1.0
    return kernel


def sparse(
    shape: Shape,
    sparsity: float,
    std: float = 0.01,
    *,
    rng: Rng = None,
    dtype: Any = None,
) -> Array:
    """Normal draws, of which in every column a share is 0.

    Source: Martens, "Deep learning via Hessian-free optimization", 2010, section 5.

    Args:
        shape: of a matrix.
        sparsity: the share of zeros, from 0 to 1, rounded up to whole rows.
        std: standard deviation of the others.
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Returns:
        The array.

    Raises:
        ShapeError: it is no matrix.
        ValueError: ``sparsity`` is no share, or ``std`` is negative.

    Example:
        >>> (sparse((4, 3), 0.5) == 0).sum(axis=0).tolist()
        [2, 2, 2]
    """
    sizes = checked_shape(shape)
    if len(sizes) != 2:
        raise ShapeError(f"sparse takes the shape of a matrix, not {sizes}")
    if not 0 <= number("sparsity", sparsity) <= 1:
        raise ValueError(f"sparsity is a share of zeros, from 0 to 1, and {sparsity} was given")
    rng = ad.random.generator(rng)
    values = normal(sizes, 0.0, std, rng=rng, dtype=dtype)
    ranks = rng.random(sizes).argsort(axis=0)
    values[ranks < math.ceil(sparsity * sizes[0])] = 0.0
    return values
