"""Plain counterparts of the table's entries, a module for each family.

Every module here has a ``COUNTERPARTS``: for the name of an entry a function of plain
arrays that takes the operands and the entry's parameters, written with NumPy (or SciPy),
never with this library.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = ["gathered"]


def gathered() -> dict[str, Callable[..., Any]]:
    """The counterparts of all families."""
    found: dict[str, Callable[..., Any]] = {}
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        for name, function in import_module(f"{__name__}.{path.stem}").COUNTERPARTS.items():
            assert name not in found, f"{name} has two counterparts"
            found[name] = function
    return found
