"""Axes of one example as axes of the array of all."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.ops.broadcasting import Axis

__all__ = ["shifted", "shifted_one"]


def shifted_one(axis: Any, ndim: int) -> int:
    """One axis of an example with ``ndim`` of them, counted with the examples' axis before it.

    Raises:
        AxisError: there is no such axis.

    Example:
        >>> shifted_one(-1, 2), shifted_one(0, 2)
        (2, 1)
    """
    if not -ndim <= axis < ndim:
        raise np.exceptions.AxisError(axis, ndim)
    return int(axis) % ndim + 1


def shifted(axis: Axis, ndim: int) -> tuple[int, ...]:
    """The axes that a reduction of an example goes over; None stands for all of them.

    Example:
        >>> shifted(None, 2), shifted(-1, 3), shifted((0, 1), 2)
        ((1, 2), (3,), (1, 2))
    """
    if axis is None:
        return tuple(range(1, ndim + 1))
    if not ndim and axis in (0, -1):
        # NumPy takes a number without axes for one along an axis.
        return ()
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    return tuple(shifted_one(a, ndim) for a in axes)
