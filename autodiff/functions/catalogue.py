"""Functions of any family, found by name and imported when first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from autodiff.names import FUNCTIONS

__all__ = ["find"]


def find(name: str) -> Any:
    """A function of one of the families.

    Raises:
        KeyError: no family has that name.

    Example:
        >>> find("tanh").__name__
        'tanh'
    """
    return getattr(import_module(FUNCTIONS[name]), name)
