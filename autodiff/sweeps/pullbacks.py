"""How each kind of primitive sends a cotangent from its result to its operands.

A pullback ``pull(node, g, sweep)`` adds to ``sweep.grads`` what every operand that
needs a gradient receives. Pullbacks are made once per primitive, from its rules.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.backends.kinds import is_stand_in, takes_sums
from autodiff.backends.recorder import RECORDER, Recorder
from autodiff.dtypes import in_one_precision
from autodiff.ops.broadcasting import unbroadcast
from autodiff.ops.engine import crossing
from autodiff.ops.indexing.indexing import getitem
from autodiff.ops.opaque import Opaque
from autodiff.ops.parameters import keyword_parameters
from autodiff.ops.primitive import Elementwise, Primitive, Structural
from autodiff.symbolic.choices import guarded
from autodiff.writers.kernels import make_kernel

if TYPE_CHECKING:
    from autodiff.backward import Sweep

__all__ = ["Pullback", "Pullbacks", "Told", "fit", "scalar_pullback", "telling"]

P = ParamSpec("P")
R = TypeVar("R")

Pullback = Callable[[Any, Any, "Sweep"], None]


def fit(g: Any, like: Any) -> Any:
    """A cotangent in the shape and dtype of its operand: broadcasting undone.

    A real operand of a complex result receives the real part.
    """
    if g.shape != like.shape:
        g = unbroadcast(arrays, g, like.shape)
    if g.dtype is not like.dtype and g.dtype != like.dtype:
        g = arrays.astype_like(g, like)
    return g


def scalar_pullback(node: Any, g: Any, sweep: Sweep) -> None:
    """Pullback of every operation on `Value` nodes: the partials are on the node."""
    if node.op is crossing.to_value:
        (tensor,) = node.parents
        _add_at(sweep, tensor, node.params["index"], np.asarray(g, tensor._data.dtype))
        return
    grads = sweep.grads
    for parent, partial in node.local_gradients():
        # A zero stays zero, whatever the local derivative: 0 · inf would poison the rest.
        part = partial * g if g else 0.0
        before = grads.get(parent)
        grads[parent] = part if before is None else before + part


class Pullbacks(dict[Primitive, Pullback]):
    """The pullback of each primitive of the table, made when first needed."""

    def __missing__(self, entry: Primitive) -> Pullback:
        pull = _make(entry)
        self[entry] = pull
        return pull


class Told:
    """Pullbacks for a sweep that is recorded: the recorder is told whose turn it is.

    Args:
        pullbacks: of which primitive.
        recorder: who is told.
    """

    def __init__(self, pullbacks: Pullbacks, recorder: Recorder) -> None:
        self._pullbacks = pullbacks
        self._recorder = recorder

    def __getitem__(self, entry: Primitive) -> Pullback:
        def pull(node: Any, g: Any, sweep: Sweep) -> None:
            with self._recorder.backward(node):
                self._pullbacks[entry](node, g, sweep)

        return pull


def telling(sweep: Callable[P, R]) -> Callable[P, R]:
    """A function that tells a recorder, where there is one, that it is the backward pass."""

    @functools.wraps(sweep)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        recorder = RECORDER.get()
        with nullcontext() if recorder is None else recorder.backward():
            return sweep(*args, **kwargs)

    return told


def _make(entry: Primitive) -> Pullback:
    if entry is getitem:
        return _pull_getitem
    if entry is crossing.from_values:
        return _pull_from_values
    if isinstance(entry, Opaque):
        return _pull_opaque
    if isinstance(entry, Structural):
        return _structural(entry)
    assert isinstance(entry, Elementwise)
    if entry.arity > 2 or (entry.arity == 2 and keyword_parameters(entry)):
        return _general(entry)
    return _unary(entry) if entry.arity == 1 else _binary(entry)


def _unary(entry: Elementwise) -> Pullback:
    kernel = make_kernel(entry, 0)
    has_params = bool(keyword_parameters(entry))
    strong, selects = guarded(entry), entry.selects

    def pull(node: Any, g: Any, sweep: Sweep) -> None:
        (parent,) = node.parents
        if kernel is None:
            part = g
        elif has_params:
            part = kernel(g, node._data, parent._data, **node._params)
        else:
            part = kernel(g, node._data, parent._data)
        if strong and sweep.selecting:
            part = arrays.strong_zero(g, part)
        if selects:
            sweep.selecting = True
        grads = sweep.grads
        grads[parent] = grads[parent] + part if parent in grads else part

    return pull


def _binary(entry: Elementwise) -> Pullback:
    left, right = make_kernel(entry, 0), make_kernel(entry, 1)
    strong, selects = guarded(entry), entry.selects

    def pull(node: Any, g: Any, sweep: Sweep) -> None:
        a, b = node.parents
        x, z = a._data, b._data
        settle = strong and sweep.selecting
        unlike = x.shape != z.shape
        if x.dtype is not z.dtype:
            unlike, (x, z) = True, in_one_precision(node._data, x, z)
        grads = sweep.grads
        if a.requires_grad:
            part = g if left is None else left(g, node._data, x, z)
            if settle:
                part = arrays.strong_zero(g, part)
            if unlike:
                part = fit(part, a._data)
            grads[a] = grads[a] + part if a in grads else part
        if b.requires_grad:
            part = g if right is None else right(g, node._data, x, z)
            if settle:
                part = arrays.strong_zero(g, part)
            if unlike:
                part = fit(part, b._data)
            grads[b] = grads[b] + part if b in grads else part
        if selects:
            sweep.selecting = True

    return pull


def _general(entry: Elementwise) -> Pullback:
    kernels = tuple(make_kernel(entry, i) for i in range(entry.arity))
    strong = guarded(entry)

    def pull(node: Any, g: Any, sweep: Sweep) -> None:
        grads = sweep.grads
        parents = node.parents
        operands = in_one_precision(node._data, *(parent._data for parent in parents))
        for parent, kernel in zip(parents, kernels, strict=True):
            if not parent.requires_grad:
                continue
            part = g if kernel is None else kernel(g, node._data, *operands, **node.params)
            if strong and sweep.selecting:
                part = arrays.strong_zero(g, part)
            part = fit(part, parent._data)
            grads[parent] = grads[parent] + part if parent in grads else part
        if entry.selects:
            sweep.selecting = True

    return pull


def _structural(entry: Structural) -> Pullback:
    given: Any = entry.vjp
    shared, selects = callable(given), entry.selects

    def pull(node: Any, g: Any, sweep: Sweep) -> None:
        grads = sweep.grads
        parents = node.parents
        operands = [parent._data for parent in parents]
        params = node._params
        rules = (
            [functools.partial(given, index=i) for i in range(len(parents))] if shared else given
        )
        for rule, parent, data in zip(rules, parents, operands):  # noqa: B905 - a check per node
            if not parent.requires_grad:
                continue
            part = rule(arrays, g, node._data, *operands, **params)
            if part.dtype is not data.dtype:
                part = fit(part, data)
            grads[parent] = grads[parent] + part if parent in grads else part
        if selects:
            sweep.selecting = True

    return pull


def _pull_opaque(node: Any, g: Any, sweep: Sweep) -> None:
    grads = sweep.grads
    parents = node.parents
    operands = [getattr(parent, "_data", None) for parent in parents]
    wanted = [parent.requires_grad for parent in parents]
    parts = node._params["rule"](arrays, g, node._data, operands, wanted)
    for parent, data, part in zip(parents, operands, parts, strict=True):
        if part is None or not parent.requires_grad:
            continue
        part = float(part) if data is None else fit(part, data)
        grads[parent] = grads[parent] + part if parent in grads else part


def _pull_getitem(node: Any, g: Any, sweep: Sweep) -> None:
    (parent,) = node.parents
    _add_at(sweep, parent, node._params["index"], g)


def _pull_from_values(node: Any, g: Any, sweep: Sweep) -> None:
    grads = sweep.grads
    if is_stand_in(g):
        g.interpreter.refuse_value()
    for parent, part in zip(node.parents, g.ravel().tolist(), strict=True):
        if parent.requires_grad:
            grads[parent] = grads.get(parent, 0.0) + part


def _add_at(sweep: Sweep, parent: Any, index: Any, g: Any) -> None:
    # Indexing one tensor many times adds into one buffer instead of making a full-sized
    # array each time.
    grads = sweep.grads
    buffer = grads.get(parent)
    if buffer is None or sweep.buffers.get(parent) is not buffer:
        fresh = arrays.scatter(g, index, parent._data.shape)
        if buffer is not None:
            # Into the new array: a sum of two without axes would be none of NumPy's arrays.
            plain = fresh.__class__ is np.ndarray and buffer.dtype == fresh.dtype
            fresh = np.add(fresh, buffer, out=fresh) if plain else buffer + fresh
        grads[parent] = fresh
        if takes_sums(fresh):
            sweep.buffers[parent] = fresh
    elif not takes_sums(g):
        grads[parent] = buffer + arrays.scatter(g, index, parent._data.shape)
    else:
        arrays.add_at(buffer, index, g)
