"""Special functions with SciPy's names, differentiable to every order; SciPy is not needed.

All are elementwise, for tensors, arrays and numbers, and for Values, except `logsumexp`,
`softmax` and `log_softmax`, which go along axes.

Example:
    >>> import autodiff as ad
    >>> p = ad.Tensor([0.5, 0.5, 0.0], requires_grad=True)
    >>> round(ad.special.entr(p).sum().item(), 4)
    0.6931
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autodiff.functions.elementwise.activations import erf, erfc, sigmoid
from autodiff.functions.elementwise.elementary import (
    cbrt,
    exprel,
    log_sigmoid,
    logit,
    sinc,
)
from autodiff.functions.elementwise.elementwise import exp2, expm1, log1p
from autodiff.functions.networks.probabilities import log_softmax, softmax
from autodiff.functions.reductions.reductions import logsumexp
from autodiff.functions.special.bessel import i0, i0e, i1, i1e, j0, j1
from autodiff.functions.special.entropies import entr, kl_div, rel_entr, xlog1py, xlogy
from autodiff.functions.special.error_functions import erfcinv, erfcx, erfinv, log_ndtr, ndtr, ndtri
from autodiff.functions.special.gammas import (
    beta,
    betaln,
    digamma,
    gamma,
    gammainc,
    gammaincc,
    gammaln,
    multigammaln,
    polygamma,
    zeta,
)

if TYPE_CHECKING:
    from autodiff.functions.signatures import Unary

__all__ = [
    "beta",
    "betaln",
    "cbrt",
    "digamma",
    "entr",
    "erf",
    "erfc",
    "erfcinv",
    "erfcx",
    "erfinv",
    "exp2",
    "expit",
    "expm1",
    "exprel",
    "gamma",
    "gammainc",
    "gammaincc",
    "gammaln",
    "i0",
    "i0e",
    "i1",
    "i1e",
    "j0",
    "j1",
    "kl_div",
    "log1p",
    "log_expit",
    "log_ndtr",
    "log_softmax",
    "logit",
    "logsumexp",
    "multigammaln",
    "ndtr",
    "ndtri",
    "polygamma",
    "psi",
    "rel_entr",
    "sinc",
    "softmax",
    "xlog1py",
    "xlogy",
    "zeta",
]


def __dir__() -> list[str]:
    return __all__


expit: Unary = sigmoid
log_expit: Unary = log_sigmoid
psi: Unary = digamma
