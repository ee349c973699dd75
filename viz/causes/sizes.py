"""Why a gradient is tiny or huge: one factor on its way, or many of one kind."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from viz.causes.finding import Finding, at_line
from viz.causes.flow import Flow, Share, as_numbers
from viz.causes.lost import is_flat, share_blocked
from viz.causes.slopes import gate_of, multiplies, slope
from viz.causes.steps import layers
from viz.causes.ways import heaviest
from viz.causes.words import called, many, operation, percent, times
from viz.read.statistics import rms
from viz.text.formatting import number

__all__ = ["Scale", "out_of_scale", "scale_of"]

TINY, TINY_ALONE, HUGE = 1e-4, 1e-6, 1e4
"""A gradient is tiny if it is so much less than the largest among the other leaves', or, if there
are none, than the largest on its way; and huge from so much on."""

LESS, LAYERS = 500, 4
"""Not tiny, but shrunk, is what is so much less than the largest after so many alike layers."""

MOST = 0.6
"""One factor answers for a gradient if it makes up so much of it, on a logarithmic scale."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How large a gradient is beside the others.

    Attributes:
        size: its root mean square.
        reference: the largest of another leaf, or the largest on the way if there is none.
        beside: that of the leaf that it is spoken of beside.
        peer: that leaf, the largest of the same name but for the number; or of all; or None.
    """

    size: float
    reference: float
    beside: float
    peer: Any


def scale_of(flow: Flow) -> Scale:
    """The size of the gradient asked about and what it is to be compared with."""
    size = flow.size(flow.x)
    peers = [pair for pair in flow.leaves if pair[1] is not flow.x]
    alike = [pair for pair in peers if _stem(pair[1]) == _stem(flow.x)]
    reference, _ = next(iter(peers), (0.0, None))
    # A weight is spoken of beside other weights, where there are any.
    beside, peer = next(iter(alike or peers), (0.0, None))
    if reference > 0:
        return Scale(size, reference, beside, peer)
    on_way = [flow.size(share.node) for share in heaviest(flow)]
    return Scale(size, max(on_way, default=size), 0.0, None)


def _stem(node: Any) -> str:
    """A name without the number at its end."""
    return re.sub(r"[\W_]*[\d₀-₉]+$", "", node.name or "")


def out_of_scale(flow: Flow, name: str) -> Finding | None:
    """The factor, or the factors, that make a gradient tiny or huge; None if it is neither."""
    scale, way = scale_of(flow), heaviest(flow)
    if not way or scale.size == 0:
        return None
    limit = TINY_ALONE if scale.peer is None else TINY
    tiny = scale.size < limit * scale.reference or _by_a_constant(flow, way)
    # One number may be small by chance.
    tiny = tiny and (np.size(flow.gradient()) > 1 or scale.size < TINY / 10)
    if not tiny and scale.size < HUGE:
        return _shrunk(flow, scale, way, name)
    gone = _gone(flow, way) if tiny else None
    if gone is not None:
        senders = _and(list(dict.fromkeys(s.node.op.name for s in flow.arrivals[gone.parent])))
        return Finding(
            "cancellation",
            f"The gradient of {name} is tiny ({number(scale.size, 3)}): what arrives at "
            f"{called(gone.parent)} from {senders} adds up to almost nothing"
            f"{at_line(gone.node.origin)}.",
            gone.node,
            gone.node.origin,
            gone.node.op.name,
            gone.position,
        )
    sign = -1 if tiny else 1
    logs = [sign * _log(flow, share) for share in way]
    steps = [(log, share) for log, share in zip(logs, way, strict=True) if log > 0]
    total = sum(log for log, _ in steps)
    if not steps or total < 1:
        return None
    head = f"The gradient of {name} is {'tiny' if tiny else 'huge'} ({number(scale.size, 3)}"
    head += "): "
    worst, share = max(steps, key=lambda pair: pair[0])
    if worst >= MOST * total or len(steps) < 3:
        kind, text = _single(flow, share, 10 ** (sign * worst), tiny=tiny)
    else:
        kind, text, share = _repeated(flow, steps, tiny=tiny)
    node = share.node
    return Finding(
        kind,
        f"{head}{text}.",
        node,
        node.origin,
        node.op.name,
        share.position,
        share_blocked(flow, share),
    )


def _shrunk(flow: Flow, scale: Scale, way: list[Share], name: str) -> Finding | None:
    """Said of what is not tiny, but clearly less than the rest, layer after layer."""
    if scale.peer is None or scale.size * LESS > scale.reference:
        return None
    steps = [(-log, share) for share in way if (log := _log(flow, share)) < 0]
    kinds = Counter((share.node.op.name, share.node.origin) for _, share in steps)
    often = {kind for kind, count in kinds.items() if count >= LAYERS}
    alike = sum(log for log, s in steps if (s.node.op.name, s.node.origin) in often)
    if alike < math.log10(LESS) - 0.5:
        return None
    kind, text, share = _repeated(flow, steps, tiny=True)
    less = many(scale.reference / scale.size)
    return Finding(
        kind,
        f"The gradient of {name} is small ({number(scale.size, 3)}, {less} times less than the "
        f"largest): {text}.",
        share.node,
        share.node.origin,
        share.node.op.name,
        share.position,
        share_blocked(flow, share),
    )


def _gone(flow: Flow, way: list[Share]) -> Share | None:
    """What is sent to the first node on the way at which large terms add up to next to nothing."""
    for share in way:
        if flow.size(share.parent) < 1e-9 * flow.share(share):
            return share
    return None


def _log(flow: Flow, share: Share) -> float:
    """The gain of a step as a power of ten; 0 for one that only moves or averages."""
    before, after = flow.size(share.node), flow.share(share)
    if before <= 0 or after <= 0 or not math.isfinite(before) or not math.isfinite(after):
        return 0.0
    gain = math.log10(after) - math.log10(before)
    if getattr(share.node.op, "linear", False) and gain > -6:
        return 0.0
    return gain


def _by_a_constant(flow: Flow, way: list[Share]) -> bool:
    """Whether a number that nobody trains makes all gradients tiny."""
    return any(
        _log(flow, share) < -6
        and any(
            not share.node.parents[i].requires_grad for i in multiplies(share.node, share.position)
        )
        for share in way
    )


def _single(flow: Flow, share: Share, gain: float, *, tiny: bool) -> tuple[str, str]:
    node, where = share.node, at_line(share.node.origin)
    by = f"{times(gain)}{where}"
    factors = multiplies(node, share.position)
    d = slope(node, share.position)
    if tiny and d is not None and _lost_in_sum(flow, share, d):
        return "cancellation", (
            f"what {operation(node)} sends back to {called(share.parent)} adds up to almost "
            f"nothing{where}"
        )
    if factors:
        other = node.parents[factors[0]]
        size = number(rms(as_numbers(other)), 3)
        which = "a weight" if other.is_leaf and other.requires_grad else "which is"
        which = f"{which} of size {size}" if np.size(as_numbers(other)) > 1 else f"= {size}"
        text = f"{operation(node)} multiplies it by {called(other)}, {which}: {by}"
        return ("small factor" if tiny else "large factor"), text
    share_of = share_blocked(flow, share)
    gate = gate_of(node, share.position)
    if tiny and gate is not None and share_of is not None and share_of > 0.5:
        word = "off" if gate.kind == "rectifier" else "on its flat end"
        kind = {"rectifier": "dead", "bounds": "clipped"}.get(gate.kind, "saturated")
        return kind, f"{operation(node)} is {word}, {percent(share_of)} blocked: {by}"
    if d is not None and np.ndim(d) == 0 and node.op.name in ("add", "subtract"):
        return ("small factor" if tiny else "large factor"), f"{operation(node)}: {by}"
    if tiny and d is None and is_flat(node, share.position):
        return "saturated", f"{operation(node)} lets almost nothing through: {by}"
    if tiny and d is None:
        return "cancellation", f"what {operation(node)} sends back adds up to almost nothing{where}"
    if tiny:
        return "stationary", f"{operation(node)} has almost no slope there: {by}"
    told = called(share.parent)
    size = number(rms(as_numbers(share.parent)), 3)
    return "steep", f"{operation(node)} is steep where {told} is {size}: {by}"


def _lost_in_sum(flow: Flow, share: Share, d: Any) -> bool:
    """Whether the terms are large, and only their sum over what was broadcast is not."""
    terms = np.abs(flow.received[share.node] * d)
    size = getattr(share.parent, "size", 1)
    if terms.size <= size:
        return False
    return flow.share(share) < 1e-6 * float(terms.sum()) / size


def _repeated(
    flow: Flow, steps: list[tuple[float, Share]], *, tiny: bool
) -> tuple[str, str, Share]:
    """Many factors: what is said of the operation and line that make up the most of them."""
    sums: Counter[tuple[str, Any]] = Counter()
    for log, share in steps:
        sums[share.node.op.name, share.node.origin] += log  # type: ignore[assignment]
    (name, origin), _ = max(sums.items(), key=lambda pair: pair[1])
    own = [(log, share) for log, share in steps if _is(share, name, origin)]
    worst = max(own, key=lambda pair: pair[0])[1]
    sign = -1 if tiny else 1
    mean = 10 ** (sign * sum(log for log, _ in own) / len(own))
    way = heaviest(flow)
    titles = dict(zip(way, layers([share.node for share in way]), strict=True))
    flat = [
        (titles[share], 10 ** (sign * _whole(flow, titles, titles[share])))
        for _, share in own
        if tiny and (share_blocked(flow, share) or 0.0) > 0.8
    ]
    text = "nothing is cut, everything is " + ("shrunk: " if tiny else "blown up: ")
    if flat and len(flat) < len(own) and len(flat) <= 4:
        verb = "is" if len(flat) == 1 else "are"
        by = " and by ".join(many(gain) for _, gain in flat)
        text += f"{_and([title for title, _ in flat])} {verb} on the flat end of {name}"
        text += f" and divide the gradient by {by}" if len(flat) > 1 else f" and divides it by {by}"
    else:
        often = "once" if len(own) == 1 else f"{len(own)} times"
        text += f"{name} {often}, {times(mean)}" + (" on average" if len(own) > 1 else "")
    return "vanishing" if tiny else "exploding", text + at_line(origin), worst


def _whole(flow: Flow, titles: dict[Share, str], title: str) -> float:
    """What a whole layer does, as a power of ten."""
    sizes = [
        (flow.size(share.node), flow.share(share)) for share in titles if titles[share] == title
    ]
    return math.log10(sizes[-1][1] / sizes[0][0])


def _and(words: list[str]) -> str:
    """``layers 5, 3 and 2``."""
    if len(words) > 1 and all(word.startswith("layer ") for word in words):
        words = [f"layers {words[0][6:]}", *(word[6:] for word in words[1:])]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _is(share: Share, name: str, origin: Any) -> bool:
    return bool(share.node.op.name == name and share.node.origin == origin)
