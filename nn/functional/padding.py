"""Borders around signals, images and volumes, in PyTorch's order of axes."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import ShapeError
from nn.module.inputs import as_node

__all__ = ["pad"]


def pad(
    x: Any, pad: int | Sequence[int], mode: str = "constant", value: float | None = None
) -> Tensor:
    """Elements added before and after the last axes; negative numbers take elements away.

    `autodiff.pad` is the same with NumPy's order of axes and more modes.

    Args:
        x: a tensor or array.
        pad: pairs (before, after), that of the last axis first.
        mode: ``"constant"``, ``"reflect"`` (without the edge), ``"replicate"`` (the edge) or
            ``"circular"``.
        value: what is added in mode ``constant``, 0 by default.

    Returns:
        A tensor with longer (or shorter) last axes.

    Raises:
        ShapeError: there are more pairs than axes, or a border is longer than the mode allows.
        ValueError: the mode is another one, or a value is given that it does not use.

    Example:
        >>> pad([[1.0, 2.0, 3.0]], (1, 1), "circular").tolist()
        [[3.0, 1.0, 2.0, 3.0, 1.0]]
        >>> pad([[1.0, 2.0, 3.0]], (-1, 1)).tolist()
        [[2.0, 3.0, 0.0]]
    """
    given: Tensor = as_node(x)
    numbers = [operator.index(k) for k in (pad if isinstance(pad, Sequence) else (pad, pad))]
    if mode not in ("constant", "reflect", "replicate", "circular"):
        raise ValueError(
            f"pad knows the modes 'constant', 'reflect', 'replicate' and 'circular', not {mode!r}"
        )
    if mode != "constant" and value:
        raise ValueError(f"pad uses a value in mode 'constant' only, and mode={mode!r} was given")
    if len(numbers) % 2 or len(numbers) > 2 * given.ndim:
        raise ShapeError(
            f"pad was given {tuple(numbers)} for shape {given.shape}; give pairs (before, after), "
            "that of the last axis first, for no more axes than there are"
        )
    for i in range(0, len(numbers), 2):
        axis = given.ndim - 1 - i // 2
        a, b = numbers[i], numbers[i + 1]
        if a or b:
            _check(given.shape, axis, a, b, mode)
            given = _along(given, axis, a, b, mode, value or 0.0)
    return given


def _along(x: Tensor, axis: int, a: int, b: int, mode: str, value: float) -> Tensor:
    n = x.shape[axis]
    before = (slice(None),) * axis
    if mode in ("constant", "circular") and (a < 0 or b < 0):
        x = x[(*before, slice(max(-a, 0), n + min(b, 0)))]
        n, a, b = x.shape[axis], max(a, 0), max(b, 0)
    if mode == "constant":
        widths = [(0, 0)] * x.ndim
        widths[axis] = (a, b)
        return ad.pad(x, widths, constant_values=value)
    places = np.arange(-a, n + b)
    if mode == "replicate":
        places = np.clip(places, 0, n - 1)
    elif mode == "circular":
        places = places % max(n, 1)
    else:
        places = n - 1 - np.abs(n - 1 - np.abs(places))
    return x[(*before, places)]


def _check(shape: tuple[int, ...], axis: int, a: int, b: int, mode: str) -> None:
    n = shape[axis]
    most = {"reflect": n - 1, "circular": n}.get(mode)
    wrong = n + a + b < 0 or (mode != "constant" and n == 0)
    if wrong or (most is not None and max(a, b) > most):
        limit = "" if most is None else f" at most {max(most, 0)} with mode={mode!r}, and"
        raise ShapeError(
            f"pad was given ({a}, {b}) for axis {axis} of shape {shape}; give numbers{limit} that "
            "leave no negative length"
        )
