"""A graph as a `graphviz.Digraph` that reads well by itself, for use with other tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autodiff.errors import missing_extra
from viz.draw.palette import LIGHT
from viz.exports.lines import card_lines, heading
from viz.model import Card, Graph
from viz.text.formatting import clean

if TYPE_CHECKING:
    import graphviz  # type: ignore[import-untyped]

__all__ = ["to_digraph"]


def to_digraph(graph: Graph, title: str = "", direction: str = "right") -> graphviz.Digraph:
    r"""The same cards, edges and frames as Graphviz source.

    All text is quoted as text: nothing in a name is taken for markup, for an escape such
    as ``\N``, for a port or for an HTML entity. Node ids are ``n0``, ``n1`` …

    Raises:
        MissingExtraError: if the package ``graphviz`` is not installed.
    """
    result = _package().Digraph(
        "graph",
        graph_attr={
            "rankdir": "TB" if direction == "down" else "LR",
            "fontname": "Helvetica",
            "label": _text([title]),
            "labelloc": "t",
        },
        node_attr={
            "shape": "box",
            "style": "rounded,filled",
            "fontname": "Helvetica",
            "fontsize": "11",
        },
        edge_attr={
            "fontname": "Helvetica",
            "fontsize": "9",
            "color": LIGHT.forward,
            "fontcolor": LIGHT.ink,
        },
    )
    _cluster(result, graph, ())
    for edge in graph.edges:
        result.edge(edge.source, edge.target, label=_text([edge.local, edge.flow]))
    return result


def _package() -> Any:
    # Only here: pictures are drawn without it.
    try:
        import graphviz
    except ImportError:
        raise missing_extra("graphviz") from None
    return graphviz


def _cluster(into: graphviz.Digraph, graph: Graph, path: tuple[str, ...]) -> None:
    for card in graph.cards:
        if card.cluster == path:
            _card(into, card)
    for number, cluster in enumerate(graph.clusters):
        if cluster.path[:-1] == path:
            with into.subgraph(name=f"cluster_{number}") as inner:
                inner.attr(
                    label=_text([heading(cluster)]),
                    labeljust="l",
                    style="rounded",
                    color=LIGHT.frame[1],
                )
                _cluster(inner, graph, cluster.path)


def _card(into: graphviz.Digraph, card: Card) -> None:
    fill, stroke = LIGHT.card(card.role)
    tooltip = _text([card.tooltip or card.name])
    into.node(card.id, _text(card_lines(card)), fillcolor=fill, color=stroke, tooltip=tooltip)


def _text(lines: list[str]) -> str:
    """Lines as a label: Graphviz itself would expand backslashes and entities."""
    kept = [clean(line).replace("&", "&amp;").replace("\\", "\\\\") for line in lines if line]
    text: str = _package().nohtml("\\n".join(kept))
    return text
