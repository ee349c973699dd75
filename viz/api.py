"""`draw`: from a node of the engine to a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from autodiff.errors import FreedGraphError, GlassgradError
from autodiff.graph.node import Node
from autodiff.graph.order import topological_order
from autodiff.sweeps.released import HOW_TO_KEEP, ReleasedNode, released_graph, watch
from viz.cards.drawing import Drawing
from viz.model import Graph
from viz.networks.places import place_neurons
from viz.plan.assemble import assemble
from viz.plan.build import Builder
from viz.plan.failed import failed_operation, heading, marked, shows_failure
from viz.plan.opening import insets
from viz.plan.rollup import make_plan, nearby, ways_in
from viz.read.gradients import picture_gradients
from viz.read.names import name_all
from viz.read.roles import check_roles
from viz.read.skeleton import Skeleton, skeleton
from viz.text.formatting import MISSING, pretty

__all__ = ["GraphTooLargeError", "draw"]

MAX_NODES = 5_000
_NOTHING = (
    "A constant: nothing is recorded behind it. It was detached, made under no_grad(), or is the "
    "result of a compiled step; of step = compile(f), draw f(…)."
)

watch()


class GraphTooLargeError(GlassgradError, ValueError):
    """A graph has more cards than a picture can hold, even after rolling up."""


def draw(
    node: Any,
    *,
    title: str = "",
    gradients: bool | None = None,
    roles: Mapping[Any, str] | None = None,
    constants: bool = False,
    fold: bool = True,
    depth: int | None = None,
    focus: Any = None,
    hops: int = 2,
    roll_up: bool | None = None,
    opened: str | Sequence[str] = (),
    max_nodes: int = MAX_NODES,
    engine: str = "auto",
    theme: str = "auto",
    direction: str = "auto",
) -> Drawing:
    """Draw the computation graph behind a node.

    Every node is a card with its value and its gradient; every operand is a wire of two
    lanes, forward and backward, that carries the local derivative and the product of
    the chain rule. For tensors, cards show distributions and wires the factor of the
    vector-Jacobian product. Nodes made inside modules stand in frames.

    Args:
        node: a `Value` or a `Tensor`, the result to explain; or an error that an operation, a
            module or `backward` has raised, to show the graph up to there and the shapes that
            met; or a `Graph` of plain data.
        title: printed over the picture.
        gradients: true works out the gradients of this picture (in a sweep of its own
            that changes no ``grad``), false leaves them out; by default they are shown
            once `backward` has been run, and ``—`` stands in their place before.
        roles: what nodes are called, by node or by name: ``input``, ``parameter``,
            ``constant``, ``op`` or ``output``; for the rest see `viz.read.roles.role_of`.
        constants: give plain numbers cards of their own, instead of writing them into
            the formulas.
        fold: write the transpose of a leaf into the formula that uses it, as in
            ``x @ W₁ᵀ``; false gives it a card of its own.
        depth: modules nested deeper than this become one card each; 0 shows every
            outermost module as one card. A network of Values has its layers at 0, its neurons
            at 1, and everything at 2.
        focus: a node of the graph, or its name, also the one that pictures show: draw only what
            is near it.
        hops: how many wires from the focus that is.
        roll_up: true makes the graph as small as it can be made, false leaves it as it is;
            by default a graph of more than 40 cards is rolled up to at most 60, one of Values
            to at most 40, which the picture says: unrolled loops become one step, modules what
            they compute, then what has one structure is stacked.
        opened: modules that are folded to one card and shall be opened beside the picture, such
            as ``"hidden1.norm"`` or ``"norm"``; or names of other cards that stand for several
            nodes. What a gradient meets on separate paths through them is measured.
        max_nodes: the most cards to draw.
        engine: layout engine: ``auto``, ``dot``, ``pygraphviz``, ``wasi`` or ``builtin``.
        theme: ``auto``, ``light`` or ``dark``.
        direction: which way the forward lanes run: ``right``, ``down``, or ``auto``: right,
            unless the picture would be a wide band that no page can hold.

    Returns:
        The drawing: shown by notebooks, written by its ``save("x.svg")``.

    Raises:
        TypeError: if given neither a node nor a graph, nor an error that an operation raised.
        ValueError: if a role, engine, theme or direction is unknown, the focus is not in the
            graph, hops or depth is negative, or what shall be opened is not there or not folded.
        GraphTooLargeError: if more than ``max_nodes`` cards are left.
        FreedGraphError: if `backward` has released the graph and was called on another node
            since; or if that graph had more than 20 000 operations.

    After ``loss.backward()`` the picture of ``loss`` still shows the structure, names, lines,
    and the values and gradients of the leaves; ``—`` stands for what was released.

    Example:
        >>> import autodiff as ad
        >>> from viz import draw
        >>> x, w = ad.Value(2.0, name="x"), ad.Value(-3.0, name="w")
        >>> y = ad.tanh(w * x)
        >>> y.backward()
        >>> picture = draw(y, engine="builtin")
        >>> picture
        <Drawing of 4 nodes and 3 edges>
        >>> [edge.local for edge in picture.graph.edges]
        ['∂z/∂w = x = 2', '∂z/∂x = w = −3', '∂y/∂z = 1 − y² = 2.458·10⁻⁵']
    """
    if isinstance(node, Graph):
        return Drawing(node, title=title, engine=engine, theme=theme, direction=direction)
    roles = dict(roles or {})
    failure = None
    if isinstance(node, BaseException):
        failure = failed_operation(node)
        node, title = failure.root, title or heading(failure)
        roles[failure.node], gradients = "failed", False
    if not isinstance(node, Node):
        raise TypeError(
            f"draw() was given {type(node).__name__!r}; give a Value or a Tensor that was "
            "computed from others, such as the loss"
        )
    check_roles(roles)
    if hops < 0 or (depth is not None and depth < 0):
        given = f"hops={hops}" if hops < 0 else f"depth={depth}"
        raise ValueError(f"draw() was given {given}, and counts from 0; give 0 or more")
    root = released_graph(node)
    notes = []
    if isinstance(root, ReleasedNode):
        notes.append(f"{MISSING}: released by backward(); {HOW_TO_KEEP.replace('look', 'draw')}.")
        same = {part.sequence: part for part in topological_order(root)}
        roles = {_found(same, key): role for key, role in roles.items()}
        focus = _found(same, focus)
    try:
        structure = skeleton(root, roles, constants, fold, focus)
    except FreedGraphError as error:
        raise FreedGraphError(
            f"{error}. Or draw before backward(). After it, draw() shows only the node that "
            "backward() was last called on, in programs with `import viz` above that backward()"
        ) from None
    if root.is_leaf and not root.requires_grad:
        notes.append(_NOTHING)
    place_neurons(structure, root, roles)
    total = len(structure.nodes)
    shown = set(range(total))
    if focus is not None:
        centre = _find(structure, focus)
        shown = nearby(structure, centre, hops)
        if len(shown) < total:
            name = structure.nodes[centre].name or "the focus"
            notes.append(
                f"Shown: {len(shown)} of {total} nodes, those within {hops} wires of {name}."
            )
    plan = make_plan(structure, shown, depth=depth, roll_up=roll_up)
    count = len(plan.units)
    if count > max_nodes:
        raise GraphTooLargeError(_too_large(total, count, max_nodes, plan.notes))
    if count < len(shown):
        why = "; ".join(plan.notes)
        notes.append(f"Rolled up: {len(shown)} nodes as {count} cards ({why}). {ways_in(plan)}")
    builder = Builder(structure, picture_gradients(root, structure.nodes, gradients))
    graph = assemble(builder, plan, "\n".join(notes))
    if failure is not None:
        if not shows_failure(graph):
            # Folded with others: then what is near it is shown, card by card.
            centre = next(i for i, role in enumerate(structure.roles) if role == "failed")
            plan = make_plan(structure, nearby(structure, centre, hops), depth=None, roll_up=False)
            graph = assemble(builder, plan, f"Shown: what is within {hops} wires of it.")
        graph = marked(graph, failure)
    wanted = (opened,) if isinstance(opened, str) else tuple(opened)
    if wanted:
        graph = replace(graph, insets=insets(builder, plan, graph, wanted))
    return Drawing(graph, title=title, engine=engine, theme=theme, direction=direction)


def _found(same: Mapping[int, Any], key: Any) -> Any:
    """What stands in a released graph for a node of the user's."""
    return same.get(key.sequence, key) if isinstance(key, Node) else key


def _find(structure: Skeleton, focus: Any) -> int:
    for index, node in enumerate(structure.nodes):
        if node is focus or (isinstance(focus, str) and node.name == focus):
            return index
    if isinstance(focus, str):
        shown = name_all(structure)
        if pretty(focus) in shown:
            return shown.index(pretty(focus))
        names = sorted(set(shown))
        listed = ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
        raise ValueError(
            f"no node of the graph has the name {focus!r} given as focus; "
            f"names are: {listed or 'none'}"
        )
    raise ValueError(
        "the node given as focus is not part of the graph that is drawn; give one that the "
        "result was computed from"
    )


def _too_large(total: int, count: int, most: int, notes: list[str]) -> str:
    rolled = f", and {count} cards even after rolling up" if notes else f" in {count} cards"
    return (
        f"the graph has {total} nodes{rolled}, more than the {most} that a picture may hold; "
        "draw a part of it with focus=node, hops=2, fold modules with depth=0, "
        f"draw the graph of fewer samples, or set max_nodes={count}"
    )
