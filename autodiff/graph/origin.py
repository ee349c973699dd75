"""Where in the user's code a node was made.

Code of a library is passed over on the way there. A package says that it is one by
``__glassgrad_library__ = True`` in its ``__init__``, for all that is in it; a package inside
of it that uses the library as anybody's program would says ``False``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

from autodiff.writers.build import GENERATED

__all__ = [
    "Origin",
    "is_library",
    "is_library_module",
    "is_of_library",
    "line_of",
    "made_by",
    "user_frame",
]

Origin = tuple[str, int]

_known: dict[str, bool] = {}
is_library: Callable[..., bool | None] = _known.get
"""Whether a file that was met is a library's; None for one that was not."""


def is_library_module(name: str) -> bool:
    """Whether a module belongs to a package that says to be a library.

    Example:
        >>> is_library_module("autodiff.ops.reductions"), is_library_module("json.decoder")
        (True, False)
    """
    while name:
        # Not by getattr, which may load what a package loads lazily.
        said = getattr(sys.modules.get(name), "__dict__", {}).get("__glassgrad_library__")
        if said is not None:
            return bool(said)
        name = name.rpartition(".")[0]
    return False


def is_of_library(frame: FrameType) -> bool:
    """Whether a library's code runs in a frame, or what Python does on its behalf."""
    filename = frame.f_code.co_filename
    inside = _known.get(filename)
    if inside is None:
        if filename.startswith("<"):
            inside = filename.startswith(GENERATED)
        else:
            inside = filename.endswith(("contextlib.py", "functools.py")) or is_library_module(
                frame.f_globals.get("__name__", "")
            )
        _known[filename] = inside
    return inside


def user_frame(depth: int) -> FrameType:
    """The innermost frame that is not the library's own.

    Args:
        depth: how many frames above the caller's to begin, at least 1.

    Returns:
        The first frame outside the library's packages; if there is none, the outermost.
    """
    frame = sys._getframe(depth)
    known = is_library
    while True:
        inside = known(frame.f_code.co_filename)
        if inside is None:
            inside = is_of_library(frame)
        if not inside:
            return frame
        outer = frame.f_back
        if outer is None:
            return frame
        frame = outer


def line_of(code: CodeType, instruction: int) -> Origin:
    """File and line of an instruction.

    Args:
        code: the code object.
        instruction: offset of the instruction in it (a frame's ``f_lasti``).

    Returns:
        The file name and the line number, counted from 1.
    """
    for start, stop, line in code.co_lines():
        if start <= instruction < stop and line is not None:
            return code.co_filename, line
    return code.co_filename, code.co_firstlineno


def made_by(node: Any) -> tuple[CodeType, int] | None:
    """The code and the instruction in it that made a node; None where they were not recorded.

    Example:
        >>> import autodiff as ad
        >>> y = ad.Value(2.0) * 3.0
        >>> made_by(y)[0].co_name, made_by(ad.Value(1.0))
        ('<module>', None)
    """
    code = getattr(node, "_code", None)
    return None if code is None else (code, getattr(node, "_instruction", 0))
