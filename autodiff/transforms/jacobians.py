"""All partial derivatives of a function: Jacobians and Hessians, and products with them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from autodiff.errors import NonDifferentiableError
from autodiff.transforms.argnums import Argnums, Names, Positions
from autodiff.transforms.calls import Call
from autodiff.transforms.gradient import grad
from autodiff.transforms.jacobian_blocks import by_columns, by_rows, shape_of
from autodiff.transforms.products import jvp
from autodiff.trees import tree

__all__ = ["hessian", "hvp", "jacfwd", "jacobian", "jacrev"]


def jacobian(
    function: Callable[..., Any],
    argnums: Positions | None = None,
    *,
    argnames: Names | None = None,
    has_aux: bool = False,
    holomorphic: bool = False,
    mode: str = "auto",
) -> Callable[..., Any]:
    """All partial derivatives of a function's results by its arguments.

    Args:
        function: takes and returns trees of nodes.
        argnums: position of the argument to differentiate for, or several; by default the
            first, unless ``argnames`` is given.
        argnames: name of the argument to differentiate for, or several.
        has_aux: the function returns a pair, of which only the first is differentiated.
        holomorphic: the function is a holomorphic one, of complex arguments and with complex
            results; then its complex derivatives are given.
        mode: ``"forward"``, a direction for each element of the arguments; ``"reverse"``, one
            for each element of the results; ``"auto"``, whichever are fewer. The directions
            go through the graph together wherever that is possible.

    Returns:
        A function of the same arguments. It gives a tree like the result, with a tree like
        the argument in the place of each leaf (arranged as by `grad` for several arguments);
        its leaves have the shape of the result's leaf followed by that of the argument's. With
        ``has_aux`` it gives that and the second of what the function returned.

    Raises:
        NonDifferentiableError: an argument to differentiate for holds what is no
            floating-point number; or arguments and results are complex, and ``holomorphic``
            was not said.

    Example:
        >>> import autodiff as ad
        >>> import numpy as np
        >>> jacobian(lambda x: x**2)(np.array([1.0, 2.0]))
        array([[2., 0.],
               [0., 4.]])
        >>> jacobian(lambda p: {"sum": p["a"] + p["b"]})({"a": 1.0, "b": 2.0})
        {'sum': {'a': 1.0, 'b': 1.0}}
    """
    wanted = Argnums(function, argnums, argnames)
    if mode not in ("auto", "forward", "reverse"):
        raise ValueError(f"mode must be 'auto', 'forward' or 'reverse', not {mode!r}")

    @wraps(function)
    def differentiated(*args: Any, **kwargs: Any) -> Any:
        values, names, bound = wanted.bound(args, kwargs)
        call = Call(bound, values, has_aux=has_aux, also=(args, kwargs), names=names)
        if _forward(call, mode, holomorphic):
            blocks = by_columns(call)
        else:
            blocks = by_rows(call, holomorphic=holomorphic)
        found = []
        for row in blocks:
            parts, rest = [], iter(row)
            for one in call.arguments:
                assert one is not None
                parts.append(tree.unflatten(one.shape, [next(rest) for _ in one.nodes]))
            found.append(wanted.arranged(parts))
        result = tree.unflatten(call.shape, found)
        return (result, call.aux_output()) if has_aux else result

    return differentiated


def _forward(call: Call, mode: str, holomorphic: bool) -> bool:
    """Whether to go forward, and a check that derivatives are what they are taken for."""
    complex_in = any(_is_complex(x) for x in call.variables)
    complex_out = any(_is_complex(x) for x in call.results)
    if holomorphic:
        wrong = [x for x in (*call.variables, *call.results) if not _is_complex(x)]
        if wrong:
            raise NonDifferentiableError(
                "holomorphic=True is for functions from complex to complex numbers, but "
                f"{wrong[0]!r} is real; leave it out, or give complex numbers"
            )
    elif (complex_in and (complex_out or mode == "forward")) or (complex_out and mode == "reverse"):
        raise NonDifferentiableError(
            "a Jacobian with complex numbers on both sides, or of real results by complex "
            "arguments in forward mode, or of complex results in reverse mode, is no array of "
            "numbers: split into autodiff.real and autodiff.imag, or say holomorphic=True if the "
            "function is a holomorphic one from complex to complex numbers"
        )
    elif complex_in or complex_out:
        return complex_out
    if mode != "auto":
        return mode == "forward"
    return sum(map(_size, call.variables)) <= sum(map(_size, call.results))


def _is_complex(x: Any) -> bool:
    dtype = getattr(x, "dtype", None)
    return isinstance(x, complex) or (dtype is not None and dtype.kind == "c")


def _size(x: Any) -> int:
    return math.prod(shape_of(x))


def jacfwd(
    function: Callable[..., Any],
    argnums: Positions | None = None,
    *,
    argnames: Names | None = None,
    has_aux: bool = False,
    holomorphic: bool = False,
) -> Callable[..., Any]:
    """The Jacobian in forward mode, for functions with few arguments; see `jacobian`.

    Example:
        >>> import autodiff as ad
        >>> jacfwd(lambda t: ad.stack([t, t**2, t**3]))(2.0)
        array([ 1.,  4., 12.])
    """
    return jacobian(
        function,
        argnums,
        argnames=argnames,
        has_aux=has_aux,
        holomorphic=holomorphic,
        mode="forward",
    )


def jacrev(
    function: Callable[..., Any],
    argnums: Positions | None = None,
    *,
    argnames: Names | None = None,
    has_aux: bool = False,
    holomorphic: bool = False,
) -> Callable[..., Any]:
    """The Jacobian in reverse mode, for functions with few results; see `jacobian`.

    Example:
        >>> import autodiff as ad
        >>> import numpy as np
        >>> jacrev(lambda x: ad.sum(x * x))(np.array([1.0, 2.0]))
        array([2., 4.])
    """
    return jacobian(
        function,
        argnums,
        argnames=argnames,
        has_aux=has_aux,
        holomorphic=holomorphic,
        mode="reverse",
    )


def hessian(
    function: Callable[..., Any],
    argnums: Positions | None = None,
    *,
    argnames: Names | None = None,
    has_aux: bool = False,
    holomorphic: bool = False,
) -> Callable[..., Any]:
    """All second partial derivatives: the forward Jacobian of the reverse one.

    Args:
        function: takes and returns trees of nodes; commonly it returns one number.
        argnums: position of the argument to differentiate for, or several.
        argnames: name of the argument to differentiate for, or several.
        has_aux: the function returns a pair, of which only the first is differentiated.
        holomorphic: as for `jacobian`.

    Returns:
        A function of the same arguments. It gives a tree like the result, in it a tree like
        the argument, in that again one; the leaves have the shapes one after the other.

    Raises:
        NonDifferentiableError: as for `jacobian`.

    Example:
        >>> import numpy as np
        >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([1.0, 3.0]))
        array([[6., 2.],
               [2., 0.]])
        >>> hessian(lambda a, b: a**2 * b, argnums=(0, 1))(1.0, 3.0)
        ((6.0, 2.0), (2.0, 0.0))
    """
    wanted: dict[str, Any] = {"argnums": argnums, "argnames": argnames}
    options: dict[str, Any] = {"has_aux": has_aux, "holomorphic": holomorphic}
    return jacfwd(jacrev(function, **wanted, **options), **wanted, **options)


def hvp(
    function: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]
) -> tuple[Any, ...]:
    """The Hessian of a function times a direction, without the Hessian: forward over reverse.

    Args:
        function: takes trees of nodes, returns a node with one element.
        primals: its arguments.
        tangents: the direction, for each argument a tree like it; None for an argument that
            is none of the variables.

    Returns:
        A tuple like ``primals``: for each argument a tree like it, None where the tangent is.

    Raises:
        NonDifferentiableError: as for `jvp`.
        NonScalarBackwardError: the function has several results, or a complex one.
        ShapeError: a tangent has not the structure or the shape of its argument.

    Example:
        >>> import autodiff as ad
        >>> import numpy as np
        >>> x, v = np.array([1.0, 2.0]), np.array([1.0, 0.0])
        >>> hvp(lambda x: ad.sum(x) ** 3, (x,), (v,))
        (array([18., 18.]),)
    """
    varying = [i for i, t in enumerate(tangents) if t is not None]
    if not varying:
        return tuple(None for _ in primals)
    found = iter(jvp(grad(function, argnums=varying), primals, tangents)[1])
    return tuple(next(found) if i in varying else None for i in range(len(primals)))
