"""Products with a logarithm, 0 where the first factor is: entropies and divergences.

Each takes tensors, arrays, numbers or Values, as those of `autodiff.functions.elementwise`.
Their gradient is 0 where both operands are 0, and that of `entr` infinite at 0.
"""

from __future__ import annotations

from autodiff.operations import elementwise_function as _function
from autodiff.ops import entropies

__all__ = ["entr", "kl_div", "rel_entr", "xlog1py", "xlogy"]

xlogy = _function(entropies.xlogy)
xlog1py = _function(entropies.xlog1py)
entr = _function(entropies.entr)
rel_entr = _function(entropies.rel_entr)
kl_div = _function(entropies.kl_div)
