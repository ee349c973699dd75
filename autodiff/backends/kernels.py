"""Where the functions of arrays stand that are written for speed, or that NumPy lacks.

Their modules are loaded when one of them is first used: not every program needs them, and
all together take longer to load than the engine.
"""

from __future__ import annotations

__all__ = ["KERNELS", "SPECIAL_FUNCTIONS"]

_SPECIAL = {
    "elementwise.gated_units": "gelu gelu_slope silu_slope",
    "special.bessel": "j0 j1",
    "special.error_functions": "erfcx erfinv ndtri",
    "special.error_tails": "ndtr",
    "special.gammas": "digamma gamma gammaln",
    "special.incomplete_gamma": "gamma_density gammainc gammainc_derivative gammaincc",
    "special.modified_bessel": "i0 i0e i1 i1e",
    "special.zeta": "beta betaln hurwitz_zeta",
}
_OTHERS = {
    "elementwise.gated_units": "silu",
    "fourier.fourier": "fft ifft irfft rfft",
    "images.convolution": "convolution convolution_input convolution_weight",
    "images.max_pooling": "max_pool max_pool_input max_pool_pick max_pool_places",
    "images.pooling": "overlap_add window_spread window_sum windows",
    "images.resampling": "resample",
    "linalg.degeneracy": "determined independent undetermined",
    "linalg.elimination": "exchanges lu permutation",
    "linalg.linear_algebra": "cholesky cofactor cofactor_pull complement det eig eigh "
    "expm expm_derivative inv pinv qr rank slogdet solve svd",
    "linalg.norms": "vector_norm",
    "linalg.roots": "sqrtm sqrtm_derivative",
    "networks.labels": "label_loss subtract_label",
    "networks.recurrences": "lstm_adjoint lstm_recurrence",
    "networks.affine": "affine_standardize affine_standardize_packed affine_standardize_pull",
    "networks.normalization": "mean_variance standardize standardize_pull",
    "reductions.finiteness": "require_finite",
    "reductions.recurrences": "banded_recurrence log_banded_recurrence",
}

KERNELS = {
    name: module
    for modules in (_SPECIAL, _OTHERS)
    for module, names in modules.items()
    for name in names.split()
}
"""Functions written for speed that not every program uses, by their module in this package."""

SPECIAL_FUNCTIONS = frozenset(f"erf erfc {' '.join(_SPECIAL.values())}".split())
"""Elementwise functions that NumPy lacks and that are no composition of others."""
