"""Short-time Fourier transforms, as PyTorch has them: of windows that move over a signal."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.backends.kinds import is_plain
from autodiff.errors import ShapeError
from autodiff.functions.elementwise.complex_numbers import real, view_as_real
from autodiff.functions.fourier.complex_transforms import fft, ifft
from autodiff.functions.fourier.real_transforms import irfft, rfft
from autodiff.functions.images.unfolding import fold, unfold
from autodiff.functions.reductions.masked import floating
from autodiff.functions.shaping.padding import pad
from autodiff.functions.shaping.shaping import expand_dims
from autodiff.tensors.operands import operands_of
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["istft", "stft"]

_MODES = {"replicate": "edge", "circular": "wrap"}
"""PyTorch's names of borders that NumPy calls otherwise."""


def stft(
    x: TensorLike,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: TensorLike | None = None,
    center: bool = True,
    pad_mode: str = "reflect",
    normalized: bool = False,
    onesided: bool | None = None,
    return_complex: bool = True,
) -> Tensor:
    """Fourier transforms of overlapping pieces of signals, each multiplied by a window.

    Args:
        x: signals along the last axis, shape (…, L), real or complex.
        n_fft: the number of samples of a piece.
        hop_length: how far the next piece begins, n_fft // 4 by default.
        win_length: the length of the window, ``n_fft`` by default; a shorter one stands in the
            middle of its piece, with zeros around it.
        window: that many numbers, which may carry gradients; ones by default.
        center: a piece has its middle, not its beginning, at multiples of ``hop_length``: the
            signal gets a border of n_fft // 2 at both ends.
        pad_mode: what the border holds, by NumPy's names and PyTorch's: ``"reflect"``,
            ``"constant"``, ``"replicate"``, ``"circular"``.
        normalized: divide by √n_fft.
        onesided: frequencies 0 to n_fft // 2 only; the default for real signals and windows.
        return_complex: false for real and imaginary parts along a last axis of length 2.

    Returns:
        Complex numbers of shape (…, frequencies, pieces).

    Raises:
        ShapeError: a signal is shorter than a piece, or the window is of another length.
        ValueError: a length is less than 1, or a complex signal shall have half its frequencies.

    Example:
        >>> stft([1.0, 2.0, 3.0, 4.0], 2, 2, center=False).numpy().real.tolist()
        [[3.0, 7.0], [-1.0, -1.0]]
    """
    signal, shape = operands_of((x, window))
    n, hop, shape = _setting("stft", n_fft, hop_length, win_length, shape, signal)
    if signal.ndim == 0:
        raise ShapeError("'stft' needs signals along an axis, but was given a single number")
    whole = signal.dtype.kind == "c" or (shape is not None and shape.dtype.kind == "c")
    if whole and onesided:
        raise ValueError(
            "stft() was given complex numbers and onesided=True; half the frequencies are enough "
            "for real ones only, so leave onesided= out"
        )
    if center:
        border = [(0, 0)] * (signal.ndim - 1) + [(n // 2, n // 2)]
        signal = pad(signal, border, _MODES.get(pad_mode, pad_mode))
    length = signal.shape[-1]
    if length < n:
        raise ShapeError(
            f"'stft' was given signals of length {length} (border included) and n_fft={n}; give "
            "longer ones, or a smaller n_fft"
        )
    rows = signal.reshape((-1, 1, length))
    pieces = unfold(rows, (n,), stride=(hop,)).reshape((*signal.shape[:-1], n, -1))
    if shape is not None:
        pieces = pieces * expand_dims(shape, -1)
    half = not whole if onesided is None else onesided
    y = (rfft if half else fft)(pieces, None, -2, "ortho" if normalized else None)
    return y if return_complex else view_as_real(y)


def istft(
    x: TensorLike,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: TensorLike | None = None,
    center: bool = True,
    normalized: bool = False,
    onesided: bool | None = None,
    length: int | None = None,
    return_complex: bool = False,
) -> Tensor:
    """The signals whose `stft` comes nearest to what is given (Griffin and Lim, 1984).

    Pieces are transformed back, multiplied by the window once more and added up where they
    overlap, over the sum of the windows' squares. Of what `stft` gives with the same setting this
    is the signal itself.

    Args:
        x: complex numbers of shape (…, frequencies, pieces).
        n_fft: as for `stft`, like ``hop_length``, ``win_length``, ``window``, ``center`` and
            ``normalized``.
        hop_length: see there.
        win_length: see there.
        window: see there.
        center: see there; the border is cut off.
        normalized: see there.
        onesided: whether the frequencies are those from 0 up; by default so many say so.
        length: cut the signals, or fill them up with zeros, to this length.
        return_complex: give complex signals, of all frequencies; else they are real.

    Returns:
        Signals of shape (…, L).

    Raises:
        ShapeError: there are other than n_fft, or n_fft // 2 + 1, frequencies.
        ValueError: a length is less than 1; the windows leave out a sample; or complex signals
            are wanted of half the frequencies.

    Example:
        >>> y = stft([1.0, 2.0, 3.0, 4.0], 2, 1)
        >>> istft(y, 2, 1).tolist()
        [1.0, 2.0, 3.0, 4.0]
    """
    y, shape = operands_of((x, window))
    n, hop, shape = _setting("istft", n_fft, hop_length, win_length, shape, y)
    given = y.shape[-2] if y.ndim > 1 else 0
    half = given != n if onesided is None else onesided
    if y.ndim < 2 or given != (n // 2 + 1 if half else n):
        raise ShapeError(
            f"'istft' was given shape {y.shape}; with n_fft={n} give (…, {n // 2 + 1}, pieces), or "
            f"(…, {n}, pieces) and onesided=False"
        )
    if half and return_complex:
        raise ValueError(
            "istft() was asked for complex signals of half the frequencies, which belong to real "
            "ones; leave return_complex= out, or give all of them"
        )
    if shape is not None and shape.dtype.kind == "c" and not return_complex:
        raise ValueError("istft() was given a complex window; say return_complex=True")
    norm = "ortho" if normalized else None
    if return_complex:
        pieces = ifft(y, None, -2, norm)
    else:
        pieces = irfft(y[..., : n // 2 + 1, :], n, -2, norm)
    count = y.shape[-1]
    if shape is None:
        squares: Any = np.ones(n, real(pieces).dtype)
    else:
        pieces, squares = pieces * expand_dims(shape, -1), shape * shape
    total = n + hop * (count - 1)
    rows = pieces.reshape((-1, n, count))
    signal = fold(rows, (total,), (n,), stride=(hop,)).reshape((*y.shape[:-2], total))
    columns = expand_dims(squares, -1) * np.ones((1, count), bool)
    weight = fold(columns, (total,), (n,), stride=(hop,)).reshape((total,))
    start = n // 2 if center else 0
    stop = total - start if length is None else min(start + operator.index(length), total)
    signal, weight = signal[..., start:stop], weight[start:stop]
    if is_plain(weight._data) and (abs(weight._data) < 1e-11).any():
        raise ValueError(
            "istft() cannot tell samples that every window multiplies by 0; give a smaller "
            "hop_length, center=True, or a window without zeros at its ends"
        )
    signal = signal / weight
    missing = 0 if length is None else operator.index(length) - signal.shape[-1]
    return pad(signal, [(0, 0)] * (signal.ndim - 1) + [(0, missing)]) if missing > 0 else signal


def _setting(
    name: str, n_fft: int, hop_length: int | None, win_length: int | None, window: Any, like: Any
) -> tuple[int, int, Any]:
    """Lengths as whole numbers, and the window with zeros around it."""
    n = operator.index(n_fft)
    hop = n // 4 if hop_length is None else operator.index(hop_length)
    width = n if win_length is None else operator.index(win_length)
    if n < 1 or hop < 1 or not 1 <= width <= n:
        raise ValueError(
            f"{name}() was given n_fft={n}, hop_length={hop} and win_length={width}; give at least "
            "1, and no longer window than n_fft"
        )
    if window is None and width == n:
        return n, hop, None
    if window is None:
        window = constant(np.ones(width, np.finfo(floating(like).dtype).dtype))
    if window.shape != (width,):
        raise ShapeError(
            f"{name!r} was given a window of shape {window.shape}; give win_length={width} numbers "
            "along one axis"
        )
    before = (n - width) // 2
    return n, hop, pad(window, [(before, n - width - before)])
