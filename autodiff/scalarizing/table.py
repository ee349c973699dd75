"""How functions of arrays are carried out on arrays of Values: by function, or by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["REFUSED", "RULES", "Rule"]

Rule = Callable[..., Any]
"""``rule(interpreter, function, *args, **kwargs)``, with the arguments as they were given."""

RULES: dict[Any, Rule] = {}
"""By NumPy's function, or by the name of one of the library's own."""

_LAPACK = "is computed by LAPACK, whose steps are not arithmetic of the table"
_PIVOTS = "exchanges rows while it runs, which is no expression of its operands"
_COMPLEX = "computes with complex numbers, and a Value is one real number"
_MAPPED = "belongs to vmap, whose arrays hold all examples at once"
_CONVENTION = "has by convention the gradient of a symmetric matrix, not that of each element"
_CHOICE = "only says that something is not determined"

REFUSED: dict[str, str] = {
    **dict.fromkeys(
        "cholesky cofactor cofactor_pull det eig eigh expm expm_derivative inv pinv qr slogdet "
        "solve sqrtm sqrtm_derivative svd".split(),
        _LAPACK,
    ),
    **dict.fromkeys("fft ifft irfft rfft make_complex".split(), _COMPLEX),
    **dict.fromkeys(
        "enter_batch leave_batch share_in_batch spread_in_batch sum_of_batch".split(), _MAPPED
    ),
    **dict.fromkeys("complement independent undetermined".split(), _CHOICE),
    "lu": _PIVOTS,
    "mirror": _CONVENTION,
}
"""Entries that are not expanded, by name, with the reason."""
