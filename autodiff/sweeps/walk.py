"""The backward pass with everything that can be asked of it.

Several roots, chosen inputs only, hooks, what each operation sends to each operand: all
that the plain sweep of `autodiff.backward` leaves out for speed. Both use the same
pullbacks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from autodiff.backends.recorder import RECORDER
from autodiff.graph.finiteness import check_cotangent, check_sent
from autodiff.graph.hooks import hooked
from autodiff.graph.modes import current_mode
from autodiff.graph.node import Node
from autodiff.graph.order import FREED, by_sequence, freed
from autodiff.graph.staleness import check_stale
from autodiff.graph.switches import switches
from autodiff.ops.engine import crossing
from autodiff.sweeps import pullbacks
from autodiff.sweeps.pullbacks import Told, telling
from autodiff.values.value import Value

__all__ = ["contributions", "leading_to", "reached", "walk"]

_pullbacks = pullbacks.Pullbacks()


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


class _Operand:
    """One place among an operation's operands, so that a node used twice stands twice."""

    __slots__ = ("_data", "requires_grad")

    def __init__(self, data: Any, requires_grad: bool) -> None:
        self._data = data
        self.requires_grad = requires_grad


class _Visit:
    """A node as a pullback sees it, with places instead of operands."""

    __slots__ = ("_node", "_params", "parents")

    def __init__(self, node: Any, parents: tuple[_Operand, ...]) -> None:
        self._node, self._params, self.parents = node, node.params, parents

    def __getattr__(self, name: str) -> Any:
        return getattr(self._node, name)


class _Catch:
    """What a pullback writes into: a sweep that keeps what comes and goes no further."""

    __slots__ = ("buffers", "grads", "selecting")

    def __init__(self, selecting: bool) -> None:
        self.grads: dict[Any, Any] = {}
        self.buffers: dict[Any, Any] = {}
        self.selecting = selecting


def contributions(
    node: Any,
    g: Any,
    selecting: bool = False,
    wanted: set[Node] | None = None,
    pulls: Any = _pullbacks,
) -> Iterator[tuple[int, Any, Any]]:
    """What an operation sends to each of its operands, in the operands' order.

    Args:
        node: the result of the operation.
        g: its cotangent.
        selecting: an operation that selects was met before, so zeros are strong.
        wanted: the operands of interest, all that need a gradient by default.
        pulls: the pullback of each primitive.

    Yields:
        The position of an operand, the operand, and its share of the cotangent.
    """
    places = [
        i
        for i, parent in enumerate(node.parents)
        if parent.requires_grad and (wanted is None or parent in wanted)
    ]
    catch: Any = _Catch(selecting)
    if isinstance(node, Value) and node.op is not crossing.to_value:
        partials = _partials(node)
        for i in places:
            yield i, node.parents[i], partials[i] * g if g else 0.0
        return
    if isinstance(node, Value):
        pullbacks.scalar_pullback(node, g, catch)
        for i in places:
            yield i, node.parents[i], catch.grads[node.parents[i]]
        return
    if not places:
        return
    operands = tuple(
        _Operand(getattr(parent, "_data", None), i in places)
        for i, parent in enumerate(node.parents)
    )
    pulls[node.op](_Visit(node, operands), g, catch)
    for i in places:
        yield i, node.parents[i], catch.grads[operands[i]]


def _partials(node: Any) -> dict[int, float]:
    needing = [i for i, parent in enumerate(node.parents) if parent.requires_grad]
    return dict(zip(needing, (d for _, d in node.local_gradients()), strict=True))


@telling
def walk(
    seeds: Mapping[Node, Any],
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
    kept: list[tuple[Node, Any]] = []
    selecting = False
    changed = switches.changed
    watching = current_mode().anomaly
    recorder = RECORDER.get()
    pulls: Any = _pullbacks if recorder is None else Told(_pullbacks, recorder)
    while order:
        node: Any = order.pop()
        g = grads.pop(node, None)
        if g is None:
            continue
        if watching:
            check_cotangent(node, g, hooked=False)
        old = node.sequence < since
        if hooks and not old:
            before, g = g, hooked(node, g)
            if watching and g is not before:
                check_cotangent(node, g, hooked=True)
        if targets is None:
            wished = keep_all or node.op is None or node.retains_grad
        else:
            wished = node in targets
        if wished:
            kept.append((node, g))
        if old or node.op is None or (wanted is not None and wanted.isdisjoint(node.parents)):
            continue
        if changed > node.sequence and not isinstance(node, Value):
            check_stale(node)
        for position, parent, part in contributions(node, g, selecting, wanted, pulls):
            if watching:
                check_sent(node, position, g, part)
            if note is not None:
                note(node, g, position, parent, part)
            before = grads.get(parent)
            grads[parent] = part if before is None else before + part
        selecting = selecting or node.op.selects
        if free and not isinstance(node, Value):
            node._release()
    return kept
