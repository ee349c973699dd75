"""Multiply-adds of operations, by the shapes of what they were given."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

__all__ = ["UNCOUNTED", "multiply_adds"]

Shape = tuple[int, ...]


def _summed_last(result: Shape, first: Shape, *others: Shape) -> int:
    return math.prod(result) * (first[-1] if first else 1)


def _convolved(result: Shape, x: Shape, kernel: Shape, *others: Shape) -> int:
    # (out, in / groups, *field)
    return math.prod(result) * math.prod(kernel[1:])


def _convolved_back(result: Shape, x: Shape, kernel: Shape, *others: Shape) -> int:
    # (in, out / groups, *field): every entry of the input meets every entry of its kernels.
    return math.prod(x) * math.prod(kernel[1:])


def _recurrent(result: Shape, x: Shape, weight: Shape, *others: Shape) -> int:
    # At every step the state of one row meets the whole matrix: (T, N, 4 H) and (4 H, H).
    return math.prod(x) * weight[-1]


_COUNTS: dict[str, Callable[..., int]] = {
    "matmul": _summed_last,
    "inner": _summed_last,
    "convolution": _convolved,
    "convolution_input": _convolved_back,
    "lstm_recurrence": _recurrent,
}

UNCOUNTED = frozenset(
    "einsum convolve convolution_weight resample linear_recurrence banded_recurrence "
    "log_banded_recurrence fft ifft rfft irfft solve inv pinv cholesky qr lu svd eigh eig det "
    "slogdet expm sqrtm".split()
)
"""Operations that multiply and add, and of which the number is not told by shapes alone."""


def multiply_adds(node: Any) -> int:
    """How many products the operation that made a node added up; 0 for all others.

    Counted are products of matrices, convolutions and recurrences, for which the entries of
    the table say by their shapes what is summed. Sums, norms and what works entry by entry
    multiply and add as well, but next to nothing in comparison, and are left out.

    Args:
        node: a tensor, with its operands still there.

    Example:
        >>> import autodiff as ad
        >>> w = ad.Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
        >>> multiply_adds(w @ w), multiply_adds(w * w)
        (8, 0)
    """
    count = _COUNTS.get(getattr(node.op, "name", ""))
    return 0 if count is None else count(node.shape, *(parent.shape for parent in node.parents))
