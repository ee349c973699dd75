"""Counterparts of the Fourier transforms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["COUNTERPARTS"]


def _irfft(x: Any, n: int, axis: int, norm: Any) -> Any:
    if x.shape[axis] != n // 2 + 1:
        raise ValueError("the frequencies do not fit the samples")
    return np.fft.irfft(x, n, axis, norm)


COUNTERPARTS: dict[str, Callable[..., Any]] = {
    "fft": lambda x, axes, norm: np.fft.fftn(x, axes=axes, norm=norm),
    "ifft": lambda x, axes, norm: np.fft.ifftn(x, axes=axes, norm=norm),
    "rfft": lambda x, axis, norm: np.fft.rfft(x, axis=axis, norm=norm),
    "irfft": _irfft,
}
