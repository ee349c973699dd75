"""Types for annotating code that is given what the functions of this library are given.

Example:
    >>> import autodiff as ad
    >>> from autodiff.typing import Axis, TensorLike
    >>> def spread(x: TensorLike, axis: Axis = None) -> ad.Tensor:
    ...     return ad.max(x, axis) - ad.min(x, axis)
    >>> spread([1.0, 4.0, 2.0]).item()
    3.0
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from autodiff.ops.broadcasting import Axis
from autodiff.tensors.tensor import Tensor
from autodiff.values.value import Value

__all__ = ["Array", "Axis", "Number", "TensorLike"]


def __dir__() -> list[str]:
    return __all__


Array: TypeAlias = npt.NDArray[Any]
"""A NumPy array."""

Number: TypeAlias = float | np.number[Any]
"""What counts as one number beside a `Value`: Python's and NumPy's."""

TensorLike: TypeAlias = Tensor | Value | npt.ArrayLike
"""An operand: a tensor, a Value, an array, a number, or nested lists of numbers."""
