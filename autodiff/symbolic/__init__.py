"""The operation table run on symbols: formulas of derivatives, as text, LaTeX and source."""

from __future__ import annotations

from autodiff.symbolic.array_source import Kernel, numpy_inplace
from autodiff.symbolic.evaluate import evaluate
from autodiff.symbolic.expression import Apply, Constant, Expression, Symbol, free_symbols, lift
from autodiff.symbolic.namespace import SymbolNamespace, symbols_namespace
from autodiff.symbolic.partial import expand, partial_expression
from autodiff.symbolic.scalar_source import python_scalar
from autodiff.symbolic.simplify import simplify
from autodiff.symbolic.text import to_latex, to_text

__all__ = [
    "Apply",
    "Constant",
    "Expression",
    "Kernel",
    "Symbol",
    "SymbolNamespace",
    "evaluate",
    "expand",
    "free_symbols",
    "lift",
    "numpy_inplace",
    "partial_expression",
    "python_scalar",
    "simplify",
    "symbols_namespace",
    "to_latex",
    "to_text",
]
