"""The backward pass told step by step: in which order, what each node receives and sends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from autodiff.graph.conjugation import conjugated
from autodiff.graph.node import Node
from autodiff.methods.history import in_short, label, place
from autodiff.sweeps.seeds import starting_gradient
from autodiff.sweeps.walk import walk

__all__ = ["Arrival", "Explanation", "Share", "Visit", "explain_backward"]


@dataclass(frozen=True, eq=False)
class Share:
    """What an operation sends to one of its operands.

    Attributes:
        position: of the operand among the operands.
        node: the operand.
        amount: its share of the gradient: a float for a `Value`, else an array.
    """

    position: int
    node: Node
    amount: Any


@dataclass(frozen=True, eq=False)
class Arrival:
    """A gradient that reached a node.

    Attributes:
        step: of the visit that sent it; 0 for the starting gradient.
        amount: the gradient.
    """

    step: int
    amount: Any


@dataclass(eq=False)
class Visit:
    """One node as the backward pass meets it.

    Attributes:
        step: the position in the order, counted from 1; 0 for a leaf, which sends
            nothing, so that it does not matter when it is met.
        node: the node.
        received: its gradient, the sum of what its consumers sent.
        arrivals: what was summed.
        sent: what its rule makes of it, for each operand that needs a gradient.
    """

    step: int
    node: Node
    received: Any
    arrivals: list[Arrival] = field(default_factory=list)
    sent: list[Share] = field(default_factory=list)


class Explanation:
    """What `explain_backward` gives back: print it to read it.

    Attributes:
        root: where the pass begins.
        visits: the operations in the order in which they are met.
        leaves: what the leaves receive in the end.
    """

    root: Node
    visits: list[Visit]
    leaves: list[Visit]

    def __init__(self, root: Node, visits: list[Visit], leaves: list[Visit]) -> None:
        self.root, self.visits, self.leaves = root, visits, leaves

    def text(self, limit: int = 30) -> str:
        """The explanation as text.

        Args:
            limit: the most visits and the most leaves to tell of.
        """
        count = len(self.visits)
        many = "1 operation" if count == 1 else f"{count:,} operations"
        lines = [f"backward from {label(self.root)}: {many}, the last made first"]
        steps = {visit.node: visit.step for visit in self.visits}
        for visit in self.visits[:limit]:
            lines.append(f"{visit.step}. {label(visit.node)}{place(visit.node)}")
            lines.append(f"     received {_sum(visit)}")
            for share in visit.sent:
                to = steps.get(share.node)
                at = "" if to is None else f", step {to}"
                lines.append(f"     sends {in_short(share.amount)} to {label(share.node)}{at}")
        if count > limit:
            lines.append(f"... {count - limit:,} more")
        if self.leaves:
            lines.append("leaves, which keep what they receive:")
        for visit in self.leaves[:limit]:
            lines.append(f"     {label(visit.node)}: {_sum(visit)}")
        if len(self.leaves) > limit:
            lines.append(f"... {len(self.leaves) - limit:,} more")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return self.text()


def _sum(visit: Visit) -> str:
    parts = visit.arrivals
    sources = [f"step {arrival.step}" if arrival.step else "the start" for arrival in parts]
    if len(parts) == 1:
        return f"{in_short(visit.received)} from {sources[0]}"
    terms = " + ".join(
        f"{in_short(arrival.amount)} ({source})"
        for arrival, source in zip(parts[:8], sources, strict=False)
    )
    more = f" + {len(parts) - 8} more" if len(parts) > 8 else ""
    return f"{in_short(visit.received)} = {terms}{more}"


def explain_backward(root: Node, gradient: Any = None) -> Explanation:
    """In which order `backward` meets the nodes, and what each receives and sends.

    A node is met after everything that was computed from it: only then is its gradient
    complete, and it has to be complete before it is sent on. The order of creation, read
    backwards, is such an order, and that is the one used.

    Nothing is changed by it: no ``grad`` is written, the graph is kept, no hook is called.

    Args:
        root: the node to begin with.
        gradient: the gradient to begin with; 1 by default.

    Returns:
        An `Explanation`: text when printed; ``visits`` and ``leaves`` are the same as data.

    Raises:
        NonDifferentiableError: the root needs no gradient.
        FreedGraphError: the graph was released by an earlier `backward`.

    Example:
        >>> import autodiff as ad
        >>> a, b = ad.Value(2.0, name="a"), ad.Value(3.0, name="b")
        >>> c = a * b
        >>> d = c + a
        >>> ad.explain_backward(d)
        backward from add: 2 operations, the last made first
        1. add, ...
             received 1 from the start
             sends 1 to multiply, step 2
             sends 1 to a (leaf)
        2. multiply, ...
             received 1 from step 1
             sends 3 to a (leaf)
             sends 2 to b (leaf)
        leaves, which keep what they receive:
             a (leaf): 4 = 1 (step 1) + 3 (step 2)
             b (leaf): 2 from step 2
    """
    seed = starting_gradient(root, gradient)
    visits: dict[Node, Visit] = {}
    arrivals: dict[Node, list[Arrival]] = {root: [Arrival(0, conjugated(seed))]}

    def note(node: Node, g: Any, position: int, parent: Node, part: Any) -> None:
        visit = visits.get(node)
        if visit is None:
            visit = visits[node] = Visit(len(visits) + 1, node, conjugated(g))
        amount = conjugated(part)
        visit.sent.append(Share(position, parent, amount))
        arrivals.setdefault(parent, []).append(Arrival(visit.step, amount))

    found = walk({root: seed}, hooks=False, keep_all=True, note=note)
    for visit in visits.values():
        visit.arrivals = arrivals[visit.node]
    leaves = [Visit(0, node, conjugated(g), arrivals[node]) for node, g in found if node.op is None]
    leaves.sort(key=lambda visit: visit.node.sequence)
    return Explanation(root, list(visits.values()), leaves)
