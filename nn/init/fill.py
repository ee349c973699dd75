"""The schemes as functions that fill a tensor in place, with PyTorch's names and defaults."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff import Tensor
from nn.init import plain, scaled

__all__ = [
    "constant_",
    "kaiming_normal_",
    "kaiming_uniform_",
    "lecun_normal_",
    "lecun_uniform_",
    "normal_",
    "ones_",
    "trunc_normal_",
    "uniform_",
    "xavier_normal_",
    "xavier_uniform_",
    "zeros_",
]

Rng = np.random.Generator | int | None


def _fill(tensor: Tensor, scheme: Callable[..., Any], *args: Any, rng: Rng) -> Tensor:
    if not isinstance(tensor, Tensor):
        raise TypeError(
            f"an in-place initialisation fills a Tensor or Parameter, not a "
            f"{type(tensor).__name__}; for a new array call {scheme.__name__}(shape)"
        )
    tensor.data = scheme(tensor.shape, *args, rng=rng, dtype=tensor.dtype)
    return tensor


def constant_(tensor: Tensor, val: float) -> Tensor:
    """Fill with one value; returns the tensor."""
    return _fill(tensor, plain.constant, val, rng=None)


def zeros_(tensor: Tensor) -> Tensor:
    """Fill with zeros; returns the tensor."""
    return _fill(tensor, plain.zeros, rng=None)


def ones_(tensor: Tensor) -> Tensor:
    """Fill with ones; returns the tensor."""
    return _fill(tensor, plain.ones, rng=None)


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, rng: Rng = None) -> Tensor:
    """Fill with normal draws, see `nn.init.normal`; returns the tensor."""
    return _fill(tensor, plain.normal, mean, std, rng=rng)


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, rng: Rng = None) -> Tensor:
    """Fill with draws from [a, b), see `nn.init.uniform`; returns the tensor."""
    return _fill(tensor, plain.uniform, a, b, rng=rng)


def trunc_normal_(tensor: Tensor, std: float = 1.0, rng: Rng = None) -> Tensor:
    """Fill with truncated normal draws, see `nn.init.truncated_normal`; returns the tensor.

    Unlike PyTorch's function of this name, ``std`` is that of the result, after the cut.
    """
    return _fill(tensor, plain.truncated_normal, std, rng=rng)


def lecun_normal_(tensor: Tensor, rng: Rng = None) -> Tensor:
    """Fill as `nn.init.lecun_normal` does; returns the tensor."""
    return _fill(tensor, scaled.lecun_normal, rng=rng)


def lecun_uniform_(tensor: Tensor, rng: Rng = None) -> Tensor:
    """Fill as `nn.init.lecun_uniform` does; returns the tensor."""
    return _fill(tensor, scaled.lecun_uniform, rng=rng)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, rng: Rng = None) -> Tensor:
    """Fill as `nn.init.xavier_normal` does; returns the tensor."""
    return _fill(tensor, scaled.xavier_normal, gain, rng=rng)


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, rng: Rng = None) -> Tensor:
    """Fill as `nn.init.xavier_uniform` does; returns the tensor.

    Example:
        >>> import nn
        >>> layer = nn.Linear(2, 4)
        >>> bool(abs(nn.init.xavier_uniform_(layer.weight).data).max() <= 1.0)
        True
    """
    return _fill(tensor, scaled.xavier_uniform, gain, rng=rng)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    rng: Rng = None,
) -> Tensor:
    """Fill as `nn.init.kaiming_normal` does; returns the tensor."""
    return _fill(tensor, scaled.kaiming_normal, a, mode, nonlinearity, rng=rng)


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    rng: Rng = None,
) -> Tensor:
    """Fill as `nn.init.kaiming_uniform` does; returns the tensor."""
    return _fill(tensor, scaled.kaiming_uniform, a, mode, nonlinearity, rng=rng)
