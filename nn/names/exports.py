"""What a room exports: what the files of its families list."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

__all__ = ["exported"]


def exported(face: Mapping[str, Any]) -> list[str]:
    """The names that a room's ``__init__`` took from the lists of its families.

    Args:
        face: its globals, after ``from nn.room.family import *`` for each family.

    Returns:
        The names, family by family; what only helps inside the room is not among them.

    Example:
        >>> import nn
        >>> "Linear" in exported(vars(nn.layers)), "linear" in exported(vars(nn.layers))
        (True, False)
    """
    inside = f"{face['__name__']}."
    families = [module for name, module in list(sys.modules.items()) if name.startswith(inside)]
    lists = [getattr(family, "__all__", ()) for family in families]
    # A file that hands on another's name lists it, too.
    return list(dict.fromkeys(name for names in lists for name in names if name in face))
