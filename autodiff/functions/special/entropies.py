"""Products with a logarithm, 0 where the first factor is: entropies and divergences.

Each takes tensors, arrays, numbers or Values, as those of `functions.elementwise`.
Their gradient is 0 where both operands are 0, and that of `entr` infinite at 0.
"""

from __future__ import annotations

from autodiff.functions.signatures import Binary, Unary, binary, unary
from autodiff.ops.special import entropies

__all__ = ["entr", "kl_div", "rel_entr", "xlog1py", "xlogy"]

xlogy: Binary = binary(entropies.xlogy)
"""x · log(y), 0 where x is 0.

∂xlogy(x, y)/∂x = log(1 if (x = 0) and (y ≤ 0), else y).
∂xlogy(x, y)/∂y = 0 if (x = 0) and (y ≤ 0), else (x / (1 if (x = 0) and (y ≤ 0), else y)).
"""
xlog1py: Binary = binary(entropies.xlog1py)
"""x · log(1 + y), 0 where x is 0, exact for small y.

f = xlog1py(x, y).
∂f/∂x = log1p(0 if (x = 0) and (1 + y ≤ 0), else y).
∂f/∂y: see `python -m autodiff show xlog1py`.
"""
entr: Unary = unary(entropies.entr)
"""-x · log(x), 0 at 0 and -inf below: the entropy's summand. d entr(x)/dx = −log(x) − 1."""
rel_entr: Binary = binary(entropies.rel_entr)
"""x · log(x / y), the relative entropy's summand; 0 for x = 0, inf outside.

f = rel_entr(x, y).
∂f/∂x: see `python -m autodiff show rel_entr`.
∂f/∂y = −(0 if (x = 0) and (y ≤ 0), else (x / (1 if (x = 0) and (y ≤ 0), else y))).
"""
kl_div: Binary = binary(entropies.kl_div)
"""x · log(x / y) - x + y, never negative.

f = kl_div(x, y).
∂f/∂x: see `python -m autodiff show kl_div`.
∂f/∂y = 1 if (x = 0) and (y ≤ 0), else ((y − x) / (1 if (x = 0) and (y ≤ 0), else y)).
"""
