"""What a function is given, as nodes, and the float type that bare numbers take.

Tensors, arrays and NumPy's numbers are strong: their types promote as in NumPy. Bare Python
numbers, lists of them and Values are weak: beside an array they take its float type, so they
neither raise a float32 computation nor round a float64 one. Where all operands are weak they
are of the default float type. Every function gets its operands here, so the rule is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from autodiff.dtypes import as_array, from_numbers, get_default_dtype, keeps_precision
from autodiff.graph import Node, holds_nodes, next_sequence
from autodiff.tensor import Tensor

__all__ = [
    "as_operand",
    "beside",
    "common_dtype",
    "constant",
    "gathered",
    "operands_of",
    "value_dtype",
    "weak_dtype",
]

_new: Callable[..., Any] = Tensor.__new__


def constant(array: Any) -> Tensor:
    """A tensor outside the graph around an array that nobody else changes."""
    node = _new(Tensor)
    node._data = array
    node._grad = None
    node.op = None
    node.parents = ()
    node.requires_grad = False
    node.sequence = next_sequence()
    return node  # type: ignore[no-any-return]


_scalars: dict[tuple[Any, type, Any], Tensor] = {}


_NUMBERS: frozenset[Any] = frozenset((float, int, bool, complex))


def as_operand(x: Any, like: Any = None) -> Any:
    """A node for an operand: nodes as they are, numbers and arrays as constants.

    Args:
        x: a `Tensor`, `Value`, array, number or nested list (of any of these).
        like: the tensor that it stands beside, whose float type it takes if it is weak.

    Returns:
        A `Tensor`.

    Example:
        >>> as_operand([0, 1], constant(np.zeros(2, np.float32))).dtype
        dtype('float32')
    """
    if isinstance(x, Tensor):
        return x
    return beside(x, None if like is None else like._data.dtype)


def beside(x: Any, dtype: Any) -> Any:
    """A node for an operand that stands beside arrays of a dtype; None if there are none."""
    if x.__class__ in _NUMBERS and dtype is not None:
        # 1, 1.0 and True are equal keys, but give an array of integers different dtypes.
        key = (x, x.__class__, dtype)
        found = _scalars.get(key)
        if found is not None and x:
            return found
        array = np.asarray(x, weak_dtype(dtype, x))
        array.flags.writeable = False
        node = constant(array)
        # Zeros have two signs under one key and NaN has no equal: neither is kept. Nor is what
        # depends on the default float type.
        if x and x == x and array.dtype == dtype and len(_scalars) < 4096:
            _scalars[key] = node
        return node
    if isinstance(x, Tensor):
        return x
    if isinstance(x, Node):
        from autodiff.crossing import to_tensor

        return to_tensor(x, None if dtype is None else value_dtype(dtype))
    if isinstance(x, (list, tuple)):
        if holds_nodes(x):
            from autodiff.crossing import from_nested

            return from_nested(x, dtype)
        if dtype is not None:
            return constant(_list_beside(x, dtype))
    if x.__class__ is np.ndarray and x.dtype.kind == "O":
        x = gathered(x, dtype)
        if isinstance(x, Node):
            return x
    # Copied, so that a later change of the array cannot falsify a gradient.
    return constant(as_array(x))


def gathered(x: Any, dtype: Any = None) -> Any:
    """An array of objects that holds nodes as the tensor of them; anything else as it is.

    To NumPy a list of Values is such an array, and what it computes with one is another.

    Args:
        x: anything.
        dtype: of arrays that the tensor will stand beside, if there are any.

    Example:
        >>> from autodiff.value import Value
        >>> gathered(np.dot(np.ones(2), Value(3.0))).tolist()
        [3.0, 3.0]
    """
    if x.__class__ is np.ndarray and x.dtype.kind == "O":
        listed = x.tolist()
        if isinstance(listed, Node) or holds_nodes(listed):
            return beside(listed, dtype)
    return x


def operands_of(
    values: Sequence[Any], dtype: Any = None, *, aside: Iterable[int] = ()
) -> list[Any]:
    """Nodes for all operands of a function; the weak ones take the float type of the others.

    Args:
        values: tensors, Values, arrays, numbers, nested lists; None stays None.
        dtype: of further arrays that the result will stand beside.
        aside: positions of operands that only choose, and so are no example for the others.

    Returns:
        A `Tensor` for each.

    Example:
        >>> [x.dtype.name for x in operands_of([0.5, np.float32([1, 2])])]
        ['float32', 'float32']
    """
    found = common_dtype([x for i, x in enumerate(values) if i not in aside] if aside else values)
    if dtype is None or found is None:
        found = dtype if found is None else found
    else:
        found = np.result_type(found, dtype)
    return [x if x is None or isinstance(x, Tensor) else beside(x, found) for x in values]


def common_dtype(values: Iterable[Any]) -> Any:
    """The dtype that the strong ones of some operands promote to; None where all are weak.

    Booleans count only where there is nothing else: a condition is no example for a number.

    Example:
        >>> common_dtype([0.1, [1, np.float32(2)], np.zeros(2, np.int8)]).name
        'float32'
        >>> common_dtype([0.1, [1, 2j]]) is None
        True
    """
    found = condition = None
    for x in values:
        if x.__class__ in _NUMBERS:
            continue
        if isinstance(x, Tensor):
            dtype = x._data.dtype
        elif isinstance(x, (list, tuple)):
            dtype = common_dtype(x)
        else:
            dtype = getattr(x, "dtype", None)
        if dtype is None or dtype is found:
            continue
        if dtype.kind == "b":
            condition = dtype
        elif dtype.kind in "iufc":
            found = dtype if found is None else np.result_type(found, dtype)
    return condition if found is None else found


def weak_dtype(dtype: Any, number: Any) -> Any:
    """The dtype of a bare number beside arrays of a dtype.

    Example:
        >>> weak_dtype(np.dtype("float32"), 0.1).name, weak_dtype(np.dtype("int64"), 0.1).name
        ('float32', 'float64')
    """
    if dtype.kind in "fc" or number.__class__ is int or number.__class__ is bool:
        return np.result_type(dtype, number)
    return np.result_type(dtype, get_default_dtype(), number)


def value_dtype(dtype: Any) -> Any:
    """The dtype of Values and lists of real numbers beside arrays of a dtype, which is real.

    Example:
        >>> value_dtype(np.dtype("complex64")).name
        'float32'
    """
    if keeps_precision():
        # A check of gradients sees more than single precision shows.
        dtype = np.result_type(dtype, np.float64)
    return dtype if dtype.kind == "f" else np.finfo(weak_dtype(dtype, 1.0)).dtype


def _list_beside(x: Any, dtype: Any) -> Any:
    array = from_numbers(x)
    kind = array.dtype.kind
    if kind == "b" or (kind in "iu" and dtype.kind not in "fc"):
        return array
    wanted = weak_dtype(dtype, 1j) if kind == "c" else value_dtype(dtype)
    # With an array or a NumPy number in it the list is no bare one.
    return array if wanted == array.dtype or common_dtype(x) is not None else array.astype(wanted)
