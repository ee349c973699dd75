"""Batch normalisation."""

from __future__ import annotations

from typing import Any, ClassVar

from autodiff import Tensor, live
from nn.functional.normalization import batch_norm
from nn.layers.normalization.channels import ChannelNorm

__all__ = ["BatchNorm1d", "BatchNorm2d", "BatchNorm3d"]


class _BatchNorm(ChannelNorm):
    _usual: ClassVar[dict[str, Any]] = {
        "eps": 1e-5,
        "momentum": 0.1,
        "affine": True,
        "bias": True,
        "track_running_stats": True,
    }

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        *,
        bias: bool = True,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            num_features, eps, momentum, affine, track_running_stats, bias=bias, dtype=dtype
        )

    def forward(self, input: Any) -> Tensor:
        """The normalised input, of the same shape."""
        counts = self.training and self.running_mean is not None
        y = batch_norm(
            self._input(input),
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training,
            self._share() if counts else 0.0,
            live.setting(vars(self), "eps"),
        )
        if counts:
            self._count()
        return y


class BatchNorm1d(_BatchNorm):
    """Batch normalisation of features (N, C) or of signals (N, C, L); see `batch_norm`.

    It computes in the float type of its parameters, or of its running figures if it has none.

    Args:
        num_features: C, the number of channels.
        eps: keeps the division finite.
        momentum: weight of each batch in the running figures; None for a plain average
            over all batches so far.
        affine: whether γ and β are learned.
        track_running_stats: whether figures for use after training are kept.
        bias: whether β is among what is learned.
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

    layouts: ClassVar[dict[int, str]] = {2: "N, C", 3: "N, C, L"}


class BatchNorm2d(_BatchNorm):
    """Batch normalisation of images (N, C, H, W); arguments as those of `BatchNorm1d`.

    Example:
        >>> y = BatchNorm2d(1)([[[[1.0, 3.0]]]])
        >>> y.data.round(3).ravel().tolist()
        [-1.0, 1.0]
    """

    layouts: ClassVar[dict[int, str]] = {4: "N, C, H, W"}


class BatchNorm3d(_BatchNorm):
    """Batch normalisation of volumes (N, C, D, H, W); arguments as those of `BatchNorm1d`.

    Example:
        >>> y = BatchNorm3d(1)([[[[[1.0, 3.0]]]]])
        >>> y.data.round(3).ravel().tolist()
        [-1.0, 1.0]
    """

    layouts: ClassVar[dict[int, str]] = {5: "N, C, D, H, W"}
