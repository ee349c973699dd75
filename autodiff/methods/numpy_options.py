"""A call of NumPy's function as a call of this library's function of the same name."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

__all__ = ["translated"]

# NumPy has both names for each.
_SHORTER = {"a_min": "min", "a_max": "max"}
_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


@cache
def _parameters(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    try:
        return dict(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return {}


def translated(
    theirs: Callable[..., Any],
    title: str,
    own: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments for ``own`` that mean what they mean for NumPy's function.

    Options that ours has not are left out where they say what is done anyway.

    Args:
        theirs: NumPy's function.
        title: what it is called, for messages.
        own: this library's function.
        args: positional arguments for NumPy's.
        kwargs: keyword arguments for NumPy's.

    Returns:
        Positional and keyword arguments.

    Raises:
        TypeError: an option has no counterpart.
    """
    if len(args) == 1 and not kwargs:
        return args, kwargs
    given, ours = _parameters(theirs), _parameters(own)
    if not given:
        return args, kwargs
    open_ended = any(p.kind is p.VAR_KEYWORD for p in ours.values())
    if any(p.kind is p.VAR_POSITIONAL for p in given.values()):
        names: list[str] = []
    else:
        names = [_SHORTER.get(name, name) for name in given]
    kwargs = {_SHORTER.get(name, name): value for name, value in kwargs.items()}
    places = [name for name, p in ours.items() if p.kind in _POSITIONAL]
    listed = any(p.kind is p.VAR_POSITIONAL for p in ours.values())
    # What NumPy calls otherwise is known by its place.
    while len(args) < len(names) and names[len(args)] in kwargs.keys() - ours.keys() - {"out"}:
        args = (*args, kwargs.pop(names[len(args)]))
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for i, arg in enumerate(args):
        name = names[i] if i < len(names) else ""
        here = places[i] if i < len(places) else ""
        fits = here and (here == name or here not in given) and name not in ours
        if i == len(positional) and (not name or listed or here == name or fits):
            positional.append(arg)
        else:
            named[name] = arg
    named |= kwargs
    for name in places[len(positional) :]:
        if name not in named or ours[name].kind is not inspect.Parameter.POSITIONAL_ONLY:
            break
        positional.append(named.pop(name))
    for name, arg in named.items():
        if not (open_ended or name in ours or _is_default(given.get(name), arg)):
            raise TypeError(
                f"{title} was given {name}={arg!r}, an option that {own.__name__} of autodiff "
                f"does not have; it takes {', '.join(ours)}"
            )
    kept = {name: arg for name, arg in named.items() if open_ended or name in ours}
    no_value = getattr(np, "_NoValue", None)
    return tuple(positional), {name: arg for name, arg in kept.items() if arg is not no_value}


def _is_default(parameter: inspect.Parameter | None, value: Any) -> bool:
    if value is None or value is getattr(np, "_NoValue", None):
        return True
    default = inspect.Parameter.empty if parameter is None else parameter.default
    return bool(type(value) is type(default) and value == default)
