"""Fourier transforms."""

from __future__ import annotations

from typing import Any

from tests.autodiff.calls.numbers import A, C

__all__ = ["CALLS"]

Calls = list[tuple[tuple[Any, ...], dict[str, Any]]]
_NAMES = "fft fft2 fftn ifft ifft2 ifftn hfft irfft irfft2 irfftn fftshift ifftshift".split()

CALLS: dict[str, Calls] = {
    **{f"fft.{name}": [((C,), {})] for name in _NAMES},
    **{f"fft.{name}": [((A,), {})] for name in "ihfft rfft rfft2 rfftn".split()},
}
