"""Holding a recorded step against the ordinary code, bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.compiler.specialization import Specialization
from autodiff.compiler.trees import flatten
from autodiff.errors import TracingError
from autodiff.tensor import Tensor

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
    lasting = [v for v in known.emitted.bound if v.kind != "generator"]
    states = [generator.bit_generator.state for generator in generators]
    kept = [*(_array_of(v) for v in lasting), *arrays]
    kept += [v.source._grad for v in known.program.held]
    before = [a.copy() for a in kept]
    gradients = [(g.tensor, g.tensor._grad) for g in known.gradients]

    replayed = known(arrays)
    after = [np.array(_array_of(v)) for v in lasting]
    arguments = [a.copy() for a in arrays]
    replayed_gradients = [_copy(g.tensor._grad) for g in known.gradients]
    states_after = [generator.bit_generator.state for generator in generators]

    for array, old in zip(kept, before, strict=True):
        if array.flags.writeable:
            np.copyto(array, old)
    for tensor, gradient in gradients:
        tensor._grad = gradient
    for generator, state in zip(generators, states, strict=True):
        generator.bit_generator.state = state

    result = ordinary()
    new, old = flatten(result), flatten(replayed)
    _compare(len(new), len(old), "the number of things it returns")
    for x, y in zip(new, old, strict=True):
        _compare(_data(x), _data(y), "what it returns")
    for variable, array in zip(lasting, after, strict=True):
        owner = variable.name or f"an array of shape {variable.shape}"
        _compare(_array_of(variable), array, f"{owner!r} afterwards")
    for x, y in zip(arrays, arguments, strict=True):
        _compare(x, y, "an argument afterwards")
    for g, y in zip(known.gradients, replayed_gradients, strict=True):
        _compare(_data(g.tensor._grad), y, f"the gradient of {g.tensor.describe()}")
    for generator, state in zip(generators, states_after, strict=True):
        _compare(generator.bit_generator.state, state, "the state of a random generator afterwards")
    return result


def _array_of(variable: Any) -> Any:
    return variable.source._data if variable.kind == "state" else variable.source


def _copy(gradient: Any) -> Any:
    return None if gradient is None else np.array(_data(gradient))


def _data(x: Any) -> Any:
    if isinstance(x, np.generic):
        return np.asarray(x)
    return x._data if isinstance(x, Tensor) else x


def _compare(new: Any, old: Any, what: str) -> None:
    if isinstance(new, np.ndarray) and isinstance(old, np.ndarray):
        same = new.dtype == old.dtype and np.array_equal(new, old, equal_nan=new.dtype.kind in "fc")
    else:
        same = new is old or (type(new) is type(old) and repr(new) == repr(old))
    if not same:
        raise TracingError(
            f"the compiled step does not repeat: {what} differs between the recording and the "
            "ordinary code. Something in the step changes from call to call without being an "
            "array of a Tensor: a Python counter or list, a plain NumPy array used as a buffer, "
            "random numbers drawn directly from a Generator. Keep it in a Tensor, draw through "
            "autodiff.live.uniform, read settings through autodiff.live.number, or leave it "
            "outside the step"
        )
