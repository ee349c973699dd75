"""Why nothing arrives: the place where a gradient of 0 became one, and what stopped it there."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.graph.staleness import reads_of
from autodiff.ops.opaque import Opaque
from autodiff.ops.primitive import Elementwise
from autodiff.sweeps.pullbacks import Sweep, pull
from viz.causes.finding import Finding, at_line
from viz.causes.flow import Flow, Share, as_numbers
from viz.causes.slopes import blocked, gate_of, multiplies, slope
from viz.causes.ways import Stop, stops
from viz.causes.words import called, operation, percent

__all__ = ["is_flat", "judge", "lost", "share_blocked"]


def lost(flow: Flow, name: str) -> Finding | None:
    """The place where nothing goes on, if the gradient is 0."""
    if np.any(flow.gradient() != 0) or not np.size(flow.gradient()):
        return None
    found = stops(flow)
    if not found:
        return None
    share = found[0].share
    kind, text = judge(flow, found[0])
    dead = _off(share.parent) if kind == "stationary" else None
    if kind == "zero factor":
        others = (share.node.parents[i] for i in multiplies(share.node, share.position))
        dead = next((off for other in others if (off := _off(other)) is not None), None)
    if dead is not None:
        off = Share(dead, 0, dead.parents[0], found[0].share.amount)
        kind, text, share = *_gated(off, " for all entries"), off
    operand = share.position
    return Finding(
        kind,
        f"The gradient of {name} is 0: {text}.",
        share.node,
        share.node.origin,
        share.node.op.name,
        operand,
        share_blocked(flow, share),
    )


def _off(node: Any) -> Any:
    """The gate that gives nothing but zeros, if that is where those of a node come from."""
    while node.op is not None and not np.any(as_numbers(node)):
        shut = blocked(node, 0)
        if shut is not None and gate_of(node, 0) is not None and np.all(shut >= 1):
            return node
        node = node.parents[0]
    return None


def share_blocked(flow: Flow, share: Share) -> float | None:
    """Which share of what an operation could pass it blocks, of the entries that matter."""
    entries = blocked(share.node, share.position)
    if entries is None:
        return None
    return float(np.mean(flow.part(share.parent, entries)))


def judge(flow: Flow, stop: Stop) -> tuple[str, str]:
    """The kind of cause, and what is said of it, without a full stop."""
    share = stop.share
    node, where = share.node, at_line(share.node.origin)
    if stop.sums:
        others = [one.node.op.name for one in flow.arrivals[share.parent]]
        return "cancellation", (
            f"what arrives at {called(share.parent)} from {' and '.join(dict.fromkeys(others))} "
            f"adds up to 0{where}"
        )
    d = slope(node, share.position)
    if d is not None:
        return _elementwise(flow, share, d)
    factors = multiplies(node, share.position)
    zero = [i for i in factors if not np.any(as_numbers(node.parents[i]))]
    if zero:
        return _zero_factor(node, node.parents[zero[0]], everywhere=True)
    if factors and _met_zeros(flow, share):
        return _zero_factor(node, node.parents[factors[0]], everywhere=False)
    if isinstance(node.op, Opaque):
        return "custom", f"the rule of the custom function sends nothing{where}"
    if node.op.selects:
        return "not selected", f"{operation(node)} chose other entries{where}"
    if flow.element is not None and node.op.linear:
        return "not selected", f"{operation(node)} does not read this entry{where}"
    if is_flat(node, share.position):
        return "saturated", f"{operation(node)} is saturated, so that its slopes are 0{where}"
    return "cancellation", f"what {operation(node)} sends back adds up to 0{where}"


def _elementwise(flow: Flow, share: Share, d: Any) -> tuple[str, str]:
    node, position, where = share.node, share.position, at_line(share.node.origin)
    region = np.broadcast_to(flow.received[node] != 0, d.shape)
    mask = flow.support.get(share.parent)
    if mask is not None and mask.shape == d.shape and mask.any():
        region = region & mask if (region & mask).any() else mask
    if region.any() and np.any(d[region]):
        products = flow.received[node][region] * d[region]
        if not np.any(products):
            return "underflow", (
                f"the products in {operation(node)} are too small for "
                f"{getattr(node, 'dtype', 'float64')}{where}"
            )
        return "cancellation", f"what {operation(node)} sends back adds up to 0{where}"
    entries = blocked(node, position)
    part = "" if entries is None else percent(float(np.mean(entries >= 1)))
    share_text = (
        ""
        if np.size(d) == 1 or not part
        else f" for {part} entries"
        if part == "all"
        else f" for {part} of the entries"
    )
    gate = gate_of(node, position)
    if gate is not None and gate.kind != "other":
        return _gated(share, share_text)
    if node.op.selects and gate is None:
        return _selection(node, position, share_text, where)
    factors = multiplies(node, position)
    if factors:
        other = node.parents[factors[0]]
        return _zero_factor(node, other, everywhere=not np.any(as_numbers(other)))
    return "stationary", (
        f"{operation(node)} has the derivative 0 there, where {called(share.parent)} is 0{where}"
        if not np.any(as_numbers(share.parent))
        else f"{operation(node)} has the derivative 0 there{where}"
    )


def _gated(share: Share, entries: str) -> tuple[str, str]:
    node, where = share.node, at_line(share.node.origin)
    gate = gate_of(node, share.position)
    form = "" if gate is None else gate.kind
    if form == "rectifier":
        return "dead", f"{operation(node)} is off{entries}{_by_bias(share)}{where}"
    if form == "bounds":
        return "clipped", f"{operation(node)} is out of bounds{entries}{where}"
    if form == "levels":
        return "saturated", f"{operation(node)} is on its flat end{entries}{where}"
    return "flat", f"{operation(node)} has steps, so its derivative is 0 everywhere{where}"


def _selection(node: Any, position: int, share_text: str, where: str) -> tuple[str, str]:
    entry = node.op
    reads = reads_of(entry, position) if isinstance(entry, Elementwise) else frozenset()
    if 0 in reads and position != 0 and len(reads) == 1:
        other = node.parents[3 - position]
        if not other.requires_grad and not np.any(as_numbers(other)):
            return "masked", f"{operation(node)} puts 0 in its place{share_text}{where}"
        return "not selected", f"{operation(node)} takes the other operand{share_text}{where}"
    if entry.arity == 3:
        return "clipped", f"{operation(node)} is out of bounds{share_text}{where}"
    if not reads:
        return "flat", f"{operation(node)} has steps, so its derivative is 0 everywhere{where}"
    if entry.arity == 1:
        return "stationary", f"{operation(node)} has the derivative 0 there{where}"
    return "not selected", f"{operation(node)} takes the other operand{share_text}{where}"


def _zero_factor(node: Any, other: Any, *, everywhere: bool) -> tuple[str, str]:
    where = at_line(node.origin)
    if not everywhere and not other.requires_grad:
        return "masked", f"{operation(node)} multiplies it by 0 of {called(other)}{where}"
    all_of = "all zeros" if everywhere and getattr(other, "size", 1) > 1 else "0"
    kind = "a weight that is" if other.is_leaf and other.requires_grad else "which is"
    return "zero factor", (
        f"{operation(node)} multiplies it by {called(other)}, {kind} {all_of}{where}"
    )


def _met_zeros(flow: Flow, share: Share) -> bool:
    """Whether an entry is multiplied by zeros only."""
    mask = flow.support.get(share.node)
    return mask is not None and not mask.any() and bool(flow.support[share.parent].any())


def is_flat(node: Any, position: int) -> bool:
    """Whether next to nothing comes through an operation whatever is sent."""
    y = as_numbers(node)
    probe = np.cos(np.arange(1, y.size + 1, dtype=np.float64)).reshape(y.shape).astype(y.dtype)
    part = pull(node, probe, Sweep())[position]
    return part is not None and float(np.max(np.abs(part), initial=0.0)) < 1e-6


def _by_bias(share: Share) -> str:
    """Said where it is the bias that keeps a unit off."""
    z = share.parent
    if z.op is None or z.op.name not in ("add", "weighted_sum", "total"):
        return ""
    numbers = as_numbers(z)
    for operand in z.parents[::-1]:
        small = np.size(as_numbers(operand)) < np.size(numbers) or np.size(numbers) == 1
        if operand.is_leaf and operand.requires_grad and small:
            bias = as_numbers(operand)
            if np.all(numbers < 0) and np.any(numbers - bias > 0):
                own = called(operand)
                return " because of its bias" + (f" {own}" if own != "bias" else "")
    return ""
