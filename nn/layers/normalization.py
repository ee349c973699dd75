"""Batch normalisation."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import Tensor, live
from autodiff.errors import ShapeError
from autodiff.extending import raw
from nn.functional.normalization import batch_norm
from nn.module.base import Module
from nn.module.dtypes import get_default_dtype
from nn.module.inputs import as_node, cast_input
from nn.module.parameter import Buffer, Parameter

__all__ = ["BatchNorm1d"]


class BatchNorm1d(Module):
    """Batch normalisation of features (N, C) or of signals (N, C, L); see `batch_norm`.

    It computes in the float type of its parameters, or of its running figures if it has none.

    Args:
        num_features: C, the number of channels.
        eps: keeps the division finite.
        momentum: weight of each batch in the running figures; None for a plain average
            over all batches so far.
        affine: whether γ and β are learned.
        track_running_stats: whether figures for use after training are kept.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Attributes:
        weight: γ, parameter of shape (C,), begins at 1; or None.
        bias: β, parameter of shape (C,), begins at 0; or None.
        running_mean: buffer of shape (C,), begins at 0; or None.
        running_var: buffer of shape (C,), begins at 1; or None.
        num_batches_tracked: buffer of shape (), the number of batches seen; or None.

    Raises:
        ValueError: ``num_features`` is not a positive integer.

    Example:
        >>> y = BatchNorm1d(1)([[1.0], [3.0]])
        >>> [round(v, 3) for v, in y.tolist()]
        [-1.0, 1.0]
    """

    weight: Parameter | None
    bias: Parameter | None
    running_mean: Buffer | None
    running_var: Buffer | None
    num_batches_tracked: Buffer | None

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        *,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        if not isinstance(num_features, int | np.integer) or num_features < 1:
            raise ValueError(
                f"BatchNorm1d: num_features must be a positive integer, not {num_features!r}"
            )
        self.num_features: int = int(num_features)
        self.eps = eps
        self.momentum = momentum
        kind = get_default_dtype() if dtype is None else dtype
        zeros, ones = np.zeros(num_features, kind), np.ones(num_features, kind)
        self.weight = Parameter(ones, role="scale") if affine else None
        self.bias = Parameter(zeros, role="bias") if affine else None
        self.running_mean = Buffer(zeros) if track_running_stats else None
        self.running_var = Buffer(ones) if track_running_stats else None
        count = Buffer(np.zeros((), np.int64)) if track_running_stats else None
        self.num_batches_tracked = count

    def forward(self, x: Any) -> Tensor:
        """The normalised input, of the same shape."""
        own = self.running_mean if self.weight is None else self.weight
        x = as_node(x) if own is None else cast_input(x, own)
        shape = x.shape
        if len(shape) not in (2, 3) or shape[1] != self.num_features:
            raise ShapeError(
                f"BatchNorm1d({self.num_features}) takes inputs of shape (N, {self.num_features}) "
                f"or (N, {self.num_features}, L), and got {shape}"
            )
        return batch_norm(
            x,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training,
            self._share() if self.training and self.running_mean is not None else 0.0,
            live.setting(vars(self), "eps"),
        )

    def _share(self) -> Any:
        """Count the batch; its weight in the running figures, as a number of their dtype."""
        assert self.num_batches_tracked is not None
        assert self.running_mean is not None
        seen, kind = self.num_batches_tracked, self.running_mean.dtype
        seen.data = np.add(raw(seen), 1, out=raw(seen))
        if self.momentum is None:
            return np.divide(1.0, raw(seen)).astype(kind)
        return live.number(vars(self), "momentum", kind)

    def extra_repr(self) -> str:
        """The number of channels, and what differs from the usual."""
        usual = {"eps": 1e-5, "momentum": 0.1}
        changed = [f"{k}={getattr(self, k)}" for k, v in usual.items() if getattr(self, k) != v]
        changed += ["affine=False"] if self.weight is None else []
        changed += ["track_running_stats=False"] if self.running_mean is None else []
        return ", ".join([str(self.num_features), *changed])
