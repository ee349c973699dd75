"""The largest elements of windows and of what meets at one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.backends.images.uneven import uneven_places
from autodiff.scalarizing.array import elements_of, numbers_in, objects
from autodiff.scalarizing.rules.reductions import greatest, least, reduced
from autodiff.scalarizing.table import RULES

__all__: list[str] = []


def _max_pool(
    scalarizer: Any, function: Any, x: Any, kernel: Any, stride: Any, dilation: Any
) -> Any:
    n = len(kernel)
    setting = list(zip(kernel, stride, dilation, strict=True))
    for i, (lengths, starts, _) in enumerate(setting):
        if isinstance(lengths, tuple):
            x = x[(..., uneven_places(lengths, starts), *(slice(None),) * (n - 1 - i))]
            setting[i] = max(lengths), 1, len(lengths)
    laid_out = arrays.windows(x, *zip(*setting, strict=True))
    axes = tuple(range(laid_out.ndim - 2 * n, laid_out.ndim - n))
    return reduced(scalarizer, laid_out, greatest, axes, False)


def _meeting(extreme: Callable[[list[Any]], Any]) -> Any:
    def rule(scalarizer: Any, function: Any, x: Any, index: Any, v: Any) -> Any:
        known = elements_of(x)
        places = np.arange(known.size).reshape(known.shape)[numbers_in(index)]
        met = [[element] for element in known.reshape(-1)]
        arriving = np.broadcast_to(elements_of(v), places.shape)
        for place, element in zip(places.reshape(-1), arriving.reshape(-1), strict=True):
            met[place].append(element)
        return scalarizer.wrap(objects(map(extreme, met), known.shape))

    return rule


RULES.update(
    {
        "index_max": _meeting(greatest),
        "index_min": _meeting(least),
        "max_pool": _max_pool,
    }
)
