"""Where in the user's code a node was made."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType

from autodiff.writers.build import GENERATED

__all__ = ["Origin", "is_library", "line_of", "user_frame"]

Origin = tuple[str, int]

_ROOT = Path(__file__).resolve().parent.parent
_PACKAGES = tuple(f"{_ROOT / name}/" for name in ("autodiff", "nn", "viz"))
# Programs that come with the library, but use it as anybody's would.
_PROGRAMS = (f"{_ROOT / 'nn' / 'jobs'}/",)
_known: dict[str, bool] = {}
is_library: Callable[..., bool | None] = _known.get


def _classify(filename: str) -> bool:
    inside = not filename.startswith(_PROGRAMS) and (
        filename.startswith((*_PACKAGES, GENERATED))
        or filename.endswith(("contextlib.py", "functools.py"))
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
        filename = frame.f_code.co_filename
        inside = known(filename)
        if inside is None:
            inside = _classify(filename)
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
