"""What Python's own functions do with a node: ``float(x)``, ``f"{x:.3f}"``, ``divmod(x, y)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.functions.catalogue import find
from autodiff.graph import Node
from autodiff.methods.conversions import number_taken

__all__ = ["PythonNumber"]


class PythonNumber(Node):
    """A node of one element as a number of Python's.

    To show a number, or to ask for it with `item`, loses nothing. What ``float``, ``int`` and
    ``complex`` give is computed with, and has no gradient: see `autodiff.ConversionWarning`.
    """

    __slots__ = ()

    if TYPE_CHECKING:

        def item(self) -> Any: ...  # noqa: D102

    def __float__(self) -> float:
        number = float(self.item())
        if self.requires_grad:
            number_taken(self, "float")
        return number

    def __int__(self) -> int:
        number = int(self.item())
        if self.requires_grad:
            number_taken(self, "int")
        return number

    def __complex__(self) -> complex:
        number = complex(self.item())
        if self.requires_grad:
            number_taken(self, "complex")
        return number

    def __format__(self, spec: str) -> str:
        """The number in a format of Python's; of a tensor with axes each of its numbers."""
        if not spec:
            return str(self)
        if getattr(self, "ndim", 0) == 0:
            return format(self.item(), spec)
        shown: Any = self.data  # type: ignore[attr-defined]
        return np.array2string(
            shown, separator=", ", formatter={"all": lambda number: format(number, spec)}
        )

    def __round__(self, digits: int | None = None) -> Any:
        """The number rounded as Python does; a tensor with axes as a tensor."""
        if getattr(self, "ndim", 0) == 0:
            return round(self.item(), digits)
        return find("round")(self, digits or 0)

    def __divmod__(self, other: Any) -> tuple[Any, Any]:
        """The floor of the quotient and the remainder, as nodes."""
        x: Any = self
        return x // other, x % other

    def __rdivmod__(self, other: Any) -> tuple[Any, Any]:
        return other // self, other % self
