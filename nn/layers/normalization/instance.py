"""Instance normalisation."""

from __future__ import annotations

from typing import Any, ClassVar

import autodiff as ad
from autodiff import Tensor, live
from nn.layers.normalization.channels import ChannelNorm

__all__ = ["InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d"]


class _InstanceNorm(ChannelNorm):
    _usual: ClassVar[dict[str, Any]] = {
        "eps": 1e-5,
        "momentum": 0.1,
        "affine": False,
        "bias": True,
        "track_running_stats": False,
    }

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        *,
        bias: bool = True,
        dtype: Any = None,
    ) -> None:
        if momentum is None and track_running_stats:
            raise ValueError(
                f"{type(self).__name__}: momentum=None leaves the running figures as they began "
                "for ever (in PyTorch, too); give a number, or track_running_stats=False"
            )
        super().__init__(
            num_features, eps, momentum, affine, track_running_stats, bias=bias, dtype=dtype
        )

    def forward(self, input: Any) -> Tensor:
        """The normalised input, of the same shape."""
        input = self._input(input)
        alone = input.ndim == min(self.layouts)
        mean, own = self.running_mean, self.training or self.running_mean is None
        y = ad.instance_norm(
            ad.expand_dims(input, 0) if alone else input,
            mean,
            self.running_var,
            self.weight,
            self.bias,
            own,
            live.number(vars(self), "momentum", mean.dtype) if own and mean is not None else 0.0,
            live.setting(vars(self), "eps"),
        )
        return y[0] if alone else y


class InstanceNorm1d(_InstanceNorm):
    """Normalisation of every channel of every signal, (N, C, L) or (C, L); see `instance_norm`.

    Args:
        num_features: C, the number of channels.
        eps: keeps the division finite.
        momentum: weight of each batch in the running figures.
        affine: whether γ and β are learned.
        track_running_stats: whether figures are kept that take the place of each signal's own
            after training.
        bias: whether β is among what is learned.
        dtype: floating dtype; `nn.get_default_dtype` if not given. A layer without parameters
            and figures computes in the float type of its input.

    Attributes:
        weight: γ, parameter of shape (C,), begins at 1; or None.
        bias: β, parameter of shape (C,), begins at 0; or None.
        running_mean: buffer of shape (C,), begins at 0; or None.
        running_var: buffer of shape (C,), begins at 1; or None.
        num_batches_tracked: buffer of shape (), stays 0, as in PyTorch; or None.

    Raises:
        ValueError: ``num_features`` is not a positive integer, or running figures are asked
            for with ``momentum=None``.

    Example:
        >>> y = InstanceNorm1d(1)([[[1.0, 3.0]], [[5.0, 5.0]]])
        >>> y.data.round(3).tolist()
        [[[-1.0, 1.0]], [[0.0, 0.0]]]
    """

    layouts: ClassVar[dict[int, str]] = {2: "C, L", 3: "N, C, L"}


class InstanceNorm2d(_InstanceNorm):
    """Normalisation of every channel of every image; arguments as those of `InstanceNorm1d`.

    Inputs are of shape (N, C, H, W) or (C, H, W).

    Example:
        >>> InstanceNorm2d(1)([[[1.0, 3.0]]]).data.round(3).tolist()
        [[[-1.0, 1.0]]]
    """

    layouts: ClassVar[dict[int, str]] = {3: "C, H, W", 4: "N, C, H, W"}


class InstanceNorm3d(_InstanceNorm):
    """Normalisation of every channel of every volume; arguments as those of `InstanceNorm1d`.

    Inputs are of shape (N, C, D, H, W) or (C, D, H, W).

    Example:
        >>> InstanceNorm3d(1)([[[[1.0, 3.0]]]]).data.round(3).tolist()
        [[[[-1.0, 1.0]]]]
    """

    layouts: ClassVar[dict[int, str]] = {4: "C, D, H, W", 5: "N, C, D, H, W"}
