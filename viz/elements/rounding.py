"""Gradients that are 0 but for rounding: what arrives there cancels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["without_rounding"]

ROUNDING = 1e-14
"""A sum so small beside its terms is 0 as far as can be told."""


def without_rounding(order: Sequence[Any], gradients: Mapping[Any, float]) -> dict[Any, float]:
    """The gradients, with 0 for those that are nothing but the rounding of a sum.

    Args:
        order: the nodes, operands first.
        gradients: by node.

    Example:
        >>> import autodiff as ad
        >>> x = ad.Value(0.3)
        >>> y = x * 0.1 + x * 0.2 - x * 0.3
        >>> found = ad.gradients(y)
        >>> found[x] != 0.0, without_rounding(ad.topological_order(y), found)[x]
        (True, 0.0)
    """
    terms: dict[Any, float] = {}
    found = dict(gradients)
    for node in reversed(order):
        if abs(found.get(node, 0.0)) <= ROUNDING * terms.get(node, 0.0):
            found[node] = 0.0
        for operand, partial in node.local_gradients():
            term = abs(found.get(node, 0.0) * partial)
            terms[operand] = terms.get(operand, 0.0) + term
    return {node: found[node] for node in gradients}
