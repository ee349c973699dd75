"""Numbers set to zero at random."""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor, live
from nn.module.dtypes import get_default_dtype
from nn.module.inputs import as_node

__all__ = ["dropout"]


def check_share(p: float) -> float:
    if p.__class__ is not float and (isinstance(p, bool) or not isinstance(p, numbers.Real)):
        raise TypeError(f"dropout: p is a number from 0 to 1, and {p!r} was given")
    if not 0.0 <= p <= 1.0:
        raise ValueError(
            f"dropout: p is the share of entries set to zero, from 0 to 1, and {p} was given"
        )
    return float(p)


def dropout(
    x: Any, p: float = 0.5, training: bool = True, rng: np.random.Generator | None = None
) -> Tensor:
    """Set entries to zero at random and enlarge the others, so that the mean stays.

    Source: Srivastava et al., "Dropout", JMLR 15, 2014; the "inverted" form, section 10.

    Args:
        x: a tensor or array; integers become floats of the type `nn.get_default_dtype`.
        p: probability with which an entry is set to zero, from 0 to 1.
        training: if false, the input passes unchanged.
        rng: source of randomness; the library's generator if not given.

    Returns:
        x · mask / (1 − p), each entry of the mask being 1 with probability 1 − p.

    Raises:
        ValueError: ``p`` is outside [0, 1].

    Example:
        >>> dropout(np.ones(4), p=1.0).tolist()
        [0.0, 0.0, 0.0, 0.0]
    """
    given = as_node(x)
    if not training or check_share(p) == 0.0:
        return given
    if given.dtype.kind not in "fc":
        given = ad.astype(given, get_default_dtype())
    if p == 1.0:
        dropped: Tensor = given * given.dtype.type(0.0)
        return dropped
    return _thinned(given, given.dtype.type(p), rng)


def _thinned(x: Tensor, p: Any, rng: np.random.Generator | None) -> Tensor:
    draws = live.uniform(ad.random.generator(rng), x.shape)
    enlarged = x * np.divide(1.0, np.subtract(1.0, p))
    # A choice rather than a product with 0, which an infinite cotangent would turn into NaN.
    thinned: Tensor = ad.where(np.greater_equal(draws, p), enlarged, 0.0)
    return thinned
