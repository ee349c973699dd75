"""Linear functions of arrays: their coefficients are asked of themselves.

What such a function makes of arrays that are 1 at one place and 0 elsewhere is its matrix. So
the library's own function says which elements meet, and nothing of it is written again.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.scalarizing.array import elements_of, numbers_in, objects
from autodiff.scalarizing.rules.products import sum_of_products
from autodiff.scalarizing.table import RULES

__all__ = ["bilinear", "linear"]


def linear(*positions: int) -> Any:
    """The rule of a function that is linear in the operands at these positions together."""

    def rule(scalarizer: Any, function: Any, *args: Any, **kwargs: Any) -> Any:
        given = {i: elements_of(args[i]) for i in positions}
        zeros = [
            np.zeros(given[i].shape) if i in given else numbers_in(x) for i, x in enumerate(args)
        ]
        shape: tuple[int, ...] = np.shape(function(*zeros, **kwargs))
        pairs: list[list[tuple[Any, Any]]] = [[] for _ in range(math.prod(shape))]
        for position, elements in given.items():
            for at, element in np.ndenumerate(elements):
                zeros[position][at] = 1.0
                column = np.asarray(function(*zeros, **kwargs)).reshape(-1)
                zeros[position][at] = 0.0
                for place in np.flatnonzero(column):
                    pairs[place].append((float(column[place]), element))
        return scalarizer.wrap(objects(map(sum_of_products, pairs), shape))

    return rule


def bilinear(scalarizer: Any, function: Any, a: Any, b: Any, *start: Any, **kwargs: Any) -> Any:
    """The rule of a sum of products of elements, in which each of one meets one of the other.

    Where each element of ``b`` goes is asked with the elements of ``a`` numbered.
    """
    first, second = elements_of(a), elements_of(b)
    numbered = np.arange(1.0, first.size + 1).reshape(first.shape)
    unit = np.zeros(second.shape)
    starts = [np.zeros(np.shape(x)) for x in start]
    shape = np.shape(function(numbered, unit, *starts, **kwargs))
    pairs: list[list[tuple[Any, Any]]] = [[] for _ in range(math.prod(shape))]
    flat = first.reshape(-1)
    for at, element in np.ndenumerate(second):
        unit[at] = 1.0
        met = np.rint(function(numbered, unit, *starts, **kwargs)).reshape(-1).astype(int)
        unit[at] = 0.0
        for place in np.flatnonzero(met):
            pairs[place].append((flat[met[place] - 1], element))
    added = [0.0] * len(pairs)
    for x in start:
        known = elements_of(x).reshape(-1)
        numbers = np.arange(1.0, known.size + 1).reshape(np.shape(x))
        met = np.rint(function(np.zeros(first.shape), unit, numbers, **kwargs)).reshape(-1)
        added = [known[int(n) - 1] for n in met]
    made = (sum_of_products(one, s) for one, s in zip(pairs, added, strict=True))
    return scalarizer.wrap(objects(made, shape))


RULES.update(
    {
        **dict.fromkeys(
            "overlap_add resample scatter scatter_along_axis window_spread window_sum "
            "windows max_pool_input max_pool_pick".split(),
            linear(0),
        ),
        "index_add": linear(0, 2),
        "index_set": linear(0, 2),
        "subtract_label": linear(0, 1),
        **dict.fromkeys("convolution convolution_input convolution_weight".split(), bilinear),
        np.convolve: bilinear,
    }
)
