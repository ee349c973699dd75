"""What normalisations of single channels share: γ, β and running figures of every channel."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from autodiff import Tensor, live
from autodiff.errors import ShapeError
from autodiff.extending import changed_before, raw
from nn.layers import making
from nn.module.base import Module
from nn.module.checks import nonnegative, share
from nn.module.dtypes import get_default_dtype
from nn.module.inputs import as_node, cast_input
from nn.module.parameter import Buffer, Parameter
from nn.module.resetting import Resettable

__all__ = ["ChannelNorm"]


class ChannelNorm(Resettable, Module):
    """Base of batch and instance normalisation, for any number of axes of space.

    Attributes:
        weight: γ, parameter of shape (C,), begins at 1; or None.
        bias: β, parameter of shape (C,), begins at 0; or None.
        running_mean: buffer of shape (C,), begins at 0; or None.
        running_var: buffer of shape (C,), begins at 1; or None.
        num_batches_tracked: buffer of shape (), the number of batches seen; or None.
        layouts: the shapes that are taken, for messages, by number of axes.
    """

    layouts: ClassVar[dict[int, str]] = {}
    _usual: ClassVar[dict[str, Any]] = {"eps": 1e-5, "momentum": 0.1}

    weight: Parameter | None
    bias: Parameter | None
    running_mean: Buffer | None
    running_var: Buffer | None
    num_batches_tracked: Buffer | None

    def __init__(
        self,
        num_features: int,
        eps: float,
        momentum: float | None,
        affine: bool,
        track_running_stats: bool,
        *,
        bias: bool,
        dtype: Any,
    ) -> None:
        super().__init__()
        self.num_features: int = making.whole(type(self).__name__, "num_features", num_features)
        self.eps: float = nonnegative(type(self).__name__, "eps", eps)
        self.momentum: float | None = momentum
        if momentum is not None:
            share(type(self).__name__, "momentum", momentum)
        kind = get_default_dtype() if dtype is None else dtype
        zeros, ones = np.zeros(self.num_features, kind), np.ones(self.num_features, kind)
        self.weight = Parameter(ones, role="scale") if affine else None
        self.bias = Parameter(zeros, role="bias") if affine and bias else None
        self.running_mean = Buffer(zeros) if track_running_stats else None
        self.running_var = Buffer(ones) if track_running_stats else None
        count = Buffer(np.zeros((), np.int64)) if track_running_stats else None
        self.num_batches_tracked = count

    def _input(self, given: Any) -> Tensor:
        """The input in the layer's float type, of one of its layouts."""
        own = self.running_mean if self.weight is None else self.weight
        x = as_node(given) if own is None else cast_input(given, own)
        layout = self.layouts.get(x.ndim)
        if layout is None or x.shape[1 if layout.startswith("N") else 0] != self.num_features:
            taken = " or ".join(f"({known})" for known in self.layouts.values())
            raise ShapeError(
                f"{type(self).__name__}({self.num_features}) takes inputs of shape "
                f"{taken.replace('C', str(self.num_features))}, and got {x.shape}"
            )
        return x

    def reset_running_stats(self) -> None:
        """Begin the running figures anew: mean 0, variance 1, no batches."""
        if self.running_mean is None or self.running_var is None:
            return
        self.running_mean.zero_()
        self.running_var.fill_(1)
        if self.num_batches_tracked is not None:
            self.num_batches_tracked.zero_()

    def _share(self) -> Any:
        """The weight of the next batch in the running figures, as a number of their dtype."""
        assert self.num_batches_tracked is not None
        assert self.running_mean is not None
        seen, kind = self.num_batches_tracked, self.running_mean.dtype
        if self.momentum is None:
            return np.divide(1.0, np.add(raw(seen), 1)).astype(kind)
        return live.number(vars(self), "momentum", kind)

    def _count(self) -> None:
        """Note that a batch has entered the running figures."""
        seen = self.num_batches_tracked
        assert seen is not None
        if not changed_before(seen):
            seen.data = np.add(raw(seen), 1, out=raw(seen))

    def extra_repr(self) -> str:
        """The number of channels, and what differs from the usual."""
        state = {
            "eps": self.eps,
            "momentum": self.momentum,
            "affine": self.weight is not None,
            "bias": self.bias is not None or self.weight is None,
            "track_running_stats": self.running_mean is not None,
        }
        changed = [f"{k}={v}" for k, v in state.items() if v != self._usual[k]]
        return ", ".join([str(self.num_features), *changed])
