"""From a Tensor to Values, with gradients crossing back; the way there is `to_tensor`."""

from __future__ import annotations

from typing import Any

from autodiff.errors import ShapeError
from autodiff.graph.extras import own_extras
from autodiff.graph.modes import current_mode
from autodiff.graph.origin import user_frame
from autodiff.ops.engine import value_conversion
from autodiff.tensors.tensor import Tensor
from autodiff.values.record import record
from autodiff.values.value import Value, constant_value

__all__ = ["to_value", "values"]

Nested = Any


def to_value(x: Tensor, index: tuple[int, ...] = ()) -> Value:
    """One element of a tensor as a Value.

    Args:
        x: the tensor.
        index: the element's place, one integer for each axis.

    Returns:
        A `Value` whose gradient flows back into that element.

    Example:
        >>> x = Tensor([1.0, 2.0], requires_grad=True)
        >>> (to_value(x, (1,)) * 3).backward()
        >>> x.grad
        array([0., 3.])
    """
    if len(index) != x.ndim:
        raise ShapeError(
            f"to_value() needs one index for each of the {x.ndim} axes, but got {index}"
        )
    if x._data.dtype.kind == "c":
        raise TypeError(
            f"to_value() was given a tensor of {x._data.dtype}, but a Value is one real number; "
            "take autodiff.real(x) or autodiff.imag(x) first"
        )
    data = float(x._data[index])
    mode = current_mode()
    if not (x.requires_grad and mode.grad):
        return constant_value(data)
    frame = user_frame(2)
    node = record(value_conversion.to_value, data, x, index, mode, frame.f_code, frame.f_lasti)
    own_extras(node)["params"] = {"index": index}
    return node


def values(x: Tensor) -> Nested:
    """A tensor taken apart into nested lists of Values.

    Args:
        x: the tensor.

    Returns:
        A Value for a tensor without axes, else nested lists in its shape.

    Example:
        >>> values(Tensor([[1.0, 2.0]]))
        [[Value(data=1.0), Value(data=2.0)]]
    """

    def build(prefix: tuple[int, ...]) -> Nested:
        if len(prefix) == x.ndim:
            return to_value(x, prefix)
        return [build((*prefix, i)) for i in range(x.shape[len(prefix)])]

    return build(())
