"""Operators that pick elements, and put them elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff as ad
from tests.autodiff.operators.elementwise import whole
from tests.autodiff.operators.reducing import lifted

__all__ = ["ADAPTERS"]


def _slice(x: Any, dim: int = 0, start: Any = None, end: Any = None, step: int = 1) -> Any:
    index = [slice(None)] * x.ndim
    index[dim] = slice(start, end, step)
    return tuple(index)


def _index(x: Any, dim: int, what: Any) -> Any:
    return (slice(None),) * (dim % max(x.ndim, 1)) + (what,)


def _index_add(x: Any, dim: int, index: Any, source: Any, *, alpha: float = 1) -> Any:
    if not x.ndim:
        return x + (source * alpha).sum()
    return x.at[_index(x, dim, whole(index))].add(source * alpha)


def _index_put(x: Any, indices: Any, values: Any, accumulate: bool = False) -> Any:
    place = x.at[tuple(whole(i) for i in indices)]
    return place.add(values) if accumulate else place.set(values)


def _scattered(x: Any, dim: int, index: Any, src: Any, *, reduce: str | None = None) -> Any:
    index = whole(index)
    if not x.ndim:
        y = _scattered(x.reshape(1), 0, index.reshape(-1), _one_axis(src), reduce=reduce)
        return y.reshape(())
    if not index.ndim:
        index, src = index.reshape(1), _one_axis(src)
    if not index.size:
        return ad.positive(x)
    src = src[tuple(map(slice, index.shape))] if isinstance(src, ad.Tensor) else src
    if reduce is not None:
        kind = {"add": "sum", "multiply": "prod"}[reduce]
        return ad.scatter_reduce(x, dim, index, ad.broadcast_to(src, index.shape), kind)
    places: list[Any] = list(np.indices(index.shape, sparse=True))
    places[dim] = index
    return x.at[tuple(places)].set(src)


def _one_axis(x: Any) -> Any:
    return x.reshape(-1) if isinstance(x, ad.Tensor) else x


def _reduced(function: Callable[..., Any]) -> Callable[..., Any]:
    def scatter(x: Any, dim: int, index: Any, src: Any, *rest: Any, **options: Any) -> Any:
        index = whole(index)
        if x.ndim:
            src = src if index.ndim == src.ndim else src.reshape(index.shape)
            return function(x, dim, index, src, *rest, **options)
        lifted = (x.reshape(1), 0, index.reshape(-1), src.reshape(-1))
        return function(*lifted, *rest, **options).reshape(())

    return scatter


def _put(x: Any, index: Any, source: Any, accumulate: bool = False) -> Any:
    flat = x.reshape(-1).at[whole(index).reshape(-1)]
    source = source.reshape(-1)
    return (flat.add(source) if accumulate else flat.set(source)).reshape(x.shape)


def _gathered(x: Any, dim: int, index: Any) -> Any:
    index = whole(index)
    if not x.ndim:
        return ad.gather(x.reshape(1), 0, index.reshape(-1)).reshape(index.shape)
    if not index.size:
        return ad.reshape(x.reshape(-1)[:0], index.shape)
    return ad.gather(x, dim, index)


def _along(x: Any, index: Any, dim: int | None = None) -> Any:
    if dim is None:
        return x.reshape(-1)[whole(index).reshape(-1)]
    return ad.take_along_axis(x, whole(index), axis=dim)


ADAPTERS: dict[str, Callable[..., Any]] = {
    "gather": _gathered,
    "index_add": _index_add,
    "index_copy": lifted(lambda x, dim, i, s: x.at[_index(x, dim, whole(i))].set(s)),
    "index_fill": lifted(lambda x, dim, i, v: x.at[_index(x, dim, whole(i))].set(v)),
    "index_put": _index_put,
    "index_select": lifted(lambda x, dim, i: ad.take(x, whole(i).reshape(-1), axis=dim)),
    "narrow": lambda x, dim, start, length: ad.narrow(x, dim, int(whole(start)), length),
    "narrow_copy": lambda x, *a: ad.narrow(x, *a),
    "put": _put,
    "scatter": _scattered,
    "scatter_add": _reduced(lambda *a: ad.scatter_add(*a)),
    "scatter_reduce": _reduced(ad.scatter_reduce),
    "select": lambda x, dim, i: x[_index(x, dim, int(whole(i)))],
    "slice": lambda x, *a, **kw: x[_slice(x, *a, **kw)],
    "take_along_dim": _along,
}
