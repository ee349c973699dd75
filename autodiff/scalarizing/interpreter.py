"""The interpreter: functions of arrays, carried out element by element on Values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.backends.interpreter import Interpreter
from autodiff.errors import ScalarizingError
from autodiff.ops.primitive import TABLE, Elementwise, Primitive
from autodiff.scalarizing import rules
from autodiff.scalarizing.array import ScalarArray, elements_of, held, numbers_in, objects
from autodiff.scalarizing.table import REFUSED, RULES
from autodiff.values.value import Value

__all__ = ["Scalars"]


class Scalars(Interpreter):
    """Runs rules of the table on arrays of Values."""

    __slots__ = ("entry",)

    def __init__(self) -> None:
        self.entry: str = ""

    def expand(self, entry: Primitive, operands: list[Any], params: dict[str, Any]) -> Any:
        """The result of an entry, each of its elements computed from Values.

        Args:
            entry: of the table.
            operands: arrays of Values, and arrays of numbers.
            params: its keyword parameters.

        Returns:
            An array of objects: Values, and floats where no Value leads to them.

        Raises:
            ScalarizingError: the entry is not expanded; says why.
        """
        self.entry = entry.name
        if entry.name in REFUSED or TABLE.get(entry.name) is not entry:
            self._refuse(REFUSED.get(entry.name, "has rules of its own, not those of the table"))
        if any(np.dtype(x.dtype).kind == "c" for x in operands):
            self._refuse("is given complex numbers here, and a Value is one real number")
        given = [self.wrap(x) if x.dtype == object else x for x in operands]
        if isinstance(entry, Elementwise):
            result = rules.elementwise.elementwise(self, entry, *given, **params)
        else:
            result = entry.forward(arrays, *given, **params)
        found = elements_of(result)
        made = (x if isinstance(x, Value) else float(x) for x in found.reshape(-1))
        return objects(made, found.shape)

    def wrap(self, value: Any) -> ScalarArray:
        """An array of Values, or one Value, as the rules see it."""
        array = value if isinstance(value, np.ndarray) else objects([value], ())
        return ScalarArray(self, array)

    def ufunc(self, ufunc: Any, method: str, inputs: Any, kwargs: dict[str, Any]) -> Any:
        """Carry out a ufunc, or a reduction by it."""
        out = kwargs.pop("out", None)
        known = (
            (ufunc, method) if method != "__call__" or (ufunc, "__call__") in RULES else np.ufunc
        )
        result = self._by_rule(known, ufunc, inputs, kwargs)
        if out is None or out[0] is None:
            return result
        self.setitem(out[0], ..., result)
        return out[0]

    def function(self, function: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        """Carry out a NumPy function that is no ufunc."""
        return self._by_rule(function, function, args, kwargs)

    def kernel(self, function: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        """Carry out one of the library's functions: by rule, by entry, or by its own lines."""
        name = function.__name__
        if name in REFUSED:
            self._refuse(REFUSED[name])
        if name in RULES:
            return RULES[name](self, function, *args, **kwargs)
        entry = TABLE.get(name)
        if isinstance(entry, Elementwise):
            return rules.elementwise.elementwise(self, entry, *args, **kwargs)
        return getattr(function, "__wrapped__", function)(*args, **kwargs)

    def method(self, array: Any, name: str, args: Any, kwargs: dict[str, Any]) -> Any:
        """Copies; a Value is of one type."""
        if name == "view":
            self._refuse("reads the bits of its numbers")
        if name == "astype" and args[0].kind != "f":
            return numbers_in(array).astype(*args, **kwargs)
        return array.copy()

    def getitem(self, array: Any, index: Any) -> Any:
        """Elements at an index."""
        return self.wrap(elements_of(array)[held(index, numbers_in)])

    def setitem(self, array: Any, index: Any, value: Any) -> None:
        """Write into elements."""
        if not isinstance(array, ScalarArray):
            self.refuse(array, "a plain array was to be written into")
        array.value[held(index, numbers_in)] = elements_of(value)

    def refuse(self, array: Any, what: str) -> NoReturn:
        """Raise because a rule wants plain numbers."""
        self._refuse(f"has a rule for numbers only: {what}")

    def unknown(self, function: Callable[..., Any]) -> NoReturn:
        """Raise because nothing says how a function is carried out."""
        name = getattr(function, "__name__", str(function))
        self._refuse(f"uses {name}, which is not known for Values")

    def _by_rule(self, known: Any, function: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        if known not in RULES:
            self.unknown(function)
        return RULES[known](self, function, *args, **kwargs)

    def _refuse(self, why: str) -> NoReturn:
        raise ScalarizingError(
            f"{self.entry!r} cannot be expanded into scalars: it {why}. Other operations of the "
            "graph can be; give the node of one of them"
        )
