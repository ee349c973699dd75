"""Where the functions of arrays stand that are written for speed, or that NumPy lacks.

Their modules are loaded when one of them is first used: not every program needs them, and
all together take longer to load than the engine.
"""

from __future__ import annotations

__all__ = ["KERNELS", "SPECIAL_FUNCTIONS"]

_SPECIAL = {
    **dict.fromkeys("digamma gamma gammaln".split(), "special.gammas"),
    **dict.fromkeys("beta betaln hurwitz_zeta".split(), "special.zeta"),
    **dict.fromkeys("i0 i0e i1 i1e".split(), "special.modified_bessel"),
    **dict.fromkeys("j0 j1".split(), "special.bessel"),
    **dict.fromkeys(
        "gamma_density gammainc gammainc_derivative gammaincc".split(), "special.incomplete_gamma"
    ),
    **dict.fromkeys("erfcx erfinv ndtri".split(), "special.error_functions"),
    **dict.fromkeys("gelu gelu_slope silu_slope".split(), "elementwise.gates"),
    "ndtr": "special.error_tails",
}
SPECIAL_FUNCTIONS = frozenset({"erf", "erfc", *_SPECIAL})
"""Elementwise functions that NumPy lacks and that are no composition of others."""

KERNELS = {
    **_SPECIAL,
    "convolution": "images.convolution",
    "convolution_input": "images.convolution",
    "convolution_weight": "images.convolution",
    **dict.fromkeys("exchanges lu permutation".split(), "linalg.elimination"),
    **dict.fromkeys(
        "cholesky cofactor cofactor_pull complement det eig eigh".split(), "linalg.linear_algebra"
    ),
    **dict.fromkeys(
        "expm expm_derivative inv pinv qr rank slogdet solve svd".split(), "linalg.linear_algebra"
    ),
    **dict.fromkeys("determined independent undetermined".split(), "linalg.degeneracy"),
    "label_loss": "networks.labels",
    "silu": "elementwise.gates",
    "subtract_label": "networks.labels",
    "sqrtm": "linalg.roots",
    "sqrtm_derivative": "linalg.roots",
    "vector_norm": "linalg.norms",
    **dict.fromkeys("fft ifft irfft rfft".split(), "fourier.fourier"),
    **dict.fromkeys(
        "max_pool max_pool_input max_pool_pick max_pool_places".split(), "images.pooling"
    ),
    **dict.fromkeys("overlap_add window_spread window_sum windows".split(), "images.pooling"),
    "resample": "images.resampling",
    **dict.fromkeys("banded_recurrence log_banded_recurrence".split(), "reductions.recurrences"),
}
"""Functions written for speed that not every program uses, by their module in this package."""
