"""The schemes as functions that fill a tensor in place, with PyTorch's names and defaults."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict, Unpack

import numpy as np

from autodiff import Tensor
from nn.init import plain, scaled, scaling, structured, truncated

__all__ = [
    "constant_",
    "dirac_",
    "eye_",
    "kaiming_normal_",
    "kaiming_uniform_",
    "lecun_normal_",
    "lecun_uniform_",
    "normal_",
    "ones_",
    "orthogonal_",
    "sparse_",
    "trunc_normal_",
    "truncated_normal_",
    "uniform_",
    "variance_scaling_",
    "xavier_normal_",
    "xavier_uniform_",
    "zeros_",
]

Rng = np.random.Generator | int | None


class Fans(TypedDict, total=False):
    """Which axes of a weight are which, where they are not the usual ones.

    Attributes:
        in_axis: the input axis, 1 if not given.
        out_axis: the output axis, 0 if not given.
        groups: groups of a grouped convolution.
    """

    in_axis: int
    out_axis: int
    groups: int


def _fill(tensor: Tensor, scheme: Callable[..., Any], *args: Any, **options: Any) -> Tensor:
    if not isinstance(tensor, Tensor):
        raise TypeError(
            f"an in-place initialisation fills a Tensor or Parameter, not a "
            f"{type(tensor).__name__}; for a new array call {scheme.__name__}(shape)"
        )
    tensor.data = scheme(tensor.shape, *args, dtype=tensor.dtype, **options)
    return tensor


def constant_(tensor: Tensor, val: float) -> Tensor:
    """Fill with one value; returns the tensor."""
    return _fill(tensor, plain.constant, val)


def zeros_(tensor: Tensor) -> Tensor:
    """Fill with zeros; returns the tensor."""
    return _fill(tensor, plain.zeros)


def ones_(tensor: Tensor) -> Tensor:
    """Fill with ones; returns the tensor."""
    return _fill(tensor, plain.ones)


def eye_(tensor: Tensor) -> Tensor:
    """Fill with the identity matrix, see `nn.init.eye`; returns the tensor."""
    return _fill(tensor, structured.eye)


def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    """Fill a kernel so that it passes channels on, see `nn.init.dirac`; returns the tensor."""
    return _fill(tensor, structured.dirac, groups)


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, rng: Rng = None) -> Tensor:
    """Fill with normal draws, see `nn.init.normal`; returns the tensor."""
    return _fill(tensor, plain.normal, mean, std, rng=rng)


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, rng: Rng = None) -> Tensor:
    """Fill with draws from [a, b), see `nn.init.uniform`; returns the tensor."""
    return _fill(tensor, plain.uniform, a, b, rng=rng)


def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    rng: Rng = None,
) -> Tensor:
    """Fill with normal draws between a and b, see `nn.init.trunc_normal`; returns the tensor.

    Example:
        >>> import nn
        >>> weight = nn.init.trunc_normal_(nn.Linear(8, 8).weight, std=0.02, a=-0.04, b=0.04)
        >>> bool(abs(weight.data).max() <= 0.04)
        True
    """
    return _fill(tensor, truncated.trunc_normal, mean, std, a, b, rng=rng)


def truncated_normal_(
    tensor: Tensor, std: float = 1.0, *, cut: float = 2.0, rng: Rng = None
) -> Tensor:
    """Fill with draws of this deviation after the cut, see `nn.init.truncated_normal`.

    Returns the tensor.
    """
    return _fill(tensor, truncated.truncated_normal, std, cut=cut, rng=rng)


def orthogonal_(tensor: Tensor, gain: float = 1.0, rng: Rng = None) -> Tensor:
    """Fill with an orthogonal matrix, see `nn.init.orthogonal`; returns the tensor."""
    return _fill(tensor, structured.orthogonal, gain, rng=rng)


def sparse_(tensor: Tensor, sparsity: float, std: float = 0.01, rng: Rng = None) -> Tensor:
    """Fill with normal draws and zeros, see `nn.init.sparse`; returns the tensor."""
    return _fill(tensor, structured.sparse, sparsity, std, rng=rng)


def variance_scaling_(
    tensor: Tensor,
    scale: float = 1.0,
    mode: str = "fan_in",
    distribution: str = "normal",
    rng: Rng = None,
    **fans: Unpack[Fans],
) -> Tensor:
    """Fill as `nn.init.variance_scaling` does; returns the tensor."""
    return _fill(tensor, scaling.variance_scaling, scale, mode, distribution, rng=rng, **fans)


def lecun_normal_(tensor: Tensor, rng: Rng = None, **fans: Unpack[Fans]) -> Tensor:
    """Fill as `nn.init.lecun_normal` does; returns the tensor."""
    return _fill(tensor, scaled.lecun_normal, rng=rng, **fans)


def lecun_uniform_(tensor: Tensor, rng: Rng = None, **fans: Unpack[Fans]) -> Tensor:
    """Fill as `nn.init.lecun_uniform` does; returns the tensor."""
    return _fill(tensor, scaled.lecun_uniform, rng=rng, **fans)


def xavier_normal_(
    tensor: Tensor, gain: float = 1.0, rng: Rng = None, **fans: Unpack[Fans]
) -> Tensor:
    """Fill as `nn.init.xavier_normal` does; returns the tensor."""
    return _fill(tensor, scaled.xavier_normal, gain, rng=rng, **fans)


def xavier_uniform_(
    tensor: Tensor, gain: float = 1.0, rng: Rng = None, **fans: Unpack[Fans]
) -> Tensor:
    """Fill as `nn.init.xavier_uniform` does; returns the tensor.

    Example:
        >>> import nn
        >>> layer = nn.Linear(2, 4)
        >>> bool(abs(nn.init.xavier_uniform_(layer.weight).data).max() <= 1.0)
        True
    """
    return _fill(tensor, scaled.xavier_uniform, gain, rng=rng, **fans)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    rng: Rng = None,
    **fans: Unpack[Fans],
) -> Tensor:
    """Fill as `nn.init.kaiming_normal` does; returns the tensor."""
    return _fill(tensor, scaled.kaiming_normal, a, mode, nonlinearity, rng=rng, **fans)


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    rng: Rng = None,
    **fans: Unpack[Fans],
) -> Tensor:
    """Fill as `nn.init.kaiming_uniform` does; returns the tensor."""
    return _fill(tensor, scaled.kaiming_uniform, a, mode, nonlinearity, rng=rng, **fans)
