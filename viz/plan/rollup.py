"""What to show of a graph that is too large to read: a plan of which nodes share a card.

Ways, taken in this order until few enough cards are left: the steps of an unrolled loop become
one step; modules fold to what they compute, deepest first; sums become one card each; what only
feeds one reader joins it, up to the next activation; cards of the same structure at the same
depth become one stack. None of them can make two cards that each precede the other, but for
the wire that leads from the end of a step back to its beginning.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from viz.plan.chains import fuse_chains
from viz.plan.fusions import fuse_neurons, fuse_sums, stack_alike
from viz.plan.modules import deepest, dotted, fold_leaf_modules, fold_modules, without_root
from viz.plan.rows import fuse_rows
from viz.plan.steps import without_loops
from viz.plan.twins import with_twins
from viz.plan.units import Plan, readers_of
from viz.plan.view import View, view_of
from viz.read.skeleton import Skeleton

__all__ = ["LIMIT", "WHOLE", "make_plan", "nearby", "ways_in"]

WHOLE = 40
"""Cards up to which a graph is shown as it is."""

LIMIT = 60
"""Cards that a rolled-up picture may have: what fits a page and can be read."""

ALL_OF_NEURONS = 2
"""A network of Values without frames has layers at depth 0, neurons at depth 1, then all."""

WIRES = 100
"""A rolled-up picture should have no more wires than this and two for each card."""


def make_plan(
    graph: Skeleton, shown: Collection[int], *, depth: int | None, roll_up: bool | None
) -> Plan:
    """Choose what to show.

    Args:
        graph: the structure.
        shown: numbers of the nodes that may be shown at all.
        depth: frames deeper than this become one card each; a network of Values without frames
            has its layers at 0 and its neurons at 1. `None` leaves the choice to the size of
            the graph.
        roll_up: false shows every node, true rolls up as far as it goes, `None` rolls up
            a graph of more than `WHOLE` cards until at most `LIMIT` are left.
    """
    view = view_of(graph, shown)
    if depth is not None:
        return _to_depth(view, max(0, depth))
    if roll_up is False:
        return fold_modules(view, deepest(view))
    if not roll_up and len(view.nodes) <= WHOLE:
        return with_twins(fold_modules(view, deepest(view)), LIMIT)
    # Between numbers every wire is labelled, so that fewer cards are as much to read.
    goal = WHOLE if _scalar(view) else LIMIT
    plan = _rolled(view, 0 if roll_up else goal, layers=bool(roll_up))
    return with_twins(without_root(plan), LIMIT)


def _scalar(view: View) -> bool:
    return not any(hasattr(view.graph.nodes[i], "shape") for i in view.nodes)


def _to_depth(view: View, depth: int) -> Plan:
    most = deepest(view)
    if most or not _scalar(view) or depth >= ALL_OF_NEURONS:
        return without_root(fold_modules(view, depth))
    view = without_loops(view)
    plan = fold_modules(view, deepest(view))
    plan.notes = [_told(view)] if view.loops else []
    plan = _neurons(fuse_sums(plan))
    return plan if depth else stack_alike(plan)


def _rolled(view: View, goal: int, layers: bool) -> Plan:
    view = without_loops(view, layers)
    notes = [_told(view)] if view.loops else []
    most = deepest(view)
    plan = fold_modules(view, most)
    plan.notes = notes
    if view.loops:
        plan = _joined(plan)
    if len(plan.units) <= min(goal, WHOLE):
        return plan
    levels = [fold_leaf_modules, *(_to_level(level) for level in range(most - 1, -1, -1))]
    for fold in levels if most else ():
        folded = _joined(fold(view))
        if not _readable(folded, goal):
            folded = fuse_rows(folded)
        if len(folded.units) < len(plan.units):
            plan = folded
            plan.notes = [*notes, *plan.notes]
        if _readable(plan, goal):
            return plan
    for step in (_joined, fuse_rows, _neurons, stack_alike):
        plan = step(plan)
        if _readable(plan, goal):
            break
    return plan


def _to_level(level: int) -> Callable[[View], Plan]:
    return lambda view: fold_modules(view, level)


def _joined(plan: Plan) -> Plan:
    """Sums, and what is computed of one thing in a few operations, on one card each."""
    return fuse_chains(fuse_sums(plan), parameters=False)


def _neurons(plan: Plan) -> Plan:
    """Neurons on one card each, and what they share on one for all that read the same."""
    return stack_alike(fuse_neurons(plan), leaves_only=True)


def _told(view: View) -> str:
    """What was made of the loops, in words."""
    steps = [str(loop.copies) for loop in view.loops if loop.path and loop.states]
    alike = [str(loop.copies) for loop in view.loops if loop.path and not loop.states]
    parts = [f"{' and '.join(steps)} steps are drawn as one"] if steps else []
    parts += [f"{' and '.join(alike)} samples are drawn as one"] if alike else []
    if any(not loop.path for loop in view.loops):
        parts.append("operations of one kind in a row are one card")
    return " and ".join(parts)


def ways_in(plan: Plan) -> str:
    """How a picture is opened that was rolled up: a sentence for its notice."""
    ways = []
    modules = [unit for unit in plan.units if unit.module and len(unit.members) > 1]
    if modules:
        largest = max(modules, key=lambda unit: len(unit.members))
        ways.append(f"opened={dotted(plan.view, largest.module)!r} for one card")
    ways.append("focus= for what is near a node")
    ways.append(f"roll_up=False for {'every step' if plan.view.loops else 'everything'}")
    return f"To look inside, give {', '.join(ways[:-1])} or {ways[-1]}."


def _readable(plan: Plan, goal: int) -> bool:
    wires = sum(len(targets) for targets in readers_of(plan))
    return len(plan.units) <= goal and wires <= WIRES + 2 * len(plan.units)


def nearby(graph: Skeleton, centre: int, hops: int) -> set[int]:
    """The nodes at most ``hops`` edges from one, in either direction."""
    found = {centre}
    edge = [centre]
    for _ in range(hops):
        following = []
        for node in edge:
            for other in (*graph.operands[node], *graph.readers[node]):
                if other >= 0 and other not in found:
                    found.add(other)
                    following.append(other)
        edge = following
    return found
