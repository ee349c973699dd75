"""What kind of array something is: NumPy's own, a number of it, a stand-in, one of objects.

Where one call more would be felt, a class is compared in place: ``x.__class__ is np.ndarray``.
"""

from __future__ import annotations

from typing import Any, TypeGuard

import numpy as np

from autodiff.backends.stand_in import StandIn

__all__ = [
    "holds_objects",
    "is_array",
    "is_numeric",
    "is_plain",
    "is_recorded",
    "is_stand_in",
    "numbers_of",
    "takes_sums",
    "whole",
]

_ndarray = np.ndarray
_NUMERIC = (np.ndarray, np.generic)


def is_array(x: Any) -> TypeGuard[np.ndarray[Any, Any]]:
    """Whether it is an array with numbers at hand, subclasses of NumPy's included.

    Example:
        >>> is_array(np.ones(2)), is_array(np.float64(1.0))
        (True, False)
    """
    return isinstance(x, _ndarray)


def is_plain(x: Any) -> bool:
    """Whether it is an array of NumPy's own class.

    Example:
        >>> is_plain(np.ones(2)), is_plain(np.ma.ones(2))
        (True, False)
    """
    return x.__class__ is _ndarray


def is_numeric(x: Any) -> bool:
    """Whether it is an array with numbers at hand, or one of NumPy's numbers.

    Example:
        >>> is_numeric(np.float64(1.0)), is_numeric(1.0)
        (True, False)
    """
    return isinstance(x, _NUMERIC)


def is_stand_in(x: Any) -> TypeGuard[StandIn]:
    """Whether it stands in for an array, so that its numbers cannot be asked for.

    Example:
        >>> is_stand_in(np.ones(2))
        False
    """
    return isinstance(x, StandIn)


def is_recorded(x: Any) -> bool:
    """Whether it stands in for an array whose numbers are others when it is used again.

    Example:
        >>> is_recorded(np.ones(2))
        False
    """
    return isinstance(x, StandIn) and x.interpreter.records


def takes_sums(x: Any) -> bool:
    """Whether more may be added into its memory, instead of making a new array.

    Example:
        >>> takes_sums(np.ones(2))
        True
    """
    return not isinstance(x, StandIn) or x.interpreter.writes


def holds_objects(x: Any) -> bool:
    """Whether it is an array of Python objects, such as Values.

    Example:
        >>> holds_objects(np.array([None])), holds_objects(np.ones(2))
        (True, False)
    """
    return isinstance(x, _ndarray) and x.dtype.kind == "O"


def whole(x: Any) -> Any:
    """The array of all examples that stand-ins within mappings hold; anything else as it is.

    A stand-in that is being recorded stays, because its numbers are others at the next call.

    Example:
        >>> whole(2.0)
        2.0
    """
    while isinstance(x, StandIn) and not x.interpreter.records:
        x = x.value
    return x


def numbers_of(x: Any) -> Any:
    """What a stand-in holds in the end, an array; anything else as it is.

    Example:
        >>> numbers_of(2.0)
        2.0
    """
    while isinstance(x, StandIn):
        x = x.value
    return x
