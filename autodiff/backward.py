"""The backward pass: one sweep over the graph that looks each rule up in the table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from autodiff import live
from autodiff.backends.arrays import arrays
from autodiff.backends.recorder import RECORDER
from autodiff.backends.standin import StandIn
from autodiff.dtypes import as_array
from autodiff.errors import NonDifferentiableError, NonScalarBackwardError, ShapeError
from autodiff.graph.convention import conjugated
from autodiff.graph.hooks import REGISTRATIONS
from autodiff.graph.modes import current_mode
from autodiff.graph.node import Node
from autodiff.graph.order import FREED, backward_order, freed
from autodiff.graph.staleness import check_stale
from autodiff.graph.switches import switches
from autodiff.sweeps.pullbacks import Pullbacks, Told, scalar_pullback, telling
from autodiff.sweeps.remains import WATCHED, attach, remember
from autodiff.sweeps.store import store
from autodiff.tensors.tensor import Tensor
from autodiff.values.sweep import scalar_backward
from autodiff.values.value import Value

__all__ = ["Sweep", "backward", "starting_gradient"]

Roots = Node | Sequence[Node]

_pullbacks = Pullbacks()


class _Ones(dict[Any, Any]):
    """The number 1 as a read-only array of each dtype met."""

    def __missing__(self, dtype: Any) -> Any:
        one = np.ones((), dtype)
        one.flags.writeable = False
        self[dtype] = one
        return one


_ONES = _Ones()


def backward(
    root: Roots,
    gradient: Any = None,
    *,
    retain_graph: bool = False,
    create_graph: bool = False,
    inputs: Node | Iterable[Node] | None = None,
) -> None:
    """Add to ``grad`` of every leaf the derivative of a node with respect to it.

    Args:
        root: the node to differentiate; or several, whose derivatives are added up in one
            pass.
        gradient: the cotangent to begin with, in the root's shape; 1 by default, which
            needs a root with a single element. For several roots one for each.
        retain_graph: keep the graph, so that it can be walked again.
        create_graph: make the gradients nodes of a graph themselves, so that they can
            be differentiated in turn; keeps the graph too. Such a gradient refers to the
            leaf it belongs to: set ``grad`` to None when done, so that both are freed.
        inputs: only these nodes, leaves or not, receive a gradient, and only what leads
            to them is computed. The ``grad`` of one that the root does not depend on
            stays as it is.

    Raises:
        NonDifferentiableError: a root, or one of the inputs, needs no gradient.
        NonScalarBackwardError: a root has several elements and no gradient was given.
        ShapeError: a gradient's shape is not its root's.
        FreedGraphError: the graph was released by an earlier call.
        StaleDataError: an array that a rule needs was changed since the forward pass.

    Example:
        >>> import autodiff as ad
        >>> x, y = ad.Value(2.0), ad.Value(3.0)
        >>> backward([x * y, x + y], inputs=[x])
        >>> x.grad, y.grad
        (4.0, None)
    """
    if switches.hooks or switches.anomaly or inputs is not None or not isinstance(root, Node):
        from autodiff.sweeps.chosen import backward_with_options

        backward_with_options(root, gradient, retain_graph, create_graph, inputs)
        return
    if root.__class__ is not Tensor and hasattr(root, "_spent"):
        raise freed(root)
    if create_graph:
        from autodiff.sweeps.higher_order import backward_as_graph

        backward_as_graph({root: gradient})
        return
    seed = starting_gradient(root, gradient)
    if isinstance(root, Value) and scalar_backward(root, seed, retain_graph):
        return
    if retain_graph or not WATCHED:
        Sweep(root, seed, free=not retain_graph).store()
        return
    order = backward_order(root)
    remains = remember(order)
    Sweep(root, seed, free=True, order=order).store()
    attach(root, remains)


def starting_gradient(root: Node, gradient: Any) -> Any:
    """The cotangent of the root as an array or a float: what was given, checked, or 1.

    Of a complex root it is the conjugate of the gradient given; see `conjugated`.
    """
    if not root.requires_grad:
        raise NonDifferentiableError(
            f"backward() from {_constant(root)}, which needs no gradient: nothing it was "
            "computed from was made with requires_grad=True, or it was made inside "
            "no_grad() or by detach(); write x = autodiff.Tensor(data, requires_grad=True) for "
            "what it shall be differentiated by"
        )
    if isinstance(gradient, Node):
        gradient = gradient.data  # type: ignore[attr-defined]
    if isinstance(root, Value):
        return 1.0 if gradient is None else _scalar_gradient(gradient)
    data: Any = root._data  # type: ignore[attr-defined]
    if data.__class__ is not np.ndarray and isinstance(data, StandIn):
        # A recorded step calls no hooks: it is recorded anew, and refused, when one is set.
        live.setting(REGISTRATIONS, "count")
    if gradient is None:
        if data.dtype.kind == "c":
            raise NonScalarBackwardError(
                f"backward() of {root.describe()}, which is complex ({data.dtype}): a gradient is "
                "that of a real number; make one of it first, as in autodiff.abs(y).sum() or "
                f"autodiff.real(y).sum(), or give a gradient of shape {data.shape}. For the "
                "derivative of a holomorphic function use autodiff.grad(f, holomorphic=True)"
            )
        if data.size != 1:
            raise NonScalarBackwardError(
                f"backward() of {root.describe()} with shape {data.shape} has no single number "
                "to differentiate; reduce it first, as in y.sum().backward(), or give a "
                f"gradient of shape {data.shape}"
            )
        if data.__class__ is not np.ndarray and isinstance(data, StandIn):
            return _recorded_ones(data)
        return _ONES[data.dtype] if data.shape == () else np.ones(data.shape, data.dtype)
    return _given(root, data, gradient)


@telling
def _recorded_ones(data: Any) -> Any:
    """The number 1 in the shape of a tensor's array, for which something stands in."""
    return arrays.broadcast_to(data.interpreter.stand_in(_ONES[data.dtype]), data.shape)


