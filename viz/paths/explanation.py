"""`Explanation`: a gradient as the sum of its paths, to be read, looked at, and saved."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

from autodiff.graph.order import topological_order
from autodiff.symbolic import Constant, Expression, simplify
from viz.draw.scene import Scene
from viz.files import json_text
from viz.paths.best import Found, Others, added, best_paths
from viz.paths.between import Between
from viz.paths.checks import checks
from viz.paths.drawing import Cards
from viz.paths.latex import to_latex_fragment
from viz.paths.markdown import to_markdown
from viz.paths.names import Names
from viz.paths.picture import path_scene
from viz.paths.plain_data import to_plain_data
from viz.paths.plain_text import to_plain_text
from viz.paths.recursion import deltas
from viz.paths.sentences import how_many, opening, verdict
from viz.paths.symbols import Symbols, sum_terms
from viz.paths.terms import Check, Delta, PathProduct
from viz.paths.told import Told
from viz.paths.totals import Totals, totals
from viz.paths.written import heads
from viz.text.formatting import number

__all__ = ["Explanation"]

FEW, SOME = 12, 8
"""So many paths are all listed; of more, so many."""

NODES_TOLD = 40
"""So many nodes at most are told of in the recursive form."""


class Explanation(Told):
    """The gradient of a result by one of the nodes that it was computed from.

    Print it to read it; notebooks show the picture; `save` writes ``.svg``, ``.html``, ``.png``,
    ``.pdf``, ``.txt``, ``.md``, ``.tex`` (a fragment for amsmath) and ``.json``.

    Made by `viz.explain`.

    Attributes:
        part: what lies between.
        engine: which layout engine places the graph.
        root: the result.
        wrt: what it is differentiated by.
        count: how many paths there are, listed or not.
        size: Σ|p|, the sum of the sizes of the products of all paths.
        rest: what the paths come to that are not listed.
    """

    def __init__(
        self,
        part: Between,
        root: Any,
        wrt: Any,
        k: int | None,
        *,
        title: str = "",
        theme: str = "auto",
        engine: str = "auto",
    ) -> None:
        super().__init__(part, root, wrt, title=title, theme=theme, engine=engine)
        self._sums: Totals = totals(part)
        self.count: int = self._sums.paths[-1] if part.nodes else 0
        self.size: float = self._sums.sizes[-1] if part.nodes else 0.0
        few = FEW if self.count <= FEW else SOME
        found, rest = best_paths(part, self._sums, few if k is None else k)
        # All of a few are read in the order of the graph; of many the largest come first.
        self._found: list[Found] = found if rest.paths else sorted(found, key=_reading)
        self.rest: Others = rest

    @property
    def total(self) -> float:
        """The gradient: what the listed paths and the rest add up to."""
        return added([*(path.value for path in self._found), self.rest.value])

    @property
    def cancellation(self) -> float:
        """Σ|p| / |Σp|: 1 where all terms have one sign, large where they nearly cancel."""
        if self.size == abs(self.total):
            return 1.0
        return self.size / abs(self.total) if self.total else math.inf

    @cached_property
    def names(self) -> Names:
        """What the nodes are called."""
        shown = [self.part.nodes[number] for number in self.shown_nodes]
        for path in self._found:
            shown += [self.part.nodes[number] for number, _ in path.steps]
        return Names(self.root, topological_order(self.root), [self.wrt, *shown])

    @cached_property
    def shown_nodes(self) -> list[int]:
        """The numbers of the nodes that are told of: all of a small graph, else some paths'."""
        if len(self.part.nodes) <= NODES_TOLD:
            return list(range(len(self.part.nodes)))
        known = {0, len(self.part.nodes) - 1}
        for path in self._found:
            more = known.union(number for number, _ in path.steps)
            if len(more) > NODES_TOLD:
                break
            known = more
        return sorted(known)

    @cached_property
    def symbols(self) -> Symbols:
        """Writes local derivatives."""
        return Symbols(self.part, self.names)

    @cached_property
    def paths(self) -> list[PathProduct]:
        """The listed paths: all in the order of the graph, or the largest of many."""
        return [path for path, _ in self._products]

    @cached_property
    def _products(self) -> list[tuple[PathProduct, Expression]]:
        return [self.symbols.path(path.steps, path.value) for path in self._found]

    @property
    def amounts(self) -> list[float]:
        """What is added up: the products of the listed paths, and the rest if there is any."""
        values = [path.value for path in self._found]
        return [*values, self.rest.value] if self.rest.paths else values

    @cached_property
    def formula_terms(self) -> list[str]:
        """The sum of all paths in symbols, simplified, term by term; empty if some are left out."""
        if self.rest.paths or not self._found:
            return []
        total: Expression = Constant(0)
        for _, product in self._products:
            total = simplify(total + product)
        return sum_terms(total)

    @property
    def formula(self) -> str:
        """The same in one line."""
        return " ".join(self.formula_terms)

    @cached_property
    def deltas(self) -> list[Delta]:
        """δ of each node that is told of, in the order of the backward pass."""
        return deltas(self.part, self.symbols, self.shown_nodes)

    @cached_property
    def checks(self) -> list[Check]:
        """The gradient found in other ways."""
        wrt = self.wrt_name
        return checks(self.part, self.root, self.wrt, wrt, self.total, self.size)

    @property
    def verdict(self) -> str:
        """What the sum of the paths is like, as a sentence."""
        return verdict(self.count, self.total, self.size, self.result_name, self.wrt_name)

    @cached_property
    def loss_formula(self) -> str:
        """What the result was computed as, such as ``L = (x · y + sin(x)) · x``, if it is short."""
        return self.symbols.whole(self.root)

    @property
    def opening(self) -> str:
        """The sentence at the beginning."""
        return opening(self.count, self.uses, self.result_name, self.wrt_name)

    @property
    def uses(self) -> int:
        """How many times what it is differentiated by is an operand."""
        return sum(use.operand == 0 for uses in self.part.uses for use in uses)

    @property
    def description(self) -> str:
        """The picture in words."""
        return (
            f"{self.name} = {number(self.total)} as the sum of {how_many(self.count)}. "
            + " ".join(f"{heads(path)} = {number(path.value)}." for path in self.paths)
        )

    def on_path(self, place: int, shown: Cards) -> tuple[set[int], set[int]]:
        """The numbers of the edges and cards of a graph that lie on one of the listed paths."""
        edges: set[int] = set()
        nodes = {shown.place[self.wrt]}
        for reader, position in self._found[place].steps:
            node = self.part.nodes[reader]
            source, target = shown.place[node.parents[position]], shown.place[node]
            nodes.add(target)
            ends = (shown.graph.cards[source].id, shown.graph.cards[target].id)
            edges |= {
                i
                for i, edge in enumerate(shown.graph.edges)
                if (edge.source, edge.target) == ends and edge.position == position
            }
        return edges, nodes

    @cached_property
    def scene(self) -> Scene:
        """The shapes of the picture."""
        return path_scene(self)

    @property
    def spoken_title(self) -> str:
        """The title, or whose gradient it is."""
        return self.title or f"{self.name}: {how_many(self.count)} from {self.result_name} back"

    def __repr__(self) -> str:
        return f"<Explanation of {self.name} = {number(self.total)}: {how_many(self.count)}>"

    @property
    def text(self) -> str:
        """All of it as plain text."""
        return to_plain_text(self)

    @property
    def markdown(self) -> str:
        """All of it as Markdown with LaTeX mathematics."""
        return to_markdown(self)

    @property
    def latex(self) -> str:
        """The sum and the recursive form as LaTeX for amsmath."""
        return to_latex_fragment(self)

    def json(self) -> str:
        """The plain data as JSON text."""
        return json_text(to_plain_data(self))


def _reading(path: Found) -> tuple[int, list[int]]:
    return len(path.steps), [position for _, position in path.steps]
