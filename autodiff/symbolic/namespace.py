"""The namespace of symbols: what ``xp`` is when a rule of the table is run on formulas."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from autodiff.symbolic.expression import Apply, Constant, lift

__all__ = ["SymbolNamespace", "symbols_namespace"]

# NumPy's longer names of operations that the table knows by a shorter one.
_ALIASES = {"absolute": "abs", "true_divide": "divide", "pow": "power"}


class SymbolNamespace:
    """Every attribute is a function that writes itself down.

    Keyword arguments become the parameters of the operation; numbers among the
    operands become constants. ``pi``, ``e``, ``inf`` and ``nan`` are constants.

    Example:
        >>> from autodiff.symbolic import Symbol, symbols_namespace
        >>> from autodiff.writers.text import to_text
        >>> x = Symbol("x")
        >>> to_text(symbols_namespace.where(x > 0, 1.0, symbols_namespace.exp(x)))
        '1 if x > 0, else exp(x)'
    """

    pi: Constant = Constant(math.pi)
    e: Constant = Constant(math.e)
    inf: Constant = Constant(math.inf)
    nan: Constant = Constant(math.nan)

    def __getattr__(self, name: str) -> Callable[..., Apply]:
        if name.startswith("_"):
            raise AttributeError(f"the namespace of symbols has no operation named {name!r}")
        known = _ALIASES.get(name, name)

        def operation(*operands: Any, **params: Any) -> Apply:
            return Apply(known, tuple(lift(x) for x in operands), tuple(params.items()))

        return operation


symbols_namespace: SymbolNamespace = SymbolNamespace()
