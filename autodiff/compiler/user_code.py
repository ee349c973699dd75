"""Whose code something is: the user's own, or that of a library."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from autodiff.graph.origin import is_library_module

__all__ = ["is_users"]


def is_users(thing: Any) -> bool:
    """Whether a function, class or module is neither the library's nor one that is installed."""
    module = thing.__name__ if isinstance(thing, ModuleType) else thing.__module__
    root = str(module).partition(".")[0]
    if is_library_module(str(module)) or root in sys.stdlib_module_names:
        return False
    code = getattr(thing, "__code__", None)
    file = code.co_filename if code else getattr(sys.modules.get(root), "__file__", None)
    if root == "__main__" or file is None:
        return True
    return "site-packages" not in file and "dist-packages" not in file
