"""The operators and methods of `Value`, put in place from the scalar functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.tensor import Tensor
from autodiff.value import scalar_functions
from autodiff.value_methods import ValueMethods

_BINARY = {
    "add": "add",
    "sub": "subtract",
    "mul": "multiply",
    "truediv": "divide",
    "pow": "power",
}
_COMPARISONS = {
    "lt": "less",
    "le": "less_equal",
    "gt": "greater",
    "ge": "greater_equal",
    "eq": "equal",
    "ne": "not_equal",
}
_UNARY = {"__neg__": "negative", "__pos__": "positive", "__abs__": "abs"}
_METHODS = "exp log sqrt sin cos tanh sigmoid relu".split()


def _operator(function: Callable[..., Any]) -> Callable[..., Any]:
    def operator(self: Any, other: Any) -> Any:
        if isinstance(other, (float, int, type(self))) or _is_number(other):
            return function(self, other)
        return NotImplemented

    return operator


def _equality(function: Callable[..., Any]) -> Callable[..., Any]:
    def operator(self: Any, other: Any) -> Any:
        if isinstance(other, (float, int, type(self), np.generic)):
            return function(self, other)
        return NotImplemented

    return operator


def _reflected(function: Callable[..., Any]) -> Callable[..., Any]:
    def operator(self: Any, other: Any) -> Any:
        return function(other, self) if _is_number(other) else NotImplemented

    return operator


def _is_number(x: Any) -> bool:
    return not isinstance(x, (Tensor, str, bytes, complex)) and getattr(x, "ndim", 0) == 0


for _name, _op in _BINARY.items():
    setattr(ValueMethods, f"__{_name}__", _operator(scalar_functions[_op]))
    setattr(ValueMethods, f"__r{_name}__", _reflected(scalar_functions[_op]))
for _name, _op in _COMPARISONS.items():
    _make = _equality if _name in ("eq", "ne") else _operator
    setattr(ValueMethods, f"__{_name}__", _make(scalar_functions[_op]))
for _name, _op in _UNARY.items():
    setattr(ValueMethods, _name, scalar_functions[_op])
for _name in _METHODS:
    setattr(ValueMethods, _name, scalar_functions[_name])
ValueMethods.__hash__ = object.__hash__  # type: ignore[method-assign]
