"""A graph as Mermaid text, which Markdown on GitHub, GitLab and elsewhere draws."""

from __future__ import annotations

from viz.draw.palette import LIGHT
from viz.exports.lines import card_lines, heading
from viz.model import Card, Edge, Graph
from viz.text.formatting import clean

__all__ = ["to_mermaid"]

_ESCAPED = str.maketrans({c: f"#{ord(c)};" for c in '"#<>&`$\\%*_~;@[]{}()|'})
"""What Mermaid might take for markup, as the numbers of its characters."""


def to_mermaid(graph: Graph, title: str = "", direction: str = "right") -> str:
    """The same cards, edges and frames as a flowchart of Mermaid.

    All text is escaped: nothing in a name is taken for markup.

    Args:
        graph: what to write.
        title: over the chart; empty for none.
        direction: which way it runs, ``right`` or ``down``.
    """
    lines = ["---", f"title: {_quoted(title)}", "---"] if title else []
    lines.append(f"flowchart {'TB' if direction == 'down' else 'LR'}")
    lines += _inside(graph, (), "  ")
    lines += [_edge(edge) for edge in graph.edges]
    fill, stroke = LIGHT.frame
    for number in range(len(graph.clusters)):
        lines.append(f"  style frame{number} fill:{fill},stroke:{stroke},color:{LIGHT.ink}")
    if graph.edges:
        lines.append(f"  linkStyle default stroke:{LIGHT.forward}")
    for role in dict.fromkeys(card.role for card in graph.cards):
        fill, stroke = LIGHT.card(role)
        lines.append(f"  classDef {role} fill:{fill},stroke:{stroke},color:{LIGHT.ink}")
    return "\n".join(lines) + "\n"


def _inside(graph: Graph, path: tuple[str, ...], indent: str) -> list[str]:
    lines = [indent + _card(card) for card in graph.cards if card.cluster == path]
    for number, cluster in enumerate(graph.clusters):
        if cluster.path[:-1] == path:
            lines.append(f"{indent}subgraph frame{number}[{_label([heading(cluster)])}]")
            lines += _inside(graph, cluster.path, f"{indent}  ")
            lines.append(f"{indent}end")
    return lines


def _card(card: Card) -> str:
    return f"{card.id}[{_label(card_lines(card))}]:::{card.role}"


def _edge(edge: Edge) -> str:
    arrow = "-->" if edge.differentiable else "-.->"
    told = [text for text in (edge.local, edge.flow) if text]
    label = f"|{_label(told)}|" if told else ""
    return f"  {edge.source} {arrow}{label} {edge.target}"


def _label(lines: list[str]) -> str:
    # Two dollar signs side by side would begin a formula, however they are written.
    told = (clean(line).replace("$$", "$ $").translate(_ESCAPED) for line in lines)
    return '"' + "<br/>".join(told) + '"'


def _quoted(title: str) -> str:
    """A title as YAML reads it."""
    return '"' + clean(title).replace("\\", "\\\\").replace('"', '\\"') + '"'
