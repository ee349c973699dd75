"""All parameters of a model as one vector, and back."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate
from typing import Any

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import ShapeError
from autodiff.extending import raw

__all__ = ["parameters_to_vector", "vector_to_parameters"]


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """The numbers of all parameters, one after the other; gradients pass through.

    Args:
        parameters: tensors, such as ``model.parameters()``; at least one.

    Raises:
        ValueError: there are none.

    Example:
        >>> import nn
        >>> parameters_to_vector(nn.Linear(2, 1).parameters()).shape
        (3,)
    """
    given = list(parameters)
    if not given:
        raise ValueError("parameters_to_vector() was given no parameters; give at least one")
    return ad.concatenate([ad.reshape(p, (-1,)) for p in given])


def vector_to_parameters(vec: Any, parameters: Iterable[Tensor]) -> None:
    """Give parameters the numbers of one vector, in the order of `parameters_to_vector`.

    The parameters keep their dtypes, and are changed in place: what an optimizer knows of them
    stays true.

    Args:
        vec: of shape (number of all elements,).
        parameters: leaves, such as ``model.parameters()``.

    Raises:
        ShapeError: the vector has another shape.

    Example:
        >>> import nn
        >>> layer = nn.Linear(2, 1)
        >>> vector_to_parameters([1.0, 2.0, 3.0], layer.parameters())
        >>> layer.weight.tolist(), layer.bias.tolist()
        ([[1.0, 2.0]], [3.0])
    """
    given = list(parameters)
    ends = list(accumulate(p.size for p in given))
    with ad.no_grad():
        vector = ad.asarray(vec)
        if vector.shape != (sum(p.size for p in given),):
            raise ShapeError(
                f"vector_to_parameters() was given numbers of shape {vector.shape}, and the "
                f"parameters take ({ends[-1] if ends else 0},)"
            )
        for p, end in zip(given, ends, strict=True):
            p.data = raw(ad.reshape(vector[end - p.size : end], p.shape).astype(p.dtype).copy())
