"""What looks like an array of floats to the table's rules, and holds Values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from autodiff.backends.stand_in import StandIn
from autodiff.values.value import Value

__all__ = ["ScalarArray", "elements_of", "held", "numbers_in", "objects"]

Objects = np.ndarray[Any, np.dtype[np.object_]]
_FLOAT: np.dtype[Any] = np.dtype(np.float64)


class ScalarArray(StandIn):
    """An array whose elements are Values and floats, in ``value``, an array of objects."""

    __slots__ = ()

    @property
    def dtype(self) -> np.dtype[Any]:
        """Float64, which is what a Value holds."""
        return _FLOAT

    def copy(self) -> Any:
        """A copy of its own, of the same Values."""
        return type(self)(self.interpreter, self.value.copy())


def objects(elements: Iterable[Any], shape: tuple[int, ...]) -> Objects:
    """An array of objects, which NumPy does not try to read as arrays themselves."""
    made = np.empty(shape, object)
    flat = made.reshape(-1)
    for place, element in enumerate(elements):
        flat[place] = element
    return made


def elements_of(x: Any) -> Objects:
    """What stands in an array as an array of objects: Values, and Python's own numbers."""
    if isinstance(x, ScalarArray):
        return x.value  # type: ignore[no-any-return]
    if isinstance(x, Value):
        return objects([x], ())
    array = np.asarray(x)
    return objects(array.reshape(-1).tolist(), array.shape)


def numbers_in(x: Any) -> Any:
    """The numbers of an array, without its graph."""
    if isinstance(x, ScalarArray):
        x = x.value
    elif not isinstance(x, np.ndarray) or x.dtype != object:
        return x
    plain = [v.data if isinstance(v, Value) else v for v in x.reshape(-1)]
    return np.array(plain, float).reshape(x.shape)


def held(x: Any, as_what: Callable[[Any], Any]) -> Any:
    """Arguments, in tuples, lists and dicts as well, with their arrays of Values replaced."""
    if isinstance(x, ScalarArray):
        return as_what(x)
    if isinstance(x, dict):
        return {key: held(part, as_what) for key, part in x.items()}
    if isinstance(x, (tuple, list)):
        return type(x)(held(part, as_what) for part in x)
    return x
