"""Reverse mode: the gradient of a function with one number as its result."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from autodiff.backends.kinds import is_array
from autodiff.errors import NonDifferentiableError, NonScalarBackwardError
from autodiff.graph.clock import next_sequence
from autodiff.graph.conjugation import conjugated
from autodiff.graph.node import Node
from autodiff.sweeps.higher_order import starting_node
from autodiff.sweeps.seeds import starting_gradient
from autodiff.tensors.operands import gathered
from autodiff.transforms.argnums import Argnums, Names, Positions
from autodiff.transforms.arguments import settled
from autodiff.transforms.calls import pair
from autodiff.transforms.nesting import enclosed, recorded, uses_outside, within_transform
from autodiff.transforms.pullback import gradients_by, unused_gradient
from autodiff.trees import tree
from autodiff.values.value import Value

__all__ = ["grad", "value_and_grad"]


def grad(
    function: Callable[..., Any],
    argnums: Positions | None = None,
    holomorphic: bool = False,
    *,
    argnames: Names | None = None,
    has_aux: bool = False,
    unused: str = "zeros",
) -> Callable[..., Any]:
    """The gradient of a function with a single real number as its result.

    Args:
        function: takes nodes, or trees of them, and returns a node with one element.
        argnums: position of the argument to differentiate for, or several; by default the
            first, unless ``argnames`` is given.
        holomorphic: the function is a holomorphic one, of complex arguments and with a
            complex result; then its complex derivative f'(z) is given. Otherwise the
            gradient by a complex argument x + iy is ∂f/∂x + i ∂f/∂y.
        argnames: name of the argument to differentiate for, or several.
        has_aux: the function returns a pair, of which only the first is differentiated.
        unused: what to give for variables on which the result does not depend: ``"zeros"``,
            ``"none"``, or ``"raise"`` to raise an error.

    Returns:
        A function of the same arguments. It gives what it was given: a float for a number,
        an array for an array, a node for a node, a tree for a tree; for several ``argnums``
        a tuple, for several ``argnames`` a dict, for both a pair. With ``has_aux`` it gives
        the gradient and the second of what the function returned. Applied within itself it
        gives higher derivatives: there a gradient that depends on a variable of the
        enclosing function is a node.

    Raises:
        NonDifferentiableError: an argument to differentiate for holds what is no number or
            floating-point array; or no complex one, though ``holomorphic`` was said; or
            the result does not depend on it, and ``unused`` is ``"raise"``.
        NonScalarBackwardError: the result has several elements, or is complex.

    Example:
        >>> import autodiff as ad
        >>> grad(lambda x: x**3)(2.0)
        12.0
        >>> grad(grad(lambda x: x**3))(2.0)
        12.0
        >>> p = {"w": np.ones(2), "b": 1.0}
        >>> grad(lambda p, x: ad.sum(p["w"] * x) + p["b"])(p, np.arange(2.0))
        {'w': array([0., 1.]), 'b': 1.0}
        >>> grad(lambda x, y: x * y, argnames=["x", "y"])(2.0, y=3.0)
        {'x': 3.0, 'y': 2.0}
        >>> grad(lambda z: z**2, holomorphic=True)(1 + 2j)
        (2+4j)
    """
    differentiate = value_and_grad(
        function, argnums, holomorphic, argnames=argnames, has_aux=has_aux, unused=unused
    )

    @wraps(function)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        value, found = differentiate(*args, **kwargs)
        return (found, value[1]) if has_aux else found

    return gradient


def value_and_grad(
    function: Callable[..., Any],
    argnums: Positions | None = None,
    holomorphic: bool = False,
    *,
    argnames: Names | None = None,
    has_aux: bool = False,
    unused: str = "zeros",
) -> Callable[..., Any]:
    """The value and the gradient of a function in one pass; see `grad`.

    Returns:
        A function that gives the value and the gradient; with ``has_aux`` the pair that the
        function returned, and the gradient.

    Example:
        >>> value_and_grad(lambda x: x * x)(3.0)
        (9.0, 6.0)
        >>> value_and_grad(lambda x: (x * x, "note"), has_aux=True)(3.0)
        ((9.0, 'note'), 6.0)
    """
    wanted = Argnums(function, argnums, argnames)
    unused_gradient(unused, None)

    @wraps(function)
    def differentiated(*args: Any, **kwargs: Any) -> Any:
        record = recorded(tree.leaves((args, kwargs)))
        nodes_given = any(isinstance(x, Node) for x in tree.leaves((args, kwargs)))
        since = next_sequence()
        with within_transform():
            chosen, args, kwargs = wanted.replaced(args, kwargs, record=record)
            if holomorphic:
                for one in chosen:
                    for node in one.nodes:
                        _check_complex(node, one.what)
            result = function(*args, **kwargs)
            aux: Any = None
            if has_aux:
                result, aux = pair(result, function)
            result = gathered(result)
        if holomorphic:
            _check_complex(result, "the result")
        variables = [node for one in chosen for node in one.nodes]
        outside = not record and uses_outside([result], since)
        record = record or outside
        found = _gradients(result, variables, record, holomorphic)
        keep = record and (outside or enclosed())
        parts = []
        for one in chosen:
            own, found = found[: len(one.nodes)], found[len(one.nodes) :]
            filled = [
                unused_gradient(unused, node, one.described(i)) if g is None else g
                for i, (g, node) in enumerate(zip(own, one.nodes, strict=True))
            ]
            parts.append(one.shaped(filled, keep=keep))
        if not record:
            result, aux = settled((result, aux), nodes=nodes_given)
        return ((result, aux) if has_aux else result), wanted.arranged(parts)

    return differentiated


def _check_complex(x: Any, what: str) -> None:
    dtype = getattr(x, "dtype", None) or np.result_type(x.data if isinstance(x, Value) else x)
    if dtype.kind != "c":
        raise NonDifferentiableError(
            f"{what} has dtype {dtype}, but holomorphic=True is for functions from complex to "
            "complex numbers; leave it out, or give complex numbers"
        )


def _gradients(result: Any, variables: list[Any], record: bool, holomorphic: bool) -> list[Any]:
    if result is None:
        raise NonScalarBackwardError("the function returned None; end it with a return statement")
    if not isinstance(result, Node):
        if tree.structure(result) != tree.structure(0.0) or np.ndim(result) != 0:
            raise NonScalarBackwardError(
                f"the function returned {type(result).__name__} of shape {_shape(result)}; a "
                "gradient needs a node with a single element (with has_aux=True the function may "
                "return a pair, of which the first is differentiated)"
            )
        return [None] * len(variables)
    if not result.requires_grad:
        return [None] * len(variables)
    if np.size(result.data) != 1:  # type: ignore[attr-defined]
        raise NonScalarBackwardError(
            f"the function returned {result.describe()} with shape {np.shape(result.data)}, which "  # type: ignore[attr-defined]
            "has no single number to differentiate; return its sum or mean, or take "
            "autodiff.jacobian(f), or autodiff.vmap(autodiff.grad(f)) for one example at a time"
        )
    one = np.ones_like(result.data) if holomorphic and np.size(result.data) == 1 else None  # type: ignore[attr-defined]
    seed = starting_node(result, one) if record else starting_gradient(result, one)
    found = gradients_by(variables, {result: seed}, record=record, free=True)
    # The gradient of a holomorphic function is the conjugate of its derivative.
    return [conjugated(g) for g in found] if holomorphic else found


def _shape(result: Any) -> Any:
    return np.shape(result) if is_array(result) else f"{tree.structure(result)!r}"
