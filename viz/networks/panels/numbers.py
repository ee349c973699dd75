"""Numbers and names as they stand in a neuron, where there is little room."""

from __future__ import annotations

import math

from viz.text.formatting import number

__all__ = ["activation_name", "by", "short"]

_NAMES = {
    "": "linear",
    "f": "own function",
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "elu": "ELU",
    "selu": "SELU",
    "gelu": "GELU",
    "silu": "SiLU",
}


def short(x: float | None, digits: int = 3) -> str:
    """A number to three digits, and very small and large ones to one.

    >>> short(0.36221), short(-12345.0), short(3.2e-9), short(None), short(0.07)
    ('0.362', '−1·10⁴', '3·10⁻⁹', '—', '0.07')
    """
    if x is None:
        return "—"
    if x == 0 or not math.isfinite(x):
        return number(x)
    return number(x, digits if 9.995e-3 <= abs(x) < 999.5 else 1)


def activation_name(entry: str) -> str:
    """How an activation is called over its layer.

    >>> activation_name("relu"), activation_name("tanh"), activation_name("")
    ('ReLU', 'tanh', 'linear')
    """
    return _NAMES.get(entry, entry.replace("_", " "))


def by(loss: str, variable: str) -> str:
    """A derivative of the loss; a long name of it is not repeated everywhere.

    >>> by("L", "x₁"), by("training loss", "x₁")
    ('∂L/∂x₁', '∂L/∂x₁')
    """
    return f"∂{loss if len(loss) <= 2 else 'L'}/∂{variable}"
