"""Applying the table's primitives to tensors: compute, then record.

The functions made here are the hot path of eager work, so they are written for few
Python steps: one NumPy call, one call that records.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autodiff.backends.arrays import arrays
from autodiff.backends.kinds import is_array
from autodiff.backends.stand_in import StandIn
from autodiff.graph.node import Node
from autodiff.graph.settings import setting
from autodiff.ops.docstrings import docstring
from autodiff.ops.parameters import OPERAND, RESULT, keyword_parameters, signature_of
from autodiff.ops.primitive import Elementwise, Primitive
from autodiff.tensors.operand_errors import shape_error, type_error
from autodiff.tensors.operands import as_operand, beside, operands_of
from autodiff.tensors.record import record
from autodiff.tensors.tensor import Tensor
from autodiff.values.functions import scalar_functions
from autodiff.values.value import Value

# By this a recording knows that array calls made here are the forward pass of an operation.
__glassgrad_operations__ = True

__all__ = ["apply", "dispatch", "elementwise_function", "named"]

_ARRAYS = (Tensor, list, tuple)


def apply(entry: Primitive, *values: Any, **params: Any) -> Tensor:
    """Apply a primitive to tensors, arrays or numbers.

    Args:
        entry: the table's entry.
        *values: the operands.
        **params: its keyword parameters.

    Returns:
        The result as a `Tensor`.

    Raises:
        ShapeError: the operands' shapes do not fit; the message names them.
    """
    for value in values:
        if not isinstance(value, Tensor):
            values = tuple(operands_of(values, aside=entry.aside))
            break
    try:
        result = entry.forward(arrays, *[value._data for value in values], **params)
    except (ValueError, IndexError) as error:
        raise shape_error(entry, values, params, error) from None
    except TypeError as error:
        raise type_error(entry, values, error) from None
    return record(entry, result, values, params)  # type: ignore[no-any-return]


def elementwise_function(
    entry: Elementwise, on_complex: Callable[[Any], Any] | None = None
) -> Callable[..., Any]:
    """The public function of an elementwise primitive, for every kind of operand.

    Args:
        entry: the table's entry.
        on_complex: what is done instead with a complex tensor, for an entry with one operand.

    Returns:
        ``function(*operands, **params)``: a `Tensor` for tensors, arrays and numbers, a
        `Value` where the only nodes among the operands are Values.
    """
    compute = getattr(arrays, entry.name)
    defaults = keyword_parameters(entry)
    function: Callable[..., Any]
    if on_complex is not None:
        function = _unary_by_kind(entry, compute, on_complex)
    elif entry.arity == 1 and not defaults:
        function = _unary(entry, compute)
    elif entry.arity == 2 and not defaults:
        function = _binary(entry, compute)
    elif entry.arity == 3 and not defaults:
        function = _ternary(entry)
    else:
        function = _general(entry, defaults)
    return named(entry, function)


def named(entry: Elementwise, function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of one's own as that of an entry: with its name, its docstring, its types."""
    function.__name__ = function.__qualname__ = entry.name
    function.__doc__ = docstring(entry)
    code = function.__code__
    operands = code.co_varnames[: code.co_argcount]
    function.__annotations__ = dict.fromkeys(operands, OPERAND) | {"return": RESULT}
    return function


def _general(entry: Elementwise, defaults: dict[str, Any]) -> Callable[..., Any]:
    def function(*values: Any, **params: Any) -> Any:
        if "input" in params:
            values = (params.pop("input"), *values)
        values, given = values[: entry.arity], values[entry.arity :]
        merged = {**defaults, **dict(zip(defaults, given, strict=False)), **params}
        wrong = len(values) < entry.arity or len(given) > len(defaults)
        if wrong or merged.keys() != defaults.keys():
            names = ", ".join(f"{k}={v!r}" for k, v in defaults.items())
            raise TypeError(
                f"{entry.name}() takes {entry.arity} operand(s)"
                + (f" and the parameters {names}" if names else "")
            )
        for name, value in merged.items():
            if is_array(value) or isinstance(value, Node):
                merged[name] = setting(value, entry.name, name)
        wrong_setting = entry.refused(**merged) if entry.refused is not None else ""
        if wrong_setting:
            raise ValueError(f"{entry.name} {wrong_setting}")
        return dispatch(entry, values, merged)

    own: Any = function
    own.__signature__ = signature_of(entry)
    return function


def _has_axes(x: Any) -> bool:
    # Also of what stands for an array within a transform or a recording.
    return getattr(x, "ndim", 0) > 0 or isinstance(x, StandIn)


def _only_values(values: Sequence[Any]) -> bool:
    found = False
    for x in values:
        if isinstance(x, Value):
            found = True
        elif x.__class__ is not float and (isinstance(x, _ARRAYS) or _has_axes(x)):
            return False
    return found


def dispatch(entry: Elementwise, values: Sequence[Any], params: dict[str, Any]) -> Any:
    """Apply a primitive to Values and numbers as such, to anything else as tensors."""
    if _only_values(values):
        return scalar_functions[entry.name](*values, **params)
    return apply(entry, *values, **params)


def _unary(entry: Elementwise, compute: Callable[[Any], Any]) -> Callable[..., Any]:
    def function(input: Any) -> Any:
        if input.__class__ is not Tensor and not isinstance(input, Tensor):
            return dispatch(entry, (input,), {})
        try:
            y = compute(input._data)
        except TypeError as error:
            raise type_error(entry, (input,), error) from None
        return record(entry, y, (input,))

    return function


def _unary_by_kind(
    entry: Elementwise, compute: Callable[[Any], Any], on_complex: Callable[[Any], Any]
) -> Callable[..., Any]:
    def function(input: Any) -> Any:
        if input.__class__ is not Tensor:
            if isinstance(input, Value):
                return dispatch(entry, (input,), {})
            input = as_operand(input)
        data = input._data
        if data.dtype.kind == "c":
            return on_complex(input)
        return record(entry, compute(data), (input,))

    return function


def _ternary(entry: Elementwise) -> Callable[..., Any]:
    def function(a: Any, b: Any, c: Any) -> Any:
        return dispatch(entry, (a, b, c), {})

    return function


def _binary(entry: Elementwise, compute: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def function(input: Any, other: Any) -> Any:
        if input.__class__ is not Tensor or other.__class__ is not Tensor:
            if isinstance(input, Tensor):
                if not isinstance(other, Tensor):
                    other = beside(other, input._data.dtype)
            elif isinstance(other, Tensor):
                input = beside(input, other._data.dtype)
            else:
                return dispatch(entry, (input, other), {})
        try:
            y = compute(input._data, other._data)
        except ValueError as error:
            raise shape_error(entry, (input, other), {}, error) from None
        except TypeError as error:
            raise type_error(entry, (input, other), error) from None
        return record(entry, y, (input, other))

    return function
