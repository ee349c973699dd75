"""Derivatives of what an equation defines: fixed points and roots, however they were found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autodiff.backends.kinds import whole
from autodiff.custom.outside import used_from_before
from autodiff.custom.packing import pulled, recorded
from autodiff.errors import GlassgradError, ShapeError
from autodiff.graph.clock import next_sequence
from autodiff.graph.modes import enable_grad, is_grad_enabled, no_grad, strict
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

__all__ = ["find_root", "fixed_point"]

Solver = Callable[[Callable[[Any], Any], Any], Any]


def fixed_point(
    function: Callable[..., Any],
    start: Any,
    *args: Any,
    solver: Solver | None = None,
    tolerance: float | None = None,
    max_iterations: int = 1000,
) -> Tensor:
    """The x with x = f(x, ...) that iteration from a start leads to, differentiable.

    The iteration is not recorded. With A = ∂f/∂x at the solution, a cotangent g becomes
    w = g + Aᵀw, found by the same iteration, and f passes w on to its arguments and to all
    else that it uses (closed-over weights too): memory does not grow with the number of
    steps, derivatives of every order are right.

    Args:
        function: ``f(x, *args)``, a contraction near the solution; gives the shape of ``x``.
        start: where to begin; no gradient flows to it.
        *args: further arguments, Tensors or arrays.
        solver: another way to the solution, ``solver(step, start)`` with ``step(x) = f(x)``
            on Tensors without a graph. It serves for w too.
        tolerance: largest change of the last step, relative to the largest entry (or to
            1); by default 8 roundings of the dtype.
        max_iterations: after so many steps it is given up.

    Returns:
        The solution, of the shape of ``start``.

    Raises:
        GlassgradError: no fixed point is reached.
        ShapeError: the function gives another shape.

    Example:
        >>> import autodiff as ad
        >>> a = ad.Tensor(2.0, dtype="float64", requires_grad=True)
        >>> x = ad.fixed_point(lambda x, a: (x + a / x) / 2, 1.0, a)
        >>> x.backward()
        >>> round(x.item(), 6), round(float(a.grad), 6)
        (1.414214, 0.353553)
    """

    def solve(step: Callable[[Any], Any], begin: Any) -> Any:
        return _iterate(step, begin, tolerance, max_iterations)

    chosen = solve if solver is None else solver

    def adjoint(pull: Callable[[Any], Any], g: Any, graph: bool) -> Any:
        if not graph:
            return chosen(lambda w: g + pull(w), g)
        return fixed_point(
            lambda w: g + pull(w),
            g,
            solver=solver,
            tolerance=tolerance,
            max_iterations=max_iterations,
        )

    return _implicit("fixed_point", function, start, args, chosen, adjoint)


def find_root(
    function: Callable[..., Any],
    start: Any,
    *args: Any,
    solver: Solver | None = None,
    tolerance: float | None = None,
    max_iterations: int = 100,
) -> Tensor:
    """An x with F(x, ...) = 0 near a start, differentiable; by Newton's method.

    With J = ∂F/∂x at the solution, a cotangent g becomes the w of Jᵀw = −g, and F passes w on
    to its arguments and to all else that it uses. J is formed entry by entry, so x should
    have no more than some thousand entries.

    Args:
        function: ``F(x, *args)``; gives the shape of ``x``.
        start: where to begin; no gradient flows to it.
        *args: further arguments, Tensors or arrays.
        solver: another way to a root, ``solver(F, start)`` on Tensors without a graph.
        tolerance: largest Newton step at the end, relative to the largest entry (or to
            1); by default 8 roundings of the dtype.
        max_iterations: after so many steps it is given up.

    Returns:
        The root, of the shape of ``start``.

    Raises:
        GlassgradError: no root is reached, or J is singular there.
        ShapeError: the function gives another shape.

    Example:
        >>> import autodiff as ad
        >>> a = ad.Tensor(8.0, dtype="float64", requires_grad=True)
        >>> x = ad.find_root(lambda x, a: x**3 - a, 1.0, a)
        >>> x.backward()
        >>> round(x.item(), 6), round(float(a.grad), 6)
        (2.0, 0.083333)
    """

    def solve(equation: Callable[[Any], Any], begin: Any) -> Any:
        return _newton(equation, begin, tolerance, max_iterations)

    def adjoint(pull: Callable[[Any], Any], g: Any, graph: bool) -> Any:
        if not graph:
            return _linear(pull, g)
        zero = constant(np.zeros_like(g._data))
        return find_root(lambda w: pull(w) + g, zero, solver=lambda _, start: _linear(pull, g))

    return _implicit("find_root", function, start, args, solver or solve, adjoint)


def _implicit(
    name: str,
    function: Callable[..., Any],
    start: Any,
    args: Sequence[Any],
    solver: Solver,
    adjoint: Callable[[Callable[[Any], Any], Any, bool], Any],
) -> Tensor:
    begin, *operands = operands_of((start, *args))
    if begin.dtype.kind not in "fc":
        begin = begin.astype(float)
    dtypes = [x.dtype for x in operands if x.dtype.kind in "fc"]
    begin = constant(begin._data.astype(np.result_type(begin.dtype, *dtypes)))
    fixed = [constant(x._data) for x in operands]
    with no_grad():
        # Closed-over numbers have their say in the type, too.
        y = _evaluated(name, function, begin, fixed, begin)
        begin = constant(begin._data.astype(np.result_type(begin.dtype, y.dtype)))
        found = solver(lambda x: _evaluated(name, function, x, fixed, begin), begin)
    solution = constant(as_operand(found)._data)
    if not is_grad_enabled():
        return solution
    since = next_sequence()
    used = used_from_before([_evaluated(name, function, solution, operands, begin)], since)
    if not used:
        return solution

    def rule(gs: list[Any], ys: list[Any], wanted: Sequence[bool], graph: bool) -> Sequence[Any]:
        # With a graph the solution is itself a function of what the equation uses.
        x = ys[0] if graph else _leaf(solution)
        since = next_sequence()
        with enable_grad():
            y = _evaluated(name, function, x, operands, begin)

        def pull(w: Any) -> Any:
            (part,) = pulled([y], [w], [x], since, graph)
            return constant(np.zeros_like(x._data)) if part is None else part

        w = adjoint(pull, gs[0], graph)
        needed = [node for node, needs in zip(used, wanted, strict=True) if needs]
        parts = iter(pulled([y], [w], needed, since, graph))
        return [next(parts) if needs else None for needs in wanted]

    node: Tensor
    (node,) = recorded(name, [solution], used, rule)
    return node


def _leaf(x: Tensor) -> Tensor:
    leaf = constant(x._data)
    leaf.requires_grad = True
    return leaf


def _evaluated(
    name: str, function: Callable[..., Any], x: Any, operands: Sequence[Any], like: Any
) -> Any:
    # Its derivative is wanted, of what it closes over as well.
    with strict(0):
        y = as_operand(function(x, *operands), like)
    if y.shape != like.shape:
        raise ShapeError(
            f"the function given to {name}() turned a tensor of shape {like.shape} into one of "
            f"shape {y.shape}; it must give the shape it was given"
        )
    return y


def _largest(x: Any) -> float:
    """The largest magnitude; within `vmap` that of all examples, which go on together."""
    return float(np.max(np.abs(whole(x)), initial=0.0))


def _allowed(x: Any, tolerance: float | None) -> float:
    size = max(1.0, _largest(x._data))
    return size * (8 * float(np.finfo(x.dtype).eps) if tolerance is None else tolerance)


def _iterate(
    step: Callable[[Any], Any], x: Any, tolerance: float | None, max_iterations: int
) -> Any:
    change = np.inf
    for _ in range(max_iterations):
        following = step(x)
        change = _largest(following._data - x._data)
        x = following
        if change <= _allowed(x, tolerance):
            return x
        if not np.isfinite(change):
            break
    raise GlassgradError(
        f"fixed_point() reached no fixed point: the change in the last step was {change:.3g}; "
        "begin nearer to it, allow more with max_iterations= or tolerance=, damp the function, "
        "or solve it as a root with find_root(lambda x: f(x) - x, ...)"
    )


def _newton(
    equation: Callable[[Any], Any], x: Any, tolerance: float | None, max_iterations: int
) -> Any:
    change = np.inf
    for _ in range(max_iterations):
        with enable_grad():
            leaf = _leaf(x)
            y = equation(leaf)
        jacobian = _jacobian(y, leaf)
        try:
            delta = np.linalg.solve(jacobian, y._data.reshape(-1)).reshape(x.shape)
        except np.linalg.LinAlgError:
            raise GlassgradError(
                f"find_root() met a singular Jacobian of shape {jacobian.shape}; begin elsewhere, "
                "or state the equation so that its solution is isolated"
            ) from None
        change = _largest(delta)
        x = constant(x._data - delta.astype(x.dtype))
        if change <= _allowed(x, tolerance):
            return x
        if not np.isfinite(change):
            break
    raise GlassgradError(
        f"find_root() reached no root: the last step was {change:.3g}; begin nearer to it, or "
        "allow more with max_iterations= or tolerance="
    )


def _jacobian(y: Any, x: Any) -> Any:
    rows = []
    for unit in _units(y):
        (row,) = pulled([y], [unit], [x], 0, False)
        rows.append(np.zeros(x.size, x.dtype) if row is None else row._data.reshape(-1))
    return np.stack(rows) if rows else np.zeros((0, 0), x.dtype)


def _units(like: Any) -> Iterator[Tensor]:
    for i in range(like.size):
        unit = np.zeros(like.size, like.dtype)
        unit[i] = 1
        yield constant(unit.reshape(like.shape))


def _linear(function: Callable[[Any], Any], g: Any) -> Any:
    """The w with f(w) = −g, of a function that is linear."""
    columns = [function(unit)._data.reshape(-1) for unit in _units(g)]
    if not columns:
        return g
    try:
        found = np.linalg.solve(np.stack(columns, axis=1), -g._data.reshape(-1))
    except np.linalg.LinAlgError:
        raise GlassgradError(
            "find_root() met a singular Jacobian at the root, so the root has no derivative; "
            "state the equation so that its solution is isolated"
        ) from None
    return constant(found.reshape(g.shape).astype(g.dtype))
