"""Adam's scale from sums over rows and columns alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from nn.optim.hyperparameters import Range
from nn.optim.optimizer import Optimizer
from nn.optim.parameter_groups import Params

__all__ = ["Adafactor"]


class Adafactor(Optimizer):
    """Steps scaled by row and column means of the squared gradient, so that little is kept.

    β = 1 − t^beta2_decay;  of matrices R ← β R + (1 − β) mean over columns of g²,
    C ← likewise over rows,  v = R C / mean(R); of vectors v ← β v + (1 − β) g²;
    u = g / √v, divided by max(1, rms(u) / d);
    p ← p − max(ε₂, rms(p)) · min(lr, 1 / √t) · u.

    Source: Shazeer and Stern, "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost",
    2018, algorithms 4 and 5 with relative step sizes, in the form used by PyTorch.

    Args:
        params: parameters or dicts of them, see `Optimizer`.
        lr: largest relative step, not negative; or a function of the number of steps made.
        beta2_decay: power by which the mean grows longer, not above 0.
        eps: ε₁, the least √v (None for the distance from 1 to the next number), and ε₂, the
            least size of a parameter.
        d: largest root mean square of u, at least 1.
        weight_decay: share by which a parameter shrinks per step and unit of ``lr``.
        maximize: go up the gradient.
        foreach: see `Optimizer`.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> import nn
        >>> p = nn.Parameter([1.0])
        >>> (p * 3.0).sum().backward()
        >>> Adafactor([p], lr=0.5).step()
        >>> round(p.item(), 4)
        0.5
    """

    decay: ClassVar[str] = "own"
    ranges: ClassVar[Mapping[str, Any]] = {
        "lr": Range(),
        "beta2_decay": Range(least=-math.inf, most=0.0),
        "eps": (Range(optional=True), Range()),
        "d": Range(least=1.0),
        "weight_decay": Range(),
        "maximize": bool,
    }

    def __init__(
        self,
        params: Params,
        lr: float | Callable[[int], float] = 1e-2,
        beta2_decay: float = -0.8,
        eps: tuple[float | None, float] = (None, 1e-3),
        d: float = 1.0,
        weight_decay: float = 0.0,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "beta2_decay": beta2_decay,
                "eps": eps,
                "d": d,
                "weight_decay": weight_decay,
                "maximize": maximize,
            },
            foreach=foreach,
        )

    def start(self, p: Any, h: Any) -> dict[str, Any]:
        """No steps, and means of nothing: over rows and columns, or of each element."""
        if p.ndim < 2:
            return {"step": 0.0, "variance": np.zeros_like(p)}
        rows, columns = np.zeros_like(p[..., :1]), np.zeros_like(p[..., :1, :])
        return {"step": 0.0, "row_var": rows, "col_var": columns}

    def rule(self, p: Any, g: Any, state: Any, h: Any) -> Any:
        """p − max(ε₂, rms(p)) · min(lr, 1 / √t) · u."""
        least, smallest = h.eps
        least = float(np.finfo(p.dtype).eps) if least is None else least
        count = max(p.size, 1)
        t = state.step = state.step + 1
        new = t**h.beta2_decay
        square = g * g
        if p.ndim < 2:
            v = state.variance = state.variance + new * (square - state.variance)
        else:
            rows, columns = state.row_var, state.col_var
            rows = rows + new * (np.mean(square, axis=-1, keepdims=True) - rows)
            columns = columns + new * (np.mean(square, axis=-2, keepdims=True) - columns)
            state.row_var, state.col_var = rows, columns
            v = rows / np.maximum(np.mean(rows, axis=-2, keepdims=True), least) * columns
        u = g / np.sqrt(np.maximum(v, least * least))
        size = np.maximum(np.sqrt(np.sum(p * p) / count), smallest)
        excess = np.maximum(np.sqrt(np.sum(u * u) / count) / h.d, 1.0)
        kept = p * (1 - h.lr * h.weight_decay) if h.weight_decay else p
        return kept - size * np.minimum(h.lr, 1 / np.sqrt(t)) / excess * u
