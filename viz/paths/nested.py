"""One formula from the result down to a tensor."""

from __future__ import annotations

from autodiff.writers.rules import Formula, Operation, formula_text
from viz.paths.flow import Flow, Sent
from viz.paths.rules import ONE, Rules, delta, shape_of

__all__ = ["Nesting"]

LONGEST = 96
"""Characters of a formula that can still be read."""


class Nesting:
    """Puts the rules of all nodes into each other.

    Args:
        rules: writes what one operand receives.
        flow: the backward pass.
    """

    def __init__(self, rules: Rules, flow: Flow) -> None:
        self.rules: Rules = rules
        self._flow = flow
        self._known: dict[int, Formula | None] = {len(rules.part.nodes) - 1: ONE}

    def name(self, number: int) -> Formula:
        """δ of a node by name; 1 for the result."""
        if number == len(self.rules.part.nodes) - 1:
            return ONE
        node = self.rules.part.nodes[number]
        return delta(self.rules.names[node], shape_of(node))

    def term(self, share: Sent) -> Formula:
        """What one use sends, as a formula down to the result, or of δ where that is long."""
        inner = self.whole(share.reader)
        short = self.rules.received(share.reader, share.position, self.name(share.reader))
        if inner is None:
            return short
        written = self.rules.received(share.reader, share.position, inner)
        return written if len(formula_text(written)) <= LONGEST else short

    def whole(self, number: int) -> Formula | None:
        """δ of a node written out; None if that is long."""
        # From the result on, so that a long chain is no deep recursion.
        for node in range(len(self.rules.part.nodes) - 2, number - 1, -1):
            if node not in self._known:
                self._known[node] = self._written(node)
        return self._known[number]

    def _written(self, number: int) -> Formula | None:
        total: Formula | None = None
        for share in self._flow.into(number):
            inner = self._known.get(share.reader)
            if inner is None:
                return None
            term = self.rules.received(share.reader, share.position, inner)
            total = term if total is None else Operation("+", (total, term))
            if len(formula_text(total)) > LONGEST:
                return None
        return total
