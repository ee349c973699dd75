"""Two reductions at once, as PyTorch names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from autodiff.functions.reductions import reductions
from autodiff.functions.reductions.reductions import Axis
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["aminmax", "std_mean", "var_mean"]


class Extrema(NamedTuple):
    """The smallest and the largest elements."""

    min: Tensor
    max: Tensor


def aminmax(x: TensorLike, axis: Axis = None, keepdims: bool = False) -> Extrema:
    """Smallest and largest elements; equal ones share the gradient. Parameters as for `sum`.

    Example:
        >>> [y.tolist() for y in aminmax([[1.0, 2.0], [4.0, 3.0]], axis=0)]
        [[1.0, 2.0], [4.0, 3.0]]
    """
    return Extrema(reductions.min(x, axis, keepdims), reductions.max(x, axis, keepdims))


def var_mean(
    x: TensorLike, axis: Axis = None, correction: float = 0, keepdims: bool = False
) -> tuple[Tensor, Tensor]:
    """Variances and means. Parameters as for `var`: as there, it is divided by the count.

    Example:
        >>> [y.item() for y in var_mean([1.0, 3.0])]
        [1.0, 2.0]
    """
    spread = reductions.var(x, axis, correction, keepdims)
    return spread, reductions.mean(x, axis, keepdims)


def std_mean(
    x: TensorLike, axis: Axis = None, correction: float = 0, keepdims: bool = False
) -> tuple[Tensor, Tensor]:
    """Standard deviations and means. Parameters as for `var`.

    Example:
        >>> [y.item() for y in std_mean([1.0, 3.0], correction=1)]
        [1.4142135623730951, 2.0]
    """
    spread = reductions.std(x, axis, correction, keepdims)
    return spread, reductions.mean(x, axis, keepdims)
