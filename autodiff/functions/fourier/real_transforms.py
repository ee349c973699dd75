"""Fourier transforms of real signals, of which half is enough."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autodiff.functions.fourier.operands import lengths, resized, scale_of
from autodiff.functions.shaping.shaping import place_of_axis
from autodiff.ops.fourier import fourier
from autodiff.tensors.operands import as_operand
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["irfft", "irfft2", "irfftn", "rfft", "rfft2", "rfftn"]

Several = Sequence[int] | None


def rfft(x: TensorLike, n: int | None = None, axis: int = -1, norm: str | None = None) -> Tensor:
    """Discrete Fourier transform of real signals: the frequencies 0 to n // 2.

    Args:
        x: tensor or array of real numbers.
        n: cut or fill up with zeros to this length, its own by default.
        axis: along which axis.
        norm: as for `fft`.

    Returns:
        Complex numbers of the precision of ``x``, ``n // 2 + 1`` along the axis.

    Raises:
        ShapeError: there is no such axis.
        NonDifferentiableError: ``x`` is complex.
        ValueError: ``n`` or ``norm`` is none.

    Derivative: of the result's gradient g, x receives the real part of FFT(g) with 0 for the
    frequencies that were left out.

    Example:
        >>> rfft([1.0, 2.0, 3.0, 4.0]).tolist()
        [(10+0j), (-2+2j), (-2+0j)]
    """
    return apply(fourier.rfft, resized(x, n, axis), axis=axis, norm=scale_of(norm))


def irfft(x: TensorLike, n: int | None = None, axis: int = -1, norm: str | None = None) -> Tensor:
    """The real signal whose frequencies from 0 up are given: the inverse of `rfft`.

    The imaginary parts at frequency 0, and at n / 2 where n is even, count for nothing.

    Args:
        x: tensor or array; cut or filled up with zeros to ``n // 2 + 1`` frequencies.
        n: the number of samples, by default the even one that fits, 2 · (frequencies - 1).
        axis: along which axis.
        norm: as for `fft`.

    Returns:
        Real numbers of the precision of ``x``, ``n`` along the axis.

    Raises:
        ShapeError: there is no such axis.
        ValueError: ``n`` or ``norm`` is none.

    Derivative: of the result's gradient g, x receives conj(RFFT(g)) in the scale of the inverse,
    twice where a frequency stands for two.

    Example:
        >>> irfft([10.0, -2 + 2j, -2.0]).tolist()
        [1.0, 2.0, 3.0, 4.0]
    """
    x = as_operand(x)
    given = x.shape[place_of_axis(operator.index(axis), x.ndim)]
    samples = 2 * (given - 1) if n is None else operator.index(n)
    if samples < 1:
        raise ValueError(
            f"irfft() was given {given} frequencies and n={n}, and there is no signal of "
            f"{samples} samples; give n=, at least 1"
        )
    x = resized(x, samples // 2 + 1, axis)
    return apply(fourier.irfft, x, n=samples, axis=axis, norm=scale_of(norm))


def rfftn(
    x: TensorLike, s: Several = None, axes: Several = None, norm: str | None = None
) -> Tensor:
    """Discrete Fourier transform of real numbers along several axes.

    Args:
        x: tensor or array of real numbers.
        s: cut or fill up with zeros to this length along each axis; -1 leaves one as it is.
        axes: along which axes, by default all, or as many of the last ones as ``s`` has
            lengths; along the last of them only the frequencies from 0 up are given.
        norm: as for `fft`.

    Returns:
        Complex numbers of the precision of ``x``.

    Raises:
        ShapeError: there is no such axis, or ``s`` has not one length for each.
        NonDifferentiableError: ``x`` is complex.
        ValueError: a length or ``norm`` is none, or there is no axis.

    Example:
        >>> rfftn([[1.0, 2.0], [3.0, 4.0]]).numpy().real.tolist()
        [[10.0, -2.0], [-4.0, 0.0]]
    """
    x, sizes, places = _some(x, s, axes)
    for n, axis in zip(sizes, places, strict=True):
        x = resized(x, n, axis)
    y = rfft(x, None, places[-1], norm)
    rest = tuple(places[:-1])
    return apply(fourier.fft, y, axes=rest, norm=scale_of(norm)) if rest else y


def irfftn(x: Any, s: Several = None, axes: Several = None, norm: str | None = None) -> Tensor:
    """The inverse of `rfftn`.

    Args:
        x: tensor or array.
        s: the number of samples along each axis, by default that of frequencies, and
            2 · (frequencies - 1) along the last one; -1 stands for that of frequencies.
        axes: as for `rfftn`.
        norm: as for `fft`.

    Returns:
        Real numbers of the precision of ``x``.

    Raises:
        ShapeError: there is no such axis, or ``s`` has not one length for each.
        ValueError: a length or ``norm`` is none, or there is no axis.

    Example:
        >>> irfftn([[10.0, -2.0], [-4.0, 0.0]]).tolist()
        [[1.0, 2.0], [3.0, 4.0]]
    """
    x, sizes, places = _some(x, s, axes)
    for n, axis in zip(sizes[:-1], places[:-1], strict=True):
        x = resized(x, n, axis)
    last, rest = places[-1], tuple(places[:-1])
    n = sizes[-1]
    if n is None and s is not None:
        n = x.shape[place_of_axis(last, x.ndim)]
    y = apply(fourier.ifft, x, axes=rest, norm=scale_of(norm)) if rest else x
    return irfft(y, n, last, norm)


def rfft2(
    x: TensorLike, s: Several = None, axes: Several = (-2, -1), norm: str | None = None
) -> Tensor:
    """Discrete Fourier transform of real planes; parameters as for `rfftn`.

    Example:
        >>> rfft2([[[1.0, 2.0], [3.0, 4.0]]]).numpy().real.tolist()
        [[[10.0, -2.0], [-4.0, 0.0]]]
    """
    return rfftn(x, s, axes, norm)


def irfft2(
    x: TensorLike, s: Several = None, axes: Several = (-2, -1), norm: str | None = None
) -> Tensor:
    """The inverse of `rfft2`; parameters as for `irfftn`.

    Example:
        >>> irfft2([[[10.0, -2.0], [-4.0, 0.0]]]).tolist()
        [[[1.0, 2.0], [3.0, 4.0]]]
    """
    return irfftn(x, s, axes, norm)


def _some(x: Any, s: Several, axes: Several) -> tuple[Any, list[int | None], list[int]]:
    x, sizes, places = lengths(x, s, axes)
    if not places:
        raise ValueError(
            f"a Fourier transform of real numbers needs an axis, but was given axes={axes} for "
            f"shape {x.shape}"
        )
    return x, sizes, places
