"""Which arguments NumPy's functions look at for nodes: found out by calling them.

A function asks a node what to do only where NumPy's own code looks for one. `numpy.sum` looks
at its first argument, not into a list that is given there; `numpy.concatenate` looks into the
list; `numpy.asarray` looks at ``like=`` alone. What is not asked is converted, which a node
that needs a gradient refuses.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any, NamedTuple

__all__ = ["Dispatched", "dispatched_parameters"]


class Dispatched(NamedTuple):
    """The parameters of one of NumPy's functions at which a node is asked.

    Attributes:
        nodes: those at which it is asked when it is given itself.
        lists: those at which it is asked when it is an element of a list.
    """

    nodes: tuple[str, ...]
    lists: tuple[str, ...]


class _AskedError(Exception):
    """Raised by a probe that was asked."""


class _Probe:
    shape = (2,)

    def __len__(self) -> int:
        return 2

    def __getitem__(self, place: int) -> _Probe:
        if place not in (0, 1):
            raise IndexError
        return self

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        raise _AskedError

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        raise TypeError


@cache
def dispatched_parameters(function: Callable[..., Any]) -> Dispatched:
    """Where a function that others can take over asks them.

    Args:
        function: NumPy's function.

    Example:
        >>> import numpy as np
        >>> dispatched_parameters(np.concatenate)
        Dispatched(nodes=('arrays',), lists=('arrays',))
        >>> dispatched_parameters(np.searchsorted)
        Dispatched(nodes=('a', 'v', 'sorter'), lists=())
        >>> dispatched_parameters(np.asarray)
        Dispatched(nodes=(), lists=())
    """
    probe = _Probe()
    nodes = (name for name, call in _calls(function, probe) if _asks(call))
    lists = (name for name, call in _calls(function, [probe, probe]) if _asks(call))
    return Dispatched(tuple(nodes), tuple(lists))


def _calls(function: Callable[..., Any], given: Any) -> Iterator[tuple[str, Callable[[], Any]]]:
    """A call for each positional parameter, with something given there."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except ValueError:
        return
    needed = [p for p in parameters if p.kind in _POSITIONAL and p.default is p.empty]
    for place, parameter in enumerate(parameters):
        if parameter.kind not in (*_POSITIONAL, parameter.VAR_POSITIONAL):
            continue
        if parameter.name == "out":
            continue
        args: list[Any] = [[1.0] for _ in range(max(len(needed), place))]
        args[place : place + 1] = [given]
        yield parameter.name, partial(function, *args)


_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def _asks(call: Callable[[], Any]) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            call()
        except _AskedError:
            return True
        except Exception:
            return False
    return False
