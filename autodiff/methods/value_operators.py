"""The operators and methods of `Value`, generated from the table and put in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autodiff.methods.value_declarations import ValueMethods
from autodiff.ops.primitive import TABLE, Elementwise
from autodiff.value import Value, lift_operand
from autodiff.values.functions import make, scalar_functions

_BINARY = {
    "add": "add",
    "sub": "subtract",
    "mul": "multiply",
    "truediv": "divide",
    "floordiv": "floor_divide",
    "mod": "remainder",
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


class _Method:
    """A method that is generated when it is first asked for, and then takes its own place."""

    def __init__(self, name: str, made: Callable[[], Callable[..., Any]]) -> None:
        self._name, self._made = name, made

    def __get__(self, value: Any, owner: type) -> Any:
        function: Any = self._made()
        setattr(ValueMethods, self._name, function)
        return function.__get__(value, owner)


def _operator(op: str, kind: str) -> Callable[[], Callable[..., Any]]:
    entry = TABLE[op]
    assert isinstance(entry, Elementwise)
    return lambda: make(entry, kind)


def _function(op: str) -> Callable[[], Callable[..., Any]]:
    return lambda: scalar_functions[op]


def _comparison(op: str) -> Callable[..., Any]:
    def operator(self: Any, other: Any) -> Any:
        if other.__class__ is not Value:
            other = NotImplemented if other is None else lift_operand(other)
            if other is NotImplemented:
                return NotImplemented
        return scalar_functions[op](self, other)

    return operator


def install_operators() -> None:
    """Give `Value` its operators and methods."""
    made = {f"__{name}__": _operator(op, "operator") for name, op in _BINARY.items()}
    made |= {f"__r{name}__": _operator(op, "reflected") for name, op in _BINARY.items()}
    made |= {name: _function(op) for name, op in _UNARY.items()}
    made |= {name: _function(name) for name in _METHODS}
    for name, make_it in made.items():
        setattr(ValueMethods, name, _Method(name, make_it))
    for name, op in _COMPARISONS.items():
        setattr(ValueMethods, f"__{name}__", _comparison(op))
    ValueMethods.__hash__ = object.__hash__  # type: ignore[method-assign]
