"""`explain`: why a gradient is what it is."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.errors import FreedGraphError, NonDifferentiableError
from autodiff.graph.node import Node
from autodiff.graph.order import topological_order
from autodiff.ops.indexing.indexing import getitem
from viz.paths.between import Between, between
from viz.paths.explanation import Explanation
from viz.paths.matrix import MatrixExplanation
from viz.paths.names import WHOLE, Names

__all__ = ["explain"]


def explain(
    loss: Any,
    wrt: Any,
    *,
    k: int | None = None,
    element: int | tuple[int, ...] | None = None,
    title: str = "",
    theme: str = "auto",
    engine: str = "auto",
) -> Explanation | MatrixExplanation:
    """The gradient of a result by one of the nodes that it was computed from, explained.

    For Values it is the sum over all paths from the result back to that node, along each path the
    product of the local derivatives. Small graphs are told whole. Of a large one the paths with
    the largest products are listed; the others are one number, a sum of its own: listed paths and
    rest add up to the gradient. The recursive form (δ of each node) stands beside it.

    For tensors it is one term for each use of the tensor, a formula of matrices from the operation
    table, and δ of each node with its shape and size. Each term is computed by the table's
    pullbacks.

    Both are checked against ``grad`` or a backward pass, and against differences of the graph
    computed anew. No ``grad`` is changed, and the graph is kept.

    Args:
        loss: the result: a `Value`, or a `Tensor` of one entry.
        wrt: a node that it was computed from, or its name, also that in a picture; or an entry of
            a tensor: ``W[0, 1]``.
        k: how many paths or terms to list, the largest; by default all of up to 12 paths, and 8
            of more; 8 terms.
        element: the index of one entry of the tensor, for which the terms are numbers.
        title: printed over the picture.
        theme: ``auto``, ``light`` or ``dark``.
        engine: which layout engine places the graph, see `viz.draw`.

    Returns:
        The explanation: print it to read it, look at it in a notebook, save it as a picture or
        as text.

    Raises:
        TypeError: if not given nodes.
        ValueError: if no node has that name, ``k`` is not a positive number, or ``element`` is not
            the index of one entry.
        NonDifferentiableError: if one of the two needs no gradient.
        NonScalarBackwardError: if the result has several entries.
        FreedGraphError: if `backward` has released the graph.

    Example:
        >>> import autodiff as ad
        >>> import viz
        >>> x, y = ad.Value(2.5, name="x"), ad.Value(0.4, name="y")
        >>> told = viz.explain(x * y + ad.sin(x), x)
        >>> told
        <Explanation of ∂L/∂x = −0.4011: 2 paths>
        >>> [(path.formula, round(path.value, 4)) for path in told.paths]
        [('y', 0.4), ('cos(x)', -0.8011)]
        >>> told.formula, round(told.cancellation, 2)
        ('y + cos(x)', 2.99)
        >>> all(check.agrees for check in told.checks)
        True
        >>> W = ad.Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True, name="W")
        >>> X = ad.Tensor([[1.0, -1.0]], name="X")
        >>> viz.explain(ad.tanh(X @ W).sum(), "W").formula
        'Xᵀ · (1 − a²)'
    """
    if not isinstance(loss, Node):
        raise TypeError(
            f"explain() was given {type(loss).__name__!r} as the result; give a Value or a Tensor "
            "that was computed from others, such as the loss"
        )
    if k is not None and (isinstance(k, bool) or not isinstance(k, int) or k < 1):
        raise ValueError(f"k={k!r} is not a number of paths; give a positive whole number")
    node = _found(loss, wrt)
    for which, given in (("result", loss), ("node to differentiate by", node)):
        if not given.requires_grad:
            raise NonDifferentiableError(
                f"the {which}, {given.describe()}, needs no gradient, so there is nothing to "
                "explain; give requires_grad=True to a Tensor, or a Value that is no constant"
            )
    node, index = (node, element) if element is not None else _entry(loss, node)
    part = _part(loss, node)
    if part.scalar and index is None:
        return Explanation(part, loss, node, k, title=title, theme=theme, engine=engine)
    if index is None and getattr(node, "shape", ()) == ():
        index = ()
    place = None if index is None else _checked(node, index)
    return MatrixExplanation(
        part, loss, node, k, element=place, title=title, theme=theme, engine=engine
    )


def _entry(loss: Any, node: Any) -> tuple[Any, Any]:
    """The tensor and the index of one of its entries, for an entry taken out after the loss."""
    if node.op is getitem and getattr(node, "size", 0) == 1:
        order = set(topological_order(loss))
        if node not in order and node.parents[0] in order:
            return node.parents[0], node.params["index"]
    return node, None


def _checked(node: Any, index: Any) -> tuple[int, ...]:
    """The index of an entry as whole numbers from 0 on."""
    shape = getattr(node, "shape", ())
    places = np.arange(math.prod(shape)).reshape(shape)
    try:
        chosen = np.asarray(places[index])
    except IndexError:
        chosen = np.empty(0)
    if chosen.size != 1:
        raise ValueError(
            f"element={index!r} does not name one entry of {node.describe()}, which has the shape "
            f"{shape}; give as many whole numbers as it has axes"
        )
    return tuple(int(i) for i in np.unravel_index(int(chosen.reshape(-1)[0]), shape))


def _part(loss: Any, node: Any) -> Between:
    try:
        return between(loss, node)
    except FreedGraphError as error:
        raise FreedGraphError(
            f"{error}. Or explain before backward(): the products need the numbers that it releases"
        ) from None


def _found(loss: Any, wrt: Any) -> Any:
    if isinstance(wrt, Node):
        return wrt
    if not isinstance(wrt, str):
        raise TypeError(
            f"explain() was given {type(wrt).__name__!r} to differentiate by; give a node of the "
            "graph or its name"
        )
    order = topological_order(loss)
    names = {node.name: node for node in reversed(order) if node.name is not None}
    if wrt not in names and len(order) <= WHOLE:
        shown = Names(loss, order, ())
        names |= {shown[node]: node for node in reversed(order) if node in shown}
    if wrt not in names:
        listed = ", ".join(sorted(names)[:12]) + (" …" if len(names) > 12 else "")
        raise ValueError(
            f"no node of the graph has the name {wrt!r}; names are: {listed or 'none'}"
        )
    return names[wrt]
