"""Docstrings of elementwise functions: the table's sentence, the derivative, an example.

What the symbolic interpreter says of the derivatives was written into `docstrings.txt` beside
this file (by ``make names``; a test compares it with the table), so that no start waits for it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from autodiff.ops.primitive import Elementwise

__all__ = ["docstring"]

_OPERAND = """Args:
    input: tensor, Value, array or number.

Returns:
    A `Tensor` of the operand's shape; of a Value, a `Value`.
"""
_OPERANDS = """The operands are tensors, Values, arrays and numbers, and broadcast as NumPy's do.

Returns:
    A `Tensor` of the broadcast shape; of Values and numbers, a `Value`.

Raises:
    ShapeError: the shapes do not broadcast.
"""


@cache
def _texts() -> dict[str, str]:
    text = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
    parts = (part.partition("]\n") for part in f"\n{text}".split("\n["))
    return {name: body for name, _, body in parts}


def docstring(entry: Elementwise) -> str:
    """What the function of an entry says of itself.

    Example:
        >>> from autodiff.ops.elementwise import hyperbolic
        >>> print(docstring(hyperbolic.tanh))
        Hyperbolic tangent.
        <BLANKLINE>
            d tanh(x)/dx = 1 − tanh(x)²
        <BLANKLINE>
        Args:
        ...
    """
    told, _, example = _texts().get(entry.name, "").partition("Example:\n")
    if not example:
        return entry.doc
    operands = _OPERAND if entry.arity == 1 else _OPERANDS
    return f"{entry.doc}\n\n{told}{operands}\nExample:\n{example}"
