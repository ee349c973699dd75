"""Slices kept from growing too long, in PyTorch's form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autodiff.errors import ShapeError
from autodiff.functions.elementwise import comparison
from autodiff.functions.elementwise import elementwise as ew
from autodiff.functions.linalg.norms import vector_norm
from autodiff.functions.reductions.masked import floating
from autodiff.functions.shaping.shaping import place_of_axis
from autodiff.graph.settings import setting
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["renorm"]


def renorm(input: TensorLike, p: float, dim: int, maxnorm: float) -> Tensor:
    """Slices whose norm is larger than a bound, made as short as the bound; others as they are.

    Args:
        input: tensor or array with at least two axes.
        p: which norm.
        dim: the axis along which the slices are counted.
        maxnorm: the bound.

    Returns:
        A tensor of the shape of ``input``. At the bound itself the gradient is that of a
        slice that is left as it is.

    Raises:
        ShapeError: there are fewer than two axes.

    Example:
        >>> renorm([[3.0, 4.0], [0.0, 1.0]], 2, 0, 1.0).data.round(4).tolist()
        [[0.6, 0.8], [0.0, 1.0]]
    """
    x = floating(input)
    if x.ndim < 2:
        raise ShapeError(f"'renorm' was given shape {x.shape}; give at least two axes")
    if setting(p, "renorm", "p") <= 0 or (isinstance(maxnorm, (int, float)) and maxnorm < 0):
        raise ValueError(
            f"renorm() was given p={p} and maxnorm={maxnorm}; give a norm above 0, and a bound "
            "from 0 up"
        )
    place = place_of_axis(dim, x.ndim)
    axes = tuple(a for a in range(x.ndim) if a != place)
    norm = vector_norm(x, axis=axes, keepdims=True, ord=p)
    long = comparison.greater(norm, maxnorm)
    # As in PyTorch, a little is added to the norm.
    factor = ew.where(long, maxnorm / ew.where(long, norm + 1e-7, 1), 1)
    return x * factor  # type: ignore[no-any-return]
