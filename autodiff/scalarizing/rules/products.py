"""Sums of products: each result as one weighted sum."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any

import numpy as np

from autodiff.ops.elementwise import arithmetic
from autodiff.scalarizing.array import elements_of, objects
from autodiff.scalarizing.rules.elementwise import of_elements, recorded
from autodiff.scalarizing.rules.reductions import summed
from autodiff.scalarizing.table import RULES
from autodiff.values.fusions import weighted_sum
from autodiff.values.value import Value

__all__ = ["sum_of_products"]


def _is(x: Any, number: float) -> bool:
    return not isinstance(x, Value) and bool(x == number)


def sum_of_products(pairs: Iterable[tuple[Any, Any]], start: Any = 0.0) -> Any:
    """Σ a · b + start as one node; products with the number 0 are left out.

    Args:
        pairs: Values and numbers.
        start: a Value or a number.

    Returns:
        A `Value`, or a number where there is no Value.
    """
    kept = [(a, b) for a, b in pairs if not (_is(a, 0) or _is(b, 0))]
    if all(_is(a, 1) or _is(b, 1) for a, b in kept):
        terms = [b if _is(a, 1) else a for a, b in kept]
        return summed([*terms, start])
    if not any(isinstance(x, Value) for pair in [*kept, (start,)] for x in pair):
        return float(sum(a * b for a, b in kept) + start)
    if len(kept) == 1 and _is(start, 0):
        return of_elements(arithmetic.multiply, *kept[0])
    first, second = zip(*kept, strict=True)
    return recorded(weighted_sum(first, second, start))


def _matmul(scalarizer: Any, function: Any, a: Any, b: Any) -> Any:
    left, right = elements_of(a), elements_of(b)
    rows = left[None] if left.ndim == 1 else left
    columns = right[:, None] if right.ndim == 1 else right
    if rows.shape[-1] != columns.shape[-2]:
        raise ValueError(f"matrices of shapes {left.shape} and {right.shape} do not fit")
    lead = np.broadcast_shapes(rows.shape[:-2], columns.shape[:-2])
    rows = np.broadcast_to(rows, (*lead, *rows.shape[-2:]))
    columns = np.broadcast_to(columns, (*lead, *columns.shape[-2:]))
    shape = (*lead, rows.shape[-2], columns.shape[-1])
    made = objects(
        (
            sum_of_products(zip(rows[*at, i], columns[*at, :, j], strict=True))
            for *at, i, j in np.ndindex(*shape)
        ),
        shape,
    )
    made = made[..., 0, :] if left.ndim == 1 else made
    return scalarizer.wrap(made[..., 0] if right.ndim == 1 else made)


def _einsum(scalarizer: Any, function: Any, subscripts: str, *operands: Any) -> Any:
    inputs, output = subscripts.split("->")
    terms = inputs.split(",")
    given = [elements_of(x) for x in operands]
    lengths: dict[str, int] = {}
    for term, x in zip(terms, given, strict=True):
        for label, n in zip(term, x.shape, strict=True):
            lengths[label] = max(n, lengths.get(label, 1)) if n else 0
    summed_over = [label for label in lengths if label not in output]

    def factors(at: dict[str, int]) -> list[Any]:
        found = []
        for term, x in zip(terms, given, strict=True):
            places = (at[c] if n > 1 else 0 for c, n in zip(term, x.shape, strict=True))
            found.append(x[tuple(places)])
        return found

    def pairs(outer: dict[str, int]) -> Iterable[tuple[Any, Any]]:
        for inner in product(*(range(lengths[c]) for c in summed_over)):
            first, *rest = factors(outer | dict(zip(summed_over, inner, strict=True)))
            last: Any = 1.0
            for x in rest:
                last = x if _is(last, 1) else of_elements(arithmetic.multiply, last, x)
            yield first, last

    shape = tuple(lengths[c] for c in output)
    places = (dict(zip(output, at, strict=True)) for at in np.ndindex(*shape))
    return scalarizer.wrap(objects((sum_of_products(pairs(at)) for at in places), shape))


RULES.update(
    {
        (np.matmul, "__call__"): _matmul,
        np.einsum: _einsum,
    }
)
