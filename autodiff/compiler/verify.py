"""Holding a recorded step against the ordinary code, bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.compiler.trees import flatten
from autodiff.errors import TracingError
from autodiff.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.compiler.step import Specialization

__all__ = ["verified_call"]


def verified_call(known: Specialization, arrays: list[Any], ordinary: Callable[[], Any]) -> Any:
    """Run the recording, put everything back, run the ordinary code, and compare.

    Args:
        known: the recorded step.
        arrays: its array arguments.
        ordinary: runs the step's own code on the same arguments.

    Returns:
        What the ordinary code returned.

    Raises:
        TracingError: a result, or an array that lasts, differs.
    """
    generators = [v.source for v in known.emitted.bound if v.kind == "generator"]
    states = [generator.bit_generator.state for generator in generators]
    bound = [
        (variable, array)
        for variable, array in zip(known.emitted.bound, known.arrays, strict=True)
        if variable.kind != "generator"
    ]
    lasting = [*(array for _, array in bound), *arrays]
    before = [a.copy() for a in lasting]
    gradients = [(tensor, tensor._grad) for tensor, _ in known.gradients]
    replayed = flatten(known(arrays))
    after = [a.copy() for a in lasting]
    replayed_gradients = [_copy(tensor._grad) for tensor, _ in known.gradients]
    for array, old in zip(lasting, before, strict=True):
        if array.flags.writeable:
            np.copyto(array, old)
    for tensor, gradient in gradients:
        tensor._grad = gradient
    for generator, state in zip(generators, states, strict=True):
        generator.bit_generator.state = state
    result = ordinary()
    for new, old in zip(flatten(result), replayed, strict=False):
        _compare(_data(new), _data(old), "what it returns")
    for (variable, array), old in zip(bound, after, strict=False):
        owner = variable.name or f"an array of shape {variable.shape}"
        _compare(array, old, f"{owner!r} afterwards")
    for (tensor, _), old in zip(known.gradients, replayed_gradients, strict=True):
        _compare(tensor._grad, old, f"the gradient of {tensor.describe()}")
    return result


def _copy(array: Any) -> Any:
    return None if array is None else np.array(array)


def _data(x: Any) -> Any:
    return x._data if isinstance(x, Tensor) else x


def _compare(new: Any, old: Any, what: str) -> None:
    if new is None or old is None:
        same = new is old
    elif isinstance(new, np.ndarray):
        same = bool(np.array_equal(new, old, equal_nan=new.dtype.kind == "f"))
    else:
        same = new == old or new is old
    if not same:
        raise TracingError(
            f"the compiled step does not repeat: {what} differs between the recording and the "
            "ordinary code. Something in the step changes from call to call without being an "
            "array of a Tensor: a Python counter, a plain NumPy array used as a buffer, random "
            "numbers drawn directly from a Generator. Keep it in a Tensor, draw through "
            "autodiff.live.uniform, or leave it outside the step"
        )
