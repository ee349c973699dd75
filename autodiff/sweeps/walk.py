"""The backward pass with everything that can be asked of it.

Several roots, chosen inputs only, hooks, gradients that are nodes, what each operation sends to
each operand: all that `plain_sweep` leaves out for speed. Both use the same pullbacks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from autodiff.backends.recorder import RECORDER
from autodiff.graph.finiteness import check_cotangent, check_sent
from autodiff.graph.hooks import hooked
from autodiff.graph.modes import current_mode
from autodiff.graph.node import Node
from autodiff.graph.order import FREED, by_sequence, freed
from autodiff.graph.staleness import check_stale
from autodiff.graph.switches import switches
from autodiff.sweeps.pullbacks import AtIndex, Pull, Sweep, pull
from autodiff.values.value import Value

__all__ = ["leading_to", "reached", "walk"]


def reached(roots: Iterable[Node], since: int = 0) -> list[Node]:
    """The nodes that gradients of the roots reach, leaves included, operands before results.

    Nodes made before number ``since`` count as leaves.

    Raises:
        FreedGraphError: a node's operands were released by an earlier `backward`.
    """
    found = list(dict.fromkeys(roots))
    seen = set(found)
    for node in found:
        if node.sequence < since:
            continue
        parents = node.parents
        if parents is FREED:
            raise freed(node)
        for parent in parents:
            if parent.requires_grad and parent not in seen:
                seen.add(parent)
                found.append(parent)
    found.sort(key=by_sequence)
    return found


def leading_to(inputs: Iterable[Node], order: Iterable[Node]) -> set[Node]:
    """The nodes of an order, operands before results, that depend on one of the inputs."""
    wanted = set(inputs)
    for node in order:
        if node not in wanted and any(parent in wanted for parent in node.parents):
            wanted.add(node)
    return wanted


def walk(
    seeds: Mapping[Node, Any],
    pull: Pull = pull,
    *,
    inputs: Iterable[Node] | None = None,
    free: bool = False,
    hooks: bool = True,
    keep_all: bool = False,
    since: int = 0,
    note: Callable[[Any, Any, int, Any, Any], None] | None = None,
) -> list[tuple[Node, Any]]:
    """Send cotangents from the roots to what they depend on, calling hooks on the way.

    Args:
        seeds: the cotangent of each root.
        pull: what gives the shares of an operation's operands in its cotangent.
        inputs: the nodes whose gradients are wanted, so that only what leads to them is
            computed; by default the leaves, all Values and what retains its gradient.
        free: release the graph while it is walked.
        hooks: whether to call them.
        keep_all: give the gradient of every node.
        since: nodes made before this number are taken as leaves, their hooks not called.
        note: called with each node, its cotangent, the position of an operand, the operand
            and what is sent to it.

    Returns:
        The nodes whose gradient was wanted, with it.
    """
    order = reached(seeds, since)
    wanted = None if inputs is None else leading_to(inputs, order)
    targets = None if inputs is None else set(inputs)
    grads: dict[Any, Any] = dict(seeds)
    own: dict[Any, Any] = {}
    kept: list[tuple[Node, Any]] = []
    sweep = Sweep(wanted)
    changed = switches.changed
    watching = current_mode().anomaly
    shown = watching or note is not None
    recorder = RECORDER.get()

    def send(node: Any, g: Any) -> None:
        parents = node.parents
        for position, part in enumerate(pull(node, g, sweep)):
            parent = parents[position]
            if part is None or (wanted is not None and parent not in wanted):
                continue
            if part.__class__ is AtIndex:
                if not shown:
                    part.add_to(grads, own, parent)
                    continue
                part = part.whole()
            if watching:
                check_sent(node, position, g, part)
            if note is not None:
                note(node, g, position, parent, part)
            before = grads.get(parent)
            grads[parent] = part if before is None else before + part

    while order:
        node: Any = order.pop()
        g = grads.pop(node, None)
        if g is None:
            continue
        if watching:
            check_cotangent(node, g, hooked=False)
        old, is_value = node.sequence < since, node.__class__ is Value
        if hooks and switches.asked and not old:
            before, g = g, hooked(node, g)
            if watching and g is not before:
                check_cotangent(node, g, hooked=True)
        if targets is None:
            wished = keep_all or is_value or node.op is None
            wished = wished or (bool(switches.asked) and node.retains_grad)
        else:
            wished = node in targets
        if wished:
            kept.append((node, g))
        if old or node.op is None or (wanted is not None and wanted.isdisjoint(node.parents)):
            continue
        if changed > node.sequence and not is_value:
            check_stale(node)
        if recorder is None:
            send(node, g)
        else:
            with recorder.backward(node):
                send(node, g)
        if free and not is_value:
            node._release()
    return kept
