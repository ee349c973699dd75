"""What a compiled step must look at anew in every call: settings, switches, random draws.

In ordinary code these functions just return the number. While `autodiff.compile`
records a step they also tell the recording where the number came from, so that a later
change of a learning rate, a model's mode or a generator's state is not missed.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import Any, Protocol

import numpy as np

from autodiff.errors import BatchingError
from autodiff.modes import current_mode

__all__ = ["RECORDER", "Recorder", "number", "setting", "truth", "uniform"]


class Recorder(Protocol):
    """What a recording offers to these functions, and to sweeps and optimizers.

    Attributes:
        subject: the tensor that is being updated, said by an optimizer.
    """

    subject: Any

    def operation(self, entry: Any) -> None:
        """An operation of the table was carried out by the calls made last."""

    def apart(self) -> AbstractContextManager[None]:
        """What is done inside is a part of its own, although it runs within a sweep."""

    def backward(self, node: Any = None) -> AbstractContextManager[None]:
        """What is done inside is the backward pass, of one node where one is given."""

    def update(self, owner: Any) -> AbstractContextManager[None]:
        """What is done inside is the update by an optimizer."""

    def stand_in(self, array: Any) -> Any:
        """A stand-in for an array from outside, whose numbers are read anew in every call."""

    def live_number(self, owner: Mapping[str, Any], key: str, dtype: Any) -> Any:
        """A stand-in for a number that is read anew in every call."""

    def guard(self, owner: Mapping[str, Any], key: str, *, exact: bool) -> None:
        """Record the step anew once ``owner[key]``, or only its truth, is another."""

    def uniform(self, rng: np.random.Generator, shape: tuple[int, ...], dtype: Any) -> Any:
        """A stand-in for numbers drawn anew in every call."""


RECORDER: ContextVar[Recorder | None] = ContextVar("glassgrad_recorder", default=None)
_numbers: dict[tuple[float, Any], Any] = {}


def number(owner: Mapping[str, Any], key: str, dtype: Any) -> Any:
    """A setting as a 0-d array, such as a learning rate.

    Args:
        owner: where it is kept.
        key: under which name.
        dtype: the dtype wanted.

    Returns:
        A read-only array without axes.

    Example:
        >>> float(number({"lr": 0.5}, "lr", np.float64))
        0.5
    """
    recorder = RECORDER.get()
    if recorder is not None:
        return recorder.live_number(owner, key, dtype)
    return plain_number(owner[key], dtype)


def plain_number(value: float, dtype: Any) -> Any:
    """A number as a read-only 0-d array, the same one for the same number."""
    if not value or value != value:
        return _made(value, dtype)
    found = _numbers.get((value, dtype))
    if found is None:
        if len(_numbers) > 4096:
            _numbers.clear()
        found = _numbers[value, dtype] = _made(value, dtype)
    return found


def _made(value: float, dtype: Any) -> Any:
    array = np.asarray(value, dtype)
    array.flags.writeable = False
    return array


def truth(owner: Mapping[str, Any], key: str) -> bool:
    """Whether a setting holds, such as a model's training mode, before branching on it.

    Example:
        >>> truth({"momentum": 0.9}, "momentum")
        True
    """
    recorder = RECORDER.get()
    if recorder is not None:
        recorder.guard(owner, key, exact=False)
    return bool(owner[key])


def setting(owner: Mapping[str, Any], key: str) -> Any:
    """A setting that decides what is computed, such as a number of groups.

    A recorded step is recorded anew when it is another one. For numbers that change
    often `number` is the better choice.

    Example:
        >>> setting({"axis": 1}, "axis")
        1
    """
    recorder = RECORDER.get()
    if recorder is not None:
        recorder.guard(owner, key, exact=True)
    return owner[key]


def uniform(rng: np.random.Generator, shape: tuple[int, ...], dtype: Any = np.float32) -> Any:
    """Numbers drawn evenly from [0, 1).

    Args:
        rng: the generator to draw from.
        shape: of the result.
        dtype: float32 or float64.

    Returns:
        An array.

    Raises:
        BatchingError: within `vmap`.

    Example:
        >>> uniform(np.random.default_rng(0), (2,)).shape
        (2,)
    """
    if current_mode().batches:
        raise BatchingError(
            f"random numbers of shape {shape} were to be drawn within vmap, where it is not said "
            "whether all examples shall have the same; draw them outside and map over them, or "
            "switch them off (model.eval())"
        )
    recorder = RECORDER.get()
    if recorder is not None:
        return recorder.uniform(rng, shape, dtype)
    return rng.random(shape, dtype=dtype)
