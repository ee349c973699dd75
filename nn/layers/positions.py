"""Layers that tell a sequence where its elements stand."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor, live
from autodiff.errors import ShapeError
from nn.functional.positions import rotary_embedding, sinusoidal_positions
from nn.init import normal
from nn.layers import making
from nn.module.base import Module
from nn.module.dtypes import get_default_dtype
from nn.module.inputs import as_node, cast_input
from nn.module.parameter import Parameter

__all__ = ["LearnedPositions", "RotaryPositions", "SinusoidalPositions"]


class _Added(Module):
    """Base of what adds a row for every position."""

    d_model: int
    batch_first: bool

    def _length(self, x: Tensor) -> int:
        if x.ndim not in (2, 3) or x.shape[-1] != self.d_model:
            layout = f"(N, L, {self.d_model})" if self.batch_first else f"(L, N, {self.d_model})"
            raise ShapeError(
                f"{type(self).__name__}({self.extra_repr()}) takes sequences of shape {layout} or "
                f"(L, {self.d_model}), and got {x.shape}"
            )
        return x.shape[1 if self.batch_first and x.ndim == 3 else 0]

    def _beside(self, rows: Any, x: Tensor) -> Any:
        """The rows (L, E) as they are added: beside the batch, where it comes second."""
        return ad.expand_dims(rows, 1) if x.ndim == 3 and not self.batch_first else rows


class SinusoidalPositions(_Added):
    """Adds sines and cosines of the position; see `sinusoidal_positions`.

    Args:
        d_model: E, the features of the sequence.
        base: the wavelengths go from 2π to nearly 2π · base.
        batch_first: whether sequences are (N, L, E), not (L, N, E).

    It has no parameters, takes any length, and computes in the float type of its input.

    Example:
        >>> layer = SinusoidalPositions(2)
        >>> layer([[5.0, 0.0], [5.0, 0.0]]).data.round(3).tolist()
        [[5.0, 1.0], [5.841, 0.54]]
    """

    def __init__(self, d_model: int, base: float = 10000.0, batch_first: bool = False) -> None:
        super().__init__()
        self.d_model: int = making.whole("SinusoidalPositions", "d_model", d_model)
        self.base: float = base
        self.batch_first: bool = batch_first

    def forward(self, x: Any) -> Tensor:
        """The sequence with its positions, of the same shape: (L, N, E), (N, L, E) or (L, E)."""
        x = as_node(x)
        if x.dtype.kind != "f":
            x = ad.astype(x, get_default_dtype())
        base = live.setting(vars(self), "base")
        rows = sinusoidal_positions(self._length(x), self.d_model, base=base, dtype=x.dtype)
        y: Tensor = x + self._beside(rows, x)
        return y

    def extra_repr(self) -> str:
        """Features, and what differs from the usual."""
        parts = [str(self.d_model)]
        parts += [f"base={self.base:g}"] if self.base != 10000.0 else []
        parts += ["batch_first=True"] if self.batch_first else []
        return ", ".join(parts)


class LearnedPositions(_Added):
    """Adds a vector for every position that is learned.

    Args:
        max_len: how long sequences may be.
        d_model: E, their features.
        batch_first: whether sequences are (N, L, E), not (L, N, E).
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Attributes:
        weight: parameter of shape (max_len, E), begins as N(0, 0.02²).

    Raises:
        ValueError: a size is not a positive integer.

    Example:
        >>> layer = LearnedPositions(5, 2)
        >>> layer.weight.data = np.arange(10.0).reshape(5, 2)
        >>> layer(np.zeros((3, 2))).tolist()
        [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]
    """

    weight: Parameter

    def __init__(
        self,
        max_len: int,
        d_model: int,
        batch_first: bool = False,
        *,
        rng: np.random.Generator | int | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.max_len: int = making.whole("LearnedPositions", "max_len", max_len)
        self.d_model: int = making.whole("LearnedPositions", "d_model", d_model)
        self.batch_first: bool = batch_first
        shape = (self.max_len, self.d_model)
        drawn = normal(shape, std=0.02, rng=ad.random.generator(rng), dtype=dtype)
        self.weight = Parameter(drawn, role="weight")

    def forward(self, x: Any) -> Tensor:
        """The sequence with its positions, of the same shape: (L, N, E), (N, L, E) or (L, E)."""
        x = cast_input(x, self.weight)
        length = self._length(x)
        if length > self.max_len:
            raise ShapeError(
                f"LearnedPositions({self.extra_repr()}) knows {self.max_len} positions, and got a "
                f"sequence of {length}, of shape {x.shape}; make max_len larger"
            )
        y: Tensor = x + self._beside(self.weight[:length], x)
        return y

    def extra_repr(self) -> str:
        """The longest length, features, and the layout if it is the other one."""
        turned = ", batch_first=True" if self.batch_first else ""
        return f"{self.max_len}, {self.d_model}{turned}"


class RotaryPositions(Module):
    """Turns pairs of features of queries and keys by their position; see `rotary_embedding`.

    Args:
        base: the slowest of the turns takes nearly 2π · base positions.

    Inputs are of shape (…, L, D), as for `autodiff.scaled_dot_product_attention`: call it with
    the queries and with the keys of every head, before that.

    Example:
        >>> RotaryPositions()([[1.0, 0.0], [1.0, 0.0]]).data.round(3).tolist()
        [[1.0, 0.0], [0.54, 0.841]]
    """

    def __init__(self, base: float = 10000.0) -> None:
        super().__init__()
        self.base: float = base

    def forward(self, x: Any, offset: int = 0) -> Tensor:
        """The input turned, of the same shape; ``offset`` is the position of the first."""
        return rotary_embedding(x, offset=offset, base=live.setting(vars(self), "base"))

    def extra_repr(self) -> str:
        """The base."""
        return f"base={self.base:g}"
