"""Fourier transforms that are real: of signals with conjugate halves, of which one is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autodiff.functions.elementwise.complex_numbers import conjugate
from autodiff.functions.fourier.operands import scale_of
from autodiff.functions.fourier.real_transforms import Several, irfft, irfftn, rfft, rfftn
from autodiff.tensors.operands import as_operand
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["hfft", "hfft2", "hfftn", "ihfft", "ihfft2", "ihfftn"]


def hfft(x: TensorLike, n: int | None = None, axis: int = -1, norm: str | None = None) -> Tensor:
    """Transform of a signal with conjugate halves, of which one is given: real numbers.

    Args:
        x: the samples from 0 up; tensor or array.
        n: the number of frequencies, by default 2 · (samples - 1).
        axis: along which axis.
        norm: as for `fft`.

    Returns:
        Real numbers of the precision of ``x``, ``n`` along the axis.

    Raises:
        ShapeError: there is no such axis.
        ValueError: ``n`` or ``norm`` is none.

    Example:
        >>> hfft([1.0, 2.0, 3.0]).tolist()
        [8.0, -2.0, 0.0, -2.0]
    """
    return irfft(conjugate(as_operand(x)), n, axis, scale_of(norm, other_way=True))


def ihfft(x: TensorLike, n: int | None = None, axis: int = -1, norm: str | None = None) -> Tensor:
    """The inverse of `hfft`: the samples from 0 up; parameters as for `rfft`.

    Example:
        >>> ihfft([8.0, -2.0, 0.0, -2.0]).numpy().real.tolist()
        [1.0, 2.0, 3.0]
    """
    return conjugate(rfft(x, n, axis, scale_of(norm, other_way=True)))


def hfftn(
    x: TensorLike, s: Several = None, axes: Several = None, norm: str | None = None
) -> Tensor:
    """Transform along several axes of a signal with conjugate halves: real numbers.

    It is the `hfft` along the last axis of the `fftn` along the others.

    Args:
        x: the samples, along the last axis those from 0 up; tensor or array.
        s: the number of frequencies along each axis, by default that of samples, and
            2 · (samples - 1) along the last one; -1 stands for that of samples.
        axes: along which axes, by default all, or as many of the last ones as ``s`` has
            lengths.
        norm: as for `fft`.

    Returns:
        Real numbers of the precision of ``x``.

    Raises:
        ShapeError: there is no such axis, or ``s`` has not one length for each.
        ValueError: a length or ``norm`` is none, or there is no axis.

    Example:
        >>> hfftn([[1.0, 2.0], [3.0, 4.0]]).tolist()
        [[10.0, -2.0], [-4.0, 0.0]]
    """
    return irfftn(conjugate(as_operand(x)), s, axes, scale_of(norm, other_way=True))


def ihfftn(
    x: TensorLike, s: Several = None, axes: Several = None, norm: str | None = None
) -> Tensor:
    """The inverse of `hfftn`: half of the samples. Parameters as for `rfftn`.

    Example:
        >>> ihfftn([[10.0, -2.0], [-4.0, 0.0]]).numpy().real.tolist()
        [[1.0, 2.0], [3.0, 4.0]]
    """
    return conjugate(rfftn(x, s, axes, scale_of(norm, other_way=True)))


def hfft2(
    x: TensorLike, s: Several = None, axes: Several = (-2, -1), norm: str | None = None
) -> Tensor:
    """The `hfftn` of planes; parameters as there.

    Example:
        >>> hfft2([[[1.0, 2.0], [3.0, 4.0]]]).tolist()
        [[[10.0, -2.0], [-4.0, 0.0]]]
    """
    return hfftn(x, s, axes, norm)


def ihfft2(
    x: TensorLike, s: Several = None, axes: Several = (-2, -1), norm: str | None = None
) -> Tensor:
    """The inverse of `hfft2`; parameters as for `ihfftn`.

    Example:
        >>> ihfft2([[[10.0, -2.0], [-4.0, 0.0]]]).numpy().real.tolist()
        [[[1.0, 2.0], [3.0, 4.0]]]
    """
    return ihfftn(x, s, axes, norm)
