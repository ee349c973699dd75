"""The operators and methods of `Value`, generated from the table and put in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autodiff.ops.primitive import TABLE, Elementwise
from autodiff.scalar_functions import make, scalar_functions
from autodiff.value import Value, lift_operand
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
_METHODS = ("exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "relu")


def _comparison(name: str) -> Callable[..., Any]:
    compare = scalar_functions[name]

    def operator(self: Any, other: Any) -> Any:
        if other.__class__ is not Value:
            other = lift_operand(other)
            if other is NotImplemented:
                return NotImplemented
        return compare(self, other)

    return operator


def install_operators() -> None:
    """Give `Value` its operators and methods."""
    for name, op in _BINARY.items():
        entry = TABLE[op]
        assert isinstance(entry, Elementwise)
        setattr(ValueMethods, f"__{name}__", make(entry, "operator"))
        setattr(ValueMethods, f"__r{name}__", make(entry, "reflected"))
    for name, op in _COMPARISONS.items():
        setattr(ValueMethods, f"__{name}__", _comparison(op))
    for name, op in _UNARY.items():
        setattr(ValueMethods, name, scalar_functions[op])
    for name in _METHODS:
        setattr(ValueMethods, name, scalar_functions[name])
    ValueMethods.__hash__ = object.__hash__  # type: ignore[method-assign]
