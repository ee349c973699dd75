"""What the gradient of a real number by a complex one is, outside a sweep and inside."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["conjugated"]


def conjugated(g: Any) -> Any:
    """A gradient for the cotangent of a sweep, and the other way round.

    The gradient of a real number L by a complex z = x + iy is ∂L/∂x + i ∂L/∂y. Within a
    sweep its conjugate c is carried, for which dL = Re(c · dz): then a holomorphic step
    multiplies with its derivative just as a real one does, and no rule conjugates.

    Args:
        g: an array, a node or a float; real ones pass as they are.

    Returns:
        The conjugate; recorded, if it is a node.

    Example:
        >>> conjugated(np.array([1 + 2j]))
        array([1.-2.j])
    """
    dtype = getattr(g, "dtype", None)
    return np.conjugate(g) if dtype is not None and dtype.kind == "c" else g
