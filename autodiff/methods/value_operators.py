"""The operators and methods of `Value`, generated from the table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from autodiff.methods.attach import attach
from autodiff.ops.primitive import TABLE, Elementwise
from autodiff.values.functions import make, scalar_functions
from autodiff.values.value import Value, lift_operand

__all__ = ["VALUE_METHODS"]

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


class _Generated:
    """A method that is generated when it is first asked for, and put in this one's place.

    To generate all of them takes longer than the package takes to load otherwise.
    """

    def __init__(self, name: str, made: Callable[[], Callable[..., Any]]) -> None:
        self._name, self._made = name, made

    def __get__(self, value: Any, owner: type) -> Any:
        function: Any = self._made()
        attach(Value, {self._name: function})
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


def _methods() -> Iterator[tuple[str, Any]]:
    for name, op in _BINARY.items():
        yield f"__{name}__", _operator(op, "operator")
        yield f"__r{name}__", _operator(op, "reflected")
    for name, op in [*_UNARY.items(), *zip(_METHODS, _METHODS, strict=True)]:
        yield name, _function(op)


VALUE_METHODS: dict[str, Any] = {
    **{name: _Generated(name, make_it) for name, make_it in _methods()},
    **{f"__{name}__": _comparison(op) for name, op in _COMPARISONS.items()},
    "__hash__": object.__hash__,
}
"""By name."""
