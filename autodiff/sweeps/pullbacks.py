"""How each kind of primitive sends a cotangent from its result to its operands.

A pullback ``pull(node, g, sweep)`` gives what each operand receives, in their order, None for one
that needs nothing. Pullbacks are made once per primitive, from its rules.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence, Set
from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.backends.kinds import is_stand_in, takes_sums
from autodiff.dtypes import in_one_precision
from autodiff.graph.node import Node
from autodiff.ops.broadcasting import unbroadcast
from autodiff.ops.engine import value_conversion
from autodiff.ops.indexing.indexing import getitem
from autodiff.ops.opaque import Opaque
from autodiff.ops.primitive import Elementwise, Primitive, Structural
from autodiff.symbolic.strong_zeros import guarded
from autodiff.values.value import Value
from autodiff.writers.kernels import make_kernel

__all__ = [
    "AtIndex",
    "Pull",
    "PullbackTable",
    "Sweep",
    "add_at_index",
    "fit",
    "pull",
    "pull_value",
    "pullbacks",
]

Pull = Callable[[Any, Any, "Sweep"], Sequence[Any]]
"""``pull(node, g, sweep)``: the shares of the operands of ``node`` in its cotangent ``g``.

A share may be an `AtIndex`. One that is not wanted may be given all the same, where it costs
nothing.
"""


class Sweep:
    """What holds for all of a backward pass.

    Attributes:
        selecting: an operation that selects was met, so zeros are strong from here on.
        wanted: the nodes that receive something; None: all that need a gradient.
    """

    __slots__ = ("selecting", "wanted")

    def __init__(self, wanted: Set[Node] | None = None) -> None:
        self.selecting: bool = False
        self.wanted: Set[Node] | None = wanted


class AtIndex:
    """A cotangent that is zero but for what stands at an index: of one that was read there.

    Attributes:
        g: what stands there.
        index: the index.
        like: the array that was indexed.
    """

    __slots__ = ("g", "index", "like")

    g: Any
    index: Any
    like: Any

    def __init__(self, g: Any, index: Any, like: Any) -> None:
        self.g, self.index, self.like = g, index, like

    def whole(self) -> Any:
        """The cotangent with its zeros."""
        return arrays.scatter(self.g, self.index, self.like.shape)

    def add_to(self, grads: dict[Any, Any], own: dict[Any, Any], node: Any) -> None:
        """Add to the cotangent of a node; see `add_at_index`."""
        add_at_index(grads, own, node, self.index, self.g)


def add_at_index(grads: dict[Any, Any], own: dict[Any, Any], node: Any, index: Any, g: Any) -> None:
    """Add to the cotangent of a node at an index.

    A tensor that is indexed many times has one buffer to add into: a full-sized array for each
    time would take quadratic time.

    Args:
        grads: the cotangents of nodes.
        own: those of them that nobody else holds.
        node: the node.
        index: where to add.
        g: what is added.
    """
    before = grads.get(node)
    if before is None or own.get(node) is not before:
        fresh = arrays.scatter(g, index, node._data.shape)
        if before is not None:
            # Into the new array: a sum of two without axes would be none of NumPy's arrays.
            plain = fresh.__class__ is np.ndarray and not is_stand_in(before)
            plain = plain and before.dtype == fresh.dtype
            fresh = np.add(fresh, before, out=fresh) if plain else before + fresh
        grads[node] = fresh
        if takes_sums(fresh):
            own[node] = fresh
    elif not takes_sums(g):
        grads[node] = before + arrays.scatter(g, index, node._data.shape)
    else:
        arrays.add_at(before, index, g)


def pull(node: Any, g: Any, sweep: Sweep) -> Sequence[Any]:
    """The shares of a node's operands in its cotangent, as arrays and floats."""
    if node.__class__ is Value:
        return pull_value(node, g, sweep)
    return pullbacks[node.op](node, g, sweep)


def pull_value(node: Any, g: Any, sweep: Sweep) -> Sequence[Any]:
    """What the operands of a `Value` receive: the partials are on the node."""
    a = node._a
    if node.op is value_conversion.to_value:
        data = a._data
        return (AtIndex(np.asarray(g, data.dtype), node._da, data),)
    # A zero stays zero, whatever the local derivative: 0 · inf would poison the rest.
    if a.__class__ is tuple:
        return [
            (partial * g if g else 0.0) if parent.requires_grad else None
            for parent, partial in zip(a, node._da, strict=True)
        ]
    first = (node._da * g if g else 0.0) if a.requires_grad else None
    b = node._b
    if b is None:
        return (first,)
    return first, ((node._db * g if g else 0.0) if b.requires_grad else None)


