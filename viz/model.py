"""A graph as plain data: what a picture says, before anything is placed or drawn.

Everything here is text and numbers. A `Graph` can be built from a live graph of the
engine (`viz.plan.build`), by hand, or read back from a ``.json`` file, and every later stage
(roll-up, layout, drawing) works on it alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

__all__ = ["ROLES", "Card", "Cluster", "Edge", "Graph", "Histogram", "Inset", "Series"]

ROLES = ("input", "variable", "parameter", "constant", "op", "output", "group", "failed")


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts in equal bins between ``low`` and ``high``.

    Attributes:
        counts: how many finite entries fell into each bin.
        low: left end of the first bin.
        high: right end of the last bin.
    """

    counts: tuple[int, ...]
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Card:
    """One node of the picture.

    Attributes:
        id: ``n0``, ``n1`` … in topological order; no user text.
        name: what the node is called.
        role: one of `ROLES`, printed as a word as well as shown by a tint. A ``variable`` is
            an input that needs a gradient; ``group`` is a card that stands for several nodes
            after a roll-up, ``failed`` an operation that raised an error.
        formula: how it was computed, such as ``= w₁ · x₁``; empty for a leaf.
        shape: such as ``32×16``; empty for a scalar.
        dtype: such as ``float32``; empty for a `Value`.
        value: the value as text, or for a tensor of more than one entry its root mean square.
        gradient: the gradient as text, of a tensor as that of its values; ``—`` when it was not
            computed.
        value_label: what the value row is headed by.
        gradient_label: what the gradient row is headed by, such as ``∂L/∂w₁``.
        value_histogram: distribution of the entries, for tensors.
        gradient_histogram: distribution of the gradient's entries, for tensors.
        gradient_rms: root mean square of the gradient, `None` when not computed.
        tooltip: one line of details, with the user's file and line.
        cluster: names of the modules around it, outermost first.
        copies: how many alike nodes the card stands for.
        twin: id of the card that this one repeats, such as a parameter that is drawn at each
            place where it is used; empty for a card that repeats none.
        opens: what shows the inside of a card that stands for several nodes, such as
            ``depth=2``; empty for a single node.
    """

    id: str
    name: str
    role: str = "op"
    formula: str = ""
    shape: str = ""
    dtype: str = ""
    value: str = "—"
    gradient: str = "—"
    value_label: str = "value"
    gradient_label: str = ""
    value_histogram: Histogram | None = None
    gradient_histogram: Histogram | None = None
    gradient_rms: float | None = None
    tooltip: str = ""
    cluster: tuple[str, ...] = ()
    copies: int = 1
    twin: str = ""
    opens: str = ""

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ValueError(
                f"card {self.id!r} has the role {self.role!r}; expected one of {', '.join(ROLES)}"
            )


@dataclass(frozen=True, slots=True)
class Edge:
    """One operand of one node. ``x * x`` has two.

    Attributes:
        source: id of the operand's card.
        target: id of the card computed from it.
        position: which operand it is, from 0.
        local: the local derivative, such as ``∂p₁/∂w₁ = x₁ = 2``, or the factor of a
            vector-Jacobian product, such as ``· W₂ᵀ``; empty when no gradient passes.
        flow: the product of the chain rule, such as ``0.5 × 2 = 1``.
        rms: root mean square of the gradient that flows back, `None` when none was
            computed; it sets the width of the lane.
        zero: exactly zero flows back; the lane is dashed.
        differentiable: whether a gradient can flow back at all.
        tooltip: one line of details.
        loop: the wire leads from the end of a step back to the beginning of the next one, in a
            frame that stands for several steps; of all edges these alone point backwards.
    """

    source: str
    target: str
    position: int = 0
    local: str = ""
    flow: str = ""
    rms: float | None = None
    zero: bool = False
    differentiable: bool = True
    tooltip: str = ""
    loop: bool = False


@dataclass(frozen=True, slots=True)
class Cluster:
    """A frame around the cards of one module.

    Attributes:
        path: the names that cards carry in `Card.cluster`, outermost first.
        title: what is printed in bold.
        description: what follows it, such as ``Linear(2, 16)``.
        copies: how many steps of one structure, one after the other, the frame stands for.
    """

    path: tuple[str, ...]
    title: str
    description: str = ""
    copies: int = 1


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers in a row, such as the gradient at each step of a loop, drawn as bars.

    Attributes:
        title: what they are.
        note: what follows the title.
        labels: one for each number.
        values: the numbers; `None` for what is not known.
        logarithmic: whether the axis is.
        rows: further rows of texts under the bars, each with its heading.
        remark: the sentence beside the bars.
    """

    title: str
    note: str
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    logarithmic: bool = True
    rows: tuple[tuple[str, tuple[str, ...]], ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Inset:
    """A card that was opened: what is behind it, drawn beside the picture.

    Attributes:
        card: id of the card.
        title: what is printed over it.
        graph: its inside.
        lines: formulas and sentences below it.
        bars: parts of a sum, each with its name and its size.
    """

    card: str
    title: str
    graph: Graph
    lines: tuple[str, ...] = ()
    bars: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """Cards in topological order, the edges between them, and the frames around them.

    Attributes:
        cards: every card, operands before what is computed from them.
        edges: every edge, ordered by target and then by operand position.
        clusters: every frame, outer before inner.
        notice: what was rolled up or left out, in words; empty when nothing was.
        series: rows of numbers that stand below the picture.
        insets: cards that are opened beside the picture.
    """

    cards: tuple[Card, ...]
    edges: tuple[Edge, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    notice: str = ""
    series: tuple[Series, ...] = ()
    insets: tuple[Inset, ...] = ()

    def __post_init__(self) -> None:
        place = {card.id: number for number, card in enumerate(self.cards)}
        if len(place) != len(self.cards):
            raise ValueError("two cards have the same id; give every card an id of its own")
        for edge in self.edges:
            for end in (edge.source, edge.target):
                if end not in place:
                    raise ValueError(
                        f"the edge {edge.source} → {edge.target} names the card {end!r}, "
                        "which the graph does not have"
                    )
            if place[edge.source] >= place[edge.target] and not edge.loop:
                raise ValueError(
                    f"the edge {edge.source} → {edge.target} points backwards; list the cards "
                    "in topological order, operands before what is computed from them"
                )
        paths = {cluster.path for cluster in self.clusters}
        for card in self.cards:
            for depth in range(1, len(card.cluster) + 1):
                if card.cluster[:depth] not in paths:
                    raise ValueError(
                        f"card {card.id!r} stands in the cluster {card.cluster[:depth]}, "
                        "for which the graph has no Cluster"
                    )

    def __iter__(self) -> Iterator[Card]:
        return iter(self.cards)

    def __len__(self) -> int:
        return len(self.cards)

    def to_dict(self) -> dict[str, object]:
        """The graph as dicts, lists, strings and numbers, as written to ``.json``."""
        plain = _plain(self)
        assert isinstance(plain, dict)
        return plain


def _plain(item: object) -> object:
    if isinstance(item, Graph | Card | Edge | Cluster | Histogram | Series | Inset):
        return {f.name: _plain(getattr(item, f.name)) for f in fields(item)}
    if isinstance(item, tuple):
        return [_plain(entry) for entry in item]
    if isinstance(item, float) and not _finite(item):
        return None
    return item


def _finite(number: float) -> bool:
    return number - number == 0.0
