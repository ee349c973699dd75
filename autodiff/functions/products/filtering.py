"""Convolution and correlation of two rows of numbers, with NumPy's names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autodiff.errors import ShapeError
from autodiff.functions.elementwise.complex_numbers import conjugate
from autodiff.functions.shaping.shaping import flip
from autodiff.ops.products import filtering
from autodiff.tensors.operands import operands_of
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["convolve", "correlate"]


def convolve(a: TensorLike, v: TensorLike, mode: str = "full") -> Tensor:
    """Convolution: sums of products of one row and another reversed, at every offset.

    Args:
        a: one axis of n > 0 numbers.
        v: one axis of m > 0 numbers.
        mode: ``"full"`` for all n + m - 1 offsets, ``"same"`` for the max(n, m) in the middle,
            ``"valid"`` for the max(n, m) - min(n, m) + 1 where the shorter lies in the longer.

    Returns:
        One axis of sums.

    Raises:
        ShapeError: an operand has several axes, or no elements.
        ValueError: the mode is another one.

    Derivative: of the result's gradient g, a receives g ∗ flip(v), as much of it as a is long; v
    receives g ∗ flip(a), as much of it as v is long.

    Example:
        >>> convolve([1.0, 2.0, 3.0], [0.0, 1.0]).tolist()
        [0.0, 1.0, 2.0, 3.0]
    """
    a, v = _two_rows(a, v, mode, "convolve")
    return apply(filtering.convolve, a, v, mode=mode)


def correlate(a: Any, v: Any, mode: str = "valid") -> Tensor:
    """Correlation: sums of products of one row and the conjugate of another, at every offset.

    Parameters as for `convolve`.

    Example:
        >>> correlate([1.0, 2.0, 3.0], [0.0, 1.0]).tolist()
        [2.0, 3.0]
    """
    a, v = _two_rows(a, v, mode, "correlate")
    if v.dtype.kind == "c":
        v = conjugate(v)
    if a.shape[0] >= v.shape[0]:
        return apply(filtering.convolve, a, flip(v), mode=mode)
    # The middle of an even number of offsets is counted from the end.
    return flip(apply(filtering.convolve, flip(a), v, mode=mode))


def _two_rows(a: Any, v: Any, mode: str, name: str) -> tuple[Any, Any]:
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"{name}() knows the modes 'full', 'same' and 'valid', not {mode!r}")
    a, v = (x.reshape(1) if x.ndim == 0 else x for x in operands_of((a, v)))
    if a.ndim != 1 or v.ndim != 1 or not a.size or not v.size:
        raise ShapeError(
            f"{name!r} was given shapes {a.shape} and {v.shape}; give one axis with at least one "
            "element in both, or use autodiff.conv1d for batches and channels"
        )
    return a, v
