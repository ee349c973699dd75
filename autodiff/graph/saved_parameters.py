"""Arrays among an operation's parameters, kept from changing until its rules read them.

An index is the user's array, which may be filled anew long before the backward pass. So a
node that needs a gradient takes a copy of it; one that nobody can write into serves as it is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.backends.kinds import is_array, is_stand_in
from autodiff.backends.recorder import RECORDER

__all__ = ["saved_parameters"]

_FIXED = frozenset({int, slice, type(None), type(Ellipsis), bool})


def saved_parameters(params: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """The same parameters, those of the given names now in memory that nobody writes into.

    Within a recorded step they stay: it reads what it closes over anew in every call, and
    its backward pass is part of the same call.

    Example:
        >>> index = np.array([1, 2])
        >>> kept = saved_parameters({"index": (0, index)}, ("index",))["index"]
        >>> index[:] = 0
        >>> kept
        (0, array([1, 2]))
    """
    for name in names:
        value = params[name]
        if value.__class__ in _FIXED:
            continue
        parts = value if value.__class__ is tuple else (value,)
        for part in parts:
            if part.__class__ not in _FIXED:
                if RECORDER.get() is None:
                    params[name] = _own(value)
                break
    return params


def _own(value: Any) -> Any:
    kind = value.__class__
    if kind is np.ndarray:
        if value.base is None and not value.flags.writeable:
            return value
        own = value.copy()
        own.setflags(False)
        return own
    if kind is tuple:
        return tuple(map(_own, value))
    if is_array(value):
        return _own(np.asarray(value))
    if is_stand_in(value):
        held = _own(value.value)
        return value if held is value.value else value.interpreter.wrap(held)
    return value
