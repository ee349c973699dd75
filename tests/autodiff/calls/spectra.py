"""Fourier transforms."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.autodiff.calls.numbers import A, C, V

__all__ = ["CALLS"]

Calls = list[tuple[tuple[Any, ...], dict[str, Any]]]
_NAMES = (
    "fft fft2 fftn ifft ifft2 ifftn hfft hfft2 hfftn irfft irfft2 irfftn fftshift ifftshift".split()
)

CALLS: dict[str, Calls] = {
    **{f"fft.{name}": [((C,), {})] for name in _NAMES},
    **{f"fft.{name}": [((A,), {})] for name in "ihfft ihfft2 ihfftn rfft rfft2 rfftn".split()},
    "fft.stft": [((A, 2, 1), {}), ((A, 2, 1, 2, V[:2]), {"center": False})],
    "fft.istft": [((C[:2], 2, 1), {}), ((C[:2], 2, 1, 2, np.array([0.5, 1.5])), {})],
}
