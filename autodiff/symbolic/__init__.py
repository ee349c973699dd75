"""The operation table run on symbols: an interpreter whose numbers are formulas.

`expression` says what a formula is, `namespace` is the ``xp`` that writes operations down,
`partial_derivatives` gives those of the table, `simplify` shortens (with `arithmetic` and
`constant_folding`), `strong_zeros` finds the zeros that a derivative chooses, `evaluate`
computes in any namespace. In come entries of the table, out come formulas, for `writers` to print.

May import ops.
"""

from __future__ import annotations

from autodiff.symbolic.evaluate import evaluate
from autodiff.symbolic.expression import Apply, Constant, Expression, Symbol, free_symbols, lift
from autodiff.symbolic.namespace import SymbolNamespace, symbols_namespace
from autodiff.symbolic.partial_derivatives import expand, partial_expression
from autodiff.symbolic.simplify import simplify

__all__ = [
    "Apply",
    "Constant",
    "Expression",
    "Symbol",
    "SymbolNamespace",
    "evaluate",
    "expand",
    "free_symbols",
    "lift",
    "partial_expression",
    "simplify",
    "symbols_namespace",
]
