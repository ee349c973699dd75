"""Activations of neural networks, and the error function; see `piecewise` for more of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autodiff.functions.signatures import Parametric, Unary, parametric, unary
from autodiff.ops.elementwise import activations

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "elu",
    "erf",
    "erfc",
    "gelu",
    "gelu_tanh",
    "leaky_relu",
    "mish",
    "relu",
    "selu",
    "sigmoid",
    "silu",
    "softplus",
]

sigmoid: Unary = unary(activations.sigmoid)
"""Logistic function 1 / (1 + exp(-x)); its derivative never exceeds 1/4.

d σ(x)/dx = σ(x) · (1 − σ(x)).
"""
softplus: Unary = unary(activations.softplus)
"""log(1 + exp(x)), a smooth `relu`. d softplus(x)/dx = σ(x)."""
relu: Unary = unary(activations.relu)
"""max(x, 0); derivative 0 at 0. d ReLU(x)/dx = 1 if x > 0, else 0."""
leaky_relu: Parametric = parametric(activations.leaky_relu)
"""x above 0 and negative_slope * x below.

f = LeakyReLU(x).
d f/dx = 1 if x > 0, else (min(max(negative_slope, 0), 1) if x = 0, else negative_slope).
"""
elu: Parametric = parametric(activations.elu)
"""x above 0 and alpha * (exp(x) - 1) below (Clevert et al., 2015).

f = ELU(x).
d f/dx = 1 if x > 0, else (min(max(alpha, 0), 1) if x = 0, else (alpha · exp(min(x, 0)))).
"""
selu: Unary = unary(activations.selu)
"""Scaled ELU that keeps activations near zero mean and unit variance (Klambauer, 2017).

d SELU(x)/dx = 1.051 if x ≥ 0, else (1.758 · exp(min(x, 0))).
"""
silu: Unary = unary(activations.silu)
"""x * sigmoid(x), also called swish. d SiLU(x)/dx = σ(x) · (1 + x · σ(−x))."""
mish: Unary = unary(activations.mish)
"""x * tanh(softplus(x)) (Misra, 2019).

d Mish(x)/dx = tanh(softplus(x)) + x · (1 − tanh(softplus(x))²) · σ(x).
"""
gelu_tanh: Unary = unary(activations.gelu_tanh)
"""The tanh approximation of `gelu`.

f = GELUₜ(x).
d f/dx: see `python -m autodiff show gelu_tanh`.
"""
erf: Unary = unary(activations.erf)
"""Error function. d erf(x)/dx = 1.128 · exp(−x²)."""
erfc: Unary = unary(activations.erfc)
"""Complementary error function 1 - erf(x), exact in the tail. d erfc(x)/dx = −1.128 · exp(−x²)."""
_gelu_exact = unary(activations.gelu)


def gelu(input: TensorLike, approximate: str = "none") -> Any:
    """Gaussian error linear unit, x·Φ(x) (Hendrycks and Gimpel, 2016).

    Args:
        input: tensor, value, array or number.
        approximate: ``"none"`` for the error function, ``"tanh"`` for the approximation.

    Returns:
        A node of the shape of ``input``.

    Raises:
        ValueError: ``approximate`` is neither.

    Example:
        >>> round(float(gelu(1.0).item()), 4)
        0.8413
    """
    if approximate == "none":
        return _gelu_exact(input)
    if approximate == "tanh":
        return gelu_tanh(input)
    raise ValueError(f"approximate must be 'none' or 'tanh', not {approximate!r}")