def fit(g: Any, like: Any) -> Any:
    """A cotangent in the shape and dtype of its operand: broadcasting undone.

    A real operand of a complex result receives the real part.
    """
    if g.shape != like.shape:
        g = unbroadcast(arrays, g, like.shape)
    if g.dtype is not like.dtype and g.dtype != like.dtype:
        g = arrays.astype_like(g, like)
    return g


class PullbackTable(dict[Primitive, Pull]):
    """The pullback of each primitive of the table, made when first needed."""

    def __missing__(self, entry: Primitive) -> Pull:
        made = _make(entry)
        self[entry] = made
        return made


pullbacks: PullbackTable = PullbackTable()


def _make(entry: Primitive) -> Pull:
    if entry is getitem:
        return _pull_getitem
    if entry is value_conversion.from_values:
        return _pull_from_values
    if isinstance(entry, Opaque):
        return _pull_opaque
    if isinstance(entry, Structural):
        return _structural(entry)
    assert isinstance(entry, Elementwise)
    return _elementwise(entry)


def _elementwise(entry: Elementwise) -> Pull:
    kernels = tuple(make_kernel(entry, i) for i in range(entry.arity))
    strong, selects = guarded(entry), entry.selects

    def pull(node: Any, g: Any, sweep: Sweep) -> Sequence[Any]:
        parents, y, params = node.parents, node._data, node.params
        operands: Sequence[Any] = [parent._data for parent in parents]
        unlike = False
        for x in operands:
            if x.dtype is not y.dtype:
                operands, unlike = in_one_precision(y, *operands), True
                break
            unlike = unlike or x.shape != y.shape
        wanted, strong_now = sweep.wanted, strong and sweep.selecting
        parts: list[Any] = []
        for parent, kernel in zip(parents, kernels):  # noqa: B905 - a check per node
            part = None
            if parent.requires_grad and (wanted is None or parent in wanted):
                part = g if kernel is None else kernel(g, y, *operands, **params)
                if strong_now:
                    part = arrays.strong_zero(g, part)
                if unlike:
                    part = fit(part, parent._data)
            parts.append(part)
        if selects:
            sweep.selecting = True
        return parts

    return pull


def _structural(entry: Structural) -> Pull:
    given: Any = entry.vjp
    shared, selects = callable(given), entry.selects
    if entry.together is not None:
        return _together(entry.together)

    def pull(node: Any, g: Any, sweep: Sweep) -> Sequence[Any]:
        parents, wanted = node.parents, sweep.wanted
        operands = [parent._data for parent in parents]
        params = node._params
        rules = (
            [functools.partial(given, index=i) for i in range(len(parents))] if shared else given
        )
        parts: list[Any] = []
        for rule, parent, data in zip(rules, parents, operands):  # noqa: B905 - a check per node
            if not parent.requires_grad or (wanted is not None and parent not in wanted):
                parts.append(None)
                continue
            part = rule(arrays, g, node._data, *operands, **params)
            parts.append(part if part.dtype is data.dtype else fit(part, data))
        if selects:
            sweep.selecting = True
        return parts

    return pull


def _together(rule: Any) -> Pull:
    def pull(node: Any, g: Any, sweep: Sweep) -> Sequence[Any]:
        operands = [parent._data for parent in node.parents]
        asked = _asked(node, sweep)
        given = rule(arrays, g, node._data, *operands, wanted=asked, **node._params)
        return [
            fit(part, data) if needed else None
            for needed, data, part in zip(asked, operands, given, strict=True)
        ]

    return pull


def _asked(node: Any, sweep: Sweep) -> list[bool]:
    """Which operands of a node are to receive something."""
    wanted = sweep.wanted
    return [p.requires_grad and (wanted is None or p in wanted) for p in node.parents]


def _pull_opaque(node: Any, g: Any, sweep: Sweep) -> Sequence[Any]:
    operands = [getattr(parent, "_data", None) for parent in node.parents]
    asked = _asked(node, sweep)
    given = node._params["rule"](arrays, g, node._data, operands, asked)
    parts: list[Any] = []
    for needed, data, part in zip(asked, operands, given, strict=True):
        if part is not None and needed:
            part = float(part) if data is None else fit(part, data)
        parts.append(part if needed else None)
    return parts


def _pull_getitem(node: Any, g: Any, sweep: Sweep) -> Sequence[Any]:
    return (AtIndex(g, node._params["index"], node.parents[0]._data),)


def _pull_from_values(node: Any, g: Any, sweep: Sweep) -> Sequence[Any]:
    if is_stand_in(g):
        g.interpreter.refuse_value()
    parts = g.ravel().tolist()
    return [
        part if parent.requires_grad else None
        for parent, part in zip(node.parents, parts, strict=True)
    ]
