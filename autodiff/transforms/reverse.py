"""Reverse mode: the gradient of a function with one number as its result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import wraps
from typing import Any

import numpy as np

from autodiff.backward import Sweep, starting_gradient
from autodiff.convention import conjugated
from autodiff.dtypes import as_array
from autodiff.errors import NonDifferentiableError, NonScalarBackwardError
from autodiff.functions import elementwise
from autodiff.graph import Node
from autodiff.higher_order import gradient_nodes
from autodiff.modes import enable_grad
from autodiff.tensor import Tensor
from autodiff.value import Value

__all__ = ["grad", "value_and_grad"]

Positions = int | Sequence[int]

_enclosed: ContextVar[bool] = ContextVar("glassgrad_enclosed", default=False)


def grad(
    function: Callable[..., Any], argnums: Positions = 0, holomorphic: bool = False
) -> Callable[..., Any]:
    """The gradient of a function with a single real number as its result.

    Args:
        function: takes nodes, returns a node with one element.
        argnums: position of the argument to differentiate for, or several.
        holomorphic: the function is a holomorphic one, of complex arguments and with a
            complex result; then its complex derivative f'(z) is given. Otherwise the
            gradient by a complex argument x + iy is ∂f/∂x + i ∂f/∂y.

    Returns:
        A function of the same arguments. It gives what it was given: a float for a
        number, an array for an array or a list, a node for a node; for several
        ``argnums`` a tuple. Applied within itself it gives higher derivatives: there a
        gradient that depends on a variable of the enclosing function is a node.

    Raises:
        NonDifferentiableError: an argument to differentiate for is no number or
            floating-point array; or no complex one, though ``holomorphic`` was said.
        NonScalarBackwardError: the result has several elements, or is complex.

    Example:
        >>> import autodiff as ad
        >>> grad(lambda x: x**3)(2.0)
        12.0
        >>> grad(grad(lambda x: x**3))(2.0)
        12.0
        >>> grad(lambda w, x: ad.sum(w * x), argnums=(0, 1))(np.ones(2), np.arange(2.0))
        (array([0., 1.]), array([1., 1.]))
        >>> grad(lambda z: z**2, holomorphic=True)(1 + 2j)
        (2+4j)
    """
    differentiate = value_and_grad(function, argnums, holomorphic)

    @wraps(function)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        return differentiate(*args, **kwargs)[1]

    return gradient


def value_and_grad(
    function: Callable[..., Any], argnums: Positions = 0, holomorphic: bool = False
) -> Callable[..., Any]:
    """The value and the gradient of a function in one pass; see `grad`.

    Example:
        >>> value_and_grad(lambda x: x * x)(3.0)
        (9.0, 6.0)
    """
    single = isinstance(argnums, int)
    positions = (argnums,) if isinstance(argnums, int) else tuple(argnums)

    @wraps(function)
    def differentiated(*args: Any, **kwargs: Any) -> Any:
        variables = list(args)
        for position in positions:
            _check_position(position, len(args), function)
            variables[position] = _variable(args[position], position)
            if holomorphic:
                _check_complex(variables[position], f"argument {position}")
        enclosed = _enclosed.get()
        token = _enclosed.set(True)
        try:
            with enable_grad():
                result = function(*variables, **kwargs)
        finally:
            _enclosed.reset(token)
        inputs = [variables[p] for p in positions]
        given = [args[p] for p in positions]
        nested = enclosed or any(isinstance(a, Node) for a in args)
        if holomorphic:
            _check_complex(result, "the result")
        parts = _gradients(result, inputs, as_nodes=nested, holomorphic=holomorphic)
        found = tuple(_as_given(g, a, enclosed) for g, a in zip(parts, given, strict=True))
        value = result if nested or not isinstance(result, Node) else _plain(result)
        return value, (found[0] if single else found)

    return differentiated


def _check_position(position: int, count: int, function: Callable[..., Any]) -> None:
    if not -count <= position < count:
        name = getattr(function, "__name__", "the function")
        raise TypeError(
            f"argnums={position}, but {name} was called with {count} positional argument(s)"
        )


def _variable(argument: Any, position: int) -> Any:
    """A node that stands for one argument in this differentiation and no other."""
    if isinstance(argument, Node):
        if argument.requires_grad:
            # A node of its own: an inner derivative must not see outer uses of it.
            return elementwise.positive(argument)
        plain: Any = argument
        return Value(plain.data) if isinstance(plain, Value) else _leaf(plain._data, position)
    if isinstance(argument, complex) and not isinstance(argument, np.generic):
        return _leaf(np.complex128(argument), position)
    if isinstance(argument, bool) or not isinstance(argument, (int, float)):
        return _leaf(argument, position)
    return Value(argument)


def _leaf(data: Any, position: int) -> Tensor:
    array = as_array(data)
    if array.dtype.kind not in "fc":
        raise NonDifferentiableError(
            f"argument {position} has dtype {array.dtype}, which has no gradient; "
            "give floating-point numbers"
        )
    return Tensor(array, requires_grad=True)


def _check_complex(x: Any, what: str) -> None:
    dtype = getattr(x, "dtype", None) or np.result_type(x.data if isinstance(x, Value) else x)
    if dtype.kind != "c":
        raise NonDifferentiableError(
            f"{what} has dtype {dtype}, but holomorphic=True is for functions from complex to "
            "complex numbers; leave it out, or give complex numbers"
        )


def _gradients(
    result: Any, inputs: list[Any], *, as_nodes: bool, holomorphic: bool = False
) -> list[Any]:
    if not isinstance(result, Node):
        if np.ndim(result) != 0:
            raise NonScalarBackwardError(
                f"the function returned {type(result).__name__} of shape {np.shape(result)}; "
                "a gradient needs a node with a single element"
            )
        return [_zero(x) for x in inputs]
    if not result.requires_grad:
        return [_zero(x) for x in inputs]
    seed = np.ones_like(result.data) if holomorphic and np.size(result.data) == 1 else None  # type: ignore[attr-defined]
    if as_nodes:
        found = gradient_nodes(result, seed)
    else:
        sweep = Sweep(result, starting_gradient(result, seed), free=True)
        found = {node: conjugated(g) for node, g in sweep.kept}
    parts = [_zero(x) if x not in found else found[x] for x in inputs]
    # The gradient of a holomorphic function is the conjugate of its derivative.
    return [conjugated(g) for g in parts] if holomorphic else parts


def _zero(x: Any) -> Any:
    return 0.0 if isinstance(x, Value) else np.zeros_like(x._data)


def _as_given(g: Any, argument: Any, enclosed: bool) -> Any:
    if enclosed and isinstance(g, Node) and g.requires_grad:
        # It depends on a variable of an enclosing derivative, which would be lost.
        return g
    if isinstance(argument, Node):
        if isinstance(g, Node):
            return g
        return Value(g).detach() if isinstance(argument, Value) else Tensor(g)
    plain = _plain(g) if isinstance(g, Node) else g
    if isinstance(argument, complex) and not isinstance(argument, np.generic):
        return complex(plain)
    return plain if isinstance(plain, float) else np.array(plain)


def _plain(node: Any) -> Any:
    return node.data if isinstance(node, Value) else node.numpy()
