"""Whatever a layer or loss is given, as a tensor, and in its float type."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.dtypes import as_array, keeps_precision
from autodiff.extending import constant

__all__ = ["as_node", "cast_input"]


def as_node(x: Any) -> Tensor:
    """A tensor as it is; anything else as a constant, arrays copied."""
    if isinstance(x, Tensor):
        return x
    if x.__class__ is np.ndarray and x.dtype.kind in "fiub":
        return constant(x.copy())
    return ad.asarray(x)


def cast_input(x: Any, like: Tensor) -> Tensor:
    """What a layer is given, in the float type of one of its parameters.

    Floating, integer and boolean inputs are brought to the type of the parameter, complex
    ones to the complex type of its precision. The cast is part of the graph: a gradient
    comes back in the type of the input. Indices, such as those of an embedding, are not for
    this function. While `autodiff.testing` checks gradients, nothing is brought to a lower
    precision.

    Args:
        x: a tensor, array, number or nested list.
        like: a parameter, or whatever else decides the type.

    Returns:
        A tensor; ``x`` itself if it is one of that type already.

    Example:
        >>> import nn
        >>> weight = nn.Parameter([1.0, 2.0])
        >>> cast_input(np.array([0.5, 0.5]), weight).dtype
        dtype('float32')
    """
    wanted = like.dtype
    if x.__class__ is np.ndarray and x.dtype.kind in "fiub":
        # The cast makes the copy that keeps a constant safe from later changes of the array.
        return constant(as_array(x, _computed_in(x.dtype, wanted)))
    given = as_node(x)
    have = given.dtype
    if have is wanted:
        return given
    kind = _computed_in(have, wanted)
    if have == kind:
        return given
    cast = ad.astype(given, kind)
    if not cast.requires_grad and given.name is not None:
        cast.name = given.name
    return cast


def _computed_in(given: np.dtype[Any], wanted: np.dtype[Any]) -> np.dtype[Any]:
    """The type of numbers of type ``given`` within a layer or loss of type ``wanted``."""
    if given.kind == "c" and wanted.kind == "f":
        wanted = np.result_type(wanted, np.complex64)
    elif given.kind != "c" and wanted.kind == "c":
        wanted = np.zeros((), wanted).real.dtype
    higher = given.kind == wanted.kind and given.itemsize > wanted.itemsize
    return given if higher and keeps_precision() else wanted
