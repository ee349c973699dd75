"""Activations of neural networks, and the error function; see `piecewise` for more of them."""

from __future__ import annotations

from typing import Any

from autodiff.functions.signatures import Parametric, Unary, parametric, unary
from autodiff.ops.elementwise import activations

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
softplus: Unary = unary(activations.softplus)
relu: Unary = unary(activations.relu)
leaky_relu: Parametric = parametric(activations.leaky_relu)
elu: Parametric = parametric(activations.elu)
selu: Unary = unary(activations.selu)
silu: Unary = unary(activations.silu)
mish: Unary = unary(activations.mish)
gelu_tanh: Unary = unary(activations.gelu_tanh)
erf: Unary = unary(activations.erf)
erfc: Unary = unary(activations.erfc)
_gelu_exact = unary(activations.gelu)


def gelu(input: Any, approximate: str = "none") -> Any:
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
