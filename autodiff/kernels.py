"""Array kernels of elementwise derivatives, made from the table's partials."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autodiff.backends.arrays import arrays
from autodiff.ops.primitive import Elementwise

__all__ = ["Kernel", "make_kernel"]

Kernel = Callable[..., Any]


def make_kernel(entry: Elementwise, position: int) -> Kernel | None:
    """The function ``kernel(g, y, *operands, **params)`` for one operand's cotangent.

    Returns:
        The function; None where the partial is 1 and the cotangent passes unchanged.
    """
    partial = entry.partials[position]
    if not callable(partial):
        if partial == 1:
            return None
        if partial == -1:
            return lambda g, y, *operands, **params: -g
        return lambda g, y, *operands, **params: g * partial

    def kernel(g: Any, y: Any, *operands: Any, **params: Any) -> Any:
        return g * partial(arrays, y, *operands, **params)

    return kernel
