"""Operators that reduce, accumulate and sort along an axis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff as ad
from tests.autodiff.operators.elementwise import whole

__all__ = ["ADAPTERS"]


def lifted(function: Callable[..., Any]) -> Callable[..., Any]:
    """A single number has one axis for the database and none here."""

    def along(x: Any, *args: Any, **kwargs: Any) -> Any:
        if x.ndim:
            return function(x, *args, **kwargs)
        y = function(x.reshape(1), *args, **kwargs)
        return tuple(part.reshape(()) for part in y) if isinstance(y, tuple) else y.reshape(())

    return along


def reduction(function: Callable[..., Any]) -> Callable[..., Any]:
    """``(x, dim, keepdim)`` as ``(x, axis, keepdims)``; no axes mean all."""

    def reduce(
        x: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None, **kwargs: Any
    ) -> Any:
        if dim == [] or dim == ():
            dim = None
        dim = tuple(dim) if isinstance(dim, list) else dim
        if not x.ndim:
            return function(x.reshape(1), axis=0, keepdims=False, **kwargs)
        return function(x, axis=dim, keepdims=keepdim, **kwargs)

    return reduce


def spread(function: Callable[..., Any]) -> Callable[..., Any]:
    """Standard deviation and variance, whose default is to divide by n − 1."""

    def reduce(
        x: Any,
        dim: Any = None,
        unbiased: bool = True,
        keepdim: bool = False,
        *,
        correction: float | None = None,
    ) -> Any:
        if isinstance(dim, bool):
            dim, unbiased = None, dim
        free = float(unbiased) if correction is None else correction
        return reduction(function)(x, dim, keepdim, correction=free)

    return reduce


def _with_mean(function: Callable[..., Any]) -> Callable[..., Any]:
    def both(x: Any, dim: Any = None, *rest: Any, **kw: Any) -> Any:
        keep = kw.get("keepdim", False)
        axis = None if isinstance(dim, bool) else dim
        return spread(function)(x, dim, *rest, **kw), reduction(ad.mean)(x, axis, keep)

    return both


def _quantile(function: Callable[..., Any]) -> Callable[..., Any]:
    def quantile(
        x: Any, q: Any, dim: Any = None, keepdim: bool = False, interpolation: str = "linear"
    ) -> Any:
        if not x.ndim:
            return function(x.reshape(1), q, axis=0, method=interpolation)
        return function(x, q, axis=dim, keepdims=keepdim, method=interpolation)

    return quantile


def _median(function: Callable[..., Any]) -> Callable[..., Any]:
    """The lower of the two in the middle, as the database has it."""

    def median(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
        if not x.ndim:
            return ad.positive(x)
        return function(x, 0.5, axis=dim, keepdims=keepdim, method="lower")

    return median


def _probabilities(function: Callable[..., Any]) -> Callable[..., Any]:
    return lifted(lambda x, dim, dtype=None: function(x, axis=dim))


def _safe_softmax(x: Any, axis: int) -> Any:
    none = np.isneginf(whole(x)).all(axis=axis, keepdims=True)
    return ad.where(none, 0.0, ad.softmax(ad.where(none, 0.0, x), axis))


def _sorted(x: Any, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:
    return ad.sort(x, axis=dim, descending=descending)


def _trapezoid(y: Any, x: Any = None, *, dx: Any = 1.0, dim: int = -1) -> Any:
    return ad.trapezoid(y, x, dx, dim)


def _covariance(x: Any, *, correction: int = 1, fweights: Any = None, aweights: Any = None) -> Any:
    frequencies = None if fweights is None else whole(fweights)
    return ad.cov(x, ddof=correction, fweights=frequencies, aweights=aweights)


def _renorm(x: Any, p: float, dim: int, maxnorm: float) -> Any:
    axes = tuple(i for i in range(x.ndim) if i != dim % x.ndim)
    sizes = ad.linalg.vector_norm(x, ord=p, axis=axes, keepdims=True)
    return ad.where(whole(sizes) > maxnorm, x * (maxnorm / (sizes + 1e-7)), x)


ADAPTERS: dict[str, Callable[..., Any]] = {
    "amax": reduction(ad.max),
    "amin": reduction(ad.min),
    "aminmax": lambda x, dim=None, keepdim=False: (
        reduction(ad.min)(x, dim, keepdim),
        reduction(ad.max)(x, dim, keepdim),
    ),
    "cov": _covariance,
    "cumprod": lifted(lambda x, dim, dtype=None: ad.cumprod(x, dim)),
    "cumsum": lifted(lambda x, dim, dtype=None: ad.cumsum(x, dim)),
    "cummax": lifted(lambda x, dim: ad.cummax(x, dim)),
    "cummin": lifted(lambda x, dim: ad.cummin(x, dim)),
    "log_softmax": _probabilities(ad.log_softmax),
    "logcumsumexp": lifted(lambda x, dim: ad.logcumsumexp(x, dim)),
    "logsumexp": reduction(ad.logsumexp),
    "special.log_softmax": _probabilities(ad.log_softmax),
    "mean": reduction(ad.mean),
    "median": _median(ad.quantile),
    "msort": lambda x: ad.sort(x, axis=0) if x.ndim else ad.positive(x),
    "nanmean": reduction(ad.nanmean),
    "nanmedian": _median(ad.nanquantile),
    "nanquantile": _quantile(ad.nanquantile),
    "nansum": reduction(ad.nansum),
    "prod": reduction(ad.prod),
    "quantile": _quantile(ad.quantile),
    "renorm": _renorm,
    "softmax": _probabilities(ad.softmax),
    "nn.functional.softmin": _probabilities(lambda x, axis: ad.softmax(-x, axis)),
    "torch.ops.aten._safe_softmax.default": _probabilities(_safe_softmax),
    "sort": lifted(_sorted),
    "std": spread(ad.std),
    "std_mean": _with_mean(ad.std),
    "sum": reduction(ad.sum),
    "topk": lifted(
        lambda x, k, dim=-1, largest=True, sorted=True: ad.topk(x, k, dim, largest=largest)[:1]
    ),
    "trapezoid": _trapezoid,
    "trapz": _trapezoid,
    "var": spread(ad.var),
    "var_mean": _with_mean(ad.var),
}


def _kept(x: Any, mask: Any) -> Any:
    return np.ones(x.shape, bool) if mask is None else np.broadcast_to(whole(mask), x.shape)


def _over_kept(function: Callable[..., Any]) -> Callable[..., Any]:
    """A mean or a variance of the elements that a mask keeps."""

    def masked(
        x: Any,
        dim: Any = None,
        unbiased: bool = True,
        *,
        keepdim: bool = False,
        mask: Any = None,
        **kw: Any,
    ) -> Any:
        kept = _kept(x, mask)
        if function is not ad.mean:
            given = kw.get("correction")
            kw = {"correction": float(unbiased) if given is None else given}
        return reduction(
            lambda x, axis, keepdims, **o: function(
                x, axis=axis, keepdims=keepdims, where=kept.reshape(x.shape), **o
            )
        )(x, dim, keepdim, **kw)

    return masked


def _normalized(function: Callable[..., Any], outside: float) -> Callable[..., Any]:
    def masked(x: Any, dim: int, *, mask: Any = None, dtype: Any = None) -> Any:
        kept = _kept(x, mask)

        def along(x: Any) -> Any:
            given = kept.reshape(x.shape)
            some = given.any(axis=dim, keepdims=True)
            y = function(ad.where(given | ~some, ad.where(given, x, 0.0), -np.inf), axis=dim)
            return ad.where(given, y, ad.where(some, outside, np.nan))

        return lifted(along)(x)

    return masked


def _masked(function: Callable[..., Any], neutral: float) -> Callable[..., Any]:
    def masked(x: Any, dim: Any = None, *args: Any, mask: Any = None, **kw: Any) -> Any:
        if mask is not None:
            x = ad.where(np.broadcast_to(whole(mask), x.shape), x, neutral)
        return function(x, dim, *args, **kw)

    return masked


ADAPTERS |= {
    "masked.cumprod": _masked(ADAPTERS["cumprod"], 1.0),
    "masked.cumsum": _masked(ADAPTERS["cumsum"], 0.0),
    "masked.amax": _masked(ADAPTERS["amax"], -np.inf),
    "masked.amin": _masked(ADAPTERS["amin"], np.inf),
    "masked.logsumexp": _masked(ADAPTERS["logsumexp"], -np.inf),
    "masked.mean": _over_kept(ad.mean),
    "masked.std": _over_kept(ad.std),
    "masked.var": _over_kept(ad.var),
    "masked.softmax": _normalized(ad.softmax, 0.0),
    "masked.softmin": lambda x, dim, **o: _normalized(ad.softmax, 0.0)(-x, dim, **o),
    "masked.prod": _masked(ADAPTERS["prod"], 1.0),
    "masked.sum": _masked(ADAPTERS["sum"], 0.0),
}
