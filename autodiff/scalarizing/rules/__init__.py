"""How functions of arrays are carried out on arrays of Values, by family.

Each module enters its rules in the table when it is imported.
"""

from __future__ import annotations

from autodiff.scalarizing.rules import (
    arranging,
    chosen,
    elementwise,
    linear,
    products,
    recurrences,
    reductions,
)

__all__ = [
    "arranging",
    "chosen",
    "elementwise",
    "linear",
    "products",
    "recurrences",
    "reductions",
]
