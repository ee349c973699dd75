"""`MatrixExplanation`: the gradient of a tensor as formulas of matrices, evaluated and checked."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

import numpy as np

from autodiff.graph.order import topological_order
from autodiff.writers.rules import formula_latex, formula_text
from viz.draw.scene import Scene
from viz.files import json_text
from viz.paths.best import Others, added
from viz.paths.between import Between
from viz.paths.flow import Array, Flow, Sent, flow, place_of, widest_way
from viz.paths.matrix_checks import matrix_checks
from viz.paths.matrix_picture import matrix_scene
from viz.paths.matrix_terms import Step, Term
from viz.paths.matrix_text import (
    matrix_verdict,
    to_data,
    to_fragment,
    to_markdown,
    to_plain_text,
)
from viz.paths.names import Names
from viz.paths.nested import Nesting
from viz.paths.rules import Rules, shape_of
from viz.paths.terms import Check
from viz.paths.told import Told
from viz.read.statistics import rms, shape_text
from viz.text.formatting import number

__all__ = ["MatrixExplanation"]

FEW, STEPS, USES, AT = 8, 14, 3, 4
LONG = 160
"""Terms that are listed; nodes, uses of each, and of a long way back the first nodes."""


class MatrixExplanation(Told):
    """The gradient of a result by a tensor, as what each use of the tensor adds to it.

    Made by `viz.explain`, and read, shown and saved as an `Explanation`. The formulas are those of
    the operation table, put into each other; each is evaluated by the table's pullbacks.

    Attributes:
        part: what lies between.
        engine: which layout engine places graphs.
        root: the result.
        wrt: the tensor that it is differentiated by.
        element: the index of the entry that is explained, None for the whole tensor.
        gradient: the gradient.
    """

    def __init__(
        self,
        part: Between,
        root: Any,
        wrt: Any,
        k: int | None,
        *,
        element: tuple[int, ...] | None = None,
        title: str = "",
        theme: str = "auto",
        engine: str = "auto",
    ) -> None:
        super().__init__(part, root, wrt, title=title, theme=theme, engine=engine)
        self.element: tuple[int, ...] | None = element
        self._most = k or FEW
        with np.errstate(all="ignore"):
            self._flow: Flow = flow(part, root)
        self.gradient: Array = self._flow.deltas[0] if part.nodes else np.zeros(shape_of(wrt))

    @cached_property
    def direction(self) -> Array:
        """The unit array that terms are measured along: the gradient's, or one entry."""
        chosen = np.zeros(self.gradient.shape)
        if self.element is not None:
            chosen[self.element] = 1.0
            return chosen
        size = float(np.linalg.norm(self.gradient))
        return self.gradient / size if size and math.isfinite(size) else chosen

    @property
    def total(self) -> float:
        """The norm of the gradient; of one element its derivative."""
        if self.element is None:
            return float(np.linalg.norm(self.gradient))
        return float(np.real(self.gradient[self.element]))

    @property
    def count(self) -> int:
        """How many times the tensor is used."""
        return len(self._sent)

    @cached_property
    def _sent(self) -> list[tuple[float, Sent]]:
        uses = [share for share in self._flow.sent if share.operand == 0]
        valued = [(float(np.vdot(self.direction, share.amount).real), share) for share in uses]
        if len(valued) > self._most:
            valued.sort(key=lambda pair: -abs(pair[0]) if pair[0] == pair[0] else -math.inf)
        else:
            valued.reverse()
        return valued

    @property
    def size(self) -> float:
        """The sum of the sizes of the terms."""
        return added(abs(value) for value, _ in self._sent)

    @property
    def cancellation(self) -> float:
        """Sizes of the terms to size of their sum: 1 where nothing cancels."""
        if self.size == abs(self.total) or not self.count:
            return 1.0
        return self.size / abs(self.total) if self.total else math.inf

    @cached_property
    def rest(self) -> Others:
        """What the uses come to that are not listed."""
        others = [value for value, _ in self._sent[self._most :]]
        return Others(len(others), added(others), added(map(abs, others)))

    @cached_property
    def _way(self) -> list[int]:
        return widest_way(self._flow, STEPS)

    @cached_property
    def shown_nodes(self) -> list[int]:
        """The numbers of the nodes that are told of: all of a few, else the widest way back."""
        way = self._way
        return way if len(way) <= STEPS else [*way[: STEPS - AT], *way[-AT:]]

    @property
    def skipped(self) -> int:
        """How many nodes of the widest way are not told of, behind the first few."""
        return len(self._way) - len(self.shown_nodes)

    @property
    def skipped_at(self) -> int:
        """Before which of the `deltas` they are left out."""
        return AT

    @cached_property
    def names(self) -> Names:
        """What the nodes are called."""
        shown = {*self.shown_nodes, *(share.reader for _, share in self._sent[: self._most])}
        for place in self.shown_nodes:
            shown |= {share.reader for share in self._flow.into(place)[:USES]}
        nodes = [self.part.nodes[place] for place in sorted(shown)]
        return Names(self.root, topological_order(self.root), [self.wrt, *nodes])

    @cached_property
    def rules(self) -> Rules:
        """Writes what operands receive."""
        return Rules(self.part, self.names)

    @cached_property
    def _nesting(self) -> Nesting:
        return Nesting(self.rules, self._flow)

    @property
    def wrt_name(self) -> str:
        """What the tensor is called, with the index of the entry if one is explained."""
        name = super().wrt_name
        if not self.element:
            return name
        return f"{name}[{', '.join(map(str, self.element))}]"

    @cached_property
    def paths(self) -> list[Term]:
        """One term for each use that is listed."""
        return [self._term(value, share) for value, share in self._sent[: self._most]]

    def _term(self, value: float, share: Sent) -> Term:
        reader = self.part.nodes[share.reader]
        short = self.rules.received(share.reader, share.position, self._nesting.name(share.reader))
        formula = self._nesting.term(share)
        text, latex = formula_text(formula), formula_latex(formula)
        where = place_of(reader)
        return Term(self.names[reader], text, latex, short, value, rms(share.amount), where)

    @property
    def formula(self) -> str:
        """The sum of all terms, down to the result where that is short, else in terms of δ."""
        return self._added([term.formula for term in self.paths], text=True)

    @property
    def latex_formula(self) -> str:
        """The same as LaTeX."""
        return self._added([term.latex for term in self.paths], text=False)

    def _added(self, terms: list[str], *, text: bool) -> str:
        if sum(len(term.formula) for term in self.paths) > LONG:
            write = formula_text if text else formula_latex
            terms = [write(term.short) for term in self.paths]
        if self.rest.paths:
            more = f"({self.rest.paths} more)"
            terms.append(more if text else rf"\text{{{more}}}")
        total = " + ".join(terms) or "0"
        if not self.element or not terms:
            return total
        index = ", ".join(map(str, self.element))
        return f"({total})[{index}]" if text else rf"\left({total}\right)_{{{index}}}"

    @cached_property
    def deltas(self) -> list[Step]:
        """δ of each node that is told of, in the order of the backward pass, the tensor last."""
        return [self._step(number) for number in sorted(self.shown_nodes, reverse=True)]

    def _step(self, number: int) -> Step:
        node, shares = self.part.nodes[number], self._flow.into(number)
        told = sorted(shares, key=lambda share: -rms(share.amount))[:USES]
        terms = [
            self.rules.received(share.reader, share.position, self._nesting.name(share.reader))
            for share in shares
            if share in told
        ]
        size = rms(self._flow.deltas[number])
        untold = len(shares) - len(terms)
        return Step(self.names[node], shape_of(node), tuple(terms), untold, size, place_of(node))

    @property
    def words(self) -> list[tuple[str, str]]:
        """The words in the formulas, each with its meaning."""
        return sorted(self.rules.words.items()) if self.paths and self.deltas else []

    @cached_property
    def checks(self) -> list[Check]:
        """The gradient found in other ways."""
        if not (self.part.nodes and np.isfinite(self.gradient).all()):
            return []
        name = self.names[self.wrt]
        return matrix_checks(self.part, self.wrt, name, self.gradient, self.direction)

    @property
    def shape(self) -> str:
        """The shape of the tensor, as ``784×16``."""
        return shape_text(shape_of(self.wrt))

    @property
    def verdict(self) -> str:
        """What the sum is like, as a sentence."""
        return matrix_verdict(self)

    @property
    def spoken_title(self) -> str:
        """The title, or whose gradient it is."""
        return self.title or f"{self.name} = {self.formula}"

    @cached_property
    def scene(self) -> Scene:
        """The shapes of the picture."""
        return matrix_scene(self)

    def __repr__(self) -> str:
        size = number(self.total) if self.element is not None else f"array of {self.shape}"
        return f"<Explanation of {self.name} = {self.formula}: {size}>"

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
        """The formula and the recursive form as LaTeX for amsmath."""
        return to_fragment(self)

    def json(self) -> str:
        """The plain data as JSON text."""
        return json_text(to_data(self))
