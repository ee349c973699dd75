"""Products with a function's derivative: `vjp` from the left, `jvp` from the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from autodiff.graph.conjugation import conjugated
from autodiff.graph.node import Node
from autodiff.transforms.calls import Call, fitted
from autodiff.transforms.nesting import enclosed
from autodiff.transforms.pullback import gradients_by, unused_gradient
from autodiff.transforms.pushforward import tangents_of
from autodiff.trees import tree
from autodiff.trees.tree import matched

__all__ = ["jvp", "linearize", "vjp"]


def vjp(function: Callable[..., Any], *args: Any, has_aux: bool = False) -> Any:
    """The value of a function, and a function that sends cotangents back (reverse mode).

    Args:
        function: takes and returns trees of nodes.
        *args: trees of numbers, arrays and nodes.
        has_aux: the function returns a pair, of which only the first is differentiated.

    Returns:
        The result, and ``pullback``; with ``has_aux`` also what the function returned beside
        it. ``pullback(cotangent)`` takes a tree like the result (None in it for zero) and
        gives a tuple with a tree for each argument, as often as it is called. For complex
        numbers cotangents are gradients as `backward` takes and gives them: the pullback
        multiplies with the conjugate transpose of the derivative.

    Raises:
        NonDifferentiableError: an argument holds what is no floating-point number.
        ShapeError: a cotangent has not the structure or the shape of the result.

    Example:
        >>> import autodiff as ad
        >>> y, pullback = vjp(lambda a, b: {"p": a * b, "q": a}, 2.0, 3.0)
        >>> y
        {'p': 6.0, 'q': 2.0}
        >>> pullback({"p": 1.0, "q": 10.0})
        (13.0, 2.0)
    """
    call = Call(function, args, has_aux=has_aux)
    results, shape = call.results, call.shape

    def pullback(cotangent: Any) -> tuple[Any, ...]:
        given = matched(shape, cotangent, "the cotangent given to the pullback")
        record = call.recorded_with(given)
        seeds: dict[Node, Any] = {}
        for i, (result, g) in enumerate(zip(results, given, strict=True)):
            if not isinstance(result, Node) or not result.requires_grad or g is None:
                continue
            what = partial(_place, "the cotangent", cotangent, i)
            g = conjugated(fitted(g, result, what, record=record))
            seeds[result] = seeds[result] + g if result in seeds else g
        found = iter(gradients_by(call.variables, seeds, record=record, free=False))
        given_nodes = call.nodes_given or any(isinstance(g, Node) for g in given)
        keep = record and (enclosed() or given_nodes)
        parts = []
        for one in call.arguments:
            assert one is not None
            own = [(next(found), node) for node in one.nodes]
            filled = [unused_gradient("zeros", node) if g is None else g for g, node in own]
            parts.append(one.shaped(filled, keep=keep))
        return tuple(parts)

    outputs = call.outputs(pullback)
    return outputs if has_aux else outputs[:2]


def jvp(
    function: Callable[..., Any],
    primals: Sequence[Any],
    tangents: Sequence[Any],
    *,
    has_aux: bool = False,
) -> Any:
    """The value of a function, and its derivative along a direction (forward mode).

    The function runs once and is recorded; then tangents run forward through the record,
    without recursion.

    Args:
        function: takes and returns trees of nodes.
        primals: its arguments, trees of numbers, arrays and nodes.
        tangents: the direction: for each argument a tree like it. None, for an argument or
            for a leaf, says that it does not vary; such an argument may be anything.
        has_aux: the function returns a pair, of which only the first is differentiated.

    Returns:
        The result and its tangent, of the same structure; with ``has_aux`` also what the
        function returned beside the result.

    Raises:
        NonDifferentiableError: an argument that varies holds what is no floating-point number.
        ShapeError: a tangent has not the structure or the shape of its argument.

    Example:
        >>> import autodiff as ad
        >>> jvp(lambda x, y: x * y, (2.0, 3.0), (1.0, 10.0))
        (6.0, 23.0)
        >>> jvp(lambda x, n: x**n, (2.0, 3), (1.0, None))
        (8.0, 12.0)
    """
    primals, tangents = _sequence(primals, "primals"), _sequence(tangents, "tangents")
    if len(primals) != len(tangents):
        raise TypeError(
            f"jvp() was given {len(primals)} primals and {len(tangents)} tangents; give one "
            "tangent for each, None where an argument does not vary"
        )
    fixed = [t is None for t in tangents]
    call = Call(function, primals, has_aux=has_aux, fixed=fixed, also=tangents)
    tangent = _pushed(call, tangents)
    if has_aux:
        return call.output(), tangent, call.aux_output()
    return call.output(), tangent


def linearize(function: Callable[..., Any], *primals: Any, has_aux: bool = False) -> Any:
    """The value of a function, and its derivative at this point as a function of directions.

    Like `jvp`, but the function runs once for any number of directions.

    Args:
        function: takes and returns trees of nodes.
        *primals: its arguments, trees of numbers, arrays and nodes.
        has_aux: the function returns a pair, of which only the first is differentiated.

    Returns:
        The result, and ``push``; with ``has_aux`` also what the function returned beside it.
        ``push(*tangents)`` takes a tree like each argument, None for what does not vary, and
        gives the tangent of the result.

    Raises:
        NonDifferentiableError: an argument holds what is no floating-point number.
        ShapeError: a tangent has not the structure or the shape of its argument.

    Example:
        >>> import autodiff as ad
        >>> y, push = linearize(lambda x: ad.sin(x), 0.0)
        >>> y, push(1.0), push(2.0)
        (0.0, 1.0, 2.0)
    """
    call = Call(function, primals, has_aux=has_aux)

    def push(*tangents: Any) -> Any:
        if len(tangents) != len(primals):
            raise TypeError(
                f"this derivative takes {len(primals)} tangent(s), one for each argument of the "
                f"function, but was given {len(tangents)}"
            )
        return _pushed(call, tangents)

    outputs = call.outputs(push)
    return outputs if has_aux else outputs[:2]


def _sequence(given: Any, what: str) -> Sequence[Any]:
    if not isinstance(given, (tuple, list)):
        raise TypeError(
            f"{what} must be a tuple or a list with one entry for each argument, not "
            f"{type(given).__name__}; for a single one write ({what[:-1]},)"
        )
    return given


def _pushed(call: Call, tangents: Sequence[Any]) -> Any:
    along: dict[Node, Any] = {}
    leaves: list[Any] = []
    for i, (one, tangent) in enumerate(zip(call.arguments, tangents, strict=True)):
        if one is not None and tangent is not None:
            leaves += matched(one.shape, tangent, f"the tangent of argument {i}")
    record = call.recorded_with(leaves)
    given = iter(leaves)
    for i, (one, tangent) in enumerate(zip(call.arguments, tangents, strict=True)):
        if one is None or tangent is None:
            continue
        for k, node in enumerate(one.nodes):
            what = partial(_place, f"the tangent of argument {i}", one.tree, k)
            t = fitted(next(given), node, what, record=record)
            if t is not None:
                along[node] = t
    roots = call.differentiable()
    found = iter(tangents_of(roots, along, call.since, record=record))
    parts = [next(found) if isinstance(x, Node) and x.requires_grad else None for x in call.results]
    return call.tangent_output(parts, record=record, along=leaves)


def _place(what: str, given: Any, position: int) -> str:
    paths = tree.paths(given)
    return what + (paths[position] if position < len(paths) else "")
