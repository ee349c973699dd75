"""Methods of `Tensor` whose functions are in families that are imported when first asked for."""

from __future__ import annotations

from types import MethodType
from typing import Any

from autodiff.functions import catalogue
from autodiff.functions.elementwise import elementwise
from autodiff.functions.parameter_aliases import spelt
from autodiff.functions.reductions import searching

__all__ = ["LAZY_METHODS"]

# `trace` is the history of a node; the sum of a diagonal is `autodiff.trace`.
_NAMES = (
    "argpartition argsort choose conj conjugate cumprod diagonal partition ptp repeat round "
    "searchsorted sort take"
).split()


class _OfFamily:
    """The namespace's function as a method; its family is imported when it is asked for."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, node: Any, owner: type | None = None) -> Any:
        function = spelt(catalogue.find(self._name))
        return function if node is None else MethodType(function, node)


def _compress(self: Any, condition: Any, axis: int | None = None) -> Any:
    """What `autodiff.compress` gives for this tensor."""
    return catalogue.find("compress")(condition, self, axis)


def _copy(self: Any, order: str = "C") -> Any:
    """The same numbers as a node of their own, through which gradients pass."""
    return elementwise.positive(self)


def _real(self: Any) -> Any:
    """The real parts."""
    return catalogue.find("real")(self)


def _imag(self: Any) -> Any:
    """The imaginary parts."""
    return catalogue.find("imag")(self)


def _bytes(self: Any) -> int:
    """How many bytes the numbers take."""
    return int(self._data.nbytes)


def _bytes_each(self: Any) -> int:
    """How many bytes one number takes."""
    return int(self._data.itemsize)


LAZY_METHODS: dict[str, Any] = {
    **{name: _OfFamily(name) for name in _NAMES},
    "compress": _compress,
    "copy": _copy,
    "nonzero": searching.nonzero,
    "imag": property(_imag),
    "itemsize": property(_bytes_each),
    "nbytes": property(_bytes),
    "real": property(_real),
}
"""The methods and attributes of `numpy.ndarray` beside those that every program uses."""
