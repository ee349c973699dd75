"""How everything prints that is no module: as the call that makes it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from os import PathLike, fspath
from typing import Any

import numpy as np

from autodiff import Tensor
from nn.module.tree import Part

__all__ = ["Shown", "brief"]

_NONE = object()
_MANY = 6
_LONGEST = 60
_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


class Shown:
    """Base of what prints as its class with its settings, as they are now.

    The settings are the arguments of the constructor that are kept under their own names, or under
    these with an underscore; those that are as usual are left out, and what is large is only named.

    Example:
        >>> class Every(Shown):
        ...     def __init__(self, steps, data=(), quiet=False):
        ...         self.steps, self.data, self.quiet = steps, data, quiet
        >>> Every(3), Every(4, list(range(99)), quiet=True)
        (Every(3), Every(4, data=list of 99, quiet=True))
    """

    def __repr__(self) -> str:
        said, by_name = [], False
        for parameter, value in self._settings():
            if value is _NONE:
                by_name = True
                continue
            usual = parameter.default
            if usual is not inspect.Parameter.empty:
                by_name = True
                if _same(value, usual):
                    continue
            said.append(f"{parameter.name}={brief(value)}" if by_name else brief(value))
        return f"{type(self).__name__}({', '.join(said)})"

    def _settings(self) -> Iterator[tuple[inspect.Parameter, Any]]:
        own = vars(self)
        _, *parameters = inspect.signature(type(self).__init__).parameters.values()
        for parameter in parameters:
            name = parameter.name
            if name != "rng" and parameter.kind not in _VARIADIC:
                yield parameter, own.get(name, own.get(f"_{name}", _NONE))


def brief(value: Any) -> str:
    """A value in few characters: large ones by their kind and size, models by their class."""
    if isinstance(value, Tensor | np.ndarray):
        return f"{value.dtype}{list(value.shape)}"
    if isinstance(value, Part):
        return type(value).__name__
    if isinstance(value, PathLike):
        return repr(fspath(value))
    if isinstance(value, list | tuple | dict | set | frozenset) and len(value) > _MANY:
        return f"{type(value).__name__} of {len(value)}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {brief(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(brief, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(brief, value))}{',' * (len(value) == 1)})"
    if callable(value) and hasattr(value, "__name__"):
        return str(value.__name__)
    text = repr(value)
    if isinstance(value, Shown) or (len(text) <= _LONGEST and "\n" not in text):
        return text
    count = f" of {len(value)}" if hasattr(value, "__len__") else ""
    return f"{type(value).__name__}{count}"


def _same(value: Any, usual: Any) -> bool:
    if isinstance(value, list | tuple):
        # What is kept as a list may be given as a tuple, and a pair as one number.
        same = isinstance(usual, list | tuple) and list(value) == list(usual)
        return same or (bool(value) and list(value) == [usual] * len(value))
    return type(value) is type(usual) and bool(value == usual)
