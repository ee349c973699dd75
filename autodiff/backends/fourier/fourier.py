"""Discrete Fourier transforms by NumPy's FFT, in the precision of their operands."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["fft", "ifft", "irfft", "rfft"]


def fft(x: Any, axes: tuple[int, ...], norm: str) -> Any:
    """The transform along axes."""
    if len(axes) == 1:
        return np.fft.fft(x, axis=axes[0], norm=norm)  # type: ignore[arg-type]
    return np.fft.fftn(x, axes=axes, norm=norm)  # type: ignore[arg-type]


def ifft(x: Any, axes: tuple[int, ...], norm: str) -> Any:
    """The inverse transform along axes."""
    if len(axes) == 1:
        return np.fft.ifft(x, axis=axes[0], norm=norm)  # type: ignore[arg-type]
    return np.fft.ifftn(x, axes=axes, norm=norm)  # type: ignore[arg-type]


def rfft(x: Any, axis: int, norm: str) -> Any:
    """The frequencies from 0 up of a real signal."""
    return np.fft.rfft(x, axis=axis, norm=norm)  # type: ignore[arg-type]


def irfft(x: Any, n: int, axis: int, norm: str) -> Any:
    """The real signal of ``n`` samples that has the given frequencies from 0 up."""
    if x.shape[axis] != n // 2 + 1:
        raise ValueError(f"a real signal of {n} samples has {n // 2 + 1} frequencies from 0 up")
    y = np.fft.irfft(x, n, axis=axis, norm=norm)  # type: ignore[arg-type]
    # NumPy computes half precision in single.
    return y.astype(x.dtype) if x.dtype == np.float16 else y