@telling
def _given(root: Node, data: Any, gradient: Any) -> Any:
    """The cotangent of a tensor that was given, checked."""
    if getattr(gradient, "dtype", data.dtype).kind == "c" and data.dtype.kind != "c":
        raise NonDifferentiableError(
            f"the gradient given to backward() is complex ({gradient.dtype}), but "
            f"{root.describe()} is real; give real numbers"
        )
    given = conjugated(as_array(gradient, data.dtype, copy=False))
    if given.shape != data.shape:
        raise ShapeError(
            f"the gradient given to backward() has shape {given.shape}, but {root.describe()} "
            f"has shape {data.shape}; give one of that shape"
        )
    return given


def _constant(root: Node) -> str:
    """What a node without gradient is: most are results, and no leaves to the user."""
    if isinstance(root, Value):
        return root.describe().replace("a leaf", "a constant")
    entry = getattr(root, "_result_of", None)
    return root.describe() if entry is None else f"a result of {entry.name!r}"


def _scalar_gradient(gradient: Any) -> float:
    try:
        return float(gradient)
    except (TypeError, ValueError):
        raise ShapeError(
            f"the gradient given to backward() of a Value is {gradient!r}; give one number"
        ) from None


class Sweep:
    """One pass from a root to its leaves, on arrays and floats.

    Nothing is written to a node's ``grad`` before the whole pass has succeeded.

    Attributes:
        grads: cotangents of nodes not visited yet.
        buffers: cotangents that this sweep made itself and may add into.
        selecting: an operation that selects was met, so zeros are strong from here on.
        kept: the nodes whose gradient was wanted, with it.
    """

    __slots__ = ("buffers", "grads", "kept", "seed", "selecting")

    def __init__(
        self,
        root: Node,
        seed: Any,
        *,
        free: bool,
        keep_all: bool = False,
        order: list[Any] | None = None,
    ) -> None:
        grads: dict[Node, Any] = {root: seed}
        kept: list[tuple[Any, Any]] = []
        self.grads: dict[Node, Any] = grads
        self.kept: list[tuple[Any, Any]] = kept
        self.buffers: dict[Node, Any] = {}
        self.selecting: bool = False
        self.seed: Any = seed
        if switches.anomaly and current_mode().anomaly:
            from autodiff.sweeps.walk import walk

            kept += walk(grads, free=free, hooks=False, keep_all=keep_all)
            return
        if order is None:
            order = backward_order(root)
        recorder = RECORDER.get()
        pulls: Any = _pullbacks if recorder is None else Told(_pullbacks, recorder)
        changed = switches.changed
        retaining = keep_all or switches.retained
        while order:
            node = order.pop()
            g = grads.pop(node, None)
            if g is None:
                continue
            if node.__class__ is Value:
                kept.append((node, g))
                scalar_pullback(node, g, self)
            else:
                if retaining and (keep_all or node.retains_grad):
                    kept.append((node, g))
                if changed > node.sequence:
                    check_stale(node)
                pulls[node.op](node, g, self)
                if free:
                    node.parents = FREED
        kept.extend(grads.items())
        if free and root.__class__ is Value:
            root._release()

    def store(self) -> None:
        """Add what was found to the nodes' ``grad``, each in an array of its own."""
        recorder = RECORDER.get()
        if recorder is None:
            store(self.kept, [self.seed])
            return
        with recorder.backward():
            store(self.kept, [self.seed])
