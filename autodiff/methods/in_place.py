"""Operators such as ``x += v`` and assignment ``x[i] = v``: right, or refused.

The rule:

- A leaf that is not recorded is changed in its memory, and the change is noted, so that
  gradients which need the old numbers are refused. Not recorded are constants, and inside
  `autodiff.no_grad` all leaves; what is put in must need no gradient either.
- Where a gradient is at stake, ``x += v`` gives the name a new node, as ``x = x + v``
  does; other names of the old node keep it. ``x[i] = v`` cannot do that and is refused.
- A leaf that needs a gradient refuses both while operations are recorded: its gradient
  would belong to a node that no name leads to. What a function that `autodiff.grad` and
  its like differentiate is given counts as a result: nobody asks for its ``grad``.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.backends.kinds import is_array, is_numeric
from autodiff.errors import BatchingError, NonDifferentiableError, ShapeError
from autodiff.functions.indexing.indexing import plain_index
from autodiff.graph.extras import extras_of
from autodiff.graph.modes import current_mode
from autodiff.graph.node import Node
from autodiff.graph.recomputing import changed_before
from autodiff.tensors.tensor import Tensor

__all__ = ["OPERATORS", "assign", "augmented"]

OPERATORS = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "truediv": "/",
    "floordiv": "//",
    "mod": "%",
    "pow": "**",
    "matmul": "@",
}
"""The operators that have a form in place, by the name of their method."""


def augmented(name: str, function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """The method of an operator in place.

    Args:
        name: of the operator, such as ``"add"``.
        function: what it does, giving a new node.

    Returns:
        ``method(x, other)``; it gives back ``x`` where that was changed, else a new node.

    Raises:
        NonDifferentiableError: at a call, for a leaf that needs a gradient, outside of `no_grad`.
        ShapeError: at a call, the result would not have the shape of ``x``.
    """
    change = getattr(operator, f"i{name}")
    sign = OPERATORS[name]

    def method(x: Any, other: Any) -> Any:
        leaf = x.op is None and _recorded(x)
        if leaf and "is_variable" not in extras_of(x):
            raise _leaf_refused(x, f"x {sign}= v", f"x = x {sign} v")
        if leaf or x.op is not None or (isinstance(other, Node) and _recorded(other)):
            return function(x, other)
        given = _plain(other)
        if _stands_in(given, x):
            return function(x, other)
        if changed_before(x):
            return x
        try:
            changed = change(_own(x), given)
        except ValueError:
            raise ShapeError(
                f"{x.describe()} of shape {x.shape} {sign}= something of shape {np.shape(given)} "
                f"would change its shape; write x = x {sign} v for a new tensor"
            ) from None
        except BatchingError:
            raise
        except TypeError:
            raise TypeError(
                f"{x.describe()} of dtype {x.dtype} {sign}= {type(other).__name__} cannot be "
                f"kept in that dtype; write x = x {sign} v for a new tensor"
            ) from None
        x.data = changed
        return x

    method.__name__ = method.__qualname__ = f"__i{name}__"
    return method


def assign(x: Tensor, index: Any, value: Any) -> None:
    """``x[index] = value``, for leaves that are not recorded.

    Raises:
        NonDifferentiableError: a gradient is at stake; the message names the alternative.
        ShapeError: the value does not fit into the place.
        TypeError: the numbers cannot be kept in the dtype of ``x``.
    """
    if x.op is not None:
        raise NonDifferentiableError(
            f"x[i] = v on {x.describe()}: a gradient may need its old numbers; use "
            "x = x.at[i].set(v), which gives a new node (.add(v) for x[i] += v)"
        )
    if _recorded(x):
        raise _leaf_refused(x, "x[i] = v", "y = x.at[i].set(v)")
    if isinstance(value, Node) and _recorded(value):
        raise NonDifferentiableError(
            f"x[i] = v on {x.describe()}, a constant, with v being {value.describe()}, which needs "
            "a gradient that would be lost; use x = x.at[i].set(v), or autodiff.stack for parts"
        )
    if changed_before(x):
        return
    given = _plain(value)
    if _stands_in(given, x):
        raise NonDifferentiableError(
            f"x[i] = v on {x.describe()}, with v being different for every example or call (within "
            "vmap or a compiled step), but not x; use x = x.at[i].set(v)"
        )
    many = given if hasattr(given, "dtype") else np.asarray(given)
    kind = many.dtype if many.ndim else np.result_type(given, x.dtype)
    if not np.can_cast(kind, x.dtype, "same_kind"):
        raise TypeError(
            f"x[i] = v on {x.describe()} of dtype {x.dtype} with numbers of dtype {kind}, which "
            "cannot be kept in it; write x = x.astype(...) first"
        )
    data = _own(x)
    place = plain_index(index)
    try:
        data[place] = given
    except ValueError:
        raise ShapeError(
            f"x[i] = v on {x.describe()} of shape {x.shape}: a value of shape {np.shape(given)} "
            f"does not fit into the place of shape {data[place].shape}"
        ) from None
    x.data = data


def _recorded(x: Any) -> bool:
    """Whether what is done with a node now would be recorded."""
    return bool(x.requires_grad) and current_mode().grad


def _plain(x: Any) -> Any:
    if isinstance(x, Tensor):
        return x._data
    return x.data if isinstance(x, Node) else x  # type: ignore[attr-defined]


def _stands_in(given: Any, x: Any) -> bool:
    """Whether numbers are a transformation's stand-in, which cannot be put into plain ones."""
    plain = is_numeric(given) or not hasattr(given, "dtype")
    return not plain and is_array(x._data)


def _own(x: Any) -> Any:
    """The array of a leaf to write into; a view of another tensor's is copied first."""
    if is_array(x._data) and not x._data.flags.writeable:
        x._data = x._data.copy()
    return x._data


def _leaf_refused(x: Any, what: str, new: str) -> NonDifferentiableError:
    return NonDifferentiableError(
        f"{what} on {x.describe()}, a leaf that needs a gradient: while operations are recorded "
        f"its numbers stay. Write {new} for a new node, or change the leaf inside "
        "autodiff.no_grad(), after backward()"
    )
