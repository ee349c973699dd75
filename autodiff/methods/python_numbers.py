"""What Python's own functions do with a node: ``float(x)``, ``f"{x:.3f}"``, ``divmod(x, y)``.

To show a number, or to ask for it with ``item()``, loses nothing. What ``float``, ``int`` and
``complex`` give is computed with, and has no gradient: see `autodiff.ConversionWarning`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.functions.catalogue import find
from autodiff.methods.conversions import number_taken

__all__ = ["NUMBER_METHODS"]


def _shown(node: Any) -> Any:
    """The number of a node, of which nobody need be told."""
    data = node.data
    return data if isinstance(data, float) else node.item() if data.size != 1 else data.item()


def _float(self: Any) -> float:
    number = float(_shown(self))
    if self.requires_grad:
        number_taken(self, "float", number)
    return number


def _int(self: Any) -> int:
    number = int(_shown(self))
    if self.requires_grad:
        number_taken(self, "int", number)
    return number


def _complex(self: Any) -> complex:
    number = complex(_shown(self))
    if self.requires_grad:
        number_taken(self, "complex", number)
    return number


def _format(self: Any, spec: str) -> str:
    """The number in a format of Python's; of a tensor with axes each of its numbers."""
    if not spec:
        return str(self)
    if getattr(self, "ndim", 0) == 0:
        return format(_shown(self), spec)
    return np.array2string(
        self.data, separator=", ", formatter={"all": lambda number: format(number, spec)}
    )


def _round(self: Any, digits: int | None = None) -> Any:
    """The number rounded as Python does; a tensor with axes as a tensor."""
    if getattr(self, "ndim", 0) == 0:
        return round(_shown(self), digits)
    return find("round")(self, digits or 0)


def _divmod(self: Any, other: Any) -> tuple[Any, Any]:
    """The floor of the quotient and the remainder, as nodes."""
    return self // other, self % other


def _rdivmod(self: Any, other: Any) -> tuple[Any, Any]:
    return other // self, other % self


NUMBER_METHODS: dict[str, Any] = {
    "__float__": _float,
    "__int__": _int,
    "__complex__": _complex,
    "__format__": _format,
    "__round__": _round,
    "__divmod__": _divmod,
    "__rdivmod__": _rdivmod,
}
"""Methods of a `Value` and of a `Tensor`, by name."""
