"""What a module can be asked for by name, and where that is found out.

The statistics are worked out above the modules; they are found here by name when they are asked
for, so that a drawing need not know them.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

__all__ = ["VIEWS", "view"]

VIEWS = {
    "boundary": ("nn.inspect.inputs", "boundary"),
    "filters": ("nn.inspect.parameters", "filters"),
    "flow": ("nn.inspect.flow", "measure"),
    "saliency": ("nn.inspect.inputs", "saliency"),
    "surface": ("nn.inspect.parameters", "surface"),
}


def view(name: str) -> Callable[..., Any]:
    """The function that works out what has this name.

    Raises:
        ValueError: if there is nothing of that name.
    """
    if name not in VIEWS:
        raise ValueError(f"a module offers {', '.join(VIEWS)}, not {name!r}")
    home, function = VIEWS[name]
    found: Callable[..., Any] = getattr(import_module(home), function)
    return found
