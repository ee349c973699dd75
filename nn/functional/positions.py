"""Where in a sequence something stands, as numbers to be added or as rotations."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import ShapeError
from nn.module.dtypes import floating, get_default_dtype
from nn.module.inputs import as_node

__all__ = ["rotary_embedding", "sinusoidal_positions"]

Array = np.ndarray[Any, Any]


def sinusoidal_positions(
    length: int, features: int, *, base: float = 10000.0, dtype: Any = None
) -> Array:
    """PE[p, 2i] = sin(p / base^(2i / E)), PE[p, 2i + 1] = cos(p / base^(2i / E)).

    Source: Vaswani et al., "Attention Is All You Need", 2017, section 3.5.

    Args:
        length: how many positions p there are, from 0.
        features: E.
        base: the wavelengths go from 2π to nearly 2π · base.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Returns:
        An array of shape (length, features).

    Example:
        >>> sinusoidal_positions(2, 4).round(3).tolist()
        [[0.0, 1.0, 0.0, 1.0], [0.8410000205039978, 0.5400000214576721, 0.009999999776482582, 1.0]]
    """
    angles = _angles(np.arange(length), features, base)
    found = np.empty((length, features))
    found[:, 0::2] = np.sin(angles)
    found[:, 1::2] = np.cos(angles)[:, : features // 2]
    return found.astype(floating(dtype))


def rotary_embedding(x: Any, *, offset: int = 0, base: float = 10000.0) -> Tensor:
    """Features 2i and 2i + 1 at position p turned by the angle p / base^(2i / D).

    The product of a turned query and a turned key depends on how far apart they stand, not on
    where: turn both before `autodiff.scaled_dot_product_attention`.

    Source: Su et al., "RoFormer", 2021, section 3.2.2.

    Args:
        x: queries or keys of shape (…, L, D), D even; position p stands on the axis before the
            last.
        offset: the position of the first, for sequences that go on.
        base: the slowest of the turns takes nearly 2π · base positions.

    Returns:
        A tensor of the shape of ``x``.

    Raises:
        ShapeError: ``x`` has fewer than two axes, or D is odd.

    Example:
        >>> rotary_embedding([[1.0, 0.0], [1.0, 0.0]]).data.round(3).tolist()
        [[1.0, 0.0], [0.54, 0.841]]
    """
    given = as_node(x)
    if given.ndim < 2 or given.shape[-1] % 2:
        raise ShapeError(
            f"rotary_embedding() takes x of shape (…, L, D) with D even, and got {given.shape}"
        )
    if given.dtype.kind != "f":
        given = ad.astype(given, get_default_dtype())
    *before, length, features = given.shape
    angles = _angles(np.arange(offset, offset + length), features, base)[..., None]
    cosine, sine = (f(angles).astype(given.dtype) for f in (np.cos, np.sin))
    pairs = ad.reshape(given, (*before, length, features // 2, 2))
    # (a, b) → (a cos − b sin, b cos + a sin): the pair times cos, and the pair (−b, a) times sin.
    across = ad.flip(pairs, axis=-1) * np.array([-1.0, 1.0], given.dtype)
    turned: Tensor = ad.reshape(pairs * cosine + across * sine, given.shape)
    return turned


def _angles(positions: Array, features: int, base: float) -> Array:
    return positions[:, None] / base ** (np.arange(0, features, 2) / features)
