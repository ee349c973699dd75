"""What a compiled step must look at anew in every call: settings, switches, random draws.

In ordinary code these functions just return the number. While `autodiff.compile`
records a step they also tell the recording where the number came from, so that a later
change of a learning rate, a model's mode or a generator's state is not missed. A class of the
library's whose objects read all settings here says so by ``settings_are_live = True``; they are
not watched in another way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autodiff.backends.recorder import RECORDER, Recorder, at_end
from autodiff.errors import BatchingError
from autodiff.graph.modes import current_mode

__all__ = ["COPIED", "RECORDER", "Recorder", "at_end", "number", "setting", "truth", "uniform"]


def __dir__() -> list[str]:
    return __all__


COPIED = "_copied_from"
"""Under this key a mapping that was copied within a recorded step has the original: what is the
same in both is read there, because it is there that somebody will change it."""


def _source(owner: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    original = owner.get(COPIED) if owner.__class__ is dict else None
    if original is None or original.get(key) is not owner[key]:
        return owner
    found: Mapping[str, Any] = original
    return found


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
        return recorder.live_number(_source(owner, key), key, dtype)
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
        recorder.guard(_source(owner, key), key, exact=False)
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
        recorder.guard(_source(owner, key), key, exact=True)
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
