"""Momentum made orthogonal, for the matrices of hidden layers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from autodiff import Tensor
from nn.optim.hyperparameters import Range
from nn.optim.optimizer import Optimizer
from nn.optim.parameter_groups import Params, unnamed

__all__ = ["Muon"]


class Muon(Optimizer):
    """Momentum steps of matrices whose singular values are all brought near 1.

    b ← b + (1 − momentum) (g − b);  u = g + momentum (b − g) with Nesterov, else b;
    x = u / ‖u‖, then ``ns_steps`` times x ← a x + (b S + c S²) x with S = x xᵀ;
    p ← (1 − lr · weight_decay) p − lr · s · x, s being √max(1, rows / columns), or
    0.2 √max(rows, columns) with ``match_rms_adamw``.

    Source: Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024. The
    iteration is computed in the parameter's own float type; PyTorch does it in bfloat16.

    Args:
        params: parameters or dicts of them, see `Optimizer`.
        lr: learning rate, not negative; or a function of the number of steps made.
        weight_decay: share by which a parameter shrinks per step and unit of ``lr``.
        momentum: share of b that is kept, not negative.
        nesterov: look ahead.
        ns_coefficients: a, b and c.
        eps: the least norm that is divided by, not negative.
        ns_steps: how often the iteration is made, below 100.
        adjust_lr_fn: s: ``original`` (or None) or ``match_rms_adamw``.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> import nn
        >>> p = nn.Parameter([[3.0, 0.0], [0.0, 4.0]])
        >>> (p * p).sum().backward()
        >>> Muon([p], lr=1.0, weight_decay=0.0).step()
        >>> abs(p.tolist()[0][0] - 2.0) < 0.4
        True
    """

    decay: ClassVar[str] = "decoupled"
    ranges: ClassVar[Mapping[str, Any]] = {
        "lr": Range(),
        "weight_decay": Range(),
        "momentum": Range(),
        "nesterov": bool,
        "ns_coefficients": (Range(least=-math.inf),) * 3,
        "eps": Range(),
        "ns_steps": Range(below=100),
        "adjust_lr_fn": (None, "original", "match_rms_adamw"),
    }

    def __init__(
        self,
        params: Params,
        lr: float | Callable[[int], float] = 1e-3,
        weight_decay: float = 0.1,
        momentum: float = 0.95,
        nesterov: bool = True,
        ns_coefficients: tuple[float, float, float] = (3.4445, -4.775, 2.0315),
        eps: float = 1e-7,
        ns_steps: int = 5,
        adjust_lr_fn: str | None = None,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "weight_decay": weight_decay,
                "momentum": momentum,
                "nesterov": nesterov,
                "ns_coefficients": ns_coefficients,
                "eps": eps,
                "ns_steps": ns_steps,
                "adjust_lr_fn": adjust_lr_fn,
            },
        )

    def add_param_group(self, group: Mapping[str, Any]) -> None:
        """Take over more parameters, which must be matrices."""
        group = unnamed(group)
        params = group["params"]
        for number, p in enumerate(params):
            if isinstance(p, Tensor) and p.ndim != 2:
                raise ValueError(
                    f"Muon is for matrices, and parameter {number} has shape {p.shape}; give "
                    "biases, scales and embeddings to another optimizer, such as AdamW"
                )
        super().add_param_group(group)

    def start(self, p: Any, h: Any) -> dict[str, Any]:
        """No momentum."""
        return {"momentum_buffer": np.zeros_like(p)}

    def rule(self, p: Any, g: Any, state: Any, h: Any) -> Any:
        """p − lr · s · x."""
        b = state.momentum_buffer = state.momentum_buffer + (1 - h.momentum) * (
            g - state.momentum_buffer
        )
        u = g + h.momentum * (b - g) if h.nesterov else b
        rows, columns = p.shape
        x = u.T if rows > columns else u
        x = x / np.maximum(np.sqrt(np.sum(x * x)), h.eps)
        c1, c2, c3 = h.ns_coefficients
        for _ in range(h.ns_steps):
            s = x @ x.T
            x = c1 * x + (c2 * s + c3 * (s @ s)) @ x
        scale = math.sqrt(max(1, rows / columns))
        if h.adjust_lr_fn == "match_rms_adamw":
            scale = 0.2 * math.sqrt(max(rows, columns))
        return p - h.lr * scale * (x.T if rows > columns else x)
