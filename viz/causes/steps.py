"""The way from the root to the node as rows of plain data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.graph.order import topological_order
from autodiff.ops.notation import Place
from autodiff.ops.primitive import Elementwise
from autodiff.values.value import Value
from viz.causes.finding import Finding, place_of, source_of
from viz.causes.flow import Flow, Share, as_numbers
from viz.causes.lost import share_blocked
from viz.causes.slopes import gate_of, slope
from viz.causes.ways import heaviest, stops
from viz.paths.names import Names
from viz.text.factors import received
from viz.text.formatting import clean, number
from viz.text.formulas import Operand, formula, partial_text

__all__ = ["Curve", "Step", "layers", "steps_of", "way_of"]


@dataclass(frozen=True, slots=True)
class Curve:
    """A function of one number near where it was used.

    Attributes:
        points: (x, y) of the function.
        at: the number it was given.
        value: what it gave.
        slope: its derivative there.
    """

    points: tuple[tuple[float, float], ...]
    at: float
    value: float
    slope: float


@dataclass(frozen=True, slots=True)
class Step:
    """One operation on the way of a gradient from the root to the node.

    Attributes:
        group: the layer, the module or the line to which it belongs.
        operation: the table's name of it.
        formula: what it computed, such as ``σ(z₅)``.
        line: such as ``chain.py:7``; empty where it is not known.
        source: the text of that line.
        factor: what the gradient is multiplied by, such as ``σ′(3.21)``.
        gain: what comes out over what went in, as root mean squares (with its sign, where both
            are numbers); nan where that has no meaning.
        size: root mean square of the gradient after it.
        blocked: which share of what it could pass it blocks; None for what blocks nothing.
        first: it is what the verdict speaks of.
        curve: of a function of one number.
        count: how many steps of one kind it stands for.
        parts: for a gate on arrays how its entries are spread from free (left) to blocked.
        signed: the gain is that of numbers, with its sign.
        stops: nothing, or what is not finite, goes on from here.
    """

    group: str
    operation: str
    formula: str
    line: str
    source: str
    factor: str
    gain: float
    size: float
    blocked: float | None = None
    first: bool = False
    curve: Curve | None = None
    count: int = 1
    parts: tuple[int, ...] = ()
    stops: bool = False
    signed: bool = False


def way_of(flow: Flow, finding: Finding | None) -> list[Share]:
    """The way to show: the one that carries most, or the one that leads over what was found."""
    node = None if finding is None else finding.node
    dead = stops(flow) if not np.any(flow.gradient() != 0) else []
    if dead:
        share = dead[0].share
        if dead[0].sums:
            return [*heaviest(flow, share.node), share, *_below(flow, share.parent)]
        return [*heaviest(flow, share.node), share, *_below(flow, share.parent)]
    if node is not None and node in flow.arrivals and finding is not None:
        over = [s for s in heaviest(flow) if s.node is node]
        if not over:
            below = _below(flow, node)
            if below or node is flow.x:
                return [*heaviest(flow, node), *below]
    return heaviest(flow)


def _below(flow: Flow, start: Any) -> list[Share]:
    """Some way from a node on to the one asked about."""
    found: list[Share] = []
    node, order = start, set(flow.order)
    while node is not flow.x:
        position, parent = next(
            (i, p) for i, p in enumerate(node.parents) if p in order and p.requires_grad
        )
        known = [s for s in flow.arrivals.get(parent, ()) if s.node is node]
        zeros = np.zeros(getattr(parent, "shape", ()))
        found.append(known[0] if known else Share(node, position, parent, zeros))
        node = parent
    return found


def steps_of(flow: Flow, finding: Finding | None) -> list[Step]:
    """The rows, from the root on, those that change nothing left out."""
    way = way_of(flow, finding)
    told = Names(flow.root, topological_order(flow.root), [share.node for share in way])
    groups = layers([share.node for share in way])
    rows = []
    for number_of, (share, group) in enumerate(zip(way, groups, strict=True), 1):
        first = finding is not None and share.node is finding.node
        first = first and (finding is None or finding.operand in (None, share.position))
        row = _step(flow, share, group, told, first=first)
        if first or number_of == len(way) or not _idle(share, row):
            rows.append(row)
    return rows


def _idle(share: Share, row: Step) -> bool:
    """Whether a step only hands on what it is given."""
    known = row.gain == row.gain
    if row.stops or (known and not abs(abs(row.gain) - 1) < 1e-12):
        return False
    d = slope(share.node, share.position)
    return known if d is None else bool(np.all(np.abs(d) == 1))


def _step(flow: Flow, share: Share, group: str, told: Names, *, first: bool) -> Step:
    node, position = share.node, share.position
    before, after = flow.size(node), flow.share(share)
    gain = after / before if before else float("nan")
    d = slope(node, position)
    if isinstance(node, Value) and d is not None and before:
        gain = float(d)
    operands = told.operands(node)
    gate = gate_of(node, position)
    shut = share_blocked(flow, share)
    entries = None if gate is None or np.size(d) < 2 else np.abs(flow.part(share.parent, d))
    parts: tuple[int, ...] = ()
    if entries is not None and gate is not None and gate.most:
        passed = np.clip(entries / gate.most, 0, 1)
        parts = tuple(np.histogram(1 - passed, bins=8, range=(0, 1))[0].tolist())
    return Step(
        group,
        node.op.name,
        clean(formula(node.op, operands, node.params), 80),
        place_of(node.origin),
        source_of(node.origin),
        _factor(share, operands, told[node]),
        gain,
        after,
        shut,
        first,
        _curve(node) if isinstance(node, Value) and gate is not None else None,
        1,
        parts,
        not np.isfinite(after) or (before > 0 and after == 0),
        isinstance(node, Value),
    )


def _factor(share: Share, operands: list[Operand], result: str) -> str:
    node, position, params = share.node, share.position, share.node.params
    entry = node.op
    template = entry.notation.text
    if isinstance(node, Value):
        called = re.fullmatch(r"([^{(]+)\(\{0\}\)", template)
        if called is not None and isinstance(entry, Elementwise) and entry.arity == 1:
            return f"{called[1]}′({number(as_numbers(node.parents[0]).item(), 3)})"
        return clean(partial_text(entry, position, operands, result, params), 60)
    shapes = tuple(getattr(parent, "shape", ()) for parent in node.parents)
    place = Place(shapes, getattr(node, "shape", ()), params, position)
    return clean(received(entry, place, operands, result).label, 60)


def _curve(node: Any) -> Curve | None:
    """A function of one operand between −6 and 6, or so far as its number lies."""
    entry, at = node.op, float(as_numbers(node.parents[0]))
    d = slope(node, 0)
    if d is None or not abs(at) <= 1e3 or not np.isfinite([node.data, d]).all():
        return None
    reach = max(6.0, min(abs(at) * 1.15, 1e3))
    x = np.linspace(-reach, reach, 49)
    with np.errstate(all="ignore"):
        y = np.asarray(entry.forward(arrays, x, **node.params))
    if not np.isfinite(y).all():
        return None
    points = tuple(zip(x.tolist(), y.tolist(), strict=True))
    return Curve(points, at, float(node.data), float(d))


def layers(nodes: list[Any]) -> list[str]:
    """For each step the layer it belongs to.

    Modules say it themselves. In code without modules a layer is what is repeated: operations
    of one line after another that come again.
    """
    if any(node.scope for node in nodes):
        return [_module(node) for node in nodes]
    marks = [(node.op.name, node.origin) for node in nodes]
    repeated = {mark for mark in marks if marks.count(mark) > 1}
    if not repeated:
        lines = [f"line {node.origin[1]}" if node.origin else "" for node in nodes]
        return lines
    numbers: list[int] = []
    layer, seen = 0, set[Any]()
    for mark in marks:
        if mark in repeated and (mark in seen or not layer):
            layer, seen = layer + 1, set()
        seen.add(mark)
        numbers.append(layer)
    # Before the first repeated operation stands the loss.
    return ["loss" if number == 0 else f"layer {layer + 1 - number}" for number in numbers]


def _module(node: Any) -> str:
    if not node.scope:
        return "loss"
    parts = [(name, text) for name, text in node.scope]
    name, text = parts[-1]
    path = ".".join(part for part, _ in (parts[1:] or parts))
    kind = text.partition("(")[0]
    kind = "" if kind == name else kind
    return clean(f"{path} {kind}".strip(), 40)
