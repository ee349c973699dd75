"""The frequencies of a transform, and their order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.backends.devices import check_device
from autodiff.dtypes import get_default_dtype
from autodiff.functions.shaping.shaping import place_of_axis, roll
from autodiff.tensors.operands import as_operand
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    import numpy.typing as npt

    from autodiff.typing import TensorLike

__all__ = ["fftfreq", "fftshift", "ifftshift", "rfftfreq"]


def fftfreq(
    n: int, d: float = 1.0, *, dtype: npt.DTypeLike | None = None, device: str | None = None
) -> Tensor:
    """The frequencies of the results of `fft`, in cycles per unit of the spacing.

    Args:
        n: the number of samples.
        d: the spacing of the samples.
        dtype: the type of the result, the default one by default.
        device: ``"cpu"`` or None.

    Returns:
        A constant of ``n`` numbers: from 0 up, then the negative ones.

    Example:
        >>> fftfreq(4).tolist()
        [0.0, 0.25, -0.5, -0.25]
    """
    check_device(device)
    return constant(np.fft.fftfreq(n, d).astype(dtype or get_default_dtype()))


def rfftfreq(
    n: int, d: float = 1.0, *, dtype: npt.DTypeLike | None = None, device: str | None = None
) -> Tensor:
    """The frequencies of the results of `rfft`; parameters as for `fftfreq`.

    Example:
        >>> rfftfreq(4).tolist()
        [0.0, 0.25, 0.5]
    """
    check_device(device)
    return constant(np.fft.rfftfreq(n, d).astype(dtype or get_default_dtype()))


def fftshift(x: TensorLike, axes: int | Sequence[int] | None = None) -> Tensor:
    """Frequency 0 moved to the middle.

    Args:
        x: tensor or array.
        axes: along which axes, all by default.

    Returns:
        The elements in the order of their frequencies.

    Raises:
        ShapeError: there is no such axis.

    Example:
        >>> fftshift([0.0, 1.0, -2.0, -1.0]).tolist()
        [-2.0, -1.0, 0.0, 1.0]
    """
    return _rolled(x, axes, 1)


def ifftshift(x: TensorLike, axes: int | Sequence[int] | None = None) -> Tensor:
    """The inverse of `fftshift`; parameters as there.

    Example:
        >>> ifftshift([-2.0, -1.0, 0.0, 1.0]).tolist()
        [0.0, 1.0, -2.0, -1.0]
    """
    return _rolled(x, axes, -1)


def _rolled(x: Any, axes: int | Sequence[int] | None, sign: int) -> Tensor:
    x = as_operand(x)
    given = range(x.ndim) if axes is None else [axes] if isinstance(axes, int) else axes
    places = tuple(place_of_axis(a, x.ndim) for a in given)
    return roll(x, tuple(sign * (x.shape[a] // 2) for a in places), places)
