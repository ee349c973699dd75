"""Where the functions of arrays stand that are written for speed, or that NumPy lacks.

Their modules are loaded when one of them is first used: not every program needs them, and
all together take longer to load than the engine.
"""

from __future__ import annotations

__all__ = ["KERNELS", "SPECIAL_FUNCTIONS"]

_SPECIAL = {
    **dict.fromkeys("digamma gamma gammaln".split(), "gammas"),
    **dict.fromkeys("beta betaln hurwitz_zeta".split(), "zeta"),
    **dict.fromkeys("i0 i0e i1 i1e".split(), "modified_bessel"),
    **dict.fromkeys("j0 j1".split(), "bessel"),
    **dict.fromkeys(
        "gamma_density gammainc gammainc_derivative gammaincc".split(), "incomplete_gamma"
    ),
    **dict.fromkeys("erfcx erfinv ndtri".split(), "error_functions"),
    **dict.fromkeys("gelu gelu_slope silu_slope".split(), "gates"),
    "ndtr": "error_tails",
}
SPECIAL_FUNCTIONS = frozenset({"erf", "erfc", *_SPECIAL})
"""Elementwise functions that NumPy lacks and that are no composition of others."""

KERNELS = {
    **_SPECIAL,
    "convolution": "convolution",
    "convolution_input": "convolution",
    "convolution_weight": "convolution",
    **dict.fromkeys("exchanges lu permutation".split(), "elimination"),
    **dict.fromkeys(
        "cholesky cofactor cofactor_pull complement det eig eigh".split(), "linear_algebra"
    ),
    **dict.fromkeys(
        "expm expm_derivative inv pinv qr rank slogdet solve svd".split(), "linear_algebra"
    ),
    **dict.fromkeys("determined independent undetermined".split(), "degeneracy"),
    "label_loss": "labels",
    "silu": "gates",
    "subtract_label": "labels",
    "sqrtm": "roots",
    "sqrtm_derivative": "roots",
    "vector_norm": "norms",
    **dict.fromkeys("fft ifft irfft rfft".split(), "fourier"),
    **dict.fromkeys("max_pool max_pool_input max_pool_pick max_pool_places".split(), "pooling"),
    **dict.fromkeys("overlap_add window_spread window_sum windows".split(), "pooling"),
    "resample": "resampling",
    **dict.fromkeys("banded_recurrence log_banded_recurrence".split(), "recurrences"),
}
"""Functions written for speed that not every program uses, by their module in this package."""
