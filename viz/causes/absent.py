"""Why there is no gradient at all: the node is frozen, cut off, or not used."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autodiff.graph.cuts import Cut, cut_of, latest_departures
from autodiff.graph.order import FREED, topological_order
from autodiff.graph.origin import Origin
from viz.causes.finding import Finding, at_line
from viz.causes.flow import as_numbers
from viz.text.formatting import clean, number, pretty

__all__ = ["absent"]

_KINDS = {
    "detach": "detached",
    "data": "detached",
    "no_grad": "not recorded",
    "no derivative": "no derivative",
    "integers": "no derivative",
}


def absent(root: Any, x: Any, name: str) -> Finding:
    """Why no gradient of a root can reach a node.

    Args:
        root: the root, which may need no gradient.
        x: a node that no gradient of it reaches.
        name: what the node is called.
    """
    nodes = {node.sequence: node for node in topological_order(root)}
    found = _likeliest(_cuts(nodes.values()), x, nodes)
    if not x.requires_grad and x.op is None:
        own = cut_of(x)
        if own is not None:
            text = f"{name} is a constant: {_told(own, 'it')}{at_line(own.origin)}"
            return _cut(own, f"{text}.")
        return Finding(
            "frozen",
            f"{name} needs no gradient: it was made without requires_grad=True, or that was "
            "switched off.",
        )
    head = f"No gradient reaches {name}: "
    if found is not None:
        sure, cut = found
        result = "the root" if root.is_leaf else "a number that the root uses"
        text = f"{_told(cut, result)}{at_line(cut.origin)}"
        if not sure:
            text += f", and nothing else links the root to {name}"
        return _cut(cut, f"{head}{text}.")
    taken = _taken(nodes, x)
    if taken is not None:
        source = name if taken.sequence == x.sequence else _source(taken)
        text = f"{source} was taken out of the graph by {_by(taken)}"
        return Finding(
            "to number",
            f"{head}{text}{at_line(taken.origin)}, and what is computed from that has no history.",
            None,
            taken.origin or taken.made_at,
            taken.source or taken.kind,
            trail=_trail(taken),
        )
    return Finding("not used", f"{head}the root was not computed from it{_twin(root, x)}.")


def _cut(cut: Cut, verdict: str) -> Finding:
    return Finding(
        _KINDS[cut.kind],
        verdict,
        None,
        cut.origin,
        cut.operation or cut.source or cut.kind,
        trail=_trail(cut),
    )


def _trail(cut: Cut) -> tuple[tuple[str, Origin | None], ...]:
    stop = {
        "detach": "detach()",
        "data": ".data",
        "no_grad": f"{cut.operation} in no_grad()" if cut.operation else "no_grad()",
    }.get(cut.kind, cut.operation or _by(cut))
    before = (cut.name or cut.source, cut.made_at)
    return (stop, cut.origin), *((before,) if cut.source else ())


def _cuts(nodes: Iterable[Any]) -> list[Cut]:
    found: dict[tuple[Any, ...], Cut] = {}
    for node in nodes:
        if not node.is_leaf:
            continue
        cut = cut_of(node)
        if cut is not None:
            found[cut.sequence, cut.origin] = cut
    return sorted(found.values(), key=lambda cut: -cut.sequence)


def _likeliest(cuts: list[Cut], x: Any, nodes: dict[int, Any]) -> tuple[bool, Cut] | None:
    """The cut behind which a node lies: for certain, or as the only kind of thing that can be."""
    sure = [cut for cut in cuts if cut.sequence == x.sequence or _depends(cut.node, x)]
    if sure:
        return True, sure[0]
    possible = [cut for cut in cuts if cut.node is None and _may_hold(cut, x, nodes)]
    return (False, possible[0]) if possible else None


def _may_hold(cut: Cut, x: Any, nodes: dict[int, Any]) -> bool:
    """Whether what is known by its time alone may have been computed from a node.

    What was made before the node was not, nor was a leaf, nor what the root holds by itself.
    """
    leaf = not cut.source and (cut.kind != "no_grad" or cut.operation)
    return cut.sequence > x.sequence and not leaf and cut.sequence not in nodes


def _depends(node: Any, x: Any) -> bool:
    if node is None:
        return False
    found = [node]
    seen = {node}
    for one in found:
        if one is x:
            return True
        if one.parents is FREED:
            continue
        for parent in one.parents:
            if parent.sequence >= x.sequence and parent not in seen:
                seen.add(parent)
                found.append(parent)
    return False


def _source(cut: Cut) -> str:
    if cut.name:
        return pretty(clean(cut.name, 60))
    made = f" made{at_line(cut.made_at)}" if cut.made_at is not None else ""
    return f"the result of {cut.source}{made}," if cut.source else "it"


def _told(cut: Cut, result: str) -> str:
    if cut.kind == "detach":
        return f"{_source(cut)} was detached"
    if cut.kind == "data":
        return f"the array of {_source(cut)} was copied into a constant"
    if cut.kind == "no_grad":
        return f"{cut.operation or result} was computed inside no_grad()"
    if cut.kind == "integers":
        return f"{cut.operation} gave whole numbers, which carry no gradient"
    return f"{cut.operation} has no derivative"


def _by(cut: Cut) -> str:
    return f"{cut.kind}()" if cut.kind in ("item", "numpy") else f"{cut.kind}(…)"


def _taken(nodes: dict[int, Any], x: Any) -> Cut | None:
    """A number that left the graph and came back as a constant, or that was the node's own."""
    departures = latest_departures()
    constants = {
        as_numbers(node).item()
        for node in nodes.values()
        if node.is_leaf and not node.requires_grad and np.size(as_numbers(node)) == 1
    }
    usual = {n / 2 for n in range(-20, 21)}
    for cut in departures:
        of_x = cut.sequence == x.sequence
        possible = of_x or _may_hold(cut, x, nodes)
        if possible and cut.number in constants - (set() if of_x else usual):
            return cut
    return next((cut for cut in departures if cut.sequence == x.sequence), None)


def _twin(root: Any, x: Any) -> str:
    """Said where another leaf of the same name, shape and dtype was used instead."""
    if x.name is None:
        return ""
    shape = getattr(x, "shape", ())
    for node in topological_order(root):
        if node.is_leaf and node.name == x.name and getattr(node, "shape", ()) == shape:
            same = np.array_equal(as_numbers(node), as_numbers(x))
            numbers = "with the same numbers" if same else "with other numbers"
            one = "" if shape else f" ({number(as_numbers(node).item())})"
            return (
                f"; but from another leaf that is called {pretty(clean(x.name, 60))} as well, "
                f"{numbers}{one}"
            )
    return ""
