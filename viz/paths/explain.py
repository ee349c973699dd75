"""`explain`: why a gradient is what it is."""

from __future__ import annotations

from typing import Any

from autodiff.errors import FreedGraphError, NonDifferentiableError
from autodiff.graph.node import Node
from autodiff.graph.order import topological_order
from viz.paths.between import Between, between
from viz.paths.explanation import Explanation

__all__ = ["explain"]


def explain(
    loss: Any,
    wrt: Any,
    *,
    k: int | None = None,
    title: str = "",
    theme: str = "auto",
    engine: str = "auto",
) -> Explanation:
    """The gradient of a result by one of the nodes that it was computed from, explained.

    It is the sum over all paths from the result back to that node, and along each path the
    product of the local derivatives. Small graphs are told whole. Of a large one the paths with
    the largest products are listed; the others are one number, a sum of its own: listed paths and
    rest add up to the gradient. The recursive form (δ of each node) stands beside it. Checked
    against ``grad`` or a backward pass, and against differences of the graph computed anew.

    Args:
        loss: the result, a `Value`.
        wrt: a node that it was computed from, or its name.
        k: how many paths to list; by default all of up to 12, and 8 of more.
        title: printed over the picture.
        theme: ``auto``, ``light`` or ``dark``.
        engine: which layout engine places the graph, see `viz.draw`.

    Returns:
        The explanation: print it to read it, look at it in a notebook, save it as a picture or
        as text.

    Raises:
        TypeError: if not given nodes.
        ValueError: if no node has that name, or ``k`` is not a positive number.
        NonDifferentiableError: if one of the two needs no gradient.
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
    part = _part(loss, node)
    return Explanation(part, loss, node, k, title=title, theme=theme, engine=engine)


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
    names: dict[str, Any] = {}
    for node in topological_order(loss):
        if node.name is not None:
            names.setdefault(node.name, node)
    if wrt not in names:
        listed = ", ".join(sorted(names)[:12]) + (" …" if len(names) > 12 else "")
        raise ValueError(
            f"no node of the graph has the name {wrt!r}; names are: {listed or 'none'}"
        )
    return names[wrt]
