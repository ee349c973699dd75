"""Generated source made into functions, and shown wherever Python shows source."""

from __future__ import annotations

import linecache
from collections.abc import Callable
from itertools import count
from typing import Any
from weakref import finalize

__all__ = ["GENERATED", "build"]

GENERATED: str = "<glassgrad "
"""How the file name of all generated code begins."""

_numbers: dict[str, count[int]] = {}


class _Listing:
    """Lies among the globals of generated code, so that its source is kept as long as they are."""

    __slots__ = ("__weakref__",)


def build(source: str, function: str, title: str, namespace: dict[str, Any]) -> Callable[..., Any]:
    r"""The function that generated source defines.

    `inspect.getsource`, tracebacks and debuggers find the source under a file name made of the
    title, until the function and all that it made are gone.

    Args:
        source: Python source that defines the function, and may define more beside it.
        function: its name in the source.
        title: what it is, in a few words; if several have one, they are numbered.
        namespace: what else the source refers to by name. It becomes the function's globals.

    Raises:
        SyntaxError: the source is not Python.

    Example:
        >>> import inspect
        >>> source = "def double(x):\n    return two * x\n"
        >>> double = build(source, "double", "example", {"two": 2})
        >>> double(21), double.__code__.co_filename
        (42, '<glassgrad example>')
        >>> print(inspect.getsource(double), end="")
        def double(x):
            return two * x
    """
    number = next(_numbers.setdefault(title, count(1)))
    name = f"{GENERATED}{title}>" if number == 1 else f"{GENERATED}{title} {number}>"
    # Without a time of change, which a file would have, `linecache` looks for no file.
    linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
    listing = namespace["__listing__"] = _Listing()
    finalize(listing, linecache.cache.pop, name, None).atexit = False
    exec(compile(source, name, "exec"), namespace)
    # Taken out of its own globals: as a circle, both would stay until the collector comes.
    made: Callable[..., Any] = namespace.pop(function)
    return made
