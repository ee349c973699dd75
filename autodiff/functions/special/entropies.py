"""Products with a logarithm, 0 where the first factor is: entropies and divergences.

Each takes tensors, arrays, numbers or Values, as those of `functions.elementwise`.
Their gradient is 0 where both operands are 0, and that of `entr` infinite at 0.
"""

from __future__ import annotations

from autodiff.functions.signatures import Binary, Unary, binary, unary
from autodiff.ops.special import entropies

__all__ = ["entr", "kl_div", "rel_entr", "xlog1py", "xlogy"]

xlogy: Binary = binary(entropies.xlogy)
xlog1py: Binary = binary(entropies.xlog1py)
entr: Unary = unary(entropies.entr)
rel_entr: Binary = binary(entropies.rel_entr)
kl_div: Binary = binary(entropies.kl_div)
