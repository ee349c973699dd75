"""What computes with arrays that are more than plain ones: the protocol of interpreters.

While a step is recorded, or a function mapped over a batch, the library's code runs as ever, on
stand-ins (`autodiff.backends.stand_in`), and what it does with them comes here. A new interpreter
says in `apply` how it computes, and in `wrap` what its arrays are; all else may stay as it is.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

__all__ = ["Interpreter"]


class Interpreter:
    """Carries out functions of arrays on what its stand-ins stand for.

    Arguments come as they were given: stand-ins, plain arrays, and tuples, lists and dicts of
    them. Where stand-ins of several interpreters meet, the one that began last carries the
    function out, in terms of functions of the others' stand-ins.

    Attributes:
        start: when it began, by the clock that numbers nodes; older ones are outside.
        records: what it is given is noted and computed again later, without the Python code
            around it; hooks and branches would be missed.
        writes: its arrays may be written into.
    """

    __slots__ = ()
    start: int = -1
    records: bool = False
    writes: bool = True

    def apply(self, function: Callable[..., Any], args: Any, kwargs: dict[str, Any]) -> Any:
        """Carry out any function of arrays."""
        raise NotImplementedError

    def wrap(self, value: Any) -> Any:
        """The stand-in that holds ``value``."""
        raise NotImplementedError

    def stand_in(self, array: Any) -> Any:
        """A stand-in for an array from outside."""
        return self.wrap(array)

    def ufunc(self, ufunc: Any, method: str, inputs: Any, kwargs: dict[str, Any]) -> Any:
        """Carry out a ufunc, or one of its methods."""
        return self.apply(getattr(ufunc, method), inputs, kwargs)

    def function(self, function: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        """Carry out a NumPy function that is no ufunc."""
        return self.apply(function, args, kwargs)

    def kernel(self, function: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        """Carry out one of the library's own functions of arrays."""
        return self.apply(function, args, kwargs)

    def method(self, array: Any, name: str, args: Any, kwargs: dict[str, Any]) -> Any:
        """Carry out a method of arrays: ``astype``, ``copy`` or ``view``."""
        return self.apply(getattr(np.ndarray, name), (array, *args), kwargs)

    def getitem(self, array: Any, index: Any) -> Any:
        """Elements at an index; array or index is a stand-in."""
        return self.apply(operator.getitem, (array, index), {})

    def setitem(self, array: Any, index: Any, value: Any) -> None:
        """Write into elements of a stand-in."""
        self.apply(operator.setitem, (array, index, value), {})

    def refuse(self, array: Any, what: str) -> NoReturn:
        """Raise because plain numbers were asked for, which it does not give."""
        raise TypeError(f"{what}, but {array!r} is no plain array")

    def refuse_value(self) -> NoReturn:
        """Raise because the gradient by a Value was asked for, which is a Python number."""
        raise TypeError("the gradient by a Value is a Python number, not one that stands for it")
