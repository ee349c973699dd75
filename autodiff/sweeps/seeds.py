"""What a backward pass begins with: its roots, and its seeds, the cotangents of these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.backends.recorder import telling_backward
from autodiff.backends.stand_in import StandIn
from autodiff.dtypes import as_array
from autodiff.errors import NonDifferentiableError, NonScalarBackwardError, ShapeError
from autodiff.graph.conjugation import conjugated
from autodiff.graph.node import Node
from autodiff.values.value import Value

__all__ = ["Roots", "checked_inputs", "given_gradients", "starting_gradient"]

Roots = Node | Sequence[Node]


class _Ones(dict[Any, Any]):
    """The number 1 as a read-only array of each dtype met."""

    def __missing__(self, dtype: Any) -> Any:
        one = np.ones((), dtype)
        one.flags.writeable = False
        self[dtype] = one
        return one


_ONES = _Ones()


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
            with telling_backward():
                one = data.interpreter.stand_in(_ONES[data.dtype])
                return arrays.broadcast_to(one, data.shape)
        return _ONES[data.dtype] if data.shape == () else np.ones(data.shape, data.dtype)
    with telling_backward():
        return _checked(gradient, root, data)


def _checked(gradient: Any, root: Node, data: Any) -> Any:
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


def given_gradients(root: Roots, gradient: Any) -> dict[Node, Any]:
    """Each root with the gradient given for it; one that is named twice counts twice.

    Args:
        root: a node or several.
        gradient: the gradient of one; for several a sequence with one for each, or None.

    Raises:
        ShapeError: there are not as many gradients as roots.
    """
    if isinstance(root, Node):
        return {root: gradient}
    roots = list(root)
    for one in roots:
        if not isinstance(one, Node):
            raise TypeError(f"backward() was given {one!r} as a root; give Tensors and Values")
    given = [None] * len(roots) if gradient is None else list(gradient)
    if len(given) != len(roots):
        raise ShapeError(
            f"backward() was given {len(roots)} roots and {len(given)} gradients; "
            "give one for each root, None for 1"
        )
    found: dict[Node, Any] = {}
    for one, g in zip(roots, given, strict=True):
        if one in found:
            g = conjugated(starting_gradient(one, g) + starting_gradient(one, found[one]))
        found[one] = g
    return found


def checked_inputs(inputs: Node | Iterable[Node]) -> list[Node]:
    """The nodes that shall receive a gradient, as a list.

    Raises:
        TypeError: one of them is no node.
        NonDifferentiableError: one of them needs no gradient.
    """
    targets = [inputs] if isinstance(inputs, Node) else list(inputs)
    for target in targets:
        if not isinstance(target, Node):
            raise TypeError(
                f"inputs= holds {target!r}, a {type(target).__name__}; give Tensors and Values"
            )
        if not target.requires_grad:
            raise NonDifferentiableError(
                f"inputs= holds {target.describe()}, which needs no gradient; "
                "make the leaf with requires_grad=True"
            )
    return targets
