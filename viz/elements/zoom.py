"""`zoom`: an operation on tensors as the graph of scalars behind its elements."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from autodiff.errors import ScalarizingError
from autodiff.graph.node import Node
from autodiff.graph.order import topological_order
from autodiff.scalarizing import ScalarGraph, scalarize
from autodiff.sweeps.gradients import gradients
from autodiff.values.fusions import weighted_sum
from autodiff.values.value import Value
from viz.cards.compose import measure
from viz.cards.drawing import Drawing
from viz.draw.scene import Scene
from viz.elements.frames import frame
from viz.elements.grids import compose_sum
from viz.elements.rounding import without_rounding
from viz.elements.seeds import place_of, seed_of
from viz.elements.sums import Sum, sum_behind
from viz.elements.tensors import Tensors
from viz.layout import Layout, layout
from viz.model import Graph
from viz.plan.assemble import assemble
from viz.plan.build import Builder
from viz.plan.rollup import make_plan
from viz.read.roles import check_roles
from viz.read.skeleton import Skeleton, skeleton
from viz.text.formatting import pretty

__all__ = ["Zoom", "zoom"]

MAX_NODES = 400
"""So many scalars at most are drawn where nothing else is asked for."""

MOST = 50_000
"""So many elements may be expanded for the picture of some of them."""


PAGE = 1.4
"""How much wider than high a page is."""


class Zoom(Drawing):
    """A drawing of the scalars behind a tensor, and the way back to it.

    Attributes:
        scalars: the Values of all elements, by tensor.
    """

    def __init__(
        self,
        graph: Graph,
        scalars: ScalarGraph,
        found: Mapping[Any, float],
        summed: Sum | None = None,
        **looks: Any,
    ) -> None:
        super().__init__(graph, **looks)
        self.scalars: ScalarGraph = scalars
        self._found = found
        self._summed = summed

    @cached_property
    def scene(self) -> Scene:
        """The shapes of the picture: grids where an element is a sum over many others."""
        if self._summed is None:
            return super().scene
        result = self.graph.cards[-1]
        return compose_sum(self._summed, result, self.spoken_title, self.graph.notice)

    @cached_property
    def layout(self) -> Layout:
        """Where everything stands, in pixels: to the right or down, whichever fits a page."""
        ways = ("right", "down") if self._direction == "auto" else (self._direction,)
        return min(map(self._placed, ways), key=_longer_side)

    def _placed(self, direction: str) -> Layout:
        # Not in rows: so many wires leave the elements of a tensor that turned ones hide the rest.
        sizes = measure(self.graph, direction)
        return layout(self.graph, sizes, self._engine, direction=direction)

    def gradient(self, node: Node) -> np.ndarray[Any, Any]:
        """The gradients of all elements of a tensor, gathered from the scalars again.

        Args:
            node: the tensor that was zoomed into, or one that it was computed from.

        Raises:
            ValueError: the picture has no elements of it.
        """
        if node not in self.scalars.elements:
            known = ", ".join(one.describe() for one in self.scalars.elements)
            raise ValueError(f"the picture has no elements of {node.describe()}; it has: {known}")
        return self.scalars.gathered(self._found, node)


def _longer_side(placed: Layout) -> float:
    """The longer side, beside that of a page."""
    return max(placed.width, PAGE * placed.height)


def zoom(
    node: Any,
    *,
    element: int | tuple[int, ...] | None = None,
    hops: int | None = 1,
    loss: Any = None,
    roles: Mapping[Any, str] | None = None,
    title: str = "",
    max_nodes: int = MAX_NODES,
    engine: str = "auto",
    theme: str = "auto",
    direction: str = "auto",
) -> Zoom:
    """Look into an operation on tensors: draw the scalars that its elements are computed from.

    What the operation does is its own rule in the table, run on scalars; so the picture has
    the nodes that one would write by hand, with the chain rule on every wire. The gradient
    that arrives at the result is that of ``loss``; without one, what `backward` has stored for
    it (``retain_grad``); else 1 for each element, so that L is their sum.

    Args:
        node: a `Tensor` that an operation has made.
        element: the place of one element of the result; only what it is computed from is drawn.
        hops: how many operations back are looked into; `None` goes back to the leaves.
        loss: a node computed from this one, whose gradient arrives at it.
        roles: what tensors are called, by tensor or by name, as in `viz.draw`.
        title: printed over the picture; by default the formula of the operation.
        max_nodes: the most scalars to draw.
        engine: layout engine, as in `viz.draw`.
        theme: ``auto``, ``light`` or ``dark``.
        direction: which way the forward lanes run, as in `viz.draw`.

    Returns:
        The drawing; its ``scalars`` are the Values, and ``gradient(x)`` gathers what arrives at
        the elements of a tensor into an array. Elements are counted from 1, as in mathematics.

    Raises:
        TypeError: if not given a node that an operation has made.
        ScalarizingError: if an operation has no expansion into scalars, such as one that is
            computed by LAPACK; or there are more scalars than ``max_nodes``.
        IndexError: if there is no such element.
        ValueError: if the loss was not computed from the node; or a role, engine, theme or
            direction is unknown.
        FreedGraphError: if `backward` has released the graph.

    Example:
        >>> import autodiff as ad
        >>> import viz
        >>> x = ad.Tensor([1.0, 2.0, 0.5], requires_grad=True, name="x")
        >>> picture = viz.zoom(ad.softmax(x), element=0, engine="builtin")
        >>> [card.name for card in picture.graph.cards]
        ['x₁', 'x₂', 'x₃', 'm', 'd₁', 'd₂', 'd₃', 'e₁', 'e₂', 'e₃', 's', 'p₁']
        >>> picture.gradient(x).round(4)
        array([ 0.1778, -0.1453, -0.0324])
    """
    check_roles(dict(roles or {}))
    if not isinstance(node, Node) or node.op is None:
        what = node.describe() if isinstance(node, Node) else f"a {type(node).__name__}"
        raise TypeError(
            f"zoom() was given {what}; give a Tensor that an operation has made from others, of "
            "which one has requires_grad=True"
        )
    seed, source = seed_of(node, loss)
    place = None if element is None else place_of(node, element)
    scalars = scalarize(node, operations=hops, most=MOST)
    tensors = Tensors(node, dict(roles or {}))
    tensors.name_elements(scalars)
    places = list(np.ndindex(*seed.shape)) if place is None else [place]
    results = [(float(seed[at]), scalars.elements[node][at]) for at in places]
    results = [(g, y) for g, y in results if isinstance(y, Value) and y.requires_grad]
    if not results:
        raise ScalarizingError(f"nothing that needs a gradient leads to {node.describe()} there")
    alone = results[0][1] if len(results) == 1 else None
    if alone is not None and loss is None and results[0][0] == 1.0:
        root = alone
    else:
        root = weighted_sum(*zip(*results, strict=True))
        root.name = pretty((loss.name if loss is not None else None) or "L")
    structure = _structure(root, scalars, tensors)
    # What only gathers the gradients that arrive at the result comes last, and is not shown.
    count = len(structure.nodes) - (root is not alone)
    if count > max_nodes:
        raise ScalarizingError(_too_many(count, max_nodes, place))
    frame(structure, scalars, tensors, whole=hops != 1)
    found = without_rounding(topological_order(root), gradients(root))
    plan = make_plan(structure, range(count), depth=None, roll_up=False)
    builder = Builder(structure, found)
    element_name = "" if place is None else str(results[0][1].name)
    notice = _notice(tensors.names[node], root.name, source, element_name)
    graph = assemble(builder, plan, notice)
    heading = title or _heading(node, tensors, element_name)
    looks = {"title": heading, "engine": engine, "theme": theme, "direction": direction}
    summed = None if alone is None else sum_behind(alone, scalars, tensors, found, str(root.name))
    return Zoom(graph, scalars, found, summed, **looks)


def _structure(root: Value, scalars: ScalarGraph, tensors: Tensors) -> Skeleton:
    roles: dict[Any, str] = {}
    for node, elements in scalars.elements.items():
        leaf, result = node not in scalars.made, node is scalars.root
        for value in elements.reshape(-1) if leaf or result else ():
            if isinstance(value, Value):
                known = tensors.roles[node]
                role = "input" if leaf and known in ("op", "output") else known
                roles.setdefault(value, "output" if result else role)
    return skeleton(root, roles, constants=False)


def _too_many(count: int, most: int, place: Any) -> str:
    less = "element=(…) draws what one element is computed from" if place is None else "hops= less"
    return (
        f"there are {count} scalars behind the node, more than the {most} that are drawn; use "
        f"smaller shapes, {less}, or give max_nodes={count}"
    )


def _heading(node: Any, tensors: Tensors, element: str) -> str:
    whole = f"{tensors.names[node]} = {tensors.formula(node)}"
    return f"{element} of {whole}" if element else whole


def _notice(name: str, loss: str, source: str, element: str) -> str:
    if source == "sum" and element:
        return f"The gradients are those of {element}."
    if source == "sum":
        return f"{loss} = Σ {name}: each element of the result has the gradient 1."
    if source == "stored":
        return f"The gradient of {name} is the one that backward() has stored."
    return ""
