"""How large the gradients are that flow along wires which stand for several uses."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np

from autodiff.batching import whole
from autodiff.values.value import Value
from viz.plan.build import Builder
from viz.plan.units import Plan
from viz.read.contributions import contributions, on_scalars, slopes
from viz.read.statistics import rms

__all__ = ["Flows", "Use"]

Use = tuple[int, int]
"""A node, and the position of one of its operands."""


class Flows:
    """What uses of nodes send back, of single steps and of all steps together.

    Args:
        builder: knows the gradients.
        plan: knows the steps.
    """

    def __init__(self, builder: Builder, plan: Plan) -> None:
        self.builder: Builder = builder
        self.plan: Plan = plan
        self._rows = {
            row[-1]: (loop.path, row) for loop in plan.view.loops for row in loop.positions
        }

    def size(self, uses: list[Use]) -> float | None:
        """Root mean square of what the operands of some uses receive by them.

        Several uses of one node are added up; over different nodes the mean is taken.
        """
        graph = self.builder.graph
        by_operand: dict[int, list[Use]] = {}
        for member, position in uses:
            by_operand.setdefault(graph.operands[member][position], []).append((member, position))
        sizes = [
            size
            for operand, own in by_operand.items()
            if (size := self._of_one(operand, own)) is not None
        ]
        return math.sqrt(sum(s * s for s in sizes) / len(sizes)) if sizes else None

    def _of_one(self, operand: int, uses: list[Use]) -> float | None:
        gradient = self.builder.gradient(operand)
        if gradient is None or len(self.builder.graph.readers[operand]) == len(uses):
            return None if gradient is None else rms(gradient)
        total = self.total(uses)
        return None if total is None else rms(total)

    def total(self, uses: Iterable[Use]) -> Any:
        """The sum of what some uses of one node send back to it; `None` where unknown."""
        parts = [part for use in uses if (part := self._part(*use)) is not None]
        return sum(parts[1:], parts[0]) if parts else None

    def _part(self, member: int, position: int) -> Any:
        graph = self.builder.graph
        node = graph.nodes[member]
        if on_scalars(node):
            arriving, slope = self.builder.gradient(member), slopes(node).get(position)
            return None if arriving is None or slope is None else np.asarray(arriving * slope)
        part = self._parts.get((node, position))
        if part is None:
            return None
        array = np.asarray(whole(part))
        return array.T if (member, position) in graph.through else array

    def every_step(self, uses: list[Use], source: int) -> list[Use]:
        """The same uses at all steps, where the source is not within the steps itself."""
        found: list[Use] = []
        around = self.plan.units[source].path
        for member, position in uses:
            frame, row = self._rows.get(member, ((), (member,)))
            outside = bool(frame) and around[: len(frame)] != frame
            every = row if outside else (member,)
            found += [(i, position) for i in every if self.builder.graph.operands[i]]
        return found

    @cached_property
    def _parts(self) -> dict[tuple[Any, int], Any]:
        """What each use sends back, of nodes that are used several times."""
        graph = self.builder.graph
        if not graph.nodes or self.builder.gradient(len(graph.nodes) - 1) is None:
            return {}
        several = {
            (graph.nodes[member], position)
            for member, row in enumerate(graph.operands)
            for position, operand in enumerate(row)
            if operand >= 0 and len(graph.readers[operand]) > 1
            if not isinstance(graph.nodes[member], Value)
        }
        return contributions(graph.nodes[-1], lambda node, place: (node, place) in several)
