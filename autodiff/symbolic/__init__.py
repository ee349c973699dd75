"""The operation table run on symbols: formulas of derivatives, as text, LaTeX and source."""

from __future__ import annotations

from autodiff.symbolic.evaluate import evaluate
from autodiff.symbolic.expression import Apply, Constant, Expression, Symbol, free_symbols, lift
from autodiff.symbolic.namespace import SymbolNamespace, symbols_namespace
from autodiff.symbolic.partial import expand, partial_expression
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
