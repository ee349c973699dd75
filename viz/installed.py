"""What is installed beside this library."""

from __future__ import annotations

from importlib.util import find_spec

__all__ = ["importable"]


def importable(module: str) -> bool:
    """Whether a package could be imported, without importing it.

    >>> importable("numpy"), importable("no_such_package")
    (True, False)
    """
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False
