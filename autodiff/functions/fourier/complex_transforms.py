"""Fourier transforms of complex (or real) numbers, along one axis or several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autodiff.functions.fourier.operands import lengths, resized, scale_of
from autodiff.ops.fourier import fourier
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["fft", "fft2", "fftn", "ifft", "ifft2", "ifftn"]


def fft(x: TensorLike, n: int | None = None, axis: int = -1, norm: str | None = None) -> Tensor:
    """Discrete Fourier transform Σ_j x_j exp(-2πi jk/n) along an axis.

    Args:
        x: tensor or array, real or complex.
        n: cut or fill up with zeros to this length, its own by default.
        axis: along which axis.
        norm: ``"backward"`` (the default) divides by n in the inverse transform,
            ``"forward"`` in this one, ``"ortho"`` by √n in both.

    Returns:
        Complex numbers of the precision of ``x``, ``n`` along the axis.

    Raises:
        ShapeError: there is no such axis.
        ValueError: ``n`` or ``norm`` is none.

    Derivative: of the result's gradient g, x receives FFT(g).

    Example:
        >>> fft([1.0, 2.0, 3.0, 4.0]).tolist()
        [(10+0j), (-2+2j), (-2+0j), (-2-2j)]
    """
    return apply(fourier.fft, resized(x, n, axis), axes=(axis,), norm=scale_of(norm))


def ifft(x: TensorLike, n: int | None = None, axis: int = -1, norm: str | None = None) -> Tensor:
    """Inverse discrete Fourier transform; parameters as for `fft`.

    Derivative: of the result's gradient g, x receives IFFT(g).

    Example:
        >>> ifft([10.0, -2 + 2j, -2.0, -2 - 2j]).numpy().real.tolist()
        [1.0, 2.0, 3.0, 4.0]
    """
    return apply(fourier.ifft, resized(x, n, axis), axes=(axis,), norm=scale_of(norm))


def fftn(
    x: TensorLike,
    s: Sequence[int] | None = None,
    axes: Sequence[int] | None = None,
    norm: str | None = None,
) -> Tensor:
    """Discrete Fourier transform along several axes.

    Args:
        x: tensor or array, real or complex.
        s: cut or fill up with zeros to this length along each axis; -1 leaves one as it is.
        axes: along which axes, by default all, or as many of the last ones as ``s`` has
            lengths.
        norm: as for `fft`.

    Returns:
        Complex numbers of the precision of ``x``.

    Raises:
        ShapeError: there is no such axis, or ``s`` has not one length for each.
        ValueError: a length or ``norm`` is none.

    Derivative: of the result's gradient g, x receives FFT(g).

    Example:
        >>> fftn([[1.0, 2.0], [3.0, 4.0]]).numpy().real.tolist()
        [[10.0, -2.0], [-4.0, 0.0]]
    """
    return _along(fourier.fft, x, s, axes, norm)


def ifftn(
    x: TensorLike,
    s: Sequence[int] | None = None,
    axes: Sequence[int] | None = None,
    norm: str | None = None,
) -> Tensor:
    """Inverse discrete Fourier transform along several axes; parameters as for `fftn`.

    Derivative: of the result's gradient g, x receives IFFT(g).

    Example:
        >>> ifftn([[10.0, -2.0], [-4.0, 0.0]]).numpy().real.tolist()
        [[1.0, 2.0], [3.0, 4.0]]
    """
    return _along(fourier.ifft, x, s, axes, norm)


def fft2(
    x: TensorLike,
    s: Sequence[int] | None = None,
    axes: Sequence[int] | None = (-2, -1),
    norm: str | None = None,
) -> Tensor:
    """Discrete Fourier transform of planes; parameters as for `fftn`.

    Example:
        >>> fft2([[[1.0, 2.0], [3.0, 4.0]]]).numpy().real.tolist()
        [[[10.0, -2.0], [-4.0, 0.0]]]
    """
    return fftn(x, s, axes, norm)


def ifft2(
    x: TensorLike,
    s: Sequence[int] | None = None,
    axes: Sequence[int] | None = (-2, -1),
    norm: str | None = None,
) -> Tensor:
    """Inverse discrete Fourier transform of planes; parameters as for `fftn`.

    Example:
        >>> ifft2([[[10.0, -2.0], [-4.0, 0.0]]]).numpy().real.tolist()
        [[[1.0, 2.0], [3.0, 4.0]]]
    """
    return ifftn(x, s, axes, norm)


def _along(entry: Any, x: Any, s: Any, axes: Any, norm: str | None) -> Tensor:
    scale = scale_of(norm)
    x, sizes, places = lengths(x, s, axes)
    for n, axis in zip(sizes, places, strict=True):
        x = resized(x, n, axis)
    return apply(entry, x, axes=tuple(places), norm=scale) if places else x
