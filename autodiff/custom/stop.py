"""Taking numbers out of the graph."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.backends.kinds import holds_objects
from autodiff.graph.cuts import note_cut
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor
from autodiff.trees import tree
from autodiff.values.value import Value, constant_value

__all__ = ["stop_gradient"]


def stop_gradient(given: Any) -> Any:
    """The same numbers as constants, through which no gradient flows.

    Args:
        given: a Tensor, a Value, or containers of them; anything else is left as it is.

    Returns:
        The same with constants instead of nodes. Arrays are shared, not copied.

    Example:
        >>> import autodiff as ad
        >>> x = ad.Value(3.0)
        >>> y = x * ad.stop_gradient(x)
        >>> y.backward()
        >>> x.grad
        3.0
    """
    return tree.map(_constant, given)


def _constant(x: Any) -> Any:
    if isinstance(x, Tensor):
        return _cut(constant(x._data), x)
    if holds_objects(x):
        stopped = np.empty_like(x)
        for place in np.ndindex(x.shape):
            stopped[place] = _constant(x[place])
        return stopped
    return _cut(constant_value(x.data), x) if isinstance(x, Value) else x


def _cut(node: Any, x: Any) -> Any:
    note_cut(node, x, "detach")
    return node
