"""Operators that act element by element, or pick and place single elements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff as ad

__all__ = ["ADAPTERS", "whole"]


def whole(x: Any) -> Any:
    """Integers that index, as a plain array."""
    return np.asarray(x.numpy() if isinstance(x, ad.Tensor) else x)


def _scaled(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda a, b, alpha=1: function(a, b * alpha)


def _divided(a: Any, b: Any, rounding_mode: str | None = None) -> Any:
    if rounding_mode is None:
        return ad.divide(a, b)
    return ad.trunc(a / b) if rounding_mode == "trunc" else ad.floor_divide(a, b)


def _clamped(x: Any, min: Any = None, max: Any = None) -> Any:
    low = -np.inf if min is None else min
    return ad.minimum(ad.maximum(x, low), np.inf if max is None else max)


def _clipped(x: Any, min: Any = None, max: Any = None) -> Any:
    return ad.clip(x, -np.inf if min is None else min, np.inf if max is None else max)


def _logit(x: Any, eps: float | None = None) -> Any:
    return ad.logit(x if eps is None else ad.clip(x, eps, 1 - eps))


def _softplus(x: Any, beta: float = 1, threshold: float = 20) -> Any:
    return ad.where(whole(x) * beta > threshold, x, ad.softplus(x * beta) / beta)


def _reduced_pair(function: Callable[..., Any], of_all: Callable[..., Any]) -> Callable[..., Any]:
    def extremum(x: Any, other: Any = None, keepdim: bool = False, dim: Any = None) -> Any:
        if isinstance(other, ad.Tensor):
            return function(x, other)
        axis = other if dim is None else dim
        if not x.ndim:
            return ad.positive(x)
        return of_all(x, axis=axis, keepdims=keepdim)

    return extremum


def _polygamma(x: Any, n: int) -> Any:
    return ad.special.polygamma(n, x)


ADAPTERS: dict[str, Callable[..., Any]] = {
    "__getitem__": lambda x, i: x[_plain_index(i)],
    "__radd__": lambda x, c: c + x,
    "__rdiv__": lambda x, c: c / x,
    "__rmod__": lambda x, c: c % x,
    "__rmul__": lambda x, c: c * x,
    "__rpow__": lambda x, c: c**x,
    "__rsub__": lambda x, c: c - x,
    "__rmatmul__": lambda x, c: c @ x,
    "add": _scaled(ad.add),
    "clamp": _clamped,
    "clamp_max": ad.minimum,
    "clamp_min": ad.maximum,
    "complex": lambda a, b: ad.make_complex(a, b),
    "div": _divided,
    "double": lambda x, **options: ad.positive(x),
    "dist": lambda a, b, p=2: ad.linalg.vector_norm(a - b, ord=p),
    "fill": lambda x, value: x * 0 + value,
    "heaviside": ad.heaviside,
    "ldexp": lambda x, e: x * ad.exp2(e),
    "logit": _logit,
    "special.logit": _logit,
    "max": _reduced_pair(ad.maximum, ad.max),
    "min": _reduced_pair(ad.minimum, ad.min),
    "mvlgamma": lambda x, p: ad.special.multigammaln(x, p),
    "nn.functional.softplus": _softplus,
    "polygamma": _polygamma,
    "special.polygamma": _polygamma,
    "i0": lambda x: ad.special.i0(x),
    "rsub": lambda a, b, alpha=1: b - a * alpha,
    "sgn": ad.sign,
    "sub": _scaled(ad.subtract),
    "to": lambda x, *rest, **options: ad.positive(x),
    "where": lambda x, condition, y: ad.where(condition, x, y),
    "xlogy": ad.xlogy,
    "zero_": lambda x: x * 0,
}


def _plain_index(index: Any) -> Any:
    if isinstance(index, (list, tuple)):
        return type(index)(map(_plain_index, index))
    return whole(index) if isinstance(index, ad.Tensor) else index
