"""`live`: a graph of Values as a page that computes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

from autodiff.scalarizing import scalarize
from autodiff.tensors.tensor import Tensor
from autodiff.values.value import Value
from viz.alive.heading import heading
from viz.alive.page import Parts, to_live_page
from viz.alive.program import MOST, LiveError, program
from viz.alive.room import RoomyDrawing
from viz.cards.drawing import Drawing
from viz.draw.page import framed
from viz.draw.svg import THEMES
from viz.files import write_atomically
from viz.networks.places import place_neurons
from viz.plan.assemble import assemble
from viz.plan.build import Builder
from viz.plan.rollup import make_plan
from viz.read.gradients import picture_gradients
from viz.read.roles import check_roles
from viz.read.skeleton import skeleton

__all__ = ["LivePage", "live"]

SHOWN = 400
"""So many cards at most are drawn on a page."""


class LivePage:
    """A page that computes; shown by notebooks, written by ``save("x.html")``.

    Args:
        parts: what it is made of.
        theme: ``auto``, ``light`` or ``dark``.
    """

    def __init__(self, parts: Parts, theme: str) -> None:
        self._parts = parts
        self._theme = theme

    @cached_property
    def html(self) -> str:
        """The document; the same graph gives the same text."""
        return to_live_page(self._parts, self._theme)

    @property
    def drawing(self) -> Drawing:
        """The picture in it."""
        return self._parts.drawing

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the page.

        Args:
            path: the file, ending in ``.html``.

        Raises:
            ValueError: it ends otherwise; `drawing` has the picture in other formats.
            OSError: it cannot be written.
        """
        target = Path(path)
        if target.suffix.lower() not in (".html", ".htm"):
            raise ValueError(
                f"a live page is saved as .html, and {target.name!r} was given; its picture in "
                "other formats: page.drawing.save(…)"
            )
        write_atomically(target, self.html.encode("utf-8"))
        return target

    def _repr_html_(self) -> str:
        return framed(self.html, 900, "allow-scripts")

    def __repr__(self) -> str:
        cards = len(self.drawing.graph.cards)
        return f"<LivePage {self._parts.title!r} of {cards} nodes>"


def live(
    node: Any,
    *,
    title: str = "",
    roles: Mapping[Any, str] | None = None,
    engine: str = "auto",
    theme: str = "auto",
) -> LivePage:
    """A page in which a graph computes: drag a leaf, and both passes follow.

    The graph is drawn with all its numbers. In the browser every leaf has a slider; whatever
    is changed, values, local derivatives and gradients are computed again by the rules of the
    table, written as JavaScript, as well as the paths to a leaf, a finite difference, and the
    curve of the result with its tangent. Both passes play one operation at a time. The file
    asks for nothing, and holds its final state without JavaScript.

    Args:
        node: the result, a `Value`; or a `Tensor` of one number, which is taken apart into
            Values first.
        title: printed at the top; by default how the result is computed.
        roles: what nodes are called, as for `draw`.
        engine: layout engine, as for `draw`.
        theme: ``auto``, ``light`` or ``dark``.

    Raises:
        TypeError: if given something else.
        ValueError: if the theme, the engine or a role is unknown.
        LiveError: the graph is too large, or holds an operation that JavaScript lacks.
        FreedGraphError: if `backward` has released the graph of a tensor.

    Example:
        >>> import autodiff as ad, viz
        >>> x, w = ad.Value(2.0, name="x"), ad.Value(-3.0, name="w")
        >>> viz.live(ad.tanh(w * x), engine="builtin")
        <LivePage 'L = tanh(w · x)' of 4 nodes>
    """
    if theme not in THEMES:
        raise ValueError(f"theme={theme!r} is not known; expected one of {', '.join(THEMES)}")
    root = _as_value(node)
    wanted = dict(roles or {})
    check_roles(wanted)
    structure = skeleton(root, wanted, False)
    place_neurons(structure, root, wanted)
    count = len(structure.nodes)
    if count > SHOWN:
        raise LiveError(
            f"the graph has {count} numbers, and a page shows {SHOWN} at most; give the graph of "
            "one sample, or of a smaller network"
        )
    running = program(root)
    plan = make_plan(structure, set(range(count)), depth=None, roll_up=False)
    builder = Builder(structure, picture_gradients(root, structure.nodes, True))
    drawing = RoomyDrawing(assemble(builder, plan), engine=engine, theme=theme, direction="down")
    cards, place = drawing.graph.cards, {n: i for i, n in enumerate(running.nodes)}
    shown = tuple(place[structure.nodes[unit.members[0]]] for unit in plan.units)
    by_id = {card.id: at for card, at in zip(cards, shown, strict=True)}
    uses = tuple((by_id[edge.target], edge.position) for edge in drawing.graph.edges)
    names = {running.nodes[at]: card.name for card, at in zip(cards, shown, strict=True)}
    said = title or heading(root, names) or f"{cards[-1].name} {cards[-1].formula}".strip()
    return LivePage(Parts(running, drawing, shown, uses, said), theme)


def _as_value(node: Any) -> Any:
    """The result as a Value."""
    if isinstance(node, Value):
        return node
    if not isinstance(node, Tensor):
        raise TypeError(
            f"live() was given {type(node).__name__!r}; give a Value that was computed from "
            "others, such as a loss"
        )
    if node.size != 1:
        raise LiveError(
            f"{node.describe()} has {node.size} numbers, and a page follows one; give one of "
            "them, or their sum"
        )
    graph = scalarize(node, most=MOST)
    return graph.result.reshape(-1)[0] if hasattr(graph.result, "reshape") else graph.result
