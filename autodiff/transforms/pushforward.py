"""Forward mode: tangents of variables sent forward through the recorded graph.

Another interpreter of the operation table. An elementwise entry multiplies tangents with
its partials; one that is linear applies its own ``forward`` to the tangent; any other
has its reverse rule transposed, since the derivative of a linear map of g is that map.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.backends.kinds import is_plain
from autodiff.errors import NonDifferentiableError
from autodiff.functions.nodes import nodes
from autodiff.functions.shaping import shaping
from autodiff.graph.conjugation import conjugated
from autodiff.graph.finiteness import check_tangent
from autodiff.graph.modes import current_mode, enable_grad
from autodiff.graph.node import Node
from autodiff.graph.staleness import check_stale
from autodiff.graph.switches import switches
from autodiff.ops.broadcasting import unbroadcast
from autodiff.ops.engine import value_conversion
from autodiff.ops.opaque import Opaque
from autodiff.ops.primitive import Elementwise, Structural
from autodiff.sweeps.chain_rule import (
    strong_product,
    strong_zero,
    times_partial,
    value_partials,
)
from autodiff.sweeps.walk import reached
from autodiff.symbolic.strong_zeros import guarded
from autodiff.tensors.operands import to_tensor
from autodiff.tensors.operations import apply
from autodiff.tensors.record import constant
from autodiff.tensors.to_values import to_value
from autodiff.transforms.pullback import gradients_by
from autodiff.values.value import Value
from autodiff.writers.kernels import make_kernel

__all__ = ["tangents_of"]


def tangents_of(
    roots: Sequence[Node], tangents: Mapping[Node, Any], since: int, *, record: bool
) -> list[Any]:
    """The tangents of results for those of variables.

    Args:
        roots: the results.
        tangents: of each variable that varies: an array, a float for a `Value`; nodes, if
            the tangents of the results are to be recorded.
        since: what was made before is constant.
        record: give nodes that can be differentiated in turn.

    Returns:
        One for each root, None for one that does not depend on the variables.
    """
    found: dict[Node, Any] = dict(tangents)
    push = _Push(record)
    changed = switches.changed
    watched = current_mode().anomaly
    scalars = not (record or watched)
    node: Any
    for node in reached(roots, since):
        if node.sequence < since or node.op is None or node in found:
            continue
        if scalars and node.__class__ is Value and node.op is not value_conversion.to_value:
            t = _scalar(node, found)
            if t is not None:
                found[node] = t
            continue
        along = [found.get(parent) for parent in node.parents]
        if all(t is None for t in along):
            continue
        if changed > node.sequence and not isinstance(node, Value):
            check_stale(node)
        found[node] = push.through(node, along)
        if watched:
            check_tangent(node, along, found[node])
    return [found.get(root) for root in roots]


class _Push:
    """The tangent of one result after another, operands first.

    Attributes:
        record: whether tangents are nodes.
    """

    __slots__ = ("record", "xp")

    def __init__(self, record: bool) -> None:
        self.record = record
        self.xp: Any = nodes if record else arrays

    def through(self, node: Any, along: list[Any]) -> Any:
        """The tangent of a result for those of its operands, None where one is constant."""
        entry = node.op
        if isinstance(node, Value):
            return self._value(node, along)
        if entry is value_conversion.from_values:
            t = self._stacked(node, along)
        elif isinstance(entry, Elementwise):
            t = self._elementwise(entry, node, along)
        else:
            t = self._structural(entry, node, along)
        if t.shape != node.shape:
            t = self.xp.broadcast_to(t, node.shape)
        return t if t.dtype == node.dtype else self.xp.astype_like(t, self._known(node))

    def _known(self, node: Any) -> Any:
        return node if self.record else node._data

    def _value(self, node: Any, along: list[Any]) -> Any:
        if node.op is value_conversion.to_value:
            index = node.params["index"]
            return to_value(along[0], index) if self.record else float(along[0][index])
        if not self.record:
            return _scalar(node, dict(zip(node.parents, along, strict=True))) or 0.0
        parts = []
        for position, _, partial in value_partials(node):
            t = along[position]
            if t is not None:
                parts.append(strong_product(t, partial, node, position))
        return sum(parts[1:], parts[0]) if parts else Value(0.0).detach()

    def _stacked(self, node: Any, along: list[Any]) -> Any:
        filled = [0.0 if t is None else t for t in along]
        shape = node.params["shape"]
        if self.record:
            return shaping.reshape(to_tensor(filled, node.dtype), shape)
        return np.array(filled, node.dtype).reshape(shape)

    def _elementwise(self, entry: Elementwise, node: Any, along: list[Any]) -> Any:
        parts = []
        for position, t in enumerate(along):
            if t is None:
                continue
            multiply = times_partial if self.record else self._plain
            part = multiply(entry, node, t, position)
            if guarded(entry) and not _finite(part):
                # As in a sweep over floats: a zero stays zero, whatever the local derivative.
                part = strong_zero(t, part) if self.record else arrays.strong_zero(t, part)
            parts.append(part)
        return sum(parts[1:], parts[0])

    def _plain(self, entry: Elementwise, node: Any, t: Any, position: int) -> Any:
        kernel = make_kernel(entry, position)
        if kernel is None:
            return t
        y = node._data
        if t.shape != y.shape:
            t = arrays.broadcast_to(t, y.shape)
        return kernel(t, y, *[parent._data for parent in node.parents], **node.params)

    def _structural(self, entry: Structural, node: Any, along: list[Any]) -> Any:
        if isinstance(entry, Opaque) and node.params.get("push") is not None:
            return node.params["push"](self.xp, along, self._known(node))
        if entry.jvp is None and not entry.linear and not entry.multilinear:
            return self._transposed(entry, node, along)
        operands = [self._known(parent) for parent in node.parents]
        if entry.jvp is not None:
            return entry.jvp(self.xp, along, self._known(node), *operands, **node.params)
        if entry.linear:
            along = [
                (self.xp.zeros_like(x) if x.dtype.kind in "fc" else x) if t is None else t
                for t, x in zip(along, operands, strict=True)
            ]
            return self._applied(entry, along, node.params)
        parts = [
            self._applied(entry, [*operands[:i], t, *operands[i + 1 :]], node.params)
            for i, t in enumerate(along)
            if t is not None
        ]
        return sum(parts[1:], parts[0])

    def _applied(self, entry: Structural, operands: list[Any], params: dict[str, Any]) -> Any:
        if self.record:
            return apply(entry, *operands, **params)
        return entry.forward(arrays, *operands, **params)

    def _transposed(self, entry: Structural, node: Any, along: list[Any]) -> Any:
        g = constant(_cotangent_like(node._data))
        g.requires_grad = True
        with enable_grad():
            seeds: dict[Node, Any] = {}
            for part, parent, t in _cotangents(entry, node, g, along, self.record):
                seed = self._seed(part, parent, t)
                if seed is not None:
                    part, seed = seed
                    seeds[part] = seeds[part] + seed if part in seeds else seed
            (found,) = gradients_by([g], seeds, record=self.record, free=True)
        # A gradient is the conjugate of what a sweep carries, and that is the tangent.
        return self.xp.zeros_like(self._known(node)) if found is None else conjugated(found)

    def _seed(self, part: Any, parent: Any, t: Any) -> tuple[Any, Any] | None:
        if isinstance(parent, Value):
            if isinstance(part, Value):
                return (part, t) if part.requires_grad else None
            t = to_tensor(t, part.dtype) if self.record else np.asarray(t, part.dtype)
        part = unbroadcast(nodes, part, t.shape)
        if part.dtype != t.dtype:
            part = nodes.astype_like(part, parent)
        return (part, t) if part.requires_grad else None


def _scalar(node: Any, found: Mapping[Any, Any]) -> float | None:
    """The tangent of a Value by the derivatives that it keeps; None if it is constant."""
    a = node._a
    several = a.__class__ is tuple
    pairs = zip(a, node._da, strict=True) if several else ((a, node._da), (node._b, node._db))
    total = None
    for operand, partial in pairs:
        t = found.get(operand)
        if t is not None:
            # A zero stays zero, whatever the local derivative.
            part = partial * t if t else 0.0
            total = part if total is None else total + part
    return total


def _cotangents(
    entry: Structural, node: Any, g: Any, along: list[Any], record: bool
) -> list[tuple[Any, Any, Any]]:
    """What a reverse rule sends to the operands that vary, as nodes that depend on g."""
    y: Any = node if record else constant(node._data)
    operands = [
        parent if record or isinstance(parent, Value) else constant(parent._data)
        for parent in node.parents
    ]
    varying = [i for i, t in enumerate(along) if t is not None]
    if isinstance(entry, Opaque):
        # A rule of this kind may differentiate by the result, so that is one of its nodes.
        y.requires_grad = True
        wanted = [t is not None for t in along]
        together = node.params["rule"](nodes, g, y, operands, wanted)
        parts = [together[i] for i in varying]
        for part in parts:
            if part is not None and not getattr(part, "requires_grad", False):
                _check_zero(entry, part)
    elif entry.together is not None:
        wanted = [t is not None for t in along]
        together = entry.together(nodes, g, y, *operands, wanted=wanted, **node.params)
        parts = [together[i] for i in varying]
    elif callable(entry.vjp):
        parts = [entry.vjp(nodes, g, y, *operands, index=i, **node.params) for i in varying]
    else:
        parts = [entry.vjp[i](nodes, g, y, *operands, **node.params) for i in varying]
    found = zip(parts, varying, strict=True)
    return [(part, node.parents[i], along[i]) for part, i in found if isinstance(part, Node)]


def _cotangent_like(y: Any) -> Any:
    """Some cotangent that a rule accepts: its value does not matter, only that it is general.

    That of complex numbers comes from their absolute values alone, since what has no phase of
    its own, such as an eigenvector, refuses any other.
    """
    if y.dtype.kind != "c":
        return np.ones_like(y)
    uneven = np.cos(np.arange(y.size, dtype=y.real.dtype)).reshape(y.shape)
    return np.conjugate(y) * (uneven + 2)


def _check_zero(entry: Structural, part: Any) -> None:
    if np.any(np.asarray(getattr(part, "_data", part)) != 0):
        raise NonDifferentiableError(
            f"forward mode needs the reverse rule of {entry.name!r} written in functions that are "
            "recorded (autodiff's, or NumPy's on Tensors), because it differentiates that rule by "
            "the cotangent it is given; this one computed with plain arrays"
        )


def _finite(part: Any) -> bool:
    data = getattr(part, "_data", part)
    return is_plain(data) and bool(np.isfinite(np.add.reduce(data, None)))
