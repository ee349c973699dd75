"""The other library's names of functions and options, as this library's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autodiff as ad

__all__ = ["by_name"]

OPTIONS = {"dim": "axis", "keepdim": "keepdims", "dims": "axis"}

NAMES = {
    "arctan2": "atan2", "cat": "concatenate", "clamp": "clip", "mul": "multiply",
    "neg": "negative", "sub": "subtract", "movedim": "moveaxis",
    "unsqueeze": "expand_dims", "permute": "permute_dims", "sgn": "sign",
    "i0": "i0", "conj_physical": "conj", "resolve_conj": "positive", "resolve_neg": "positive",
    "contiguous": "positive", "clone": "positive", "view": "reshape", "trapz": "trapezoid",
    "take_along_dim": "take_along_axis", "logsigmoid": "log_sigmoid", "pinverse": "linalg.pinv",
    "cholesky": "linalg.cholesky", "qr": "linalg.qr", "logdet": "linalg.logdet",
    "matrix_exp": "linalg.expm", "mvlgamma": "multigammaln", "mm": "matmul", "bmm": "matmul",
    "mv": "matmul", "true_divide": "divide", "lgamma": "lgamma", "flatten": "ravel",
    "view_copy": "reshape", "permute_copy": "permute_dims", "unsqueeze_copy": "expand_dims",
    "expand_copy": "broadcast_to", "expand": "broadcast_to", "squeeze_copy": "squeeze",
    "diagonal_copy": "diagonal", "transpose_copy": "swapaxes", "transpose": "swapaxes",
    "div": "divide", "rsub": "rsub", "pow": "power", "clamp_max": "minimum",
    "clamp_min": "maximum", "vsplit": "vsplit", "matrix_norm": "matrix_norm", "dim": "axis",
}  # fmt: skip


def by_name(name: str) -> Callable[..., Any] | None:
    """This library's function for an operator of the database, if it has one."""
    space, _, base = name.rpartition(".")
    base = NAMES.get(base, base)
    if "." in base:
        space, _, base = base.rpartition(".")
    if space == "masked" and base not in ("normalize",):
        return None
    homes = {"linalg": [ad.linalg], "fft": [ad.fft], "special": [ad.special, ad]}.get(space, [ad])
    for home in homes:
        if base in home.__all__:
            return _with_options(getattr(home, base))
    return None


def _with_options(function: Callable[..., Any]) -> Callable[..., Any]:
    def renamed(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **{OPTIONS.get(key, key): value for key, value in kwargs.items()})

    return renamed
